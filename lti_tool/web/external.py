"""Inviting somebody without an LMS account to observe or sign for trainees of a course."""

from flask import Blueprint

bp = Blueprint("external", __name__)
