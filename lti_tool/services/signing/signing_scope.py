"""For whom one person signs: the lanes they have in each course, and the trainees that are theirs or everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.store.assignments import AssignmentRow, AvailabilityRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import GrantRow, MembershipRow
from rubrics.sign_off import Lane

NO_COURSE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class SigningScope:
    """Of one person."""

    lanes: Mapping[UUID, frozenset[Lane]]
    """By course."""
    values: Mapping[str, Any]
    """What `to_sign_for` needs in a statement."""


_LANES = (
    select(GrantRow.course_id, GrantRow.lane, MembershipRow.external)
    .join(
        MembershipRow,
        and_(MembershipRow.course_id == GrantRow.course_id, MembershipRow.person_id == GrantRow.person_id),
    )
    .where(
        GrantRow.person_id == bindparam("person_id"),
        GrantRow.capability == Capability.SUPERVISOR,
        GrantRow.revoked_at.is_(None),
        MembershipRow.ended_at.is_(None),
    )
)


def scope_of(session: Session, person_id: UUID, today: date) -> SigningScope:
    """The lanes of the person in the courses to which they still belong."""
    lanes: dict[UUID, set[Lane]] = {}
    external: set[UUID] = set()
    for course_id, lane, from_outside in session.execute(_LANES, {"person_id": person_id}):
        if lane is None or course_id is None:
            continue
        lanes.setdefault(course_id, set()).add(lane)
        if from_outside:
            external.add(course_id)
    by_lane = {
        _courses(lane): [course_id for course_id, theirs in lanes.items() if lane in theirs] or [NO_COURSE]
        for lane in Lane
    }
    return SigningScope(
        lanes={course_id: frozenset(theirs) for course_id, theirs in lanes.items()},
        values={
            **by_lane,
            "courses": list(lanes) or [NO_COURSE],
            "outside": list(external) or [NO_COURSE],
            "today": today,
        },
    )


def in_courses_to_sign_in() -> ColumnElement[bool]:
    """A condition on `ObservationRow`: of an activity of a course in which the person has a lane.

    `to_sign_for` asks for more; by this the database finds them without looking at all others.
    """
    theirs = select(ActivityRow.id).where(ActivityRow.course_id.in_(bindparam("courses", expanding=True)))
    return ObservationRow.activity_id.in_(theirs)


def to_sign_for(me: ColumnElement[UUID]) -> ColumnElement[bool]:
    """A condition on `ObservationRow` and `ActivityRow`: in at least one open lane the trainee is this person's.

    That is whoever is assigned to them; who is assigned to nobody, for those of the course; and, for a back-up,
    who is assigned to people that are away. An activity without the lane is nobody's.
    """
    return or_(*(_in_lane(me, lane) for lane in Lane))


def _in_lane(me: ColumnElement[UUID], lane: Lane) -> ColumnElement[bool]:
    others_there = _assigned(lane, AssignmentRow.person_id != me, AssignmentRow.backup.is_(False), ~_away())
    return and_(
        ActivityRow.course_id.in_(bindparam(_courses(lane), expanding=True)),
        cast(ActivityRow.lanes, String).contains(f'"{lane.value}"'),
        ~_signed(lane),
        or_(
            _assigned(lane, AssignmentRow.person_id == me, AssignmentRow.backup.is_(False)),
            and_(_assigned(lane, AssignmentRow.person_id == me), ~others_there),
            and_(
                ActivityRow.course_id.not_in(bindparam("outside", expanding=True)),
                ~_assigned(lane, AssignmentRow.person_id != me, AssignmentRow.backup.is_(False)),
            ),
        ),
    )


def _assigned(lane: Lane, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(AssignmentRow.id).where(
            AssignmentRow.course_id == ActivityRow.course_id,
            AssignmentRow.trainee_id == ObservationRow.trainee_id,
            AssignmentRow.lane == lane,
            AssignmentRow.ended_at.is_(None),
            *which,
        )
    )


def _away() -> ColumnElement[bool]:
    return exists(
        select(AvailabilityRow.id).where(
            AvailabilityRow.course_id == AssignmentRow.course_id,
            AvailabilityRow.person_id == AssignmentRow.person_id,
            AvailabilityRow.away_from <= bindparam("today"),
            or_(AvailabilityRow.away_until.is_(None), AvailabilityRow.away_until >= bindparam("today")),
        )
    )


def _signed(lane: Lane) -> ColumnElement[bool]:
    given = aliased(SignOffRow)
    return exists(
        select(given.id).where(
            given.observation_id == ObservationRow.id,
            given.lane == lane,
            ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == given.id)),
        )
    )


def _courses(lane: Lane) -> str:
    return f"courses_{lane.value}"
