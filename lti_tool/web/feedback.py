"""What a trainee says of supervision, of a site, or of feedback."""

from flask import Blueprint

bp = Blueprint("feedback", __name__)
