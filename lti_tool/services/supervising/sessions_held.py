"""Supervision sessions that were held: everybody who was there reads the same record, and nobody else does."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.caseload.supervisors import Team
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.supervising import supervision
from lti_tool.services.supervising.session_choices import Choice, choices
from lti_tool.services.supervising.session_lines import line_of
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.supervision import SessionPartRow, SupervisionRequestRow, SupervisionSessionRow
from rubrics.refusal import Refused
from rubrics.supervision import LANE_OF, LONGEST, Held, Meeting, Part, SessionKind, answers, check_meeting, lanes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A session as somebody who was there tells it."""

    kind: SessionKind
    held: Held
    held_on: date
    minutes: int
    there: tuple[tuple[UUID, Part], ...]
    agenda: str | None = None
    """What the trainee brought."""
    goals: str | None = None


def record(session: Session, visitor: Visitor, place: Place, team: Team, told: Told, now: datetime) -> UUID:
    """Record a session in which the visitor was. The others are told, and a wish that it answers is answered.

    Raises `Refused` for what cannot be recorded so, and `NotHere` for people whom the visitor could not choose.
    """
    _check(session, visitor, place, team, told, now)
    session_id = new_id()
    session.add(
        SupervisionSessionRow(
            id=session_id,
            organization_id=place.organization_id,
            course_id=place.course.id,
            kind=told.kind,
            held=told.held,
            held_on=told.held_on,
            minutes=told.minutes,
            agenda=_kept(told.agenda),
            goals=_kept(told.goals),
            recorded_by=visitor.person_id,
            recorded_at=now,
        )
    )
    session.flush()
    session.add_all(
        SessionPartRow(
            id=new_id(),
            organization_id=place.organization_id,
            session_id=session_id,
            person_id=person_id,
            part=part,
            confirmed_at=now if person_id == visitor.person_id else None,
        )
        for person_id, part in told.there
    )
    session.flush()
    supervision.ended_by(session, _answered(session, place, told), session_id, now)
    _note(session, visitor, "session.record", session_id, now, kind=told.kind.value, minutes=told.minutes)
    for person_id, _part in told.there:
        _tell(session, visitor, place, person_id, session_id, now)
    return session_id


def say(
    session: Session, visitor: Visitor, place: Place, session_id: UUID, *, differs: str | None, now: datetime
) -> None:
    """Say that it was so (None), or what one sees differently: that stands beside the record.

    Raises `Refused` ("differs", "taken_back") and `NotHere` for who was not there.
    """
    row, part = _held(session, visitor, place, session_id)
    words = _kept(differs)
    if row.taken_back_at is not None:
        raise Refused("taken_back", "This record was taken back. Nothing is needed from you.")
    if differs is not None and words is None:
        raise Refused("differs", "To continue, we need your words on what you see differently.")
    if words is not None and len(words) > LONGEST:
        raise Refused("differs", "Please keep this to %(limit)s characters.", limit=LONGEST)
    part.confirmed_at, part.differs = (None, words) if words else (now, None)
    session.flush()
    _note(session, visitor, "session.differ" if words else "session.confirm", session_id, now)
    _tell(session, visitor, place, row.recorded_by, session_id, now)


def take_back(session: Session, visitor: Visitor, place: Place, session_id: UUID, now: datetime) -> None:
    """It was not so: the words go, and that there was a record stays. For whoever recorded it. Raises `NotHere`.

    A wish that it had answered waits again, unless the trainee has asked anew.
    """
    row, _part = _held(session, visitor, place, session_id)
    if row.recorded_by != visitor.person_id:
        raise NotHere
    if row.taken_back_at is not None:
        return
    row.taken_back_at, row.agenda, row.goals = now, None, None
    session.execute(
        update(SessionPartRow)
        .where(SessionPartRow.session_id == session_id)
        .values(differs=None)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    supervision.wait_again(session, place.course.id, session_id)
    _note(session, visitor, "session.take_back", session_id, now)
    for person_id, _name, _part_of in line_of(session, place, session_id).there:
        _tell(session, visitor, place, person_id, session_id, now)


def _check(session: Session, visitor: Visitor, place: Place, team: Team, told: Told, now: datetime) -> None:
    check_meeting(
        Meeting(told.kind, told.held_on, told.minutes, tuple((str(one), part) for one, part in told.there)),
        now.date(),
    )
    for name, text in (("agenda", told.agenda), ("goals", told.goals)):
        if text and len(text) > LONGEST:
            raise Refused(name, "Please keep this to %(limit)s characters.", limit=LONGEST)
    trainees = [person_id for person_id, part in told.there if part is Part.TRAINEE]
    offered = choices(session, visitor, place, team, also=trainees)
    known = {(one.person_id, one.part) for one in offered}
    if not set(told.there) <= known:
        raise NotHere
    if visitor.person_id not in {person_id for person_id, _ in told.there}:
        raise Refused("not_there", "Please choose yourself, too: who was there records it, and reads it.")
    _together(team, told, trainees, offered)


def _together(team: Team, told: Told, trainees: list[UUID], offered: tuple[Choice, ...]) -> None:
    names = {one.person_id: one.name for one in offered}
    for person_id, part in told.there:
        apart = part in LANE_OF and any(LANE_OF[part] not in team.lanes_for(person_id, one) for one in trainees)
        if apart:
            raise Refused(
                "not_together",
                "%(name)s does not supervise everybody here. Please record it for those who were supervised together.",
                name=names[person_id],
            )


def _answered(session: Session, place: Place, told: Told) -> list[UUID]:
    """The wishes that this session answers."""
    trainees = [person_id for person_id, part in told.there if part is Part.TRAINEE]
    lanes = lanes_of(part for _, part in told.there)
    waiting = session.execute(
        select(SupervisionRequestRow.id, SupervisionRequestRow.lane).where(
            SupervisionRequestRow.course_id == place.course.id,
            SupervisionRequestRow.trainee_id.in_(trainees),
            SupervisionRequestRow.ended_at.is_(None),
        )
    )
    return [request_id for request_id, lane in waiting if answers(told.kind, lanes, lane)]


def _held(
    session: Session, visitor: Visitor, place: Place, session_id: UUID
) -> tuple[SupervisionSessionRow, SessionPartRow]:
    """The record, locked, and the visitor's part in it."""
    row = session.scalars(
        select(SupervisionSessionRow)
        .where(SupervisionSessionRow.id == session_id, SupervisionSessionRow.course_id == place.course.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    part = session.scalars(
        select(SessionPartRow)
        .where(SessionPartRow.session_id == session_id, SessionPartRow.person_id == visitor.person_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or part is None:
        raise NotHere
    return row, part


def _kept(text: str | None) -> str | None:
    return (text or "").strip() or None


def _note(session: Session, visitor: Visitor, act: str, session_id: UUID, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"supervision_session:{session_id}",
        now=now,
        **facts,
    )


def _tell(session: Session, visitor: Visitor, place: Place, person_id: UUID, session_id: UUID, now: datetime) -> None:
    """Nobody is told of what they did themselves."""
    if person_id == visitor.person_id:
        return
    notify.news(
        session,
        organization_id=place.organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.SUPERVISION,
        path=f"/a/{place.activity.id}/supervision/sessions/{session_id}",
        sender_id=visitor.person_id,
    )
