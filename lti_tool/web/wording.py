"""The organization's own wording rules."""

from flask import Blueprint

bp = Blueprint("wording", __name__)
