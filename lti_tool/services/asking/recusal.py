"""Declaring a conflict, without the story, and what follows from it at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.asking import stepping_out
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours import ledger_waiting
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import TAKING_PART, display_name
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.assignments import AssignmentRow, ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.observations import ObservationRow, ObserverRow, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.writing import insert_once
from rubrics.observation import OVER
from rubrics.refusal import Refused

MOST = 200
MOST_FOUND = 40
BY_NAME = 2_000


@dataclass(frozen=True, slots=True)
class PersonName:
    """Somebody of the visitor's courses."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A conflict that the visitor declared and has not taken back."""

    id: UUID
    about_name: str
    declared_at: datetime


def declared_by(session: Session, visitor: Visitor) -> tuple[Declared, ...]:
    """The visitor's own, newest first. What others declared is nowhere to be read."""
    rows = session.execute(
        select(ConflictRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ConflictRow.about_id)
        .where(ConflictRow.declared_by == visitor.person_id, ConflictRow.ended_at.is_(None))
        .order_by(ConflictRow.declared_at.desc())
        .limit(MOST)
    )
    return tuple(Declared(row.id, display_name(row.about_id, name), row.declared_at) for row, name in rows)


def people_around(session: Session, visitor: Visitor, name: str) -> tuple[PersonName, ...]:
    """People of the visitor's courses whose name has this in it, by name; nobody while nothing is looked for.

    Names are encrypted, so each is looked at here.
    """
    wanted = name.strip().casefold()
    if not wanted:
        return ()
    own, other = aliased(MembershipRow), aliased(MembershipRow)
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(other, other.person_id == PersonRow.id)
        .join(own, own.course_id == other.course_id)
        .where(
            own.person_id == visitor.person_id,
            own.ended_at.is_(None),
            PersonRow.id != visitor.person_id,
            other.test_user.is_(False),
        )
        .distinct()
        .limit(BY_NAME)
    )
    named = (PersonName(person_id, display_name(person_id, called)) for person_id, called in rows)
    found = sorted((one for one in named if wanted in one.name.casefold()), key=lambda one: one.name.casefold())
    return tuple(found[:MOST_FOUND])


def person_around(session: Session, visitor: Visitor, person_id: UUID) -> PersonName:
    """The person, if they share a course with the visitor, now or before, or sit on the panel of an appeal of theirs.

    Raises `NotHere`.
    """
    own, other = aliased(MembershipRow), aliased(MembershipRow)
    share_course = exists(
        select(own.id)
        .join(other, other.course_id == own.course_id)
        .where(own.person_id == visitor.person_id, other.person_id == PersonRow.id)
    )
    on_panel = exists(
        select(AppealMemberRow.id)
        .join(AppealRow, AppealRow.id == AppealMemberRow.appeal_id)
        .where(AppealRow.trainee_id == visitor.person_id, AppealMemberRow.person_id == PersonRow.id)
    )
    found = session.execute(
        select(PersonRow.name).where(
            PersonRow.id == person_id,
            PersonRow.organization_id == visitor.organization_id,
            or_(share_course, on_panel),
        )
    ).one_or_none()
    if found is None:
        raise NotHere
    return PersonName(person_id, display_name(person_id, found.name))


def declare(session: Session, visitor: Visitor, about_id: UUID, now: datetime) -> None:
    """Say that the visitor and this person should not observe, sign for or decide about each other.

    No reason is asked. At once, whichever of the two is the trainee: standing assignments between them end; who
    observes has no part in it any more, what they had not shared is taken away, and what was shared stays; their
    signatures under what is not final no longer stand. What is final stays as it was signed. Whoever is left
    without somebody is told, and so are their instructors.

    Declaring what stands already changes nothing. Raises `NotHere` for a person of none of the visitor's courses,
    `Refused` ("oneself") for oneself.
    """
    if about_id == visitor.person_id:
        raise Refused("oneself", "This is you. Please choose somebody else.")
    person_around(session, visitor, about_id)
    conflict_id = new_id()
    made = insert_once(
        session,
        ConflictRow,
        id=conflict_id,
        organization_id=visitor.organization_id,
        declared_by=visitor.person_id,
        about_id=about_id,
        declared_at=now,
    )
    if not made:
        return
    _audit(session, visitor, conflict_id, "conflict.declare", now)
    _end_assignments(session, visitor, about_id, now)
    for observation_id, person_id in _between(session, visitor.person_id, about_id):
        stepping_out.step_out(session, observation_id, person_id, now)
    ledger_waiting.step_out(session, visitor.person_id, about_id, now)
    for person_id in (visitor.person_id, about_id):
        notify.news(session, organization_id=visitor.organization_id, person_id=person_id, now=now)


def take_back(session: Session, visitor: Visitor, conflict_id: UUID, now: datetime) -> None:
    """Take one's own declaration back. What it ended stays ended. Raises `NotHere`."""
    row = session.scalars(
        select(ConflictRow)
        .where(ConflictRow.id == conflict_id, ConflictRow.declared_by == visitor.person_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, row.id, "conflict.take_back", now)


def _end_assignments(session: Session, visitor: Visitor, about_id: UUID, now: datetime) -> None:
    one, other = visitor.person_id, about_id
    session.execute(
        update(AssignmentRow)
        .where(
            AssignmentRow.organization_id == visitor.organization_id,
            AssignmentRow.ended_at.is_(None),
            or_(
                and_(AssignmentRow.trainee_id == one, AssignmentRow.person_id == other),
                and_(AssignmentRow.trainee_id == other, AssignmentRow.person_id == one),
            ),
        )
        .values(ended_at=now)
    )


def _between(session: Session, one: UUID, other: UUID) -> Iterable[tuple[UUID, UUID]]:
    """The open observations of either in which the other observes or has signed, each with that other.

    In the order of their ids, so that two who declare at once never wait for each other.
    """
    found = [
        (observation_id, person_id)
        for trainee_id, person_id in ((one, other), (other, one))
        for observation_id in session.scalars(
            select(ObservationRow.id).where(
                ObservationRow.trainee_id == trainee_id,
                ObservationRow.state.not_in(OVER),
                or_(_observes(person_id), _signed(person_id)),
            )
        )
    ]
    return sorted(found, key=str)


def _observes(person_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(ObserverRow.id).where(
            ObserverRow.observation_id == ObservationRow.id,
            ObserverRow.person_id == person_id,
            ObserverRow.state.in_(TAKING_PART),
        )
    )


def _signed(person_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(SignOffRow.id).where(
            SignOffRow.observation_id == ObservationRow.id,
            SignOffRow.signer_id == person_id,
            ~exists(select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == SignOffRow.id)),
        )
    )


def _audit(session: Session, visitor: Visitor, conflict_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"conflict:{conflict_id}",
        now=now,
    )
