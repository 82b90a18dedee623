"""Signing several at once, and taking that back before it is sent on."""

from flask import Blueprint

bp = Blueprint("several", __name__)
