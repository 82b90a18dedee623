"""Evidence: files, links and notes, brought, shared, opened and taken back."""

from flask import Blueprint

bp = Blueprint("evidence", __name__)
