"""The private journal and the check-in: nobody else's, ever."""

from flask import Blueprint

bp = Blueprint("journal", __name__)
