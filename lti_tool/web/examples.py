"""Example performances with agreed master ratings, for calibrating observers."""

from flask import Blueprint

bp = Blueprint("examples", __name__)
