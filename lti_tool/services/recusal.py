"""Declaring a conflict, without the story, and what follows from it at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.visitors import Visitor


def declare(session: Session, visitor: Visitor, about_id: UUID, now: datetime) -> None:
    """Say that the visitor and this person should not observe, sign for or decide about each other.

    No reason is asked. Declaring what stands already changes nothing. Raises `NotHere` for a person of none of the
    visitor's courses, `Refused` ("oneself") for oneself.
    """
    raise NotImplementedError
