"""Declaring a conflict of interest, without the story, and taking it back."""

from flask import Blueprint

bp = Blueprint("conflicts", __name__)
