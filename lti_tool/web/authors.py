"""Who writes and reviews rubrics in the organization."""

from flask import Blueprint

bp = Blueprint("authors", __name__)
