"""Somebody whom the trainee gave a link helps to write the draft. They read the draft, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.appeals import AppealState
from lti_tool.services.certification import appeal_sending, appeals
from lti_tool.services.certification.appeal_terms import Edition, edition
from lti_tool.services.courses.places import NotHere
from lti_tool.store.appeals import AppealRow

GOOD_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Draft:
    """What whoever helps reads: the boxes, and the reasons to choose from."""

    ground: str | None
    words: str | None
    wish: str | None
    edition: Edition


def good_until(now: datetime) -> date:
    """The last day of a link that is made now."""
    return (now + GOOD_FOR).date()


def draft(session: Session, appeal_id: UUID, last: date, now: datetime) -> Draft:
    """The draft, with a link that is good until that day. Raises `NotHere` afterwards, and once it was sent."""
    row = session.get(AppealRow, appeal_id)
    if row is None or row.state is not AppealState.DRAFT or now.date() > last:
        raise NotHere
    return Draft(row.ground, row.words, row.wish, edition(session, row.organization_id, row.terms_id))


def save(session: Session, appeal_id: UUID, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what they wrote; the link was looked at by the caller. Raises `NotHere`, `Refused`."""
    asked = select(AppealRow).where(AppealRow.id == appeal_id, AppealRow.state == AppealState.DRAFT).with_for_update()
    row = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotHere
    appeal_sending.keep(session, row, {name: typed[name] for name in ("ground", "words", "wish") if name in typed})
    appeals.note(session, row, "appeal.helped", None, now)
