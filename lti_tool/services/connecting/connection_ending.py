"""An LMS that is left: nobody comes in from there any more, nothing is sent, and every record stays readable.

Switching off is for a while; this is for good, and can be taken back all the same (see `connections.switch`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from grading.delivery import DeliveryState
from lti_tool.services import audit
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import signed_in
from lti_tool.store.courses import CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import InvitationRow, LmsAccountRow, PersonRow, SessionRow
from lti_tool.store.platforms import (
    DeploymentRow,
    NoticeHandlerRow,
    PlatformLaneRow,
    PlatformTokenRow,
    RegistrationRow,
)


@dataclass(frozen=True, slots=True)
class Hangs:
    """What hangs on a connection, counted before it is ended."""

    courses: int
    people: int
    """With an account there."""
    no_other_way: int
    """Of them: without a link of their own, an invitation by address, or an account at another LMS in use."""
    sessions: int
    """Of people who are signed in from there now."""
    columns: int
    waiting: int
    """Scores on their way, which wait until it is taken up again or its courses move to another LMS."""
    accepted: int
    """Scores that the LMS shows, and goes on showing."""


def what_hangs(session: Session, by: Operator, registration_id: UUID, now: datetime) -> Hangs:
    """What ending it would mean. Raises `NotHere`."""
    row = _one(session, by, registration_id)
    here = LmsAccountRow.registration_id == row.id
    counted = select(DeliveryRow.state, func.count()).where(DeliveryRow.registration_id == row.id)
    scores: dict[DeliveryState, int] = dict(session.execute(counted.group_by(DeliveryRow.state)).all())
    courses = select(func.count()).select_from(CourseRow).join(DeploymentRow)
    return Hangs(
        courses=session.scalars(courses.where(DeploymentRow.registration_id == row.id)).one(),
        people=session.scalars(select(func.count(LmsAccountRow.person_id.distinct())).where(here)).one(),
        no_other_way=session.scalars(
            select(func.count(LmsAccountRow.person_id.distinct())).where(here, ~_another_way(row.id, now))
        ).one(),
        sessions=session.scalars(select(func.count()).where(*_open_sessions(row.id, now))).one(),
        columns=session.scalars(select(func.count()).where(LineItemRow.registration_id == row.id)).one(),
        waiting=sum(number for state, number in scores.items() if state is not DeliveryState.ACCEPTED),
        accepted=scores.get(DeliveryState.ACCEPTED, 0),
    )


def end(session: Session, by: Operator, registration_id: UUID, now: datetime) -> int:
    """End it: how many sessions ended. Tokens for it are forgotten. Twice changes nothing. Raises `NotHere`.

    The operator whose act it is stays signed in: they may want to take it back.
    """
    row = _one(session, by, registration_id)
    if row.ended_at is not None:
        return 0
    row.active, row.ended_at = False, now
    row.registration_client_uri = row.registration_access_token = None
    session.flush()
    session.execute(delete(PlatformTokenRow).where(PlatformTokenRow.registration_id == row.id))
    session.execute(
        update(PlatformLaneRow)
        .where(PlatformLaneRow.registration_id == row.id)
        .values(resting_until=None, troubles=0, problem=None, problem_at=None)
    )
    deployments = select(DeploymentRow.id).where(DeploymentRow.registration_id == row.id)
    session.execute(delete(NoticeHandlerRow).where(NoticeHandlerRow.deployment_id.in_(deployments)))
    session.execute(  # once it is taken up again, the next launch offers them anew
        update(DeploymentRow).where(DeploymentRow.registration_id == row.id).values(notices_url=None, notice_types=None)
    )
    number = signed_in.end_of_platform(session, row.id, now, but_person_id=by.person_id)
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="platform.end",
        subject=f"registration:{registration_id}",
        now=now,
        sessions=number,
    )
    return number


def _open_sessions(registration_id: UUID, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SessionRow.registration_id == registration_id,
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > now,
    )


def _another_way(registration_id: UUID, now: datetime) -> ColumnElement[bool]:
    elsewhere, there = aliased(LmsAccountRow), aliased(RegistrationRow)
    in_use = exists().where(
        elsewhere.person_id == LmsAccountRow.person_id,
        elsewhere.registration_id == there.id,
        there.id != registration_id,
        there.active,
    )
    own_link = exists().where(
        InvitationRow.person_id == LmsAccountRow.person_id,
        InvitationRow.reusable,
        InvitationRow.used_at.is_(None),
        InvitationRow.expires_at > now,
    )
    invited = exists().where(PersonRow.id == LmsAccountRow.person_id, PersonRow.email_digest.is_not(None))
    return or_(in_use, own_link, invited)


def _one(session: Session, by: Operator, registration_id: UUID) -> RegistrationRow:
    row = session.scalars(
        select(RegistrationRow)
        .where(RegistrationRow.id == registration_id, RegistrationRow.organization_id == by.organization_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    return row
