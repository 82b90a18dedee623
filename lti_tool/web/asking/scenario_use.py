"""Which scenarios may come in an activity, and which one an observation uses."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.asking import scenario_offers
from lti_tool.services.authoring import scenarios
from lti_tool.services.courses.places import Place
from lti_tool.web import current, transactions
from lti_tool.web.access import in_course, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.authoring.scenario_fields import wanted
from lti_tool.web.authoring.scenarios import OFFERED, found, words
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext, language
from rubrics.refusal import Refused

bp = Blueprint("scenario_use", __name__)


@bp.get("/a/<uuid:activity_id>/scenarios")
@in_course
def of_activity(place: Place) -> ResponseReturnValue:
    """What may come in a role play or a case discussion, for everybody of the course to read before."""
    return render_template("scenarios/of_activity.html", place=place, **found(wanted(OFFERED, language=language())))


@bp.get("/a/<uuid:activity_id>/scenarios/<uuid:scenario_id>")
@in_course
def cover(place: Place, scenario_id: UUID) -> ResponseReturnValue:
    """What it is about, before it is opened."""
    stands = scenarios.published(current.db(), place.organization_id, scenario_id)
    return render_template("scenarios/cover.html", place=place, stands=stands, scenario=stands.scenario, **words())


@bp.get("/a/<uuid:activity_id>/scenarios/<uuid:scenario_id>/open")
@in_course
def opened(place: Place, scenario_id: UUID) -> ResponseReturnValue:
    """The situation itself."""
    stands = scenarios.published(current.db(), place.organization_id, scenario_id)
    back = url_for("scenario_use.cover", activity_id=place.activity.id, scenario_id=scenario_id)
    return render_template("scenarios/opened.html", scenario=stands.scenario, back=back, **words())


@bp.get("/o/<uuid:observation_id>/scenario")
@signed_in
@writes
def of_observation(observation_id: UUID) -> ResponseReturnValue:
    """The scenario of an observation, opened; the record showed before what it is about."""
    line, use = scenario_offers.read(current.db(), current.visitor(), observation_id, current.now())
    return render_template(
        "scenarios/opened.html",
        scenario=use.scenario,
        use=use,
        line=line,
        page_course_id=line.course_id,
        back=_record(observation_id),
        **words(),
    )


@bp.route("/o/<uuid:observation_id>/scenario/choose", methods=["GET", "POST"])
@signed_in
@act
def choose(observation_id: UUID) -> ResponseReturnValue:
    """Choose one for a role play or a case discussion: by its trainee or an observer."""
    if request.method == "GET":
        return _choose_page(observation_id)
    scenario_id = uuid_if_any(request.form.get("scenario"))
    if scenario_id is None:
        return _choose_page(observation_id, gettext("Please choose one, or go back and do without.")), 422
    try:
        scenario_offers.choose(current.db(), current.visitor(), observation_id, scenario_id, current.now())
    except Refused as refused:
        if refused.code != "scenario_gone":
            raise
        transactions.give_up()
        return _choose_page(observation_id, in_words(refused)), 422
    return redirect(_record(observation_id, "scenario_chosen"), 303)


@bp.post("/o/<uuid:observation_id>/scenario/another")
@signed_in
@act
def another(observation_id: UUID) -> ResponseReturnValue:
    """Have another one of the same group: one tap, and no reason."""
    scenario_offers.swap(current.db(), current.visitor(), observation_id, current.now())
    return redirect(_record(observation_id, "scenario_swapped"), 303)


@bp.post("/o/<uuid:observation_id>/scenario/without")
@signed_in
@act
def without(observation_id: UUID) -> ResponseReturnValue:
    """Use none: one tap, and no reason."""
    scenario_offers.do_without(current.db(), current.visitor(), observation_id, current.now())
    return redirect(_record(observation_id, "scenario_without"), 303)


def _record(observation_id: UUID, said: str | None = None) -> str:
    return url_for("observations.read", observation_id=observation_id, said=said, _anchor="scenario-heading")


def _choose_page(observation_id: UUID, problem: str | None = None) -> str:
    line = scenario_offers.may_choose(current.db(), current.visitor(), observation_id)
    return render_template(
        "scenarios/choose.html",
        line=line,
        page_course_id=line.course_id,
        is_trainee=line.trainee_id == current.visitor().person_id,
        problem=problem,
        **found(wanted(OFFERED, language=language())),
    )
