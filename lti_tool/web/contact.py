"""How somebody wants to be reached, and stopping mail."""

from flask import Blueprint

bp = Blueprint("contact", __name__)
