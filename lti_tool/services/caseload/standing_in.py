"""Requests that wait for somebody who is away, and that their back-up can take on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Field
from lti_tool.services.asking import asking_another
from lti_tool.services.asking.parts import parts_of
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere, place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.store.assignments import AssignedAs, AssignmentRow, AvailabilityRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.observation import BEFORE

MOST = 100
TRAINEE, AWAY = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A request to somebody who is away."""

    observation_id: UUID
    activity_id: UUID
    activity_title: str
    trainee_id: UUID
    trainee_name: str
    away_id: UUID
    away_name: str
    away_until: date | None
    asked_at: datetime


_WAITING: Any = (
    select(
        ObservationRow.id, ActivityRow.id, ActivityRow.title, TRAINEE.id, TRAINEE.name, AWAY.id, AWAY.name,
        AvailabilityRow.away_until, ObserverRow.asked_at,
    )
    .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
    .join(
        ObserverRow,
        and_(ObserverRow.observation_id == ObservationRow.id, ObserverRow.state == ObserverState.ASKED),
    )
    .join(
        AvailabilityRow,
        and_(
            AvailabilityRow.course_id == ActivityRow.course_id,
            AvailabilityRow.person_id == ObserverRow.person_id,
            AvailabilityRow.away_from <= bindparam("today"),
            or_(AvailabilityRow.away_until.is_(None), AvailabilityRow.away_until >= bindparam("today")),
        ),
    )
    .join(
        AssignmentRow,
        and_(
            AssignmentRow.course_id == ActivityRow.course_id,
            AssignmentRow.trainee_id == ObservationRow.trainee_id,
            AssignmentRow.person_id == bindparam("person_id"),
            AssignmentRow.assigned_as == AssignedAs.OBSERVER,
            AssignmentRow.backup,
            AssignmentRow.ended_at.is_(None),
        ),
    )
    .join(
        MembershipRow,
        and_(
            MembershipRow.course_id == ActivityRow.course_id,
            MembershipRow.person_id == bindparam("person_id"),
            MembershipRow.ended_at.is_(None),
        ),
    )
    .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
    .join(AWAY, AWAY.id == ObserverRow.person_id)
    .where(
        ObservationRow.organization_id == bindparam("organization_id"),
        ObservationRow.state.in_(BEFORE),
        ObserverRow.person_id != bindparam("person_id"),
    )
    .order_by(ObserverRow.asked_at, ObservationRow.id)
    .limit(MOST)
)  # fmt: skip


def standing_in(session: Session, visitor: Visitor, now: datetime) -> tuple[StandIn, ...]:
    """What waits for people who are away and for whom the visitor stands in, over all courses, oldest first."""
    asked = {
        "person_id": visitor.person_id,
        "organization_id": visitor.organization_id,
        "today": now.date(),
    }
    found = [
        StandIn(
            observation_id=row[0],
            activity_id=row[1],
            activity_title=row[2],
            trainee_id=row[3],
            trainee_name=display_name(row[3], row[4]),
            away_id=row[5],
            away_name=display_name(row[5], row[6]),
            away_until=row[7],
            asked_at=row[8],
        )
        for row in session.execute(_WAITING, asked)
    ]
    apart = conflicts_of(session, visitor.person_id) if found else frozenset[UUID]()
    return tuple(one for one in found if one.trainee_id not in apart)


def read_standing_in(session: Session, visitor: Visitor, now: datetime) -> tuple[StandIn, ...]:
    """The same for a page, which names the trainees: they read afterwards that it was opened."""
    found = standing_in(session, visitor, now)
    for one in found:
        log_reading(session, visitor, trainee_id=one.trainee_id, seen={one.observation_id: [Field.STATUS]}, now=now)
    return found


def take_on(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take on a request in the place of somebody who is away; the trainee agrees first. Raises `NotHere`, `Refused`."""
    found = next((one for one in standing_in(session, visitor, now) if one.observation_id == observation_id), None)
    if found is None:
        raise NotHere
    asking_another.ask_another(
        session,
        visitor,
        place(session, visitor, found.activity_id),
        observation_id,
        instead_of=found.away_id,
        person_id=visitor.person_id,
        now=now,
    )
    for row in parts_of(session, observation_id):
        if row.person_id == visitor.person_id:
            row.state, row.answered_at = ObserverState.AGREED, now
    session.flush()
