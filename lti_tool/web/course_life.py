"""The end of a term: a course that goes on in another, and one that is kept for reading only."""

from flask import Blueprint

bp = Blueprint("course_life", __name__)
