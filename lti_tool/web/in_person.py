"""Signing in person, on the trainee's device."""

from flask import Blueprint

bp = Blueprint("in_person", __name__)
