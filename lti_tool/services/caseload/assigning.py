"""Assigning people to trainees, one by one or a whole group, and ending that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.caseload import availability
from lti_tool.services.caseload.assignments import What, can_take_on
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.caseload.standing_people import Carrying, carrying
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import GroupMemberRow, GroupRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.writing import insert_once
from rubrics.recusal import may_take_part, pair
from rubrics.refusal import Refused

MOST_AT_ONCE = 5_000
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of assigning somebody to several trainees."""

    made: int
    already: int
    left_out: int
    """Someone else does it for these: a conflict stands, or it is the person themselves."""


def assign(
    session: Session, visitor: Visitor, place: Place, *, trainee_id: UUID, person_id: UUID, what: What, now: datetime
) -> bool:
    """Assign a person of the course to a trainee of it; False where that stands already.

    Raises `NotHere` for people of another course, `Refused` ("oneself", "conflict", "not_carrying", "full").
    """
    if trainee_id not in trainees_of(session, place, (trainee_id,)):
        raise NotHere
    if trainee_id == person_id:
        raise Refused("oneself", "Nobody observes, supervises or mentors themselves. Please choose somebody else.")
    person = _carrying(session, place, person_id, what)
    conflicts = {pair(str(person_id), str(other)) for other in conflicts_of(session, person_id)}
    may_take_part(str(person_id), str(trainee_id), conflicts)
    _has_room(session, place, person, (trainee_id,), what, now)
    return _make(session, visitor, place, trainee_id, person_id, what, now)


def assign_group(
    session: Session, visitor: Visitor, place: Place, *, group_id: UUID, person_id: UUID, what: What, now: datetime
) -> Assigned:
    """Assign a person to all trainees who are in a group or section now.

    Those with whom a conflict stands are left out. Raises as `assign` does; where the room is not enough for all of
    them, nobody is assigned.
    """
    members = in_group(session, place, group_id)
    person = _carrying(session, place, person_id, what)
    conflicts = conflicts_of(session, person_id)
    free = [trainee_id for trainee_id in members if trainee_id not in conflicts and trainee_id != person_id]
    _has_room(session, place, person, free, what, now)
    made = sum(_make(session, visitor, place, trainee_id, person_id, what, now) for trainee_id in free)
    return Assigned(made=made, already=len(free) - made, left_out=len(members) - len(free))


def end(session: Session, visitor: Visitor, place: Place, assignment_id: UUID, now: datetime) -> UUID:
    """End an assignment; what was done under it stays. Ending it twice changes nothing. Raises `NotHere`.

    The answer is the trainee whom it was about.
    """
    row = session.scalars(
        select(AssignmentRow)
        .where(AssignmentRow.id == assignment_id, AssignmentRow.course_id == place.course.id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        what = What(row.assigned_as, row.lane, row.backup)
        _audit(session, visitor, place, row.trainee_id, row.person_id, what, "assignment.end", now)
    return row.trainee_id


def in_group(session: Session, place: Place, group_id: UUID) -> tuple[UUID, ...]:
    """The trainees of the course who are in the group now. Raises `NotHere` for a group of another course."""
    group = session.scalars(
        select(GroupRow.id).where(GroupRow.id == group_id, GroupRow.course_id == place.course.id)
    ).one_or_none()
    if group is None:
        raise NotHere
    members = session.scalars(
        select(GroupMemberRow.person_id).where(GroupMemberRow.group_id == group_id).limit(MOST_AT_ONCE)
    ).all()
    return trainees_of(session, place, members)


def trainees_of(session: Session, place: Place, people: Collection[UUID]) -> tuple[UUID, ...]:
    """Those of the people who are trainees of the course now."""
    return tuple(
        session.scalars(
            select(MembershipRow.person_id)
            .where(
                MembershipRow.course_id == place.course.id,
                MembershipRow.ended_at.is_(None),
                MembershipRow.test_user.is_(False),
                MembershipRow.person_id.in_(people),
                trains(place.course.id),
            )
            .order_by(MembershipRow.person_id)
        )
    )


def may_be(person: Carrying, what: What) -> bool:
    """Whether the person may be assigned as this: observers observe, supervisors sign in the lane."""
    match what.assigned_as:
        case AssignedAs.OBSERVER:
            return person.observes
        case AssignedAs.SUPERVISOR:
            return what.lane in person.lanes
        case AssignedAs.MENTOR:
            return True


def _carrying(session: Session, place: Place, person_id: UUID, what: What) -> Carrying:
    person = next((one for one in carrying(session, place.course.id) if one.id == person_id), None)
    if person is None:
        raise NotHere
    if not may_be(person, what):
        raise Refused(
            "not_carrying",
            "%(name)s cannot be assigned as this yet. You can let them observe or sign on the page People.",
            name=person.name,
        )
    return person


def _has_room(
    session: Session, place: Place, person: Carrying, trainees: Sequence[UUID], what: What, now: datetime
) -> None:
    """Raises `Refused` ("full"), which names who has room."""
    if what.backup or what.assigned_as is AssignedAs.MENTOR:
        return
    said = availability.held(session, place.course.id, person.id)
    if said is None or said.capacity is None:
        return
    already = set(
        session.scalars(
            select(AssignmentRow.trainee_id).where(
                AssignmentRow.course_id == place.course.id,
                AssignmentRow.person_id == person.id,
                AssignmentRow.ended_at.is_(None),
                AssignmentRow.backup.is_(False),
                AssignmentRow.assigned_as != AssignedAs.MENTOR,
            )
        )
    )
    if len(already | set(trainees)) <= max(said.capacity, len(already)):
        return
    named = who_has_room(session, place, what, now)[:MOST_NAMED]
    if not named:
        raise Refused(
            "full",
            "%(name)s can take on %(capacity)s. Nobody else said that they have room; you can change the numbers on "
            "the page about room.",
            name=person.name,
            capacity=said.capacity,
        )
    raise Refused(
        "full",
        "%(name)s can take on %(capacity)s. There is room with: %(others)s.",
        name=person.name,
        capacity=said.capacity,
        others=", ".join(one.name for one in named),
    )


def who_has_room(session: Session, place: Place, what: What, now: datetime) -> tuple[Carrying, ...]:
    """Who may be assigned as this, is not away and has room, by name."""
    room = can_take_on(session, place.course.id, now.date())
    return tuple(
        one
        for one in carrying(session, place.course.id)
        if may_be(one, what) and not (one.id in room and (room[one.id].full or room[one.id].away))
    )


def _make(
    session: Session, visitor: Visitor, place: Place, trainee_id: UUID, person_id: UUID, what: What, now: datetime
) -> bool:
    key = {
        "course_id": place.course.id,
        "trainee_id": trainee_id,
        "person_id": person_id,
        "assigned_as": what.assigned_as,
        "lane": what.lane,
    }
    made = insert_once(
        session,
        AssignmentRow,
        id=new_id(),
        organization_id=place.organization_id,
        backup=what.backup,
        assigned_by=visitor.person_id,
        assigned_at=now,
        **key,
    ) or _now_backup(session, place, trainee_id, person_id, what)
    if made:
        _audit(session, visitor, place, trainee_id, person_id, what, "assignment.make", now)
        for told in (person_id, trainee_id):
            notify.news(
                session,
                organization_id=place.organization_id,
                person_id=told,
                now=now,
                path=f"/a/{place.activity.id}",
                sender_id=visitor.person_id,
            )
    return made


def _now_backup(session: Session, place: Place, trainee_id: UUID, person_id: UUID, what: What) -> bool:
    """The same stands already: whether it was a back-up's and is not any more, or the other way round."""
    changed = session.execute(
        update(AssignmentRow)
        .where(
            AssignmentRow.course_id == place.course.id,
            AssignmentRow.trainee_id == trainee_id,
            AssignmentRow.person_id == person_id,
            AssignmentRow.assigned_as == what.assigned_as,
            AssignmentRow.lane.is_(None) if what.lane is None else AssignmentRow.lane == what.lane,
            AssignmentRow.ended_at.is_(None),
            AssignmentRow.backup.is_not(what.backup),
        )
        .values(backup=what.backup)
        .returning(AssignmentRow.id)
    )
    return bool(changed.all())


def _audit(
    session: Session,
    visitor: Visitor,
    place: Place,
    trainee_id: UUID,
    person_id: UUID,
    what: What,
    act: str,
    now: datetime,
) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{trainee_id}",
        now=now,
        course=str(place.course.id),
        assigned=str(person_id),
        assigned_as=what.assigned_as.value,
        lane=what.lane.value if what.lane else None,
        backup=what.backup,
    )
