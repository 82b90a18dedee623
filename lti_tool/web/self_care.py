"""The self-care plan: nobody else's, ever."""

from flask import Blueprint

bp = Blueprint("self_care", __name__)
