"""Writing a rubric: its words, criteria and levels, saved as one goes."""

from flask import Blueprint

bp = Blueprint("builder", __name__)
