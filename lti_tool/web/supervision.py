"""Asking for supervision, and who answers; one page for each standing."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services import supervision
from lti_tool.services.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.tabs import tabs
from rubrics.sign_off import Lane

bp = Blueprint("supervision", __name__)


@bp.get("/a/<uuid:activity_id>/supervision")
@needs(Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR)
def page(place: Place) -> ResponseReturnValue:
    """What is there for the visitor: as a trainee, as somebody who supervises, as an instructor."""
    wish = supervision.own(current.db(), current.visitor(), place, current.now())
    return render_template("supervision/supervision.html", place=place, wish=wish, tabs=tabs(place), tab=None)


@bp.post("/a/<uuid:activity_id>/supervision/ask")
@needs(Capability.TRAINEE)
@act
def ask(place: Place) -> ResponseReturnValue:
    """One tap: no reason, and no lane unless one is wished for."""
    typed = request.form.get("lane", "")
    supervision.ask(
        current.db(),
        current.visitor(),
        place,
        lane=Lane(typed) if typed in set(Lane) else None,
        observation_id=_observation(),
        now=current.now(),
    )
    return redirect(url_for("supervision.page", activity_id=place.activity.id, said="supervision_asked"), 303)


def _observation() -> UUID | None:
    """After which observation it was asked for; None where it was asked for on its own."""
    return uuid_of(request.form["observation"]) if request.form.get("observation") else None
