"""Periodic work is done once, however many workers there are: the first that takes the turn does it."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from lti_tool.store.platforms import PeriodicTurnRow
from lti_tool.store.writing import insert_once


def take(session: Session, name: str, now: datetime, *, apart: timedelta) -> bool:
    """Whether this worker does it now: nobody did within the time that turns lie apart, at least.

    A moment that lies further ahead than that was written by a clock that was wrong, and does not count. A worker
    that stops in the middle costs this one turn; the next comes in its time.
    """
    if insert_once(session, PeriodicTurnRow, name=name, taken_at=now):
        return True
    taken = session.execute(
        update(PeriodicTurnRow)
        .where(
            PeriodicTurnRow.name == name,
            or_(PeriodicTurnRow.taken_at <= now - apart, PeriodicTurnRow.taken_at > now + apart),
        )
        .values(taken_at=now)
        .returning(PeriodicTurnRow.name)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None
