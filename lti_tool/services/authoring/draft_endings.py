"""Putting a draft away, and taking it up again: nothing of it is lost."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.drafts import DraftEnd, DraftRow
from lti_tool.store.people import PersonRow
from lti_tool.store.rubrics import RubricRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class PutAway:
    """A draft that nobody writes now."""

    draft_id: UUID
    title: str
    language: str
    by_name: str | None
    at: datetime


def require_open(session: Session, organization_id: UUID, draft_id: UUID) -> None:
    """Raises `Refused` for a draft that was published or put away meanwhile, `NotHere` for one that never was here."""
    row = _row(session, organization_id, draft_id)
    if row.ended_at is not None:
        raise Refused(
            "draft_ended", "This draft was published or put away meanwhile, so your last words are not in it."
        )


def put_away(session: Session, by: Author, draft_id: UUID, now: datetime) -> None:
    """Write it no more. Raises `NotHere`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    row.ended_at, row.ended_as = now, DraftEnd.PUT_AWAY
    row.changed_at, row.changed_by = now, by.person_id
    session.flush()
    _note(session, by, "draft.put_away", draft_id, now)


def take_up(session: Session, by: Author, draft_id: UUID, now: datetime) -> None:
    """Write it again. Raises `Refused` where another draft of its rubric is open, `NotHere`."""
    row = _row(session, by.organization_id, draft_id, to_change=True)
    if row.ended_at is None:
        return
    if row.ended_as is not DraftEnd.PUT_AWAY:
        raise NotHere
    # Who begins another draft of the rubric at this moment holds it too.
    session.execute(select(RubricRow.id).where(RubricRow.id == row.rubric_id).with_for_update())
    if drafts.open_draft_of(session, row.rubric_id) is not None:
        raise Refused("draft_open", "This rubric is being written already. Please go on in its draft.")
    row.ended_at = row.ended_as = None
    row.changed_at, row.changed_by = now, by.person_id
    session.flush()
    _note(session, by, "draft.take_up", draft_id, now)


def found_away(session: Session, organization_id: UUID, draft_id: UUID) -> PutAway:
    """A draft that was put away. Raises `NotHere`."""
    row = _row(session, organization_id, draft_id)
    if row.ended_as is not DraftEnd.PUT_AWAY or row.ended_at is None:
        raise NotHere
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == row.changed_by)).one_or_none()
    return PutAway(row.id, row.head["title"], row.head["language"], name, row.ended_at)


def _row(session: Session, organization_id: UUID, draft_id: UUID, *, to_change: bool = False) -> DraftRow:
    asked = select(DraftRow).where(DraftRow.id == draft_id, DraftRow.organization_id == organization_id)
    row = session.scalars(asked.with_for_update() if to_change else asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _note(session: Session, by: Author, act: str, draft_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"draft:{draft_id}",
        now=now,
    )
