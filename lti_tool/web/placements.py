"""Who is placed where, in a course."""

from flask import Blueprint

bp = Blueprint("placements", __name__)
