"""The library of scenarios, and which one an observation uses."""

from flask import Blueprint

bp = Blueprint("scenarios", __name__)
