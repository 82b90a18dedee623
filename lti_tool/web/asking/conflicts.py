"""Declaring a conflict of interest, without the story, and taking it back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Who
from lti_tool.services.asking import recusal
from lti_tool.services.asking.recusal import PersonName
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations.lines import ObservationLine, line, who_is_reading
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.texts import gettext as _

bp = Blueprint("conflicts", __name__)

LONGEST_NAME = 100


@bp.get("/conflicts")
@signed_in
def conflicts() -> ResponseReturnValue:
    """One's own declarations, and finding somebody for another one."""
    name = request.args.get("name", "").strip()[:LONGEST_NAME]
    declared = recusal.declared_by(current.db(), current.visitor())
    return render_template(
        "conflicts/conflicts.html",
        name=name,
        found=recusal.people_around(current.db(), current.visitor(), name),
        declared=declared,
    )


@bp.route("/conflicts/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
@act
def about(person_id: UUID) -> ResponseReturnValue:
    """What happens when it is declared about this person: asked once, no reason."""
    if request.method == "POST":
        recusal.declare(current.db(), current.visitor(), person_id, current.now())
        return redirect(url_for("conflicts.conflicts", said="conflict_noted"), 303)
    person = recusal.person_around(current.db(), current.visitor(), person_id)
    if person.id == current.visitor().person_id:
        raise NotHere
    return render_template("conflicts/about.html", person=person)


@bp.post("/conflicts/take-back")
@signed_in
@act
def take_back() -> ResponseReturnValue:
    """Take one's own declaration back."""
    recusal.take_back(current.db(), current.visitor(), uuid_of(request.form.get("conflict", "")), current.now())
    return redirect(url_for("conflicts.conflicts", said="conflict_taken_back"), 303)


@bp.route("/o/<uuid:observation_id>/step-aside", methods=["GET", "POST"])
@signed_in
@act
def step_aside(observation_id: UUID) -> ResponseReturnValue:
    """From an observation's page: the observer or supervisor steps aside, or the trainee would rather have another."""
    seen = line(current.db(), current.visitor().organization_id, observation_id)
    ways = who_is_reading(current.db(), current.visitor(), seen)
    people = _others(seen, ways)
    if not people:
        raise NotHere
    if request.method == "GET":
        return _step_aside_page(seen, ways, people)
    chosen = next((one for one in people if str(one.id) == request.form.get("person")), None)
    if chosen is None:
        return _step_aside_page(seen, ways, people, _("Please choose whom it is about.")), 422
    recusal.declare(current.db(), current.visitor(), chosen.id, current.now())
    if Who.TRAINEE in ways:
        return redirect(url_for("observations.read", observation_id=observation_id, said="conflict_noted"), 303)
    return redirect(url_for("landing.queue", said="conflict_noted"), 303)


def _others(seen: ObservationLine, ways: frozenset[Who]) -> tuple[PersonName, ...]:
    """Whom it can be about: for the trainee their observers, for an observer or supervisor the trainee."""
    if Who.TRAINEE in ways:
        return tuple(PersonName(one.person_id, one.name) for one in seen.taking_part)
    if {Who.OBSERVER, Who.SUPERVISOR} & ways:
        return (PersonName(seen.trainee_id, seen.trainee_name),)
    return ()


def _step_aside_page(
    seen: ObservationLine, ways: frozenset[Who], people: tuple[PersonName, ...], problem: str | None = None
) -> str:
    return render_template(
        "conflicts/step_aside.html",
        line=seen,
        page_course_id=seen.course_id,
        is_trainee=Who.TRAINEE in ways,
        people=people,
        problem=problem,
    )
