"""The trainee's own view, on the same form: kept while it is written, given when they like."""

from flask import Blueprint

bp = Blueprint("self_assessment", __name__)
