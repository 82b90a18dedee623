"""Who of a program needs a person of the program this week: three groups, from what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import Session

from grading.lifecycle.status import Status
from lti_tool.services.cohorts.cohort_matrix import Line, lines_of
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.standing.kept_standings import today_in
from lti_tool.store.seen import KeptStandingRow

SOON = timedelta(days=7)
QUIET = timedelta(days=30)
MOST = 25
NEVER = date.max
_ON_THE_WAY = (Status.NOT_STARTED, Status.IN_PROGRESS)


class Group(StrEnum):
    """Why somebody is named. Whoever is in an earlier group is not in a later one."""

    WAITS = "waits"
    """a person of the program can do something next"""
    DATE = "date"
    """a date comes within seven days"""
    QUIET = "quiet"
    """nothing new for thirty days, and not paused"""


@dataclass(frozen=True, slots=True)
class Named:
    """The people of one group: those who are shown, and how many there are."""

    lines: tuple[Line, ...]
    count: int


def week(session: Session, program: InUse, now: datetime) -> Mapping[Group, Named]:
    """Each group, those of whom it is longest true first."""
    today = today_in(program.versions, now)
    return {group: _named(session, program, group, today, now) for group in Group}


def conditions(group: Group, today: date) -> ColumnElement[bool]:
    """Who is in a group on a day."""
    waits, soon = KeptStandingRow.for_program, func.coalesce(KeptStandingRow.due_on, NEVER).between(today, today + SOON)
    match group:
        case Group.WAITS:
            return waits.is_(True)
        case Group.DATE:
            return and_(waits.is_(False), KeptStandingRow.due_on.between(today, today + SOON))
        case Group.QUIET:
            return and_(
                waits.is_(False),
                KeptStandingRow.still_since < today - QUIET,
                KeptStandingRow.paused.is_(False),
                KeptStandingRow.status.in_(_ON_THE_WAY),
                not_(soon),
            )


def _named(session: Session, program: InUse, group: Group, today: date, now: datetime) -> Named:
    asked = select(KeptStandingRow.enrollment_id).where(
        KeptStandingRow.program_id == program.id, KeptStandingRow.over.is_(False), conditions(group, today)
    )
    count = session.scalars(asked.with_only_columns(func.count())).one()
    first = KeptStandingRow.due_on if group is Group.DATE else KeptStandingRow.still_since
    ids = session.scalars(asked.order_by(first, KeptStandingRow.enrollment_id).limit(MOST)).all()
    return Named(lines_of(session, program, ids, now), count)
