"""Files in and out: bring one, see what would change, decide; or take one along."""

from flask import Blueprint

bp = Blueprint("files", __name__)
