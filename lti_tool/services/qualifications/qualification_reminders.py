"""Telling people that a qualification of theirs ends: sixty and fourteen days before, once each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.services.notifying import notify
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.messages import MessageKind
from rubrics.placing import TOLD_BEFORE, Days, cover, is_due


def tell_of_ends(session: Session, now: datetime) -> int:
    """Tell the owners; how many ends were told. One that another of the same kind continues is not told."""
    today = now.date()
    soon, very_soon = today + max(TOLD_BEFORE), today + min(TOLD_BEFORE)
    rows = session.scalars(
        select(QualificationRow)
        .where(
            QualificationRow.ended_at.is_(None),
            QualificationRow.valid_until.between(today, soon),
            or_(
                QualificationRow.reminded_on.is_(None),
                (QualificationRow.valid_until <= very_soon) & (QualificationRow.reminded_on < today),
            ),
        )
        .order_by(QualificationRow.valid_until, QualificationRow.id)
        .with_for_update()
    ).all()
    ending = [row for row in rows if row.valid_until is not None and is_due(row.valid_until, row.reminded_on, today)]
    days = _days_of(session, {row.person_id for row in ending})
    told = 0
    for row in ending:
        row.reminded_on = today
        if cover(days[row.person_id, _plain(row.kind)], max(today, row.valid_from)).day == row.valid_until:
            notify.news(
                session,
                organization_id=row.organization_id,
                person_id=row.person_id,
                now=now,
                kind=MessageKind.QUALIFICATION,
                path="/qualifications",
            )
            told += 1
    session.flush()
    return told


def _days_of(session: Session, people: Collection[UUID]) -> Mapping[tuple[UUID, str], list[Days]]:
    found: dict[tuple[UUID, str], list[Days]] = {}
    rows = session.execute(
        select(
            QualificationRow.person_id, QualificationRow.kind, QualificationRow.valid_from, QualificationRow.valid_until
        ).where(QualificationRow.person_id.in_(people), QualificationRow.ended_at.is_(None))
    )
    for person_id, kind, first, last in rows:
        found.setdefault((person_id, _plain(kind)), []).append(Days(first, last))
    return found


def _plain(kind: str) -> str:
    return kind.casefold().strip()
