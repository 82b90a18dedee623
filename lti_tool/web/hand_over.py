"""Hand-over notes, which the trainee read first."""

from flask import Blueprint

bp = Blueprint("hand_over", __name__)
