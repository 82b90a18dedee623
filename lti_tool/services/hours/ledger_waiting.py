"""Entries of the ledger that wait for somebody's signature, over all courses, oldest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from grading.ledger import EntryKind, EntryState
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import ConflictRow
from lti_tool.store.courses import CourseRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.people import MembershipRow, PersonRow

MOST = 100


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What a list says of one entry."""

    id: UUID
    person_id: UUID
    person_name: str
    kind: EntryKind
    day: date
    amount: Decimal
    unit: str
    title: str | None
    course_title: str
    since: datetime


_ME: Any = bindparam("person_id")
_CONFLICT = exists(
    select(ConflictRow.id).where(
        ConflictRow.ended_at.is_(None),
        or_(
            and_(ConflictRow.declared_by == _ME, ConflictRow.about_id == LedgerEntryRow.person_id),
            and_(ConflictRow.about_id == _ME, ConflictRow.declared_by == LedgerEntryRow.person_id),
        ),
    )
)
_STILL_THERE = exists(
    select(MembershipRow.id).where(
        MembershipRow.course_id == LedgerEntryRow.course_id,
        MembershipRow.person_id == _ME,
        MembershipRow.ended_at.is_(None),
    )
)
_WAITING: Any = (
    select(LedgerEntryRow, PersonRow.name, CourseRow.title)
    .join(PersonRow, PersonRow.id == LedgerEntryRow.person_id)
    .join(CourseRow, CourseRow.id == LedgerEntryRow.course_id)
    .where(
        LedgerEntryRow.organization_id == bindparam("organization_id"),
        LedgerEntryRow.asked_id == _ME,
        LedgerEntryRow.state == EntryState.WAITING,
        LedgerEntryRow.course_id.in_(bindparam("courses", expanding=True)),
        CourseRow.archived_at.is_(None),
        _STILL_THERE,
        ~_CONFLICT,
    )
    .order_by(LedgerEntryRow.asked_at, LedgerEntryRow.on_day, LedgerEntryRow.id)
    .limit(MOST)
)


def waiting(session: Session, visitor: Visitor, courses: Collection[UUID]) -> tuple[EntryLine, ...]:
    """Entries that the visitor was asked to sign; `courses` are those in which they have a lane to sign in."""
    if not courses:
        return ()
    me = {"organization_id": visitor.organization_id, "person_id": visitor.person_id, "courses": list(courses)}
    return tuple(
        EntryLine(
            id=row.id,
            person_id=row.person_id,
            person_name=display_name(row.person_id, name),
            kind=row.kind,
            day=row.on_day,
            amount=row.amount,
            unit=row.unit,
            title=row.title,
            course_title=course_title,
            since=row.asked_at,
        )
        for row, name, course_title in session.execute(_WAITING, me)
    )


def step_out(session: Session, one: UUID, other: UUID, now: datetime) -> None:
    """Between these two nothing waits for a signature any more: each entry is its writer's again, as not handed over.

    Who is to sign it instead, they choose. Why it came back is not told.
    """
    rows = session.scalars(
        select(LedgerEntryRow)
        .where(
            LedgerEntryRow.state == EntryState.WAITING,
            or_(
                and_(LedgerEntryRow.person_id == one, LedgerEntryRow.asked_id == other),
                and_(LedgerEntryRow.person_id == other, LedgerEntryRow.asked_id == one),
            ),
        )
        .order_by(LedgerEntryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.state, row.asked_id, row.changed_at = EntryState.OPEN, None, now
    session.flush()
    for row in rows:
        audit.write(
            session,
            organization_id=row.organization_id,
            person_id=None,
            act="ledger.comes_back",
            subject=f"ledger_entry:{row.id}",
            now=now,
        )
