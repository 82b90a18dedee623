"""Single values of forms and addresses: what is none of ours is a bad request, what is empty is None."""

from datetime import date
from uuid import UUID

from flask import abort


def uuid_of(text: str | None) -> UUID:
    """The id. Ends the request where it is none."""
    return uuid_if_any(text) or abort(400)


def uuid_if_any(text: str | None) -> UUID | None:
    """The id; None where nothing was given, or something that is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def day_of(text: str | None) -> date | None:
    """The day of a date field; None where it is empty. Raises `ValueError` for what no browser sends."""
    return date.fromisoformat(text) if text else None


def whole_number(text: str) -> int | None:
    """A whole number of at most three digits; None for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
