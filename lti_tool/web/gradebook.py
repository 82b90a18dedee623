"""The gradebook page: what the LMS should show for each trainee, and how each score stands, in words."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.delivery import DeliveryState
from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services import gradebook as service
from lti_tool.services.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.delivery_words import about_connection, about_score
from lti_tool.web.paging import one_page
from lti_tool.web.tabs import Tab, tabs

bp = Blueprint("gradebook", __name__)


@bp.get("/a/<uuid:activity_id>/gradebook")
@needs(Capability.INSTRUCTOR)
def gradebook(place: Place) -> ResponseReturnValue:
    """The column, trainee by trainee; what needs a person comes first."""
    view = service.gradebook(current.db(), place)
    needing = [line for line in view.lines if line.state is DeliveryState.NEEDS_PERSON]
    scores = one_page([*needing, *(line for line in view.lines if line.state is not DeliveryState.NEEDS_PERSON)])
    return render_template(
        "gradebook/gradebook.html",
        place=place,
        view=view,
        scores=scores,
        needing=[line for line in scores.shown if line.state is DeliveryState.NEEDS_PERSON],
        others=[line for line in scores.shown if line.state is not DeliveryState.NEEDS_PERSON],
        connection=about_connection(view),
        about=about_score,
        tabs=tabs(place),
        tab=Tab.GRADEBOOK,
    )


@bp.post("/a/<uuid:activity_id>/gradebook/resend")
@needs(Capability.INSTRUCTOR)
@act
def resend(place: Place) -> ResponseReturnValue:
    """Send one score again now."""
    try:
        person_id = UUID(request.form.get("person", ""))
    except ValueError:
        abort(400)
    for delivery_id in service.resend(current.db(), current.visitor(), place, person_id, current.now()):
        current.look_at(Kind.DELIVERY, delivery_id)
    return redirect(url_for("gradebook.gradebook", activity_id=place.activity.id, said="sent_again"), 303)


@bp.post("/a/<uuid:activity_id>/gradebook/resend-all")
@needs(Capability.INSTRUCTOR)
@act
def resend_all(place: Place) -> ResponseReturnValue:
    """Send again now everything that needs a person."""
    for delivery_id in service.resend_all(current.db(), current.visitor(), place, current.now()):
        current.look_at(Kind.DELIVERY, delivery_id)
    return redirect(url_for("gradebook.gradebook", activity_id=place.activity.id, said="sent_again"), 303)
