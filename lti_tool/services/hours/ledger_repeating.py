"""The same every week: one series of entries, each of which is its own and is signed on its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.ledger import EntryState, each_week, same_title
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger_writing import AHEAD, Written, check, keep_new
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class There:
    """An entry of the same day that is called the same."""

    id: UUID
    day: date
    title: str | None
    amount: Decimal
    state: EntryState


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """A day of a series that is proposed."""

    day: date
    there: There | None
    """What looks like it, and is there already."""


def days_of_series(
    session: Session, visitor: Visitor, written: Written, until: date, now: datetime
) -> tuple[SeriesDay, ...]:
    """The days, the first one among them. Days that have not come are not among them. Raises `Refused` ("until")."""
    if until < written.day:
        raise Refused("until", "The last day comes before the first. Please check both.")
    days = each_week(written.day, min(until, (now + AHEAD).date()))
    there = looks_like(session, visitor, written, days)
    return tuple(SeriesDay(day, next((one for one in there if one.day == day), None)) for day in days)


def write_series(
    session: Session,
    visitor: Visitor,
    written: Written,
    days: Collection[date],
    *,
    hand_over: bool,
    now: datetime,
) -> tuple[UUID, ...]:
    """One entry for each of these days. Raises `Refused`: "days" without any, and as writing an entry does."""
    if not days:
        raise Refused("days", "Please choose at least one day.")
    check(session, visitor, replace(written, day=max(days)), hand_over=hand_over, now=now)
    series_id = new_id()
    return tuple(
        keep_new(
            session, visitor, replace(written, day=day), hand_over=hand_over, now=now, series_id=series_id
        )
        for day in sorted(days)
    )  # fmt: skip


def looks_like(
    session: Session, visitor: Visitor, written: Written, days: Sequence[date], *, but: UUID | None = None
) -> tuple[There, ...]:
    """Own entries of these days, of this kind and called the same, that were not taken back.

    Without a title they are as long as each other.
    """
    rows = session.scalars(
        select(LedgerEntryRow)
        .where(
            LedgerEntryRow.person_id == visitor.person_id,
            LedgerEntryRow.on_day.in_(days),
            LedgerEntryRow.kind == written.kind,
            LedgerEntryRow.state != EntryState.REVERSED,
        )
        .order_by(LedgerEntryRow.on_day, LedgerEntryRow.id)
    )
    return tuple(
        There(row.id, row.on_day, row.title, row.amount, row.state)
        for row in rows
        if row.id != but and same_title(row.title, written.title) and (row.title or row.amount == written.amount)
    )
