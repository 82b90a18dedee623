"""Small pages that need nobody to be signed in: what Attune is, support, leaving, and health."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.entering import first_steps
from lti_tool.services.operating import readiness
from lti_tool.web import current, security
from lti_tool.web.access import public
from lti_tool.web.jinja import leave_page_url
from lti_tool.web.wellbeing.support_directory import at_hand

bp = Blueprint("health", __name__)
SCHEME_HEADER = "Attune-Scheme"


@bp.get("/health")
@public
def health() -> ResponseReturnValue:
    """For load balancers: whether this process answers, and nothing else but the scheme that it was asked by.

    `attune check --online` reads that there: whether the proxy says https, and is believed.
    """
    return {"status": "ok"}, {"Cache-Control": "no-store", SCHEME_HEADER: request.scheme}


@bp.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    """For load balancers: whether this process can do its work now, and nothing of why it cannot."""
    is_ready = readiness.ready(current.joined().sessions)
    said = {"status": "ready" if is_ready else "not_ready"}
    return said, 200 if is_ready else 503, {"Cache-Control": "no-store"} | ({} if is_ready else {"Retry-After": "15"})


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """What Attune is, and how people get in."""
    security.may_be_framed_anywhere()
    return render_template("health/start.html")


@bp.get("/support")
@public
def support() -> ResponseReturnValue:
    """Whom to turn to; also how the way out works."""
    security.may_be_framed_anywhere()
    visitor = current.visitor_if_any()
    return render_template(
        "health/support.html",
        contacts=at_hand(),
        support_text=visitor.support_text if visitor else None,
        steps_left=visitor is not None and first_steps.left_any(current.db(), visitor),
        may_edit=visitor is not None and Capability.PROGRAM_LEAD in current.capabilities(),
    )


@bp.get("/leave")
@public
def leave() -> ResponseReturnValue:
    """To the neutral site at once, for browsers without scripts."""
    return redirect(leave_page_url(current.visitor_if_any()), 303)


@bp.get("/left")
@public
def left() -> ResponseReturnValue:
    """What stays in a frame that may not leave the page around it: nothing that says what was there."""
    security.may_be_framed_anywhere()
    return render_template("health/left.html")
