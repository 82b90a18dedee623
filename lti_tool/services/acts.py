"""Acts done once: the same form posted twice leads where the first post led."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.records import ActRow
from lti_tool.store.writing import insert_once


def begin(session: Session, visitor: Visitor, key: str, now: datetime) -> str | None:
    """None for a first time. For an act that was done before: where it led.

    Of two at once the second waits for the first one's transaction, in both databases.
    """
    first = insert_once(
        session,
        ActRow,
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        key=key,
        location="",
        at=now,
    )
    if first:
        return None
    return session.scalars(
        select(ActRow.location).where(ActRow.person_id == visitor.person_id, ActRow.key == key)
    ).one()


def done(session: Session, visitor: Visitor, key: str, location: str) -> None:
    """The act that was begun in this transaction leads to `location`."""
    session.execute(
        update(ActRow).where(ActRow.person_id == visitor.person_id, ActRow.key == key).values(location=location)
    )
