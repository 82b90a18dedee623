"""Sites: where trainees practice, whom one speaks with there, what was agreed."""

from flask import Blueprint

bp = Blueprint("sites", __name__)
