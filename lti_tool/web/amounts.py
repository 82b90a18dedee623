"""Amounts as sentences show them."""

from decimal import Decimal

from grading.telling import words
from grading.telling.said import told
from lti_tool.web.texts import gettext


def amount(value: Decimal, unit: str) -> str:
    """For example: 2.5 hours."""
    return told(words.amount(value, unit), gettext)
