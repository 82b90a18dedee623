"""Supervision sessions that were held."""

from flask import Blueprint

bp = Blueprint("sessions", __name__)
