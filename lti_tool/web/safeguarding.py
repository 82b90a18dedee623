"""What to do when harm is disclosed, and the flag that something is handled outside."""

from flask import Blueprint

bp = Blueprint("safeguarding", __name__)
