"""What is there for a person, and what became of mail that somebody sent."""

from flask import Blueprint

bp = Blueprint("messages", __name__)
