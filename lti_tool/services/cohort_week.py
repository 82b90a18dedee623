"""Who of a program needs a person of the program this week: three groups, from what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.orm import Session

from grading.lifecycle.status import Status
from grading.program import Who
from lti_tool.services.cohort_matrix import Line, lines_of, waits_for
from lti_tool.services.kept_standings import today_in
from lti_tool.services.program_lists import InUse
from lti_tool.store.programs import EnrollmentRow
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
    of = {
        Group.WAITS: waits_for(Who.PROGRAM),
        Group.DATE: func.coalesce(KeptStandingRow.due_on, NEVER).between(today, today + SOON),
        Group.QUIET: and_(
            KeptStandingRow.paused.is_(False),
            KeptStandingRow.status.in_(_ON_THE_WAY),
            func.coalesce(KeptStandingRow.new_on, EnrollmentRow.entered_on) < today - QUIET,
        ),
    }
    earlier = list(Group)[: list(Group).index(group)]
    return and_(of[group], *(not_(of[each]) for each in earlier))


def _named(session: Session, program: InUse, group: Group, today: date, now: datetime) -> Named:
    asked = _people(program).where(conditions(group, today))
    count = session.scalars(asked.with_only_columns(func.count(EnrollmentRow.id))).one()
    first = KeptStandingRow.due_on if group is Group.DATE else KeptStandingRow.new_on
    wanted = asked.with_only_columns(EnrollmentRow.id).order_by(first, EnrollmentRow.id).limit(MOST)
    ids = session.scalars(wanted).all()
    return Named(lines_of(session, program, ids, now), count)


def _people(program: InUse) -> Select[Any]:
    return (
        select(EnrollmentRow.id)
        .join(KeptStandingRow, KeptStandingRow.enrollment_id == EnrollmentRow.id)
        .where(EnrollmentRow.program_id == program.id, EnrollmentRow.ended_at.is_(None))
    )
