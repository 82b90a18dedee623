"""Who observes, supervises and mentors whom in a course, who has room, who is away, and who stands in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import AssignedAs, AssignmentRow, AvailabilityRow
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class What:
    """What somebody is assigned as."""

    assigned_as: AssignedAs
    lane: Lane | None = None
    """Of supervisors only."""
    backup: bool = False
    """Stands in while the others cannot."""


@dataclass(frozen=True, slots=True)
class Room:
    """How much somebody can take on in a course, and when they are away."""

    capacity: int | None
    """How many trainees they can take on; None: nobody said."""
    taken: int
    """To how many they are assigned, other than as a back-up or mentor."""
    away_from: date | None
    away_until: date | None
    """The last day away; None with `away_from`: until further notice."""
    away: bool
    """Whether they are away on the day that was asked for."""

    @property
    def left(self) -> int | None:
        """How many more they can take on; None: nobody said."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def full(self) -> bool:
        """Whether they can take on nobody more."""
        return self.left == 0


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment that stands."""

    id: UUID
    trainee_id: UUID
    person_id: UUID
    person_name: str
    what: What
    still_here: bool
    """Whether the person is still in the course."""
    assigned_at: datetime


def can_take_on(session: Session, course_id: UUID, today: date) -> Mapping[UUID, Room]:
    """Everyone of the course who is assigned to somebody, or who said how many they can take on or when they are away.

    Whoever is not named here has room as far as anyone knows.
    """
    taken = _taken(session, course_id)
    rows = session.scalars(select(AvailabilityRow).where(AvailabilityRow.course_id == course_id))
    said = {row.person_id: row for row in rows}
    return {person_id: _room(said.get(person_id), taken.get(person_id, 0), today) for person_id in taken.keys() | said}


def standing(session: Session, course_id: UUID, *, trainee_id: UUID | None = None) -> tuple[AssignmentLine, ...]:
    """The assignments of a course, or of one trainee in it: back-ups last, then by name."""
    rows = session.execute(
        select(AssignmentRow, PersonRow.name, MembershipRow.id)
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .outerjoin(
            MembershipRow,
            (MembershipRow.course_id == AssignmentRow.course_id)
            & (MembershipRow.person_id == AssignmentRow.person_id)
            & MembershipRow.ended_at.is_(None),
        )
        .where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.ended_at.is_(None),
            *([AssignmentRow.trainee_id == trainee_id] if trainee_id else []),
        )
    )
    return in_order(
        AssignmentLine(
            id=row.id,
            trainee_id=row.trainee_id,
            person_id=row.person_id,
            person_name=display_name(row.person_id, name),
            what=What(row.assigned_as, row.lane, row.backup),
            still_here=membership is not None,
            assigned_at=row.assigned_at,
        )
        for row, name, membership in rows
    )


def in_order(found: Iterable[AssignmentLine]) -> tuple[AssignmentLine, ...]:
    """Observers, then supervisors by lane, then mentors; within each those who come first before their back-ups."""
    place = {AssignedAs.OBSERVER: 0, AssignedAs.SUPERVISOR: 1, AssignedAs.MENTOR: 2}
    return tuple(
        sorted(
            found,
            key=lambda one: (
                place[one.what.assigned_as], one.what.lane or "", one.what.backup, one.person_name.casefold(),
            ),
        )
    )  # fmt: skip


def stand_ins(
    session: Session, course_id: UUID, trainee_id: UUID, person_id: UUID, today: date
) -> tuple[AssignmentLine, ...]:
    """Those who stand in for the person with this trainee: back-ups who are there and not away themselves.

    A back-up stands in for whoever has the same part: for an observer an observer, for a supervisor one of the lane.
    """
    found = standing(session, course_id, trainee_id=trainee_id)
    parts = {(one.what.assigned_as, one.what.lane) for one in found if one.person_id == person_id}
    parts = parts or {(AssignedAs.OBSERVER, None)}
    room = can_take_on(session, course_id, today)
    return tuple(
        one
        for one in found
        if one.what.backup
        and one.still_here
        and one.person_id != person_id
        and (one.what.assigned_as, one.what.lane) in parts
        and not (one.person_id in room and room[one.person_id].away)
    )


def who_is_told(session: Session, course_id: UUID, trainee_id: UUID, person_id: UUID, today: date) -> tuple[UUID, ...]:
    """Whom to tell of what waits for the person: them, and while they are away those who stand in for them."""
    said = session.scalars(
        select(AvailabilityRow).where(AvailabilityRow.course_id == course_id, AvailabilityRow.person_id == person_id)
    ).one_or_none()
    if said is None or not _away(said, today):
        return (person_id,)
    instead = {one.person_id for one in stand_ins(session, course_id, trainee_id, person_id, today)}
    return (person_id, *sorted(instead))


def _taken(session: Session, course_id: UUID) -> dict[UUID, int]:
    """To how many trainees each person is assigned who observes or supervises."""
    rows = session.execute(
        select(AssignmentRow.person_id, func.count(AssignmentRow.trainee_id.distinct()))
        .where(
            AssignmentRow.course_id == course_id,
            AssignmentRow.ended_at.is_(None),
            AssignmentRow.backup.is_(False),
            AssignmentRow.assigned_as != AssignedAs.MENTOR,
        )
        .group_by(AssignmentRow.person_id)
    )
    return {row[0]: row[1] for row in rows}


def _room(said: AvailabilityRow | None, taken: int, today: date) -> Room:
    if said is None:
        return Room(None, taken, None, None, away=False)
    return Room(said.capacity, taken, said.away_from, said.away_until, away=_away(said, today))


def _away(said: AvailabilityRow, today: date) -> bool:
    begun = said.away_from is not None and said.away_from <= today
    return begun and (said.away_until is None or today <= said.away_until)
