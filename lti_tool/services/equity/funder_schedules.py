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
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity.funder import Span, draw_up
from lti_tool.services.notifying import notify
from lti_tool.services.programs.program_versions import found_program
from lti_tool.services.wellbeing.safeguarding import leads_of
from lti_tool.store.base import new_id
from lti_tool.store.equity import FunderScheduleRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.programs import ProgramRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

MONTHS = (3, 6, 12)
"""How often it can be."""
PATH = "/reports/funder"
TOLD = ("told_already", "other_people")
"""That an earlier report tells of some of the same people."""
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
    left: tuple[date, date] | None
    """Days that are in none: an earlier report tells of them, or too few entered beside it."""

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
    return [
        Schedule(
            row.id, name, row.months, row.since, row.next_on,
            (row.left_since, row.left_until) if row.left_since and row.left_until else None,
        )
        for row, name in rows
    ]  # fmt: skip


def due(session: Session, today: date) -> Sequence[UUID]:
    """Those whose day has come."""
    return session.scalars(
        select(FunderScheduleRow.id)
        .where(FunderScheduleRow.ended_at.is_(None), FunderScheduleRow.next_on <= today)
        .order_by(FunderScheduleRow.next_on, FunderScheduleRow.id)
    ).all()


def draw_up_due(sessions: sessionmaker[Session], schedule_id: UUID, now: datetime) -> Sequence[UUID]:
    """The reports of one whose day has come; safe to run twice.

    There is one, as a rule. Days of which an earlier report tells are left out, so that nobody can be found by
    subtracting: then there is one of the days before and one of those after it. Days at the end in which too few
    entered go into the next one.
    """
    with sessions() as session:
        row = session.get(FunderScheduleRow, schedule_id)
        if row is None or not _is_due(row, now):
            return ()
        waiting = [(row.since, row.next_on - DAY)]
        wanted, by = (row.program_id, row.minimum), Author(row.organization_id, row.asked_by)
    made: list[UUID] = []
    few: list[tuple[date, date]] = []
    told: list[tuple[date, date]] = []
    while waiting:
        since, until = waiting.pop(0)
        try:
            with sessions.begin() as session:
                made.append(draw_up(session, by, Span(wanted[0], since, until, wanted[1]), now))
        except Refused as refused:
            if refused.code not in TOLD:
                few.append((since, until))
                continue
            first, last = _days(refused)
            told.append((max(since, first), min(until, last)))
            waiting = [part for part in ((since, first - DAY), (last + DAY, until)) if part[0] <= part[1]] + waiting
    with sessions.begin() as session:
        row = session.get_one(FunderScheduleRow, schedule_id, with_for_update=True)
        if _is_due(row, now):
            _go_on(row, few, told, now)
            for path in [f"{PATH}/{release_id}" for release_id in made] or [PATH]:
                _tell(session, row, path, now)
    return made


def _days(refused: Refused) -> tuple[date, date]:
    """The days of which an earlier report tells, as `draw_up` says them."""
    first, last = refused.values["since"], refused.values["until"]
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("an earlier report is of some days")
    return first, last


def _go_on(
    row: FunderScheduleRow, few: Sequence[tuple[date, date]], told: Sequence[tuple[date, date]], now: datetime
) -> None:
    """Days at the end that were too few go into the next one; all others that are in none are kept to be said."""
    again = next((since for since, until in few if until == row.next_on - DAY), row.next_on)
    left = [part for part in (*few, *told) if part[0] < again]
    row.left_since = min((since for since, _ in left), default=None)
    row.left_until = max((until for _, until in left), default=None)
    row.since, row.next_on = again, _next(row.next_on, row.months, now.date())


def _is_due(row: FunderScheduleRow, now: datetime) -> bool:
    return row.ended_at is None and row.next_on <= now.date()


def _next(since: date, months: int, today: date) -> date:
    """The first day after today on which so many months, or a multiple of them, are over."""
    times = 1
    while (found := Period(months=months * times).after(since)) <= today:
        times += 1
    return found


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
