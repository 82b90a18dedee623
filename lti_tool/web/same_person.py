"""Two accounts that are one person."""

from flask import Blueprint

bp = Blueprint("same_person", __name__)
