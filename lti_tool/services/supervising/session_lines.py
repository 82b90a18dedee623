"""Supervision sessions to be read: by those who were there; of others nothing but the day of the last one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import ACCESS, Field, Who
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.store.people import PersonRow
from lti_tool.store.supervision import SessionPartRow, SupervisionSessionRow
from rubrics.sign_off import Lane
from rubrics.supervision import LANE_OF, Held, Part, SessionKind, lanes_of

Row = SupervisionSessionRow
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """That a session was held, with whom: none of its words."""

    id: UUID
    kind: SessionKind
    held: Held
    held_on: date
    minutes: int
    recorded_by: UUID
    taken_back_at: datetime | None
    there: tuple[tuple[UUID, str, Part], ...]
    waits_for: frozenset[UUID]
    """Who has neither said that it was so, nor what they see differently."""

    @property
    def lanes(self) -> frozenset[Lane]:
        """In which it counts; in none once it was taken back."""
        return lanes_of(part for _, _, part in self.there) if self.taken_back_at is None else frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Of everybody who was there."""
        return tuple(name for _, name, _ in self.there)


@dataclass(frozen=True, slots=True)
class View:
    """What one of those who were there says of the record."""

    name: str
    part: Part
    confirmed_at: datetime | None
    differs: str | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """The record, as everybody who was there reads it."""

    line: SessionLine
    agenda: str | None
    goals: str | None
    views: tuple[View, ...]
    readers: tuple[Reader, ...]


def own(session: Session, visitor: Visitor, place: Place) -> tuple[SessionLine, ...]:
    """Those in which the visitor was, in this course, the latest first."""
    mine = select(SessionPartRow.session_id).where(SessionPartRow.person_id == visitor.person_id)
    return _lines(session, place, Row.id.in_(mine))


def last_goals(session: Session, visitor: Visitor, place: Place) -> tuple[date, str] | None:
    """What was last agreed, in a session in which the visitor was, and when; None where nothing was."""
    mine = select(SessionPartRow.session_id).where(SessionPartRow.person_id == visitor.person_id)
    found = session.execute(
        select(Row.held_on, Row.goals)
        .where(Row.course_id == place.course.id, Row.id.in_(mine), Row.goals.is_not(None))
        .order_by(Row.held_on.desc(), Row.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found is not None and found[1] else None


def line_of(session: Session, place: Place, session_id: UUID) -> SessionLine:
    """One of the course. Raises `NotHere`."""
    found = _lines(session, place, Row.id == session_id)
    if not found:
        raise NotHere
    return found[0]


def read(session: Session, visitor: Visitor, place: Place, session_id: UUID) -> SessionRecord:
    """The record, for somebody who was there. Raises `NotHere` for everybody else."""
    line = line_of(session, place, session_id)
    if visitor.person_id not in {person_id for person_id, _, _ in line.there}:
        raise NotHere
    row = session.get_one(Row, session_id)
    parts = session.scalars(select(SessionPartRow).where(SessionPartRow.session_id == session_id)).all()
    names = {person_id: name for person_id, name, _ in line.there}
    views = (View(names[part.person_id], part.part, part.confirmed_at, part.differs) for part in parts)
    return SessionRecord(line, row.agenda, row.goals, tuple(sorted(views, key=_order)), readers_of(line.names))


def readers_of(names: tuple[str, ...] = ()) -> tuple[Reader, ...]:
    """Who can see what is written in such a record."""
    return tuple(
        Reader(who, names if who is Who.PRESENT else ()) for who in Who if who in ACCESS[Field.SUPERVISION_SESSION].see
    )


def last_held(
    session: Session, course_id: UUID, trainee_ids: Collection[UUID] | None = None
) -> Mapping[tuple[UUID, Lane], date]:
    """For each trainee and lane, the day of the last session that counts in it; a joint one counts in both."""
    trainee, supervising = aliased(SessionPartRow), aliased(SessionPartRow)
    rows = session.execute(
        select(trainee.person_id, supervising.part, func.max(Row.held_on))
        .join(trainee, (trainee.session_id == Row.id) & (trainee.part == Part.TRAINEE))
        .join(supervising, (supervising.session_id == Row.id) & (supervising.part != Part.TRAINEE))
        .where(
            Row.course_id == course_id,
            Row.taken_back_at.is_(None),
            *([trainee.person_id.in_(trainee_ids)] if trainee_ids is not None else []),
        )
        .group_by(trainee.person_id, supervising.part)
    )
    return {(person_id, LANE_OF[part]): held_on for person_id, part, held_on in rows}


def _lines(session: Session, place: Place, *which: ColumnElement[bool]) -> tuple[SessionLine, ...]:
    rows = session.scalars(
        select(Row)
        .where(Row.course_id == place.course.id, *which)
        .order_by(Row.held_on.desc(), Row.recorded_at.desc(), Row.id)
        .limit(MOST)
        .execution_options(populate_existing=True)
    ).all()
    there: dict[UUID, list[tuple[UUID, str, Part]]] = {}
    waits: dict[UUID, set[UUID]] = {}
    for part, name in session.execute(
        select(SessionPartRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == SessionPartRow.person_id)
        .where(SessionPartRow.session_id.in_([row.id for row in rows]))
        .execution_options(populate_existing=True)
    ):
        there.setdefault(part.session_id, []).append((part.person_id, display_name(part.person_id, name), part.part))
        if part.confirmed_at is None and part.differs is None:
            waits.setdefault(part.session_id, set()).add(part.person_id)
    return tuple(
        SessionLine(
            id=row.id,
            kind=row.kind,
            held=row.held,
            held_on=row.held_on,
            minutes=row.minutes,
            recorded_by=row.recorded_by,
            taken_back_at=row.taken_back_at,
            there=tuple(sorted(there.get(row.id, ()), key=lambda one: (one[2] is not Part.TRAINEE, one[1]))),
            waits_for=frozenset(waits.get(row.id, ())) if row.taken_back_at is None else frozenset(),
        )
        for row in rows
    )


def _order(view: View) -> tuple[bool, str]:
    return view.part is not Part.TRAINEE, view.name
