"""Single values of forms and addresses: what is none of ours is a bad request, what is empty is None."""

from datetime import date
from uuid import UUID

from flask import abort

from lti_tool.services.courses.places import NotHere
from rubrics.sign_off import Lane
from rubrics.typed import whole_number


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


def day_if_any(text: str | None) -> date | None:
    """The day; None where nothing was given, or something that is none."""
    try:
        return day_of((text or "").strip())
    except ValueError:
        return None


def number_typed(text: str | None) -> int:
    """A whole number of at most four digits; -1 for anything else, which is told like a number that makes no sense."""
    number = whole_number(text or "", digits=4)
    return -1 if number is None else number


def lane_of(text: str) -> Lane:
    """The lane that an address names. Raises `NotHere`."""
    try:
        return Lane(text)
    except ValueError:
        raise NotHere from None
