"""“I would like supervision”: asked in one tap, answered by a promised day, and never left with nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services import audit
from lti_tool.services.caseload.supervisors import Team, team_of
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.supervision import SupervisionRequestRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

LONGEST = 1_000
"""Characters of a proposal to meet."""
MOST = 200
TRAINEE, TAKER = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class Wish:
    """A trainee would like supervision."""

    id: UUID
    activity_id: UUID
    """An activity of the course, where its page is."""
    course_title: str
    trainee_id: UUID
    trainee_name: str
    lane: Lane | None
    asked_at: datetime
    answer_by: datetime
    """Until when an answer was promised."""
    taken_by: UUID | None
    taken_name: str | None
    proposed: str | None
    """When and how to meet, for the two of them only; None for everybody else."""
    escalated_at: datetime | None
    with_names: tuple[str, ...] = ()
    """Who was told, and can answer it; empty where it was not asked for."""


def ask(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    now: datetime,
    lane: Lane | None = None,
    observation_id: UUID | None = None,
) -> None:
    """The visitor would like supervision; no reason is asked. Where one waits already, nothing more happens.

    Whoever can answer is told, and by when. Raises `NotHere` for who is no trainee, and for another's observation.
    """
    if Capability.TRAINEE not in place.capabilities:
        raise NotHere
    if observation_id is not None:
        _own_observation(session, visitor, place, observation_id)
    request_id = new_id()
    made = insert_once(
        session,
        SupervisionRequestRow,
        id=request_id,
        organization_id=place.organization_id,
        course_id=place.course.id,
        trainee_id=visitor.person_id,
        observation_id=observation_id,
        lane=lane,
        asked_at=now,
        answer_by=now + timedelta(days=place.activity.supervision_days),
    )
    if not made:
        return
    _note(session, place.organization_id, visitor.person_id, "supervision.asked", request_id, now)
    team = team_of(session, place.course.id, now.date(), [visitor.person_id])
    for person_id in sorted(team.answering(visitor.person_id, lane)):
        _tell(session, place.organization_id, place.activity.id, person_id, visitor.person_id, now)


def take(
    session: Session, visitor: Visitor, place: Place, request_id: UUID, *, proposed: str | None, now: datetime
) -> None:
    """Answer it: the visitor sees to it, and may say when and how to meet. The first one who does takes it.

    Who took it can propose again. Raises `Refused` ("taken", "proposed", "ended") and `NotHere`.
    """
    row = _held(session, place, request_id)
    words = (proposed or "").strip() or None
    if words is not None and len(words) > LONGEST:
        raise Refused("proposed", "Please keep this to %(limit)s characters.", limit=LONGEST)
    if not _may_answer(session, visitor, place, row, now):
        raise NotHere
    if row.ended_at is not None:
        raise Refused("ended", "The trainee does not need this any more. Nothing is needed from you.")
    if row.taken_by is not None and row.taken_by != visitor.person_id:
        raise Refused("taken", "Somebody else sees to this already. Nothing is needed from you.")
    if row.taken_by is None:
        row.taken_by, row.taken_at = visitor.person_id, now
        _note(session, place.organization_id, visitor.person_id, "supervision.taken", row.id, now)
    row.proposed = words or row.proposed
    session.flush()
    _tell(session, place.organization_id, place.activity.id, row.trainee_id, visitor.person_id, now)


def give_back(session: Session, visitor: Visitor, place: Place, request_id: UUID, now: datetime) -> None:
    """Let somebody else see to it; whoever else can answer is told. Raises `NotHere`."""
    row = _held(session, place, request_id)
    if row.taken_by != visitor.person_id or row.ended_at is not None:
        raise NotHere
    row.taken_by = row.taken_at = row.proposed = None
    session.flush()
    _note(session, place.organization_id, visitor.person_id, "supervision.given_back", row.id, now)
    team = team_of(session, place.course.id, now.date(), [row.trainee_id])
    for person_id in sorted({row.trainee_id, *team.answering(row.trainee_id, row.lane)} - {visitor.person_id}):
        _tell(session, place.organization_id, place.activity.id, person_id, visitor.person_id, now)


def take_back(session: Session, visitor: Visitor, place: Place, request_id: UUID, now: datetime) -> None:
    """The trainee does not need it any more. Raises `NotHere`."""
    row = _held(session, place, request_id)
    if row.trainee_id != visitor.person_id:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _note(session, place.organization_id, visitor.person_id, "supervision.taken_back", row.id, now)


def own(session: Session, visitor: Visitor, place: Place, now: datetime) -> Wish | None:
    """The visitor's own, as long as it waits: with who has it."""
    rows = _wishes(
        session,
        SupervisionRequestRow.course_id == place.course.id,
        SupervisionRequestRow.trainee_id == visitor.person_id,
    )
    if not rows:
        return None
    return _told(rows[0], team_of(session, place.course.id, now.date(), [visitor.person_id]), visitor)


def to_answer(session: Session, visitor: Visitor, place: Place, team: Team) -> tuple[Wish, ...]:
    """Those of the course that wait and that the visitor may answer or has taken; instructors see all.

    `team` knows all trainees of the course.
    """
    rows = _wishes(session, SupervisionRequestRow.course_id == place.course.id)
    return tuple(_told(row, team, visitor) for row in rows if _for_me(row, team, visitor))


def waiting(session: Session, visitor: Visitor, now: datetime) -> tuple[Wish, ...]:
    """Over all courses: those that wait for an answer of the visitor, and those they took; oldest first."""
    mine = select(MembershipRow.course_id).where(
        MembershipRow.person_id == visitor.person_id, MembershipRow.ended_at.is_(None)
    )
    supervised = select(GrantRow.course_id).where(
        GrantRow.person_id == visitor.person_id,
        GrantRow.capability == Capability.SUPERVISOR,
        GrantRow.revoked_at.is_(None),
    )
    rows = _wishes(session, SupervisionRequestRow.course_id.in_(mine), SupervisionRequestRow.course_id.in_(supervised))
    found: list[Wish] = []
    for course_id in dict.fromkeys(row.SupervisionRequestRow.course_id for row in rows):
        here = [row for row in rows if row.SupervisionRequestRow.course_id == course_id]
        team = team_of(session, course_id, now.date(), [row.SupervisionRequestRow.trainee_id for row in here])
        found += [_told(row, team, visitor) for row in here if _asked_of(row, team, visitor)]
    return tuple(sorted(found, key=lambda wish: (wish.asked_at, wish.id)))


def readers_of_wish(team: Team, trainee_id: UUID) -> tuple[Reader, ...]:
    """Who can see that the trainee would like supervision."""
    names = tuple(sorted(team.names[one] for one in team.lanes if team.lanes_for(one, trainee_id)))
    who_sees = ACCESS[Field.SUPERVISION_REQUEST].see
    return tuple(Reader(who, names if who is Who.SUPERVISOR else ()) for who in Who if who in who_sees)


def readers_of_proposal() -> tuple[Reader, ...]:
    """Who can see when and how to meet: whoever proposes it, and the trainee."""
    return (Reader(Who.SIDE, ()),)


def ended_by(session: Session, request_ids: Iterable[UUID], session_id: UUID, now: datetime) -> None:
    """These were answered by a session that was held."""
    for row in session.scalars(
        select(SupervisionRequestRow).where(SupervisionRequestRow.id.in_(list(request_ids))).with_for_update()
    ):
        if row.ended_at is None:
            row.ended_at, row.session_id = now, session_id
    session.flush()


def wait_again(session: Session, course_id: UUID, session_id: UUID) -> None:
    """The session was not held after all: wishes that it answered wait again, where the trainee has no newer one."""
    waiting = select(SupervisionRequestRow.trainee_id).where(
        SupervisionRequestRow.course_id == course_id, SupervisionRequestRow.ended_at.is_(None)
    )
    for row in session.scalars(
        select(SupervisionRequestRow)
        .where(SupervisionRequestRow.session_id == session_id, SupervisionRequestRow.trainee_id.not_in(waiting))
        .with_for_update()
    ):
        row.ended_at = row.session_id = None
    session.flush()


def page_of(session: Session, course_id: UUID) -> UUID | None:
    """The activity of the course on whose page its supervision is shown to somebody who comes from elsewhere."""
    return session.scalars(
        select(ActivityRow.id).where(ActivityRow.course_id == course_id).order_by(ActivityRow.id).limit(1)
    ).one_or_none()


def _own_observation(session: Session, visitor: Visitor, place: Place, observation_id: UUID) -> None:
    found = session.scalars(
        select(ObservationRow.id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObservationRow.id == observation_id,
            ObservationRow.trainee_id == visitor.person_id,
            ActivityRow.course_id == place.course.id,
        )
    ).one_or_none()
    if found is None:
        raise NotHere


def _held(session: Session, place: Place, request_id: UUID) -> SupervisionRequestRow:
    row = session.scalars(
        select(SupervisionRequestRow)
        .where(SupervisionRequestRow.id == request_id, SupervisionRequestRow.course_id == place.course.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _may_answer(session: Session, visitor: Visitor, place: Place, row: SupervisionRequestRow, now: datetime) -> bool:
    team = team_of(session, place.course.id, now.date(), [row.trainee_id])
    return team.may_answer(visitor.person_id, row.trainee_id, row.lane)


def _wishes(session: Session, *which: ColumnElement[bool]) -> list[Any]:
    return list(
        session.execute(
            select(SupervisionRequestRow, TRAINEE.name, TAKER.name, CourseRow.title, _page_of_course())
            .join(TRAINEE, TRAINEE.id == SupervisionRequestRow.trainee_id)
            .join(CourseRow, CourseRow.id == SupervisionRequestRow.course_id)
            .outerjoin(TAKER, TAKER.id == SupervisionRequestRow.taken_by)
            .where(SupervisionRequestRow.ended_at.is_(None), CourseRow.archived_at.is_(None), *which)
            .order_by(SupervisionRequestRow.asked_at, SupervisionRequestRow.id)
            .limit(MOST)
        )
    )


def _page_of_course() -> Any:
    return (
        select(ActivityRow.id)
        .where(ActivityRow.course_id == SupervisionRequestRow.course_id)
        .order_by(ActivityRow.id)
        .limit(1)
        .scalar_subquery()
    )


def _for_me(found: Any, team: Team, visitor: Visitor) -> bool:
    row = found.SupervisionRequestRow
    if row.trainee_id == visitor.person_id:
        return False
    return row.taken_by == visitor.person_id or team.may_answer(visitor.person_id, row.trainee_id, row.lane)


def _asked_of(found: Any, team: Team, visitor: Visitor) -> bool:
    """Whether it is this visitor's turn: they took it, or nobody did and they were told."""
    row = found.SupervisionRequestRow
    if row.taken_by is not None:
        return bool(row.taken_by == visitor.person_id)
    return visitor.person_id in team.answering(row.trainee_id, row.lane)


def _told(found: Any, team: Team, visitor: Visitor) -> Wish:
    row, trainee_name, taker_name, course_title, activity_id = found
    told = team.answering(row.trainee_id, row.lane) | (team.instructors if row.escalated_at else frozenset())
    return Wish(
        id=row.id,
        activity_id=activity_id,
        course_title=course_title,
        trainee_id=row.trainee_id,
        trainee_name=display_name(row.trainee_id, trainee_name),
        lane=row.lane,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        taken_by=row.taken_by,
        taken_name=display_name(row.taken_by, taker_name) if row.taken_by else None,
        proposed=row.proposed if visitor.person_id in (row.trainee_id, row.taken_by) else None,
        escalated_at=row.escalated_at,
        with_names=tuple(sorted(team.names[one] for one in told if one in team.names)),
    )


def _note(
    session: Session, organization_id: UUID, person_id: UUID | None, act: str, request_id: UUID, now: datetime
) -> None:
    audit.write(
        session,
        organization_id=organization_id,
        person_id=person_id,
        act=act,
        subject=f"supervision_request:{request_id}",
        now=now,
    )


def _tell(
    session: Session, organization_id: UUID, activity_id: UUID, person_id: UUID, sender_id: UUID | None, now: datetime
) -> None:
    notify.news(
        session,
        organization_id=organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.SUPERVISION,
        path=f"/a/{activity_id}/supervision",
        sender_id=sender_id,
    )
