"""Whether every file is encrypted: one that is not was then put there by somebody else, and nobody is given it.

Noted when `attune keys encrypt-anew` has gone through all of them, and where there never was a file before the first
organization.
"""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.portfolio.evidence_clean import ever_named
from lti_tool.store.platforms import PeriodicTurnRow

_NAME = "files encrypted"


def note(session: Session, now: datetime) -> None:
    """All of them are; twice changes nothing."""
    if since(session) is None:
        session.merge(PeriodicTurnRow(name=_NAME, taken_at=now))
        session.flush()


def note_if_there_never_was_one(session: Session, now: datetime) -> None:
    """The same, where no row ever named a file: those that come are encrypted from the first on."""
    if not ever_named(session):
        note(session, now)


def since(session: Session) -> datetime | None:
    """Since when; None: there may be some from before files were encrypted."""
    found = session.get(PeriodicTurnRow, _NAME)
    return found.taken_at if found else None


def may_be_plain(sessions: sessionmaker[Session]) -> bool:
    """Whether one that is not encrypted may be from before; asked only when one is met."""
    with sessions() as session:
        session.connection(execution_options={"attune_writes": False})
        return since(session) is None
