"""Links of invited people end by themselves: once all that they were asked for is submitted."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.entering.external import end_links
from lti_tool.services.entering.external_links import GOOD_FOR
from lti_tool.services.observations.lines import TAKING_PART
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, SignOffRow
from lti_tool.store.people import InvitationRow
from rubrics.observation import OVER

RENEWED_BELOW = timedelta(days=30)


def end_finished(session: Session, now: datetime) -> int:
    """End the links of those who have submitted everything, and keep those of the others good; how many ended."""
    standing = session.execute(
        select(InvitationRow.person_id, InvitationRow.course_id, InvitationRow.organization_id)
        .where(
            InvitationRow.reusable,
            InvitationRow.used_at.is_(None),
            InvitationRow.expires_at > now,
            InvitationRow.entered_at.is_not(None),
            InvitationRow.course_id.is_not(None),
        )
        .distinct()
    ).all()
    ended = 0
    for person_id, course_id, organization_id in standing:
        if course_id is None:
            continue
        if has_open_work(session, person_id, course_id):
            _keep_good(session, person_id, course_id, now)
        elif has_submitted(session, person_id, course_id):
            end_links(session, person_id, course_id, now)
            audit.write(
                session,
                organization_id=organization_id,
                person_id=None,
                act="external.submitted",
                subject=f"person:{person_id}",
                now=now,
                course=str(course_id),
            )
            ended += 1
    return ended


def has_open_work(session: Session, person_id: UUID, course_id: UUID) -> bool:
    """Whether something under way may still ask them to observe, hand in, answer or sign."""
    takes_part = exists().where(
        ObserverRow.observation_id == ObservationRow.id,
        ObserverRow.person_id == person_id,
        ObserverRow.state.in_(TAKING_PART),
    )
    signs = exists().where(
        AssignmentRow.course_id == course_id,
        AssignmentRow.person_id == person_id,
        AssignmentRow.trainee_id == ObservationRow.trainee_id,
        AssignmentRow.assigned_as == AssignedAs.SUPERVISOR,
        AssignmentRow.ended_at.is_(None),
    )
    signed = exists().where(SignOffRow.observation_id == ObservationRow.id, SignOffRow.signer_id == person_id)
    found = (
        select(ObservationRow.id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ActivityRow.course_id == course_id,
            ObservationRow.state.not_in(OVER),
            or_(takes_part, and_(signs, ~signed)),
        )
        .limit(1)
    )
    return session.scalars(found).first() is not None


def has_submitted(session: Session, person_id: UUID, course_id: UUID) -> bool:
    """Whether they have handed in or signed anything in this course."""
    handed_in = exists().where(
        AssessmentRow.observation_id == ObservationRow.id,
        AssessmentRow.observer_id == person_id,
        AssessmentRow.submitted_at.is_not(None),
    )
    signed = exists().where(SignOffRow.observation_id == ObservationRow.id, SignOffRow.signer_id == person_id)
    found = (
        select(ObservationRow.id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == course_id, or_(handed_in, signed))
        .limit(1)
    )
    return session.scalars(found).first() is not None


def _keep_good(session: Session, person_id: UUID, course_id: UUID, now: datetime) -> None:
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.person_id == person_id,
            InvitationRow.course_id == course_id,
            InvitationRow.reusable,
            InvitationRow.used_at.is_(None),
            InvitationRow.expires_at < now + RENEWED_BELOW,
        )
        .values(expires_at=now + GOOD_FOR)
    )
