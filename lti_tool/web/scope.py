"""The scope-of-practice statement, and who has acknowledged it."""

from flask import Blueprint

bp = Blueprint("scope", __name__)
