"""Who may be asked to rate together: the observers of a course, or of the organization."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.calibrating.calibration_access import led, note
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.calibration import CalibrationPartRow, CalibrationRatingRow, CalibrationRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.calibration import check_rating
from rubrics.refusal import Refused

MOST = 500
OBSERVE = (Capability.OBSERVER, Capability.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody who was asked, for who leads it: whether they handed in, and nothing of what they rated."""

    id: UUID
    person_id: UUID
    name: str
    handed_in: bool


def observers(session: Session, organization_id: UUID, course_id: UUID | None) -> tuple[tuple[UUID, str], ...]:
    """Who observes or signs in the course, or anywhere in the organization, by name."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(
            GrantRow,
            (GrantRow.person_id == MembershipRow.person_id)
            & (GrantRow.course_id == MembershipRow.course_id)
            & GrantRow.capability.in_(OBSERVE)
            & GrantRow.revoked_at.is_(None),
        )
        .where(
            PersonRow.organization_id == organization_id,
            PersonRow.merged_into.is_(None),
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            or_(MembershipRow.capability == Capability.OBSERVER, GrantRow.id.is_not(None)),
            *([MembershipRow.course_id == course_id] if course_id else []),
        )
        .distinct()
        .limit(MOST)
    )
    named = [(person_id, display_name(person_id, name)) for person_id, name in rows]
    return tuple(sorted(named, key=lambda one: (one[1].casefold(), one[0])))


def parts(session: Session, calibration_id: UUID) -> tuple[Part, ...]:
    """Who takes part, by name."""
    rows = session.execute(
        select(CalibrationPartRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == CalibrationPartRow.person_id)
        .where(CalibrationPartRow.calibration_id == calibration_id, CalibrationPartRow.left_at.is_(None))
    )
    found = (
        Part(row.id, row.person_id, display_name(row.person_id, name), row.handed_in_at is not None)
        for row, name in rows
    )
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def can_be_asked(session: Session, row: CalibrationRow) -> tuple[tuple[UUID, str], ...]:
    """Observers who have no part in it; whoever left it can be asked again."""
    there = {one.person_id for one in parts(session, row.id)}
    return tuple(one for one in observers(session, row.organization_id, row.course_id) if one[0] not in there)


def ask(session: Session, visitor: Visitor, row: CalibrationRow, people: Collection[UUID], now: datetime) -> None:
    """Ask these people to take part, and have them told. Raises `Refused` ("not_an_observer")."""
    possible = {person_id for person_id, _ in observers(session, row.organization_id, row.course_id)}
    if not set(people) <= possible:
        raise Refused("not_an_observer", "This person cannot be asked here. Please choose someone from the list.")
    for person_id in sorted(people):
        if _asked(session, visitor, row, person_id, now):
            note(session, visitor, row, "ask", now, asked=str(person_id))
            tell(session, visitor, row, person_id, now)


def ask_more(session: Session, visitor: Visitor, calibration_id: UUID, people: Collection[UUID], now: datetime) -> None:
    """Ask further people, as long as nothing is revealed. Raises `NotHere`, `Refused`."""
    row = led(session, visitor, calibration_id)
    check_rating(row.state, handed_in=False)
    if not people:
        raise Refused("people_needed", "Please choose whom you would like to ask.")
    ask(session, visitor, row, people, now)


def tell(session: Session, visitor: Visitor, row: CalibrationRow, person_id: UUID, now: datetime) -> None:
    """Have somebody told that there is something to look at, with nothing of what it is; never of one's own act."""
    if person_id == visitor.person_id:
        return
    notify.news(
        session,
        organization_id=row.organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.CALIBRATION,
        path=f"/calibrations/{row.id}",
        sender_id=visitor.person_id,
    )


def leave(session: Session, part: CalibrationPartRow, now: datetime) -> None:
    """Have no part in it any more: what the person rated is gone."""
    part.left_at, part.handed_in_at = now, None
    for row in session.scalars(select(CalibrationRatingRow).where(CalibrationRatingRow.part_id == part.id)):
        session.delete(row)
    session.flush()


def _asked(session: Session, visitor: Visitor, row: CalibrationRow, person_id: UUID, now: datetime) -> bool:
    """Whether they had no part in it until now."""
    made = insert_once(
        session, CalibrationPartRow, id=new_id(), organization_id=row.organization_id, calibration_id=row.id,
        person_id=person_id, asked_by=visitor.person_id, asked_at=now,
    )  # fmt: skip
    if made:
        return True
    part = session.scalars(
        select(CalibrationPartRow).where(
            CalibrationPartRow.calibration_id == row.id, CalibrationPartRow.person_id == person_id
        )
    ).one()
    if part.left_at is None:
        return False
    part.left_at, part.asked_at, part.asked_by = None, now, visitor.person_id
    session.flush()
    return True
