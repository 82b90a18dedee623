"""Entering by a launch: spend the state, know the person and the course, open a session.

A launch that brings nothing new costs one question and two writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.lti import appearance
from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import DATA_PRIVACY_REQUEST, SUBMISSION_REVIEW_REQUEST
from lti_tool.lti.roles import capability
from lti_tool.services.caseload import mentors
from lti_tool.services.connecting import deployments, notice_handlers, service_hosts
from lti_tool.services.courses import review, roster
from lti_tool.services.entering import arrivals, memberships
from lti_tool.services.entering.known_rows import Known, what_is_known
from lti_tool.services.entering.visitors import open_session
from lti_tool.services.linking import deep_link
from lti_tool.services.personal_data import privacy
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import SpentStateRow
from lti_tool.store.writing import insert_once
from rubrics.sign_off import Assurance


@dataclass(frozen=True, slots=True)
class Entered:
    """A launch that was let in: the session's secret, who it is, and where to go."""

    token: str
    person_id: UUID
    organization_id: UUID
    course_id: UUID | None
    path: str
    roster_read_id: UUID | None
    """A reading of the course's list of people that the worker should look at; usually none is needed."""
    notice_handler_ids: Sequence[UUID]
    """Kinds of notice that the worker should ask the platform for; usually none."""


def enter(
    session: Session,
    launch: Launch,
    *,
    state_digest: str,
    state_expires_at: datetime,
    now: datetime,
    in_tab: bool = False,
) -> Entered:
    """Let the person of a verified launch in: in their browser, or only in this tab of it.

    Raises `LaunchRejected` for a state that was spent before, for a deployment that is not
    (yet) ours, and for a review of a column that is not of this course; what was written until then
    must be committed all the same.
    """
    if not spend(session, state_digest, state_expires_at):
        raise LaunchRejected(
            LaunchProblem.REPLAYED,
            "This way in was used already. Please open the activity again from your course.",
        )
    known = what_is_known(session, launch)
    deployment = known.deployment or deployments.first_seen(session, launch, known.registration, now)
    deployments.remember_platform(deployment, launch)
    service_hosts.note(session, launch, known.registration, first_known=known.service_host is not None, now=now)
    deployments.refuse_unless_active(deployment)
    notice_handler_ids = notice_handlers.offered(session, deployment, launch.notices)
    reviewing = launch.message_type == SUBMISSION_REVIEW_REQUEST
    of_column = review.activity_of_column(session, launch, known.course, known.line_item) if reviewing else None
    person = known.person or arrivals.new_person(session, launch, deployment, now)
    if launch.name and person.name != launch.name:
        person.name = launch.name
    if launch.locale is not None and person.language != launch.locale:
        person.language = launch.locale
    course = arrivals.course(session, launch, deployment, known.course)
    roster_read_id = None
    if course is not None:
        memberships.remember(session, launch, course, person, known.membership, now)
        mentors.keep_in_step(session, launch, course, person, known.membership, now)
        roster_read_id = roster.ask_at_launch(session, course, capability(launch.roles), now)
    path = _leads_to(session, launch, person, course, known, of_column=of_column, now=now)
    if launch.deep_linking is not None:
        path = deep_link.begin(session, launch, course, person.id, now)
    token = open_session(
        session,
        organization_id=deployment.organization_id,
        person_id=person.id,
        assurance=Assurance.LAUNCH,
        now=now,
        registration_id=launch.registration_id,
        locale=launch.locale,
        return_url=launch.return_url,
        high_contrast=appearance.high_contrast(launch.custom),
        brand=appearance.brand(launch.custom),
        in_tab=in_tab,
    )
    return Entered(
        token=token,
        person_id=person.id,
        organization_id=deployment.organization_id,
        course_id=course.id if course else None,
        path=path,
        roster_read_id=roster_read_id,
        notice_handler_ids=notice_handler_ids,
    )


def spend(session: Session, state_digest: str, state_expires_at: datetime) -> bool:
    """Use a login's state up; False where it was already."""
    return insert_once(session, SpentStateRow, digest=state_digest, expires_at=state_expires_at)


def _leads_to(
    session: Session,
    launch: Launch,
    person: PersonRow,
    course: CourseRow | None,
    known: Known,
    *,
    of_column: UUID | None,
    now: datetime,
) -> str:
    if launch.message_type == DATA_PRIVACY_REQUEST:
        return privacy.begin(session, launch, person.organization_id, person.id, now)
    if course is None:
        return "/waiting"
    if launch.message_type == SUBMISSION_REVIEW_REQUEST:
        return review.path(
            session, launch, course, of_column=of_column, link=known.link, line_item=known.line_item, now=now
        )
    return arrivals.path(session, launch, course, known.link, known.line_item, now)
