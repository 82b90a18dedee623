"""Who can see a record, who opened it: both computed from the access table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Field, Who
from lti_tool.services.courses.places import Place
from lti_tool.services.courses.readers import people_around
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, display_name, line, who_is_reading
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.records import ReadLogRow
from rubrics.consent import Audience
from rubrics.observation import BEFORE, UNDER_WAY

BLIND = BEFORE | UNDER_WAY
"""Until all have handed in, what an observer writes is their own."""
SAME_VISIT = timedelta(minutes=15)
MOST = 200


class Reads(Protocol):
    """Somebody who reads: a visitor, or somebody for whom a worker makes a file."""

    @property
    def person_id(self) -> UUID:
        """Who it is."""

    @property
    def organization_id(self) -> UUID:
        """Where."""


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
    activity_title: str | None
    """None for what belongs to no observation."""


def who_can_see(session: Session, visitor: Visitor, observation_id: UUID) -> dict[Field, tuple[Reader, ...]]:
    """For each field, who can see it, by name. Raises `NotHere` for those who stand in no way to it."""
    seen = line(session, visitor.organization_id, observation_id)
    who_is_reading(session, visitor, seen)
    return readers_of(session, visitor, seen)


def readers_of(session: Session, visitor: Visitor, seen: ObservationLine) -> dict[Field, tuple[Reader, ...]]:
    """The same for one that this visitor was found to read already."""
    names = _names(session, seen.course_id, seen.activity_id, seen.trainee_id)
    names |= {Who.TRAINEE: (seen.trainee_name,), Who.OBSERVER: seen.observer_names}
    names |= {Who.PANEL: _panel(session, seen.id)}
    readers = _readers(names, seen.audience)
    if seen.state in BLIND:
        readers[Field.DRAFT] = _own_draft(visitor, seen)
    return readers


def who_will_see(session: Session, visitor: Visitor, place: Place) -> dict[Field, tuple[Reader, ...]]:
    """The same for an observation that the visitor is about to ask for: its observers have no names yet."""
    names = _names(session, place.course.id, place.activity.id, visitor.person_id)
    return _readers(names | {Who.TRAINEE: (display_name(visitor.person_id, visitor.name),)}, frozenset())


def _names(session: Session, course_id: UUID, activity_id: UUID, trainee_id: UUID) -> dict[Who, tuple[str, ...]]:
    found: dict[Who, tuple[str, ...]] = {}
    for person in people_around(session, course_id, activity_id, trainee_id):
        found[person.who] = (*found.get(person.who, ()), person.name)
    return found


def _panel(session: Session, observation_id: UUID) -> tuple[str, ...]:
    """Who sits on the panel of an appeal about it that was sent."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(AppealMemberRow, AppealMemberRow.person_id == PersonRow.id)
        .join(AppealRow, AppealRow.id == AppealMemberRow.appeal_id)
        .where(
            AppealRow.observation_id == observation_id,
            AppealRow.sent_at.is_not(None),
            AppealMemberRow.accepted_at.is_not(None),
            AppealMemberRow.ended_at.is_(None),
        )
        .distinct()
    )
    return tuple(sorted(display_name(person_id, name) for person_id, name in rows))


def _readers(names: Mapping[Who, tuple[str, ...]], audience: frozenset[Audience]) -> dict[Field, tuple[Reader, ...]]:
    """Mentors are among them only where the trainee shares with them, a panel only where the trainee appealed."""
    absent = {Who.MENTOR} if Audience.MENTORS not in audience else set()
    absent |= {Who.PANEL} if not names.get(Who.PANEL) else set()
    kinds = [who for who in Who if who not in absent]
    return {
        field: tuple(Reader(who, names.get(who, ())) for who in kinds if who in rule.see)
        for field, rule in ACCESS.items()
    }


def _own_draft(visitor: Visitor, seen: ObservationLine) -> tuple[Reader, ...]:
    """Observers are blind to each other until all have handed in."""
    own = tuple(one.name for one in seen.taking_part if one.person_id == visitor.person_id)
    return (Reader(Who.OBSERVER, own or seen.observer_names),)


def log_reading(
    session: Session,
    visitor: Visitor,
    *,
    trainee_id: UUID,
    seen: Mapping[UUID | None, Iterable[Field]],
    now: datetime,
) -> None:
    """Write down which fields of which observations of someone else the visitor opened.

    What belongs to no observation stands under None. One visit is one line a field.
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


def log_reading_of_several(
    session: Session, visitor: Reads, *, trainees: Iterable[UUID], fields: Iterable[Field], now: datetime
) -> None:
    """The same for a list of people, of what belongs to no observation: as many questions as for one."""
    others = {trainee_id for trainee_id in trainees if trainee_id != visitor.person_id}
    if not others:
        return
    rows = session.execute(
        select(ReadLogRow.trainee_id, ReadLogRow.field).where(
            ReadLogRow.trainee_id.in_(others),
            ReadLogRow.at > now - SAME_VISIT,
            ReadLogRow.reader_id == visitor.person_id,
            ReadLogRow.observation_id.is_(None),
        )
    )
    logged = {(trainee_id, field) for trainee_id, field in rows}
    session.add_all(
        ReadLogRow(
            id=new_id(), organization_id=visitor.organization_id, trainee_id=trainee_id, reader_id=visitor.person_id,
            field=field, observation_id=None, at=now,
        )
        for trainee_id in sorted(others, key=str)
        for field in sorted(fields)
        if (trainee_id, field) not in logged
    )  # fmt: skip
    session.flush()


def opened_by(session: Session, visitor: Visitor) -> tuple[Opened, ...]:
    """Who opened the visitor's own record, newest first."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, ReadLogRow.field, ReadLogRow.at, ActivityRow.title)
        .join(PersonRow, PersonRow.id == ReadLogRow.reader_id)
        .outerjoin(ObservationRow, ObservationRow.id == ReadLogRow.observation_id)
        .outerjoin(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ReadLogRow.trainee_id == visitor.person_id)
        .order_by(ReadLogRow.at.desc())
        .limit(MOST)
    )
    return tuple(Opened(display_name(row[0], row[1]), row[2], row[3], row[4]) for row in rows)
