"""What an instructor may change of an activity after it was placed."""

from flask import Blueprint

bp = Blueprint("activity_settings", __name__)
