"""Notices: kept before they are answered, because nobody sends them twice; the worker does what they ask for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import HELLO_NOTICE
from lti_tool.lti.notices import Notice
from lti_tool.services.entering import arrivals
from lti_tool.services.linking import copies
from lti_tool.store.base import new_id
from lti_tool.store.copies import CopySource
from lti_tool.store.platforms import DeploymentRow, DeploymentState, NoticeRow, NoticeState, SpentStateRow
from lti_tool.store.writing import insert_once

AT_ONCE = 200


def keep(session: Session, notice: Notice, now: datetime) -> UUID | None:
    """Keep a verified notice; the answer names it if the worker has something to do for it.

    A notice that was kept before changes nothing. Raises `LaunchRejected` for a nonce that was used and for a
    deployment that is not (yet) ours.
    """
    deployment = _deployment(session, notice)
    fresh = insert_once(session, SpentStateRow, digest=notice.nonce_digest, expires_at=notice.ends_at)
    known = select(NoticeRow.id).where(NoticeRow.deployment_id == deployment.id, NoticeRow.notice_id == notice.id)
    if session.scalars(known).one_or_none() is not None:
        return None
    if not fresh:
        raise LaunchRejected(LaunchProblem.REPLAYED, "This notice was sent with a mark that was used already.")
    row_id, state = new_id(), _first_state(notice)
    made = insert_once(
        session,
        NoticeRow,
        id=row_id,
        organization_id=deployment.organization_id,
        deployment_id=deployment.id,
        notice_id=notice.id,
        notice_type=notice.type,
        content={"course": notice.copied.course_id, "origins": notice.copied.origin_ids} if notice.copied else {},
        state=state,
        happened_at=notice.happened_at,
        received_at=now,
    )
    return row_id if made and state is NoticeState.WAITING else None


def do(session: Session, row_id: UUID, now: datetime) -> None:
    """What a notice asks for, if nobody did it yet."""
    row = session.get(NoticeRow, row_id, with_for_update=True)
    if row is None or row.state is not NoticeState.WAITING:
        return
    deployment = session.get_one(DeploymentRow, row.deployment_id)
    course = arrivals.course_named(session, deployment, row.content["course"])
    copies.remember(session, course, row.content["origins"], CopySource.NOTICE, now)
    row.state = NoticeState.DONE


def waiting(session: Session) -> Sequence[UUID]:
    """Notices that nobody looked at yet, the oldest first."""
    return session.scalars(
        select(NoticeRow.id)
        .where(NoticeRow.state == NoticeState.WAITING)
        .order_by(NoticeRow.received_at)
        .limit(AT_ONCE)
    ).all()


def _first_state(notice: Notice) -> NoticeState:
    if notice.copied is not None:
        return NoticeState.WAITING
    return NoticeState.DONE if notice.type == HELLO_NOTICE else NoticeState.IGNORED


def _deployment(session: Session, notice: Notice) -> DeploymentRow:
    row = session.scalars(
        select(DeploymentRow).where(
            DeploymentRow.registration_id == notice.registration.id,
            DeploymentRow.deployment_id == notice.deployment_id,
        )
    ).one_or_none()
    if row is None:
        raise LaunchRejected(
            LaunchProblem.DEPLOYMENT_WRONG, "This notice comes from a part of the LMS that never opened Attune."
        )
    if row.state is not DeploymentState.ACTIVE:
        raise LaunchRejected(
            LaunchProblem.DEPLOYMENT_WAITS,
            "This part of the LMS waits for Attune's operator to accept it, so the notice was not kept.",
            status=403,
        )
    return row
