"""Taking a signature back, and superseding what was final, each with a reason."""

from flask import Blueprint

bp = Blueprint("withdrawals", __name__)
