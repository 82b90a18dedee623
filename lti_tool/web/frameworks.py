"""Competency frameworks, and how far rubrics cover them."""

from flask import Blueprint

bp = Blueprint("frameworks", __name__)
