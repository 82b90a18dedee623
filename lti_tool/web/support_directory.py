"""Whom to turn to, as the program lists it."""

from flask import Blueprint

bp = Blueprint("support_directory", __name__)
