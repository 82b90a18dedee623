"""Reports for a funder that are drawn up by the calendar: each of the days since the one before, nobody told twice.

Where too few entered, those days go into the next one. Program leads are told of each, and of what came instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from grading.periods import Period
from grading.suppression import LEAST
from lti_tool.access import Capability
from lti_tool.services import audit, notify
from lti_tool.services.drafts import Author
from lti_tool.services.equity.funder import Span, draw_up
from lti_tool.services.places import NotHere
from lti_tool.services.program_versions import found_program
from lti_tool.services.safeguarding import leads_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.equity import FunderScheduleRow, ReleaseRow, ReportKind
from lti_tool.store.messages import MessageKind
from lti_tool.store.programs import ProgramRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

MONTHS = (3, 6, 12)
"""How often it can be."""
PATH = "/reports/funder"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: of which program, how often, from which first day on."""

    program_id: UUID
    months: int
    since: date
    minimum: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """One that stands."""

    id: UUID
    program: str
    months: int
    since: date
    """The first day that the next one is of."""
    next_on: date
    """On the morning of this day it is drawn up."""

    @property
    def with_days_before(self) -> bool:
        """Whether too few had entered when one was due, so that the next one is of more days."""
        return Period(months=self.months).after(self.since) < self.next_on


def ask(session: Session, visitor: Visitor, wish: Wish, now: datetime) -> UUID:
    """Have it drawn up from now on. Raises `NotHere`, and `Refused`: "months", "days", "minimum_too_low", "asked"."""
    program = found_program(session, visitor.organization_id, wish.program_id)
    if wish.months not in MONTHS:
        raise Refused("months", "Please choose how often.")
    if wish.minimum < LEAST:
        raise Refused("minimum_too_low", "Please choose at least %(least)s people.", least=LEAST)
    if wish.since > now.date():
        raise Refused("days", "Please choose a first day that has come.")
    id_ = new_id()
    made = insert_once(
        session, FunderScheduleRow, id=id_, organization_id=visitor.organization_id, program_id=program.id,
        months=wish.months, minimum=wish.minimum, since=wish.since, next_on=_next(wish.since, wish.months, now.date()),
        asked_by=visitor.person_id, asked_at=now,
    )  # fmt: skip
    if not made:
        raise Refused("asked", "This program's report is drawn up regularly already. Stop that first to change it.")
    _note(session, visitor.organization_id, visitor.person_id, "funder.schedule", id_, now)
    return id_


def end(session: Session, visitor: Visitor, schedule_id: UUID, now: datetime) -> None:
    """None is drawn up any more; those that were stay. Twice changes nothing. Raises `NotHere`."""
    row = session.get(FunderScheduleRow, schedule_id, with_for_update=True)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        _note(session, visitor.organization_id, visitor.person_id, "funder.end_schedule", row.id, now)


def standing(session: Session, organization_id: UUID) -> Sequence[Schedule]:
    """Those that stand, by program."""
    rows = session.execute(
        select(FunderScheduleRow, ProgramRow.name)
        .join(ProgramRow, ProgramRow.id == FunderScheduleRow.program_id)
        .where(FunderScheduleRow.organization_id == organization_id, FunderScheduleRow.ended_at.is_(None))
        .order_by(ProgramRow.name, ProgramRow.id)
    )
    return [Schedule(row.id, name, row.months, row.since, row.next_on) for row, name in rows]


def due(session: Session, today: date) -> Sequence[UUID]:
    """Those whose day has come."""
    return session.scalars(
        select(FunderScheduleRow.id)
        .where(FunderScheduleRow.ended_at.is_(None), FunderScheduleRow.next_on <= today)
        .order_by(FunderScheduleRow.next_on, FunderScheduleRow.id)
    ).all()


def draw_up_due(sessions: sessionmaker[Session], schedule_id: UUID, now: datetime) -> UUID | None:
    """The report of one whose day has come, or None where it told of too few or of some twice; safe to run twice."""
    try:
        with sessions.begin() as session:
            row = _held(session, schedule_id, now)
            if row is None:
                return None
            wanted = Span(row.program_id, row.since, row.next_on - DAY, row.minimum)
            release_id = draw_up(session, Author(row.organization_id, row.asked_by), wanted, now)
            row.since = row.next_on
            row.next_on = _next(row.since, row.months, now.date())
            _tell(session, row, f"{PATH}/{release_id}", now)
            return release_id
    except Refused as refused:
        reason = refused.code
    with sessions.begin() as session:
        row = _held(session, schedule_id, now)
        if row is not None:
            if reason == "told_already":
                row.since = max(_told_until(session, row) + DAY, row.since)
            row.next_on = _next(max(row.since, row.next_on), row.months, now.date())
            _tell(session, row, PATH, now)
    return None


def _held(session: Session, schedule_id: UUID, now: datetime) -> FunderScheduleRow | None:
    row = session.get(FunderScheduleRow, schedule_id, with_for_update=True)
    return row if row is not None and row.ended_at is None and row.next_on <= now.date() else None


def _next(since: date, months: int, today: date) -> date:
    """The first day after today on which so many months, or a multiple of them, are over."""
    times = 1
    while (found := Period(months=months * times).after(since)) <= today:
        times += 1
    return found


def _told_until(session: Session, row: FunderScheduleRow) -> date:
    """The last day of which a funder was told already."""
    found = session.scalars(
        select(ReleaseRow.until).where(
            ReleaseRow.program_id == row.program_id,
            ReleaseRow.report == ReportKind.FUNDER,
            ReleaseRow.until.is_not(None),
        )
    ).all()
    return max((until for until in found if until is not None), default=row.since - DAY)


def _tell(session: Session, row: FunderScheduleRow, path: str, now: datetime) -> None:
    for lead in leads_of(session, row.organization_id, Capability.PROGRAM_LEAD):
        notify.news(
            session, organization_id=row.organization_id, person_id=lead.person_id, kind=MessageKind.PROGRAM, path=path,
            now=now,
        )  # fmt: skip


def _note(session: Session, organization_id: UUID, person_id: UUID, act: str, schedule_id: UUID, now: datetime) -> None:
    audit.write(
        session, organization_id=organization_id, person_id=person_id, act=act,
        subject=f"funder_schedule:{schedule_id}", now=now,
    )  # fmt: skip
