"""One human being with two ways in: made one by a step that they confirm."""

from flask import Blueprint

bp = Blueprint("merging", __name__)
