"""Supervision agreements: written, signed by both, ended."""

from flask import Blueprint

bp = Blueprint("agreements", __name__)
