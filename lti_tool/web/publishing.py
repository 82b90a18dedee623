"""From draft to published version: the checklist, the review with lived experience, and what changed."""

from flask import Blueprint

bp = Blueprint("publishing", __name__)
