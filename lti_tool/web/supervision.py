"""Asking for supervision, and who answers."""

from flask import Blueprint

bp = Blueprint("supervision", __name__)
