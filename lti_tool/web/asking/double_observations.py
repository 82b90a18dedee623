"""Planned double observation: the share, who is the second observer, and the trainee's yes or no to it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.asking import double_observations, second_observers
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations.lines import line
from lti_tool.web import current
from lti_tool.web.access import needs, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("double_observations", __name__)


@bp.route("/a/<uuid:activity_id>/double", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def plan(place: Place) -> ResponseReturnValue:
    """Of how many observations two observe, and how far that is."""
    if request.method == "GET":
        return _plan_page(place)
    share = whole_number(request.form.get("share", ""))
    try:
        double_observations.set_share(current.db(), current.visitor(), place, share or 0, current.now())
    except Refused as refused:
        give_up()
        return _plan_page(place, in_words(refused)), 422
    return redirect(url_for("double_observations.plan", activity_id=place.activity.id, said="double_set"), 303)


@bp.post("/a/<uuid:activity_id>/double/end")
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place) -> ResponseReturnValue:
    """Draw no more."""
    double_observations.end(current.db(), current.visitor(), place, current.now())
    return redirect(url_for("double_observations.plan", activity_id=place.activity.id, said="double_ended"), 303)


@bp.route("/a/<uuid:activity_id>/double/<uuid:observation_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def who(place: Place, observation_id: UUID) -> ResponseReturnValue:
    """Choose who is to be the second observer; the trainee is asked first."""
    if request.method == "GET":
        return _who_page(place, observation_id)
    person_id = uuid_if_any(request.form.get("person"))
    if person_id is None:
        return _who_page(place, observation_id, _("Please choose whom you would like to ask.")), 422
    try:
        second_observers.choose(
            current.db(), current.visitor(), place.activity.id, observation_id, person_id, current.now()
        )
    except Refused as refused:
        give_up()
        return _who_page(place, observation_id, in_words(refused)), 422
    return redirect(url_for("double_observations.plan", activity_id=place.activity.id, said="second_chosen"), 303)


@bp.route("/o/<uuid:observation_id>/second", methods=["GET", "POST"])
@signed_in
@act
def second(observation_id: UUID) -> ResponseReturnValue:
    """The trainee says whether somebody may observe beside the one they asked; no reason is asked."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "GET":
        return _second_page(observation_id)
    answer = request.form.get("answer", "")
    if answer not in ("yes", "no"):
        return _second_page(observation_id, _("Please choose one. Either is fine."))
    try:
        if answer == "yes":
            second_observers.agree(session, visitor, observation_id, uuid_of(request.form.get("person")), now)
        else:
            second_observers.decline(session, visitor, observation_id, now)
    except Refused as refused:
        if refused.code != "second_changed":
            raise
        give_up()
        return _second_page(observation_id, in_words(refused))
    said = "second_yes" if answer == "yes" else "second_no"
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)


def _plan_page(place: Place, problem: str | None = None) -> str:
    return render_template(
        "double_observations/plan.html",
        place=place,
        plan=double_observations.plan_of(current.db(), place),
        typed=request.form,
        problem=problem,
        tabs=tabs(place),
        tab=None,
    )


def _who_page(place: Place, observation_id: UUID, problem: str | None = None) -> str:
    found = double_observations.choices(current.db(), place, observation_id)
    if found is None:
        raise NotHere
    drawn, people = found
    return render_template(
        "double_observations/who.html",
        place=place,
        drawn=drawn,
        people=[(str(person_id), name, None) for person_id, name in people],
        problem=problem,
        tabs=tabs(place),
        tab=None,
    )


def _second_page(observation_id: UUID, problem: str | None = None) -> ResponseReturnValue:
    session, visitor = current.db(), current.visitor()
    seen = line(session, visitor.organization_id, observation_id)
    if seen.trainee_id != visitor.person_id:
        raise NotHere
    asked = second_observers.asked_of_trainee(session, visitor, observation_id)
    if asked is None:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    page = render_template(
        "double_observations/second.html", line=seen, page_course_id=seen.course_id, asked=asked, problem=problem
    )
    return page, 422 if problem else 200
