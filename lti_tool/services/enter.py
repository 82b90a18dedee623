"""Entering by a launch: spend the state, know the person and the course, open a session.

A launch that brings nothing new costs one question and two writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from lti_tool.lti import appearance
from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import DATA_PRIVACY_REQUEST, SUBMISSION_REVIEW_REQUEST
from lti_tool.lti.roles import capability, is_test_user
from lti_tool.services import (
    arrivals,
    audit,
    course_groups,
    deep_link,
    notice_handlers,
    privacy,
    review,
    roster,
    service_hosts,
)
from lti_tool.services.visitors import open_session
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.platforms import (
    DeploymentRow,
    DeploymentState,
    RegistrationRow,
    ServiceHostRow,
    SpentStateRow,
)
from lti_tool.store.writing import insert_once
from rubrics.sign_off import Assurance

SEEN_AGAIN = timedelta(hours=1)


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
    known = _what_is_known(session, launch)
    deployment = known.deployment or _new_deployment(session, launch, known.registration, now)
    _remember_platform(deployment, launch)
    service_hosts.note(session, launch, known.registration, first_known=known.service_host is not None, now=now)
    _refuse_unless_active(deployment)
    notice_handler_ids = notice_handlers.offered(session, deployment, launch.notices)
    reviewing = launch.message_type == SUBMISSION_REVIEW_REQUEST
    of_column = review.activity_of_column(session, launch, known.course, known.line_item) if reviewing else None
    person = known.person or arrivals.new_person(session, launch, deployment, now)
    if launch.name and person.name != launch.name:
        person.name = launch.name
    course = arrivals.course(session, launch, deployment, known.course)
    roster_read_id = None
    if course is not None:
        _remember_membership(session, launch, course, person, known.membership, now)
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


@dataclass(frozen=True, slots=True)
class _Known:
    registration: RegistrationRow
    deployment: DeploymentRow | None
    person: PersonRow | None
    course: CourseRow | None
    membership: MembershipRow | None
    link: ResourceLinkRow | None
    line_item: LineItemRow | None
    service_host: ServiceHostRow | None


_KNOWN = (
    # Built once: putting it together costs many times what the database needs to answer it.
    select(
        RegistrationRow,
        DeploymentRow,
        PersonRow,
        CourseRow,
        MembershipRow,
        ResourceLinkRow,
        LineItemRow,
        ServiceHostRow,
    )
    .outerjoin(
        DeploymentRow,
        and_(
            DeploymentRow.registration_id == RegistrationRow.id,
            DeploymentRow.deployment_id == bindparam("deployment_id"),
        ),
    )
    .outerjoin(
        LmsAccountRow,
        and_(LmsAccountRow.registration_id == RegistrationRow.id, LmsAccountRow.sub == bindparam("sub")),
    )
    .outerjoin(PersonRow, PersonRow.id == LmsAccountRow.person_id)
    .outerjoin(
        CourseRow,
        and_(CourseRow.deployment_id == DeploymentRow.id, CourseRow.lti_context_id == bindparam("context_id")),
    )
    .outerjoin(
        MembershipRow,
        and_(MembershipRow.course_id == CourseRow.id, MembershipRow.person_id == PersonRow.id),
    )
    .outerjoin(
        ResourceLinkRow,
        and_(
            ResourceLinkRow.course_id == CourseRow.id,
            ResourceLinkRow.lti_resource_link_id == bindparam("link_id"),
        ),
    )
    .outerjoin(LineItemRow, LineItemRow.activity_id == ResourceLinkRow.activity_id)
    .outerjoin(
        ServiceHostRow,
        and_(ServiceHostRow.registration_id == RegistrationRow.id, ServiceHostRow.host == bindparam("service_host")),
    )
    .where(RegistrationRow.id == bindparam("registration_id"))
)


def _what_is_known(session: Session, launch: Launch) -> _Known:
    row = session.execute(
        _KNOWN,
        {
            "registration_id": launch.registration_id,
            "deployment_id": launch.deployment_id,
            "sub": launch.sub,
            "context_id": launch.context.id if launch.context else None,
            "link_id": launch.resource_link.id if launch.resource_link else None,
            "service_host": service_hosts.first_of(launch),
        },
    ).one()
    return _Known(*row)


def _leads_to(
    session: Session,
    launch: Launch,
    person: PersonRow,
    course: CourseRow | None,
    known: _Known,
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


def _new_deployment(session: Session, launch: Launch, registration: RegistrationRow, now: datetime) -> DeploymentRow:
    if _belongs_to_another_client(session, launch, registration):
        raise LaunchRejected(
            LaunchProblem.DEPLOYMENT_OF_ANOTHER_CLIENT,
            "This LMS sent the deployment of another connection. Its administrator can compare "
            "the client id and deployment id with those shown in Attune.",
            status=403,
        )
    state = DeploymentState.PENDING if registration.deployments_announced else DeploymentState.ACTIVE
    insert_once(
        session,
        DeploymentRow,
        id=new_id(),
        organization_id=registration.organization_id,
        registration_id=registration.id,
        deployment_id=launch.deployment_id,
        state=state,
        created_at=now,
    )
    deployment = session.scalars(
        select(DeploymentRow).where(
            DeploymentRow.registration_id == registration.id,
            DeploymentRow.deployment_id == launch.deployment_id,
        )
    ).one()
    audit.write(
        session,
        organization_id=registration.organization_id,
        person_id=None,
        act=f"deployment.{state}",
        subject=f"deployment:{deployment.id}",
        now=now,
    )
    return deployment


def _remember_platform(deployment: DeploymentRow, launch: Launch) -> None:
    """What the operator sees of where this deployment is: schools can share an issuer and a client id."""
    if (deployment.platform_name, deployment.platform_guid) != (launch.platform.name, launch.platform.guid):
        deployment.platform_name, deployment.platform_guid = launch.platform.name, launch.platform.guid


def _belongs_to_another_client(session: Session, launch: Launch, registration: RegistrationRow) -> bool:
    other = session.scalars(
        select(DeploymentRow.id)
        .join(RegistrationRow, RegistrationRow.id == DeploymentRow.registration_id)
        .where(
            RegistrationRow.issuer == registration.issuer,
            RegistrationRow.id != registration.id,
            DeploymentRow.deployment_id == launch.deployment_id,
            DeploymentRow.state == DeploymentState.ACTIVE,
        )
        .limit(1)
    )
    return other.first() is not None


def _refuse_unless_active(deployment: DeploymentRow) -> None:
    if deployment.state is DeploymentState.ACTIVE:
        return
    if deployment.refused_at is not None:
        raise LaunchRejected(
            LaunchProblem.DEPLOYMENT_NOT_TAKEN,
            "Attune is not used in this part of your LMS: its operator decided so. It has nothing to do with you. "
            "If it should be used here, please ask whoever placed this activity to speak with Attune's operator.",
            status=403,
        )
    raise LaunchRejected(
        LaunchProblem.DEPLOYMENT_WAITS,
        "This part of your LMS is new to Attune, and waits for the yes of Attune's operator. It stands on the "
        "operator's page now, so nobody has to be told. Nothing is lost: please open this again later.",
        status=403,
    )


def _remember_membership(
    session: Session,
    launch: Launch,
    course: CourseRow,
    person: PersonRow,
    membership: MembershipRow | None,
    now: datetime,
) -> None:
    said = {
        "roles": list(launch.roles),
        "capability": capability(launch.roles),
        "test_user": is_test_user(launch.roles),
        "launched": True,
        "return_url": launch.return_url,
        "ended_at": None,
    }
    if membership is None:
        insert_once(
            session,
            MembershipRow,
            id=new_id(),
            organization_id=course.organization_id,
            course_id=course.id,
            person_id=person.id,
            seen_at=now,
            **said,
        )
    else:
        unchanged = all(getattr(membership, name) == value for name, value in said.items())
        if unchanged and now - membership.seen_at < SEEN_AGAIN:
            return
        session.execute(update(MembershipRow).where(MembershipRow.id == membership.id).values(seen_at=now, **said))
    course_groups.remember_own(session, launch, course, person.id, now)
