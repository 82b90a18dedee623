"""What somebody signed: their copies, "this was not me"."""

from flask import Blueprint

bp = Blueprint("signatures", __name__)
