"""Since when the outcome of those who gave feedback is final: before that nobody reads what they said.

Final is what neither a decision nor an appeal can change any more: of everybody on the way through a program the
decision there, of everybody else the observations in their courses.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.appeals import RUNNING, AppealOutcome
from grading.evidence import Outcome
from lti_tool.access import Capability
from lti_tool.services.certification import appeal_terms
from lti_tool.store.appeals import AppealRow
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.observation import OVER, State

GOES_ON = frozenset({Outcome.NOT_YET, Outcome.SUSPENDED, Outcome.EXTENDED})
"""After these another decision is still to come."""
OVER_EVERYWHERE = timedelta(days=2)
"""So long after a day began in UTC it is over in every time zone."""


@dataclass(frozen=True, slots=True)
class Way:
    """Something of somebody that comes to an end: a path through a program, an observation, belonging to a course."""

    begun: datetime
    final: datetime | None
    """None: it goes on, or can still become another."""
    is_result: bool = True


@dataclass(frozen=True, slots=True)
class Ways:
    """What somebody's outcome depends on."""

    paths: tuple[Way, ...] = ()
    observations: tuple[Way, ...] = ()
    courses: tuple[Way, ...] = ()

    def final_since(self, written_at: datetime) -> datetime | None:
        """Since when all is final that had begun when they wrote; None: not yet."""
        paths = [way for way in self.paths if way.begun <= written_at]
        if paths:
            return _last(paths)
        observations = [way for way in self.observations if way.begun <= written_at]
        if any(way.is_result for way in observations):
            return _last(observations)
        return _last([way for way in self.courses if way.begun <= written_at])


def ways_of(session: Session, organization_id: UUID, people: Collection[UUID], now: datetime) -> Mapping[UUID, Ways]:
    """Of each of these humans, by the id as which they are known today."""
    appeals = _appeals(session, people)
    paths = _paths(session, people, appeals, now)
    observations = _observations(session, organization_id, people, appeals)
    courses = _courses(session, people)
    return {each: Ways(tuple(paths[each]), tuple(observations[each]), tuple(courses[each])) for each in people}


def _last(ways: Iterable[Way]) -> datetime | None:
    finals = [way.final for way in ways]
    return None if not finals or None in finals else max(final for final in finals if final is not None)


def _appeals(session: Session, people: Collection[UUID]) -> Mapping[UUID, datetime | None]:
    """When the last appeal about a decision or an observation ended; None: something still comes of one."""
    found: dict[UUID, datetime | None] = {}
    rows = select(AppealRow).where(AppealRow.trainee_id.in_(people), AppealRow.sent_at.is_not(None))
    for row in session.scalars(rows.order_by(AppealRow.ended_at)):
        about = row.decision_id or row.observation_id
        if about is None:
            continue
        open_ = row.state in RUNNING or row.ended_at is None or row.outcome not in (None, AppealOutcome.STANDS)
        found[about] = None if open_ or (about in found and found[about] is None) else row.ended_at
    return found


def _paths(
    session: Session, people: Collection[UUID], appeals: Mapping[UUID, datetime | None], now: datetime
) -> dict[UUID, list[Way]]:
    human = _human(EnrollmentRow.person_id)
    found: dict[UUID, list[Way]] = defaultdict(list)
    enrolled = session.execute(
        select(EnrollmentRow, human).join(PersonRow, PersonRow.id == EnrollmentRow.person_id).where(human.in_(people))
    ).all()
    newest: dict[UUID, DecisionRow] = {}
    decisions = select(DecisionRow).where(DecisionRow.enrollment_id.in_([row.id for row, _ in enrolled]))
    for decision in session.scalars(decisions.order_by(DecisionRow.number)):
        newest[decision.enrollment_id] = decision
    for row, person_id in enrolled:
        found[person_id].append(Way(row.enrolled_at, _path(row, newest.get(row.id), appeals, now)))
    return found


def _path(
    row: EnrollmentRow, newest: DecisionRow | None, appeals: Mapping[UUID, datetime | None], now: datetime
) -> datetime | None:
    if newest is None:
        return row.ended_at
    if newest.released_at > now or (newest.outcome in GOES_ON and row.ended_at is None):
        return None
    ends = [newest.released_at, row.ended_at, _over(newest.appeal_until) if newest.appeal_until else None]
    return _after_appeals(newest.id, max(end for end in ends if end is not None), appeals)


def _observations(
    session: Session, organization_id: UUID, people: Collection[UUID], appeals: Mapping[UUID, datetime | None]
) -> dict[UUID, list[Way]]:
    editions = appeal_terms.editions(session, organization_id)
    human = _human(ObservationRow.trainee_id)
    found: dict[UUID, list[Way]] = defaultdict(list)
    rows = session.execute(
        select(ObservationRow, human, CourseRow.archived_at)
        .join(PersonRow, PersonRow.id == ObservationRow.trainee_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .where(human.in_(people))
    )
    for row, person_id, archived_at in rows:
        found[person_id].append(_observed(row, archived_at, editions, appeals))
    return found


def _observed(
    row: ObservationRow,
    archived_at: datetime | None,
    editions: Sequence[appeal_terms.Edition],
    appeals: Mapping[UUID, datetime | None],
) -> Way:
    if row.state is State.RELEASED and row.released_at is not None:
        days = appeal_terms.file_days(editions, row.released_at)
        until = _over(row.released_at.date() + timedelta(days=days))
        return Way(row.requested_at, _after_appeals(row.id, max(row.changed_at, until), appeals))
    ended = row.changed_at if row.state in OVER - {State.FINAL} else archived_at
    return Way(row.requested_at, ended, is_result=False)


def _courses(session: Session, people: Collection[UUID]) -> dict[UUID, list[Way]]:
    """Whoever left, or whose course is kept for reading only, gets no result there any more."""
    found: dict[UUID, list[Way]] = defaultdict(list)
    rows = session.execute(
        select(MembershipRow.person_id, MembershipRow.ended_at, CourseRow.archived_at)
        .join(CourseRow, CourseRow.id == MembershipRow.course_id)
        .where(MembershipRow.person_id.in_(people), MembershipRow.capability == Capability.TRAINEE)
    )
    for person_id, ended_at, archived_at in rows:
        ends = [each for each in (ended_at, archived_at) if each is not None]
        found[person_id].append(Way(datetime.min.replace(tzinfo=UTC), min(ends, default=None)))
    return found


def _after_appeals(id_: UUID, final: datetime, appeals: Mapping[UUID, datetime | None]) -> datetime | None:
    if id_ not in appeals:
        return final
    ended = appeals[id_]
    return None if ended is None else max(final, ended)


def _over(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + OVER_EVERYWHERE


def _human(column: Any) -> Any:
    return func.coalesce(PersonRow.merged_into, column)
