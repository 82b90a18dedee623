"""What people are qualified in, until when, and who saw it."""

from flask import Blueprint

bp = Blueprint("qualifications", __name__)
