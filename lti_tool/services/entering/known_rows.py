"""What is known already of a launch: its registration, deployment, person, course, link and column, in one question."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.services.connecting import service_hosts
from lti_tool.store.courses import CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow, ServiceHostRow


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that a launch names; None for each that it brings for the first time."""

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
    .outerjoin(
        LineItemRow,
        or_(
            LineItemRow.activity_id == ResourceLinkRow.activity_id,
            LineItemRow.placed_program_id == ResourceLinkRow.placed_program_id,
        ),
    )
    .outerjoin(
        ServiceHostRow,
        and_(ServiceHostRow.registration_id == RegistrationRow.id, ServiceHostRow.host == bindparam("service_host")),
    )
    .where(RegistrationRow.id == bindparam("registration_id"))
)


def what_is_known(session: Session, launch: Launch) -> Known:
    """All of them, with one question."""
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
    return Known(*row)
