"""Who observes, supervises and mentors whom, who is away, and what came back to a person."""

from flask import Blueprint

bp = Blueprint("assignments", __name__)
