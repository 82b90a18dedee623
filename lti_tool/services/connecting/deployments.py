"""Deployments as launches bring them: new ones, ones that wait, and what their platform says of itself."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.services import audit
from lti_tool.store.base import new_id
from lti_tool.store.platforms import DeploymentRow, DeploymentState, RegistrationRow
from lti_tool.store.writing import insert_once


def first_seen(session: Session, launch: Launch, registration: RegistrationRow, now: datetime) -> DeploymentRow:
    """The deployment of a launch that is the first from there.

    It waits for the operator where the registration announced its deployments. Raises `LaunchRejected` for one
    that belongs to another client of the same issuer.
    """
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


def remember_platform(deployment: DeploymentRow, launch: Launch) -> None:
    """What the operator sees of where this deployment is: schools can share an issuer and a client id.

    A launch that says nothing of its platform takes nothing back: copies of courses are told apart by it.
    """
    name = launch.platform.name or deployment.platform_name
    guid = launch.platform.guid or deployment.platform_guid
    if (deployment.platform_name, deployment.platform_guid) != (name, guid):
        deployment.platform_name, deployment.platform_guid = name, guid


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


def refuse_unless_active(deployment: DeploymentRow) -> None:
    """Raises `LaunchRejected` for a deployment that waits for the operator, or that was refused."""
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
