"""Observations as lists show them, and how a reader stands to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability, Who
from lti_tool.services.places import NO_STANDING, NotHere, Standing, standing_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import ConsentRow, ObservationRow, SignOffRow
from lti_tool.store.people import PersonRow
from rubrics.observation import Mode, State
from rubrics.sign_off import Lane, lanes_open

TRAINEE, OBSERVER = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class ObservationLine:
    """What a list says of one observation: no ratings, no words."""

    id: UUID
    activity_id: UUID
    activity_title: str
    course_id: UUID
    course_title: str
    trainee_id: UUID
    trainee_name: str
    observer_id: UUID
    observer_name: str
    state: State
    mode: Mode | None
    requested_at: datetime
    changed_at: datetime
    respond_until: datetime | None
    answered_at: datetime | None
    released_at: datetime | None
    lanes_open: frozenset[Lane]


def display_name(person_id: UUID, name: str | None) -> str:
    """The name, or for a person whose LMS gave none, something to tell people apart by."""
    return name or f"Person {person_id.hex[-4:]}"


def listing(*conditions: ColumnElement[bool], limit: int, newest_first: bool = False) -> Any:
    """A statement for `lines`, to be built once: observations that meet all `conditions`, oldest change first.

    Values that differ from call to call are bindparams in the conditions.
    """
    order = ObservationRow.changed_at.desc() if newest_first else ObservationRow.changed_at.asc()
    return _query().where(*conditions).order_by(order, ObservationRow.id).limit(limit)


def lines(session: Session, listing: Any, **values: object) -> tuple[ObservationLine, ...]:
    """The observations of a `listing`, with the values for its bindparams."""
    return _lines(session, session.execute(listing, values).all())


def line(session: Session, organization_id: UUID, observation_id: UUID) -> ObservationLine:
    """One observation of the organization. Raises `NotHere`."""
    found = lines(session, _ONE, observation_id=observation_id, organization_id=organization_id)
    if not found:
        raise NotHere
    return found[0]


def who_is_reading(session: Session, visitor: Visitor, line: ObservationLine) -> frozenset[Who]:
    """How the visitor stands to the observation. Raises `NotHere` for those who stand in no way.

    A withdrawn observation is the trainee's alone.
    """
    standing, needed = NO_STANDING, frozenset[Lane]()
    if line.state is not State.WITHDRAWN:
        standing = standing_of(session, visitor.person_id, line.course_id)
        needed = frozenset(Lane(lane) for lane in _lanes_of(session, line.activity_id))
    ways = ways_to(line, visitor.person_id, standing, needed)
    if not ways:
        raise NotHere
    return ways


def ways_to(line: ObservationLine, person_id: UUID, standing: Standing, needed: frozenset[Lane]) -> frozenset[Who]:
    """How a person of this standing in its course stands to the observation; `needed` are the lanes that sign it."""
    own = person_id == line.trainee_id
    if own or line.state is State.WITHDRAWN:
        return frozenset({Who.TRAINEE}) if own else frozenset()
    ways = {
        Who.OBSERVER: person_id == line.observer_id,
        Who.SUPERVISOR: bool(standing.lanes & needed),
        Who.INSTRUCTOR: Capability.INSTRUCTOR in standing.capabilities,
    }
    return frozenset(who for who, stands in ways.items() if stands)


def _lanes_of(session: Session, activity_id: UUID) -> Sequence[str]:
    return session.scalars(select(ActivityRow.lanes).where(ActivityRow.id == activity_id)).one()


def _query() -> Any:
    """Eight columns, which SQLAlchemy's typing only spells out for the caller, so Any."""
    return (
        select(
            ObservationRow,
            ActivityRow.title,
            ActivityRow.lanes,
            CourseRow.id,
            CourseRow.title,
            TRAINEE.name,
            OBSERVER.name,
            ConsentRow.mode,
        )
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
        .join(OBSERVER, OBSERVER.id == ObservationRow.observer_id)
        .outerjoin(ConsentRow, ConsentRow.observation_id == ObservationRow.id)
    )


def _lines(session: Session, rows: Sequence[Any]) -> tuple[ObservationLine, ...]:
    signed: dict[UUID, set[Lane]] = {}
    if rows:
        ids = [row[0].id for row in rows]
        pairs = session.execute(
            select(SignOffRow.observation_id, SignOffRow.lane).where(SignOffRow.observation_id.in_(ids))
        )
        for observation_id, lane in pairs:
            signed.setdefault(observation_id, set()).add(lane)
    return tuple(_line(row, frozenset(signed.get(row[0].id, ()))) for row in rows)


def _line(row: Any, signed: frozenset[Lane]) -> ObservationLine:
    observation, activity_title, lanes, course_id, course_title, trainee, observer, mode = row
    return ObservationLine(
        id=observation.id,
        activity_id=observation.activity_id,
        activity_title=activity_title,
        course_id=course_id,
        course_title=course_title,
        trainee_id=observation.trainee_id,
        trainee_name=display_name(observation.trainee_id, trainee),
        observer_id=observation.observer_id,
        observer_name=display_name(observation.observer_id, observer),
        state=observation.state,
        mode=mode,
        requested_at=observation.requested_at,
        changed_at=observation.changed_at,
        respond_until=observation.respond_until,
        answered_at=observation.answered_at,
        released_at=observation.released_at,
        lanes_open=lanes_open(frozenset(Lane(lane) for lane in lanes), signed),
    )


_ONE = listing(
    ObservationRow.id == bindparam("observation_id"),
    ObservationRow.organization_id == bindparam("organization_id"),
    limit=1,
)
