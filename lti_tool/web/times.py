"""When and whether an observation takes place: a time proposed and agreed, consent, called off, not held, paused."""

from flask import Blueprint

bp = Blueprint("times", __name__)
