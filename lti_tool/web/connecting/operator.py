"""The operator's pages: connections, what waits, and whether scores get through. No practice records."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.connecting import connection_ending, connections
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.personal_data import privacy
from lti_tool.web import current
from lti_tool.web.access import operator_only
from lti_tool.web.acts import act
from lti_tool.web.scores.delivery_overview import overview_sentence

bp = Blueprint("operator", __name__)


@bp.get("/operator")
@operator_only
def overview() -> ResponseReturnValue:
    """Everything that the operator looks after, on one page; what waits for them comes first."""
    organization_id = current.visitor().organization_id
    found = connections.connections(current.db(), organization_id)
    deployments = [(one, deployment) for one in found for deployment in one.deployments]
    return render_template(
        "operator/overview.html",
        connections=found,
        waiting=[pair for pair in deployments if pair[1].waits],
        new=[pair for pair in deployments if pair[1].is_new],
        hosts=[(one, host) for one in found for host in one.hosts if not host.accepted],
        data_requests=privacy.waiting(current.db(), organization_id),
        scores=overview_sentence(),
        writes_rubrics=bool({Capability.PROGRAM_LEAD, Capability.REVIEWER} & current.capabilities()),
        now=current.now(),
    )


@bp.post("/operator/data-requests/<uuid:privacy_request_id>/answered")
@operator_only
@act
def copy_is_answered(privacy_request_id: UUID) -> ResponseReturnValue:
    """The person for whom a copy was asked for has it, or can take it."""
    privacy.copy_is_answered(current.db(), current.visitor(), privacy_request_id, current.now())
    return redirect(url_for("operator.overview", said="copy_answered"), 303)


@bp.get("/operator/platforms/<uuid:registration_id>")
@operator_only
def connection(registration_id: UUID) -> ResponseReturnValue:
    """One connection, with its deployments and hosts."""
    found = connections.connection(current.db(), _me(), registration_id)
    return render_template("operator/connection.html", connection=found)


@bp.route("/operator/platforms/<uuid:registration_id>/off", methods=["GET", "POST"])
@operator_only
@act
def switch_off(registration_id: UUID) -> ResponseReturnValue:
    """Nobody comes in and nothing is sent: asked once."""
    if request.method == "GET":
        found = connections.connection(current.db(), _me(), registration_id)
        return render_template("operator/switch_off.html", connection=found)
    connections.switch(current.db(), _me(), registration_id, on=False, now=current.now())
    return redirect(_of(registration_id, said="switched_off"), 303)


@bp.route("/operator/platforms/<uuid:registration_id>/end", methods=["GET", "POST"])
@operator_only
@act
def end(registration_id: UUID) -> ResponseReturnValue:
    """The LMS is left: what hangs on the connection is counted, and it is asked once."""
    if request.method == "GET":
        return render_template(
            "operator/end.html",
            connection=connections.connection(current.db(), _me(), registration_id),
            hangs=connection_ending.what_hangs(current.db(), _me(), registration_id, current.now()),
        )
    connection_ending.end(current.db(), _me(), registration_id, current.now())
    return redirect(_of(registration_id, said="connection_ended"), 303)


@bp.post("/operator/platforms/<uuid:registration_id>/on")
@operator_only
@act
def switch_on(registration_id: UUID) -> ResponseReturnValue:
    """People come in again, and what waited is sent."""
    connections.switch(current.db(), _me(), registration_id, on=True, now=current.now())
    return redirect(_of(registration_id, said="switched_on"), 303)


@bp.post("/operator/deployments/<uuid:deployment_id>/accept")
@operator_only
@act
def accept_deployment(deployment_id: UUID) -> ResponseReturnValue:
    """From now on people come in from this deployment."""
    connections.accept_deployment(current.db(), _me(), deployment_id, current.now())
    return redirect(url_for("operator.overview", said="deployment_accepted"), 303)


@bp.post("/operator/deployments/<uuid:deployment_id>/refuse")
@operator_only
@act
def refuse_deployment(deployment_id: UUID) -> ResponseReturnValue:
    """Nobody comes in from this deployment, and the page that they see says so."""
    connections.refuse_deployment(current.db(), _me(), deployment_id, current.now())
    return redirect(url_for("operator.overview", said="deployment_refused"), 303)


@bp.post("/operator/deployments/<uuid:deployment_id>/acknowledge")
@operator_only
@act
def acknowledge_deployment(deployment_id: UUID) -> ResponseReturnValue:
    """A deployment that came in by itself is not new any more."""
    connections.acknowledge_deployment(current.db(), _me(), deployment_id, current.now())
    return redirect(url_for("operator.overview", said="deployment_acknowledged"), 303)


@bp.post("/operator/hosts/<uuid:host_id>/accept")
@operator_only
@act
def accept_host(host_id: UUID) -> ResponseReturnValue:
    """From now on the LMS's services are asked at this host."""
    connections.accept_host(current.db(), _me(), host_id, current.now())
    return redirect(url_for("operator.overview", said="host_accepted"), 303)


def _me() -> Operator:
    return connections.operator(current.visitor())


def _of(registration_id: UUID, *, said: str) -> str:
    return url_for("operator.connection", registration_id=registration_id, said=said)
