"""The observer's answer to the trainee's words, and amending what was shared."""

from flask import Blueprint

bp = Blueprint("replying", __name__)
