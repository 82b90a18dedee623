"""What is different for somebody, so that they can take part."""

from flask import Blueprint

bp = Blueprint("accommodations", __name__)
