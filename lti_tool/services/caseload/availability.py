"""How many trainees somebody can take on, and when they are away: said by instructors and by themselves."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.caseload.assignments import AssignmentLine, standing
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.courses.places import Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.store.assignments import AvailabilityRow
from lti_tool.store.base import new_id
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

MOST_TRAINEES = 1_000


def set_capacity(
    session: Session, visitor: Visitor, place: Place, *, person_id: UUID, capacity: int | None, now: datetime
) -> None:
    """Say how many trainees a person of the course can take on; None: as many as come. What stands stays.

    Raises `Refused` ("capacity") for a number that makes no sense, `NotHere` for somebody of another course.
    """
    if capacity is not None and not 0 <= capacity <= MOST_TRAINEES:
        raise Refused("capacity", "Please enter a number from 0 to %(most)s, or leave it empty.", most=MOST_TRAINEES)
    standing_of(session, person_id, place.course.id)
    _say(session, place, person_id, capacity=capacity)
    _audit(session, visitor, place, person_id, "availability.capacity", now)


def set_away(
    session: Session, visitor: Visitor, place: Place, *, days: tuple[date | None, date | None], now: datetime
) -> None:
    """Say from when until when oneself is away; (None, None): not away. No reason is asked.

    Back-ups of the trainees whom the visitor observes or supervises are told; where a trainee has none, the
    instructors are. Raises `Refused` ("away_from", "days_in_order", "over").
    """
    first, last = days
    if first is None and last is not None:
        raise Refused("away_from", "Please say from which day you are away.")
    if first is not None and last is not None and last < first:
        raise Refused("days_in_order", "The last day comes before the first. Please check both.")
    if last is not None and last < now.date():
        raise Refused("over", "The last day is over already. Please check it, or leave both days empty.")
    _say(session, place, visitor.person_id, away_from=first, away_until=last)
    _audit(session, visitor, place, visitor.person_id, "availability.away", now)
    if first is not None:
        _tell_stand_ins(session, visitor, place, now)


def _tell_stand_ins(session: Session, visitor: Visitor, place: Place, now: datetime) -> None:
    by_trainee: dict[UUID, list[AssignmentLine]] = {}
    for one in standing(session, place.course.id):
        by_trainee.setdefault(one.trainee_id, []).append(one)
    told: set[UUID] = set()
    for mine in by_trainee.values():
        parts = {(one.what.assigned_as, one.what.lane) for one in mine if one.person_id == visitor.person_id}
        instead = {
            one.person_id
            for one in mine
            if one.what.backup and (one.what.assigned_as, one.what.lane) in parts and one.still_here
        } - {visitor.person_id}
        if parts:
            told |= instead or set(instructors_of(session, place.course.id))
    for person_id in sorted(told - {visitor.person_id}):
        notify.news(session, organization_id=place.organization_id, person_id=person_id, now=now, path="/standing-in")


def _say(session: Session, place: Place, person_id: UUID, **values: Any) -> None:
    key = {"course_id": place.course.id, "person_id": person_id}
    made = insert_once(session, AvailabilityRow, id=new_id(), organization_id=place.organization_id, **key, **values)
    if not made:
        session.execute(update(AvailabilityRow).filter_by(**key).values(**values))


def held(session: Session, course_id: UUID, person_id: UUID) -> AvailabilityRow | None:
    """What was said of the person, locked, so that two who assign at once cannot both take the last room."""
    return session.scalars(
        select(AvailabilityRow)
        .where(AvailabilityRow.course_id == course_id, AvailabilityRow.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _audit(session: Session, visitor: Visitor, place: Place, person_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{person_id}",
        now=now,
        course=str(place.course.id),
    )
