"""One observation: asking for it, proposing it, reading it, taking it back, declining it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.asking import ask as asking
from lti_tool.services.asking import second_drawing
from lti_tool.services.asking.possible_observers import observers_of, possible_observers
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations import ending, finishing, practice_kinds
from lti_tool.services.observations.read import read as read_record
from lti_tool.services.personal_data import record_access
from lti_tool.services.practicum.accommodations import arranged_for
from lti_tool.web import current
from lti_tool.web.access import in_course, needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.asking.asking_form import Typed, choices, modes, problem_of, sites_of, typed_request
from lti_tool.web.editions.scope_part import acknowledge_if_ticked, scope_first
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.observations.kind_fields import kind_fields, said_in
from lti_tool.web.observations.record_page import RecordPage, record_page
from lti_tool.web.transactions import give_up
from rubrics.observation import State
from rubrics.refusal import Refused

bp = Blueprint("observations", __name__)


@bp.route("/a/<uuid:activity_id>/ask", methods=["GET", "POST"])
@needs(Capability.TRAINEE)
@act
def ask(place: Place) -> ResponseReturnValue:
    """Ask one or more people to observe, and agree to it with the same act."""
    if request.method == "GET":
        return _ask_page(place, Typed())
    typed = typed_request(place.activity.observers, current.now())
    if not typed.complete or typed.mode is None or typed.recorded is None:
        return _ask_page(place, typed), 422
    try:
        acknowledge_if_ticked()
        observation_id = asking.request(
            current.db(),
            current.visitor(),
            place,
            observer_id=typed.observers[0],
            mode=typed.mode,
            recorded=typed.recorded,
            note=typed.note or None,
            now=current.now(),
            further=asking.Further(
                typed.observers[1:], typed.audience, typed.time.span, typed.time.where or None, typed.placement_id
            ),
        )
        said = {name: value for name, value in said_in(request.form).items() if value is not None}
        practice_kinds.say(current.db(), current.visitor(), observation_id, said, current.now())
    except Refused as refused:
        give_up()
        typed.problems.update(problem_of(refused))
        return _ask_page(place, typed), 422
    return redirect(url_for("observations.read", observation_id=observation_id, said="asked"), 303)


def _ask_page(place: Place, typed: Typed) -> str:
    me, instead_of = current.visitor().person_id, uuid_if_any(request.values.get("instead_of"))
    possible = possible_observers(current.db(), me, place.course.id)
    left_out = observers_of(current.db(), me, instead_of)
    return render_template(
        "observations/ask.html",
        place=place,
        people=choices([one for one in possible if one.id not in left_out], place.course.id),
        left_out=[one.name for one in possible if one.id in left_out],
        instead_of=instead_of,
        kind=kind_fields(practice_kinds.Kind(), request.form),
        sites=sites_of(place, current.visitor().person_id),
        scope=scope_first(),
        double_share=second_drawing.share_of(current.db(), place.activity.id),
        modes=modes(),
        chosen=typed.chosen,
        time=typed.time,
        wanting=typed.problems,
        readers=record_access.who_will_see(current.db(), current.visitor(), place),
    )


@bp.route("/a/<uuid:activity_id>/trainees/<uuid:person_id>/propose", methods=["GET", "POST"])
@in_course
@act
def propose(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Propose an observation to a trainee, who then decides."""
    name = asking.check_may_propose(current.db(), current.visitor(), place, person_id)
    if request.method == "GET":
        return _propose_page(place, person_id, name, Typed())
    typed = typed_request(place.activity.observers, current.now())
    if not typed.complete or typed.mode is None or typed.recorded is None:
        return _propose_page(place, person_id, name, typed), 422
    proposal = asking.Proposal(
        person_id,
        typed.observers,
        typed.mode,
        typed.recorded,
        typed.time.span,
        typed.time.where or None,
        typed.placement_id,
    )
    try:
        observation_id = asking.propose(current.db(), current.visitor(), place, proposal, current.now())
    except Refused as refused:
        give_up()
        typed.problems.update(problem_of(refused))
        return _propose_page(place, person_id, name, typed), 422
    return redirect(url_for("observations.read", observation_id=observation_id, said="proposed"), 303)


def _propose_page(place: Place, person_id: UUID, name: str, typed: Typed) -> str:
    return render_template(
        "observations/propose.html",
        place=place,
        person_id=person_id,
        name=name,
        people=choices(possible_observers(current.db(), person_id, place.course.id), place.course.id),
        modes=modes(to_trainee=False),
        sites=sites_of(place, person_id),
        chosen=typed.chosen,
        time=typed.time,
        wanting=typed.problems,
        readers=record_access.who_will_see(current.db(), current.visitor(), place),
        arranged=arranged_for(current.db(), place.course.id, person_id, current.now()).adjustments,
    )


@bp.get("/o/<uuid:observation_id>")
@signed_in
@writes
def read(observation_id: UUID) -> ResponseReturnValue:
    """The observation, as far as this reader may see it."""
    for delivery_id in finishing.finalize_if_due(current.db(), current.visitor(), observation_id, current.now()):
        current.look_at(Kind.DELIVERY, delivery_id)
    record = read_record(current.db(), current.visitor(), observation_id, current.now())
    return render_template("observations/read.html", **record_page(record))


@bp.route("/o/<uuid:observation_id>/withdraw", methods=["GET", "POST"])
@signed_in
@writes
@act
def withdraw(observation_id: UUID) -> ResponseReturnValue:
    """Take an observation back: asked once, no reason."""
    if request.method == "POST":
        asking.withdraw(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("observations.read", observation_id=observation_id, said="withdrawn"), 303)
    page = _page(observation_id)
    if not page["is_trainee"]:
        raise NotHere
    if not page["may_withdraw"]:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template("observations/withdraw.html", **page)


@bp.route("/o/<uuid:observation_id>/take-away", methods=["GET", "POST"])
@signed_in
@writes
@act
def take_away(observation_id: UUID) -> ResponseReturnValue:
    """Have the words of what was taken back taken away at once, not only after a day."""
    if request.method == "POST":
        asking.take_away_now(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("observations.read", observation_id=observation_id, said="words_away"), 303)
    page = _page(observation_id)
    if not page["is_trainee"]:
        raise NotHere
    if page["line"].state is not State.WITHDRAWN:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template("observations/take_away.html", **page)


@bp.route("/o/<uuid:observation_id>/decline", methods=["GET", "POST"])
@signed_in
@writes
@act
def decline(observation_id: UUID) -> ResponseReturnValue:
    """Say no to observing: asked once, no reason."""
    if request.method == "POST":
        ending.decline(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("landing.queue", said="declined"), 303)
    page = _page(observation_id)
    if not page["is_observer"]:
        raise NotHere
    return render_template("observations/decline.html", **page)


def _page(observation_id: UUID) -> RecordPage:
    return record_page(read_record(current.db(), current.visitor(), observation_id, current.now()))
