"""Exactly what every message looks like."""

from flask import Blueprint

bp = Blueprint("message_previews", __name__)
