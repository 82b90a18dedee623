"""Growth plans: proposed, answered, gone through step by step, ended."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.growth import MOST_GOALS, GoalState
from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.supervising import growth_lists, growth_plans
from lti_tool.services.supervising.growth_lists import ReadPlan
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.supervising.growth_fields import compacted, first_fields, of_plan, typed_plan
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("growth_plans", __name__)

WHO = (Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR)


@bp.get("/plans")
@signed_in
def plans() -> ResponseReturnValue:
    """The visitor's plans: their own, and those that they help with."""
    return render_template(
        "growth/plans.html",
        plans=growth_lists.plans_of(current.db(), current.visitor()),
        me=current.visitor().person_id,
    )


@bp.route("/a/<uuid:activity_id>/plans/new", methods=["GET", "POST"])
@needs(*WHO)
@act
def new(place: Place) -> ResponseReturnValue:
    """Propose a plan to the trainee whom the address names."""
    trainee_id, observation_id = uuid_if_any(request.values.get("trainee")), uuid_if_any(request.values.get("about"))
    if trainee_id is None:
        raise NotHere
    name = growth_plans.trainee_name(current.db(), current.visitor(), place, trainee_id, observation_id)
    whom = {"trainee": str(trainee_id), "about": str(observation_id or "")}
    criteria = growth_lists.criteria_of(current.db(), place.activity.rubric_version_id)
    if request.method == "GET":
        step = growth_lists.next_step_of(current.db(), current.visitor(), observation_id)
        fields = first_fields(current.now().date(), step)
        return _form(fields, criteria, name, place=place, whom=whom)
    typed = compacted(request.form.to_dict())
    try:
        plan_id = growth_plans.propose(
            current.db(), current.visitor(), place, trainee_id, typed_plan(typed, criteria),
            observation_id=observation_id, now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        transactions.give_up()
        return _form(typed, criteria, name, refused, place=place, whom=whom), 422
    return redirect(url_for("growth_plans.plan", growth_plan_id=plan_id, said="plan_proposed"), 303)


@bp.get("/plans/<uuid:growth_plan_id>")
@signed_in
@writes
def plan(growth_plan_id: UUID) -> ResponseReturnValue:
    """One plan, for the two whose plan it is."""
    return _page(growth_plan_id)


@bp.route("/plans/<uuid:growth_plan_id>/change", methods=["GET", "POST"])
@signed_in
@writes
@act
def change(growth_plan_id: UUID) -> ResponseReturnValue:
    """Write it differently; the trainee answers anew."""
    found = _read(growth_plan_id)
    if current.visitor().person_id != found.line.owner_id:
        raise NotHere
    criteria = growth_lists.criteria_of(current.db(), found.version_id) if found.version_id else {}
    if request.method == "GET":
        return _form(of_plan(found), criteria, found.line.trainee_name, plan_id=growth_plan_id)
    typed = compacted(request.form.to_dict())
    try:
        growth_plans.change(
            current.db(), current.visitor(), growth_plan_id, typed_plan(typed, criteria),
            version_id=found.version_id, now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        transactions.give_up()
        return _form(typed, criteria, found.line.trainee_name, refused, plan_id=growth_plan_id), 422
    return _to(growth_plan_id, "plan_proposed")


@bp.post("/plans/<uuid:growth_plan_id>/answer")
@signed_in
@act
def answer(growth_plan_id: UUID) -> ResponseReturnValue:
    """The trainee says yes, or that they would change something."""
    agreed = {"yes": True, "change": False}.get(request.form.get("agreed", ""))
    if agreed is None:
        abort(400)
    words = request.form.get("words", "")
    try:
        growth_plans.answer(
            current.db(), current.visitor(), growth_plan_id, request.form.get("digest", ""), agreed=agreed,
            words=words, now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(growth_plan_id, problem, words)), 422
    return _to(growth_plan_id, "plan_agreed" if agreed else "plan_change_wished")


@bp.post("/plans/<uuid:growth_plan_id>/steps/<uuid:goal_id>")
@signed_in
@act
def step(growth_plan_id: UUID, goal_id: UUID) -> ResponseReturnValue:
    """How far a step is, or more time for it."""
    wanted = request.form.get("state", "")
    if wanted == "more_time":
        growth_plans.more_time(current.db(), current.visitor(), growth_plan_id, goal_id, now=current.now())
        return _to(growth_plan_id, "more_time_for_step")
    if wanted not in set(GoalState):
        abort(400)
    growth_plans.set_goal(
        current.db(), current.visitor(), growth_plan_id, goal_id, state=GoalState(wanted), now=current.now()
    )
    return _to(growth_plan_id, "step_noted")


@bp.post("/plans/<uuid:growth_plan_id>/end")
@signed_in
@act
def end(growth_plan_id: UUID) -> ResponseReturnValue:
    """End it; no reason is asked."""
    growth_plans.end(current.db(), current.visitor(), growth_plan_id, now=current.now())
    return _to(growth_plan_id, "plan_ended")


def _read(plan_id: UUID) -> ReadPlan:
    return growth_lists.plan(current.db(), current.visitor(), plan_id, current.now())


def _page(plan_id: UUID, problem: str | None = None, words: str = "") -> str:
    return render_template(
        "growth/plan.html",
        plan=_read(plan_id),
        me=current.visitor().person_id,
        today=current.now().date(),
        problem=problem,
        typed=words,
    )


def _form(
    typed: Mapping[str, str],
    criteria: Mapping[str, str],
    trainee_name: str,
    refused: Refused | None = None,
    *,
    place: Place | None = None,
    plan_id: UUID | None = None,
    whom: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "growth/write.html",
        typed=typed,
        criteria=[("", gettext("No part in particular")), *criteria.items()],
        numbers=range(1, MOST_GOALS + 1),
        trainee_name=trainee_name,
        problems={refused.code: in_words(refused)} if refused else {},
        readers=growth_lists.readers(),
        place=place,
        plan_id=plan_id,
        whom=whom or {},
        tabs=tabs(place) if place else (),
    )


def _to(plan_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("growth_plans.plan", growth_plan_id=plan_id, said=said), 303)
