"""How criteria of a rubric were rated, in a course or everywhere: from released observations, of nobody by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, extract, func, select
from sqlalchemy.orm import Session

from grading.practice_gaps import LEAST, Month, Tally
from grading.suppression import Table, hold_back
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from rubrics.observation import State

MOST = 2_000
"""Observations that are looked at, the newest first: so the page is as quick in the tenth year as in the first."""
MOST_COURSES = 200
_PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Rated:
    """What was rated with one edition of a rubric."""

    observations: int
    people: int
    tallies: tuple[Tally, ...]
    """One for each criterion that was asked about, in its order."""

    @property
    def enough(self) -> bool:
        """Whether there are enough observations, of enough people, to say how anything was rated."""
        return self.observations >= LEAST and self.people >= LEAST


@dataclass(frozen=True, slots=True)
class RatedIn:
    """A course in which it was used."""

    course_id: UUID
    title: str
    shown: bool
    """Whether it can be shown by itself without telling of few people, there or in another course."""


def rated(
    session: Session, version_id: UUID, criteria: Sequence[str], course_id: UUID | None = None, most: int = MOST
) -> Rated:
    """Of these criteria of one edition, in one course or in all. Whose rubric and course it is, the caller asks."""
    recent = _recent(version_id, course_id, most)
    observations, people = session.execute(select(func.count(), func.count(recent.c.trainee_id.distinct()))).one()
    levels, not_observed, months = _levels(session, recent)
    there, last = _people(session, recent)
    by_month = _people_by_month(session, recent)
    return Rated(
        observations,
        people,
        tuple(
            Tally(
                key,
                levels.get(key, {}),
                not_observed.get(key, 0),
                there.get(key, 0),
                last.get(key),
                {month: Month(of, by_month.get((key, month), 0)) for month, of in months.get(key, {}).items()},
            )
            for key in criteria
        ),
    )


def courses(session: Session, version_id: UUID) -> tuple[RatedIn, ...]:
    """The courses in which it was used lately, by name. Some are not shown by themselves: see `RatedIn.shown`."""
    recent = _recent(version_id, None, MOST)
    rows = session.execute(
        select(CourseRow.id, CourseRow.title, func.count(recent.c.trainee_id.distinct()))
        .join(ActivityRow, ActivityRow.course_id == CourseRow.id)
        .join(recent, recent.c.activity_id == ActivityRow.id)
        .group_by(CourseRow.id, CourseRow.title)
        .order_by(CourseRow.title, CourseRow.id)
        .limit(MOST_COURSES)
    ).all()
    if not rows:
        return ()
    counts = tuple((row[2],) for row in rows)
    table = hold_back(Table(_PEOPLE, tuple(str(row[0]) for row in rows), (_PEOPLE,), counts), LEAST)
    return tuple(RatedIn(id_, title, table.count(str(id_), _PEOPLE) is not None) for id_, title, _ in rows)


def _recent(version_id: UUID, course_id: UUID | None, most: int) -> Subquery:
    asked = (
        select(
            ObservationRow.id,
            ObservationRow.trainee_id,
            ObservationRow.activity_id,
            ObservationRow.released_at,
            extract("year", ObservationRow.released_at).label("year"),
            extract("month", ObservationRow.released_at).label("month"),
        )
        .where(ObservationRow.rubric_version_id == version_id, ObservationRow.state == State.RELEASED)
        .order_by(ObservationRow.released_at.desc(), ObservationRow.id)
        .limit(most)
    )
    if course_id is not None:
        here = select(ActivityRow.id).where(ActivityRow.course_id == course_id)
        asked = asked.where(ObservationRow.activity_id.in_(here))
    return asked.subquery()


def _ratings(recent: Subquery, *columns: Any) -> Any:
    """What observers handed in; what trainees say of themselves is not among it."""
    return (
        select(*columns)
        .select_from(recent)
        .join(AssessmentRow, AssessmentRow.observation_id == recent.c.id)
        .join(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(AssessmentRow.of_oneself.is_(False), AssessmentRow.submitted_at.is_not(None))
    )


def _levels(
    session: Session, recent: Subquery
) -> tuple[dict[str, dict[int, int]], dict[str, int], dict[str, dict[date, dict[int, int]]]]:
    what = (RatingRow.criterion, RatingRow.level, RatingRow.not_observed, recent.c.year, recent.c.month)
    levels: dict[str, dict[int, int]] = {}
    not_observed: dict[str, int] = {}
    months: dict[str, dict[date, dict[int, int]]] = {}
    for key, level, unseen, year, month, count in session.execute(
        _ratings(recent, *what, func.count()).group_by(*what)
    ):
        if unseen:
            not_observed[key] = not_observed.get(key, 0) + count
        elif level is not None:
            _add(levels.setdefault(key, {}), level, count)
            _add(months.setdefault(key, {}).setdefault(date(int(year), int(month), 1), {}), level, count)
    return levels, not_observed, months


def _add(counts: dict[int, int], level: int, count: int) -> None:
    counts[level] = counts.get(level, 0) + count


def _people(session: Session, recent: Subquery) -> tuple[Mapping[str, int], Mapping[str, date]]:
    given = func.max(recent.c.released_at).filter(RatingRow.level.is_not(None))
    rows = session.execute(
        _ratings(recent, RatingRow.criterion, func.count(recent.c.trainee_id.distinct()), given).group_by(
            RatingRow.criterion
        )
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0]: row[2].date() for row in rows if row[2] is not None}


def _people_by_month(session: Session, recent: Subquery) -> Mapping[tuple[str, date], int]:
    what = (RatingRow.criterion, recent.c.year, recent.c.month)
    rows = session.execute(
        _ratings(recent, *what, func.count(recent.c.trainee_id.distinct()))
        .where(RatingRow.level.is_not(None))
        .group_by(*what)
    )
    return {(key, date(int(year), int(month), 1)): count for key, year, month, count in rows}
