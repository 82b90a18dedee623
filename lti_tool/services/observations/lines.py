"""Observations as lists show them, and how a reader stands to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability, Who
from lti_tool.services.caseload.relations import NO_RELATIONS, Relations, relations_of
from lti_tool.services.courses.places import NO_STANDING, NotHere, Standing, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    ObservationRow,
    ObserverRow,
    ObserverState,
    SignOffRow,
    SignOffWithdrawalRow,
)
from lti_tool.store.people import PersonRow
from rubrics.consent import Audience
from rubrics.observation import READ_BY_TRAINEE, Mode, State
from rubrics.sign_off import Lane, lanes_open

TRAINEE, OBSERVER = aliased(PersonRow), aliased(PersonRow)


TAKING_PART = frozenset({ObserverState.ASKED, ObserverState.AGREED})
"""Whoever is in one of these has a part in the observation; the others had."""


@dataclass(frozen=True, slots=True)
class ObserverLine:
    """Somebody who was asked to observe one observation."""

    person_id: UUID
    name: str
    state: ObserverState
    handed_in: bool
    """Whether their own view is given in; until all are, none sees another's."""


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
    observers: tuple[ObserverLine, ...]
    """All who were asked, first asked first; the one who leads is `observer_id`."""
    needed_observers: int
    audience: frozenset[Audience]
    starts_at: datetime | None
    """The time that is proposed or agreed; None: the two find one by themselves."""
    ends_at: datetime | None
    proposed_by: UUID | None
    """Whose proposal waits for the other side; None: it is agreed, or there is none."""
    finalize_after: datetime | None

    @property
    def taking_part(self) -> tuple[ObserverLine, ...]:
        """The observers who have a part in it now."""
        return tuple(observer for observer in self.observers if observer.state in TAKING_PART)

    @property
    def observer_names(self) -> tuple[str, ...]:
        """Of those who have a part in it; where nobody has, of the one who led."""
        return tuple(observer.name for observer in self.taking_part) or (self.observer_name,)


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

    A withdrawn observation is the trainee's alone. Their own record stays theirs after they left the course.
    """
    standing, needed, relations = NO_STANDING, frozenset[Lane](), NO_RELATIONS
    if line.state is not State.WITHDRAWN and visitor.person_id != line.trainee_id:
        standing = standing_of(session, visitor.person_id, line.course_id)
        needed = frozenset(Lane(lane) for lane in _lanes_of(session, line.activity_id))
        relations = relations_of(session, visitor.person_id, line.course_id)
    ways = ways_to(line, visitor.person_id, standing, needed, relations)
    if not ways:
        raise NotHere
    return ways


def ways_to(
    line: ObservationLine, person_id: UUID, standing: Standing, needed: frozenset[Lane], relations: Relations
) -> frozenset[Who]:
    """How a person stands to the observation. `standing` and `relations` are theirs in its course; `needed` are the
    lanes that sign it. With whom a conflict stands has no other way to it than instructing the course.
    """
    own = person_id == line.trainee_id
    if own or line.state is State.WITHDRAWN:
        return frozenset({Who.TRAINEE}) if own else frozenset()
    ways = {
        Who.OBSERVER: any(observer.person_id == person_id for observer in line.taking_part),
        Who.SUPERVISOR: bool(lanes_of(line.trainee_id, standing, relations) & needed),
        Who.MENTOR: line.trainee_id in relations.mentors
        and Audience.MENTORS in line.audience
        and line.state in READ_BY_TRAINEE,
    }
    free = {who for who, stands in ways.items() if stands and line.trainee_id not in relations.conflicts}
    return frozenset(free | ({Who.INSTRUCTOR} if Capability.INSTRUCTOR in standing.capabilities else set()))


def lanes_of(trainee_id: UUID, standing: Standing, relations: Relations) -> frozenset[Lane]:
    """The lanes in which a person of this standing may sign for this trainee."""
    if trainee_id in relations.conflicts:
        return frozenset()
    if not standing.external:
        return standing.lanes
    return standing.lanes & {lane for assigned_to, lane in relations.supervises if assigned_to == trainee_id}


def _lanes_of(session: Session, activity_id: UUID) -> Sequence[str]:
    return session.scalars(select(ActivityRow.lanes).where(ActivityRow.id == activity_id)).one()


def _query() -> Any:
    """Nine columns, which SQLAlchemy's typing only spells out for the caller, so Any."""
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
            ConsentRow.audience,
        )
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
        .join(OBSERVER, OBSERVER.id == ObservationRow.observer_id)
        .outerjoin(ConsentRow, ConsentRow.observation_id == ObservationRow.id)
    )


def _lines(session: Session, rows: Sequence[Any]) -> tuple[ObservationLine, ...]:
    ids = [row[0].id for row in rows]
    signed = _signed(session, ids) if ids else {}
    observers = _observers(session, ids) if ids else {}
    return tuple(_line(row, frozenset(signed.get(row[0].id, ())), tuple(observers[row[0].id])) for row in rows)


def _signed(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[Lane]]:
    """The lanes in which a signature stands, by observation."""
    pairs = session.execute(
        select(SignOffRow.observation_id, SignOffRow.lane)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id.in_(ids), SignOffWithdrawalRow.id.is_(None))
    )
    found: dict[UUID, set[Lane]] = {}
    for observation_id, lane in pairs:
        found.setdefault(observation_id, set()).add(lane)
    return found


def _observers(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[ObserverLine]]:
    """Who was asked, by observation, first asked first."""
    rows = session.execute(
        select(
            ObserverRow.observation_id, ObserverRow.person_id, PersonRow.name, ObserverRow.state,
            AssessmentRow.submitted_at,
        )
        .join(PersonRow, PersonRow.id == ObserverRow.person_id)
        .outerjoin(
            AssessmentRow,
            and_(
                AssessmentRow.observation_id == ObserverRow.observation_id,
                AssessmentRow.observer_id == ObserverRow.person_id,
            ),
        )
        .where(ObserverRow.observation_id.in_(ids))
        .order_by(ObserverRow.asked_at, ObserverRow.id)
    )  # fmt: skip
    found: dict[UUID, list[ObserverLine]] = {id_: [] for id_ in ids}
    for observation_id, person_id, name, state, submitted_at in rows:
        one = ObserverLine(person_id, display_name(person_id, name), state, submitted_at is not None)
        found[observation_id].append(one)
    return found


def _line(row: Any, signed: frozenset[Lane], observers: tuple[ObserverLine, ...]) -> ObservationLine:
    observation, activity_title, lanes, course_id, course_title, trainee, observer, mode, audience = row
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
        observers=observers,
        needed_observers=observation.needed_observers,
        audience=_audience(observation, audience or ()),
        starts_at=observation.starts_at,
        ends_at=observation.ends_at,
        proposed_by=observation.proposed_by,
        finalize_after=observation.finalize_after,
    )


def _audience(observation: ObservationRow, agreed: Sequence[str]) -> frozenset[Audience]:
    """What the trainee agreed to when asking, unless they said otherwise since."""
    said = observation.shared_with_mentors
    if said is None:
        return frozenset(Audience(one) for one in agreed)
    return frozenset({Audience.MENTORS}) if said else frozenset()


_ONE = listing(
    ObservationRow.id == bindparam("observation_id"),
    ObservationRow.organization_id == bindparam("organization_id"),
    limit=1,
)
