"""The operator's page: platforms, deployments that wait, and whether scores get through. No practice records."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services import delivery_health, platforms
from lti_tool.store.platforms import DeploymentState
from lti_tool.web import current
from lti_tool.web.access import operator_only
from lti_tool.web.acts import act

bp = Blueprint("operator", __name__)


@bp.get("/operator")
@operator_only
def overview() -> ResponseReturnValue:
    """Everything that the operator looks after, on one page."""
    organization_id = current.visitor().organization_id
    lines = platforms.platforms(current.db(), organization_id)
    waiting = [
        (platform, deployment)
        for platform in lines
        for deployment in platform.deployments
        if deployment.state is DeploymentState.PENDING
    ]
    health = delivery_health.health(current.db(), organization_id)
    return render_template("operator/overview.html", platforms=lines, waiting=waiting, health=health)


@bp.post("/operator/deployments/<uuid:deployment_id>/accept")
@operator_only
@act
def accept(deployment_id: UUID) -> ResponseReturnValue:
    """From now on people come in from this deployment."""
    platforms.accept_deployment(current.db(), current.visitor(), deployment_id, current.now())
    return redirect(url_for("operator.overview", said="deployment_accepted"), 303)
