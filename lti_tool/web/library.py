"""Rubrics of the organization: what is published, what is being written, and each version."""

from flask import Blueprint

bp = Blueprint("library", __name__)
