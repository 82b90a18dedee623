"""Meetings about a difference: of the observers before sharing, of the lanes before signing; and their record."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)
