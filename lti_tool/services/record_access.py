"""Who can see a record, who opened it: both computed from the access table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.lines import display_name, line, who_is_reading
from lti_tool.services.places import Place
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.records import ReadLogRow
from rubrics.sign_off import Lane

SAME_VISIT = timedelta(minutes=15)
MOST = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to stand to a record, and the people who stand so now."""

    who: Who
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Someone opened a trainee's record."""

    reader_name: str
    field: Field
    at: datetime
    activity_title: str


def who_can_see(session: Session, visitor: Visitor, observation_id: UUID) -> dict[Field, tuple[Reader, ...]]:
    """For each field, who can see it, by name. Raises `NotHere` for those who stand in no way to it."""
    seen = line(session, visitor.organization_id, observation_id)
    who_is_reading(session, visitor, seen)
    lanes = session.scalars(select(ActivityRow.lanes).where(ActivityRow.id == seen.activity_id)).one()
    of_course = _names_of_course(session, seen.course_id, frozenset(Lane(lane) for lane in lanes), seen.trainee_id)
    return _readers({Who.TRAINEE: (seen.trainee_name,), Who.OBSERVER: (seen.observer_name,)} | of_course)


def who_will_see(session: Session, visitor: Visitor, place: Place) -> dict[Field, tuple[Reader, ...]]:
    """The same for an observation that the visitor is about to ask for: its observer has no name yet."""
    of_course = _names_of_course(session, place.course.id, frozenset(place.activity.lanes), visitor.person_id)
    return _readers({Who.TRAINEE: (display_name(visitor.person_id, visitor.name),)} | of_course)


def _readers(names: Mapping[Who, tuple[str, ...]]) -> dict[Field, tuple[Reader, ...]]:
    return {
        field: tuple(Reader(who, names.get(who, ())) for who in Who if who in rule.see)
        for field, rule in ACCESS.items()
    }


def _names_of_course(
    session: Session, course_id: UUID, lanes: frozenset[Lane], trainee_id: UUID
) -> dict[Who, tuple[str, ...]]:
    supervisors, instructors = [], []
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, MembershipRow.capability, GrantRow.capability, GrantRow.lane)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(
            GrantRow,
            and_(
                GrantRow.person_id == PersonRow.id,
                GrantRow.course_id == MembershipRow.course_id,
                GrantRow.revoked_at.is_(None),
            ),
        )
        .where(
            MembershipRow.course_id == course_id,
            MembershipRow.ended_at.is_(None),
            PersonRow.id != trainee_id,
            (MembershipRow.capability == Capability.INSTRUCTOR) | GrantRow.id.is_not(None),
        )
    )
    for person_id, name, capability, granted, lane in rows:
        shown = display_name(person_id, name)
        if granted is Capability.SUPERVISOR and lane in lanes:
            supervisors.append(shown)
        if Capability.INSTRUCTOR in (capability, granted):
            instructors.append(shown)
    return {
        Who.SUPERVISOR: tuple(dict.fromkeys(sorted(supervisors))),
        Who.INSTRUCTOR: tuple(dict.fromkeys(sorted(instructors))),
    }


def log_reading(
    session: Session,
    visitor: Visitor,
    *,
    trainee_id: UUID,
    seen: Mapping[UUID, Iterable[Field]],
    now: datetime,
) -> None:
    """Write down which fields of which observations of someone else the visitor opened.

    One visit is one line a field.
    """
    if visitor.person_id == trainee_id:
        return
    rows = session.execute(
        select(ReadLogRow.observation_id, ReadLogRow.field).where(
            ReadLogRow.trainee_id == trainee_id,
            ReadLogRow.at > now - SAME_VISIT,
            ReadLogRow.reader_id == visitor.person_id,
        )
    )
    logged = {(observation_id, field) for observation_id, field in rows}
    session.add_all(
        ReadLogRow(
            id=new_id(),
            organization_id=visitor.organization_id,
            trainee_id=trainee_id,
            reader_id=visitor.person_id,
            field=field,
            observation_id=observation_id,
            at=now,
        )
        for observation_id, fields in seen.items()
        for field in sorted(fields)
        if (observation_id, field) not in logged
    )
    session.flush()


def opened_by(session: Session, visitor: Visitor) -> tuple[Opened, ...]:
    """Who opened the visitor's own record, newest first."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, ReadLogRow.field, ReadLogRow.at, ActivityRow.title)
        .join(PersonRow, PersonRow.id == ReadLogRow.reader_id)
        .join(ObservationRow, ObservationRow.id == ReadLogRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ReadLogRow.trainee_id == visitor.person_id)
        .order_by(ReadLogRow.at.desc())
        .limit(MOST)
    )
    return tuple(Opened(display_name(row[0], row[1]), row[2], row[3], row[4]) for row in rows)
