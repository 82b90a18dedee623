"""Printed forms, and finding an observation again by the code on one."""

from flask import Blueprint

bp = Blueprint("paper", __name__)
