"""When the last backup was made, as far as Attune made it itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.store.platforms import PeriodicTurnRow

_NAME = "backup made"


def note(session: Session, now: datetime) -> None:
    """One was written to its end."""
    session.merge(PeriodicTurnRow(name=_NAME, taken_at=now))


def last(session: Session) -> datetime | None:
    """None: never, or not by `attune backup make`."""
    found = session.get(PeriodicTurnRow, _NAME)
    return found.taken_at if found else None
