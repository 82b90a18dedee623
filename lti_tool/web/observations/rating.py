"""The observer's pages: beginning, the rating form with its autosave, stopping, sharing."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import guide, handing_in, observe, paper, practice_kinds
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.services.observations.read import read
from lti_tool.services.personal_data import record_access
from lti_tool.services.practicum import placements
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.observations.arranged import arranged_part
from lti_tool.web.observations.kind_fields import kind_fields, said_in
from lti_tool.web.observations.rating_fields import change_of, fields_of_json, values_of
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import readers_languages
from rubrics.consent import PersonServed
from rubrics.language import for_reader
from rubrics.observation import State
from rubrics.paper_code import shown
from rubrics.refusal import Refused

bp = Blueprint("rating", __name__)


@bp.route("/o/<uuid:observation_id>/begin", methods=["GET", "POST"])
@signed_in
@writes
@act
def begin(observation_id: UUID) -> ResponseReturnValue:
    """Ask whether the person served agreed, and open the form if they did."""
    if request.method == "GET":
        return _begin_page(observation_id)
    answer = _person_served(request.form.get("person_served", ""))
    if answer is None:
        problem = _("Please choose one. The form opens once you have asked.")
        return transactions.shown_again(lambda: _begin_page(observation_id, problem=problem))
    try:
        observe.person_served(current.db(), current.visitor(), observation_id, answer, current.now())
    except Refused as refused:
        if refused.code == "person_served_said_no":
            return redirect(url_for("rating.not_now", observation_id=observation_id), 303)
        if refused.code == "person_served_not_asked":
            problem = in_words(refused)
            return transactions.shown_again(lambda: _begin_page(observation_id, chosen=answer, problem=problem))
        raise
    return redirect(url_for("rating.rate", observation_id=observation_id), 303)


def _person_served(text: str) -> PersonServed | None:
    try:
        return PersonServed(text) if text else None
    except ValueError:
        abort(400)


def _begin_page(
    observation_id: UUID, *, chosen: PersonServed | None = None, problem: str | None = None
) -> ResponseReturnValue:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_observer"]:
        raise NotHere
    if page["line"].state is State.IN_PROGRESS:  # another observer has asked already
        return redirect(url_for("rating.rate", observation_id=observation_id), 303)
    if page["line"].state is not State.CONSENTED:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template("rating/begin.html", chosen=chosen, problem=problem, **page), 422 if problem else 200


@bp.get("/o/<uuid:observation_id>/not-now")
@signed_in
@writes
def not_now(observation_id: UUID) -> ResponseReturnValue:
    """The person served said no: nothing was kept, and what can be done."""
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_observer"]:
        raise NotHere
    return render_template("rating/not_now.html", **page)


@bp.route("/o/<uuid:observation_id>/rate", methods=["GET", "POST"])
@signed_in
@repeatable
def rate(observation_id: UUID) -> ResponseReturnValue:
    """The rating form. A post saves all of it; from there one can look it over and share it."""
    if request.method == "GET":
        return _rate_page(observation_id)
    typed = request.form.to_dict()
    try:
        observe.save(current.db(), current.visitor(), observation_id, change_of(typed), current.now())
        practice_kinds.say(current.db(), current.visitor(), observation_id, said_in(typed), current.now())
    except Refused as refused:
        if refused.code != "too_long":
            raise
        return _rate_page(observation_id, typed=typed, problem=in_words(refused))
    if typed.get("then") == "share":
        return redirect(url_for(_after_rating(observation_id), observation_id=observation_id), 303)
    return redirect(url_for("rating.rate", observation_id=observation_id, said="draft_saved"), 303)


def _rate_page(
    observation_id: UUID, *, typed: dict[str, str] | None = None, problem: str | None = None
) -> ResponseReturnValue:
    form = _form(observation_id)
    if form is None:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    page = render_template(
        "rating/rate.html",
        form_view=form,
        line=form.observation,
        page_course_id=form.observation.course_id,
        competencies=guide.competencies(
            current.db(), current.visitor().organization_id, form.rubric, readers_languages()
        ),
        paper_code=_on_paper(observation_id),
        practice=placements.where(current.db(), observation_id),
        values=values_of(form.assessment) | (typed or {}),
        kind=kind_fields(practice_kinds.kind_of(current.db(), observation_id), typed),
        problem=problem,
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
        arranged=arranged_part(form.observation, frozenset({Who.OBSERVER})),
    )
    return page, 422 if problem else 200


def _after_rating(observation_id: UUID) -> str:
    """Where it is looked over: before it is handed in, with those who meet, or before it is shared anew."""
    form = observe.form(current.db(), current.visitor(), observation_id)
    return {State.IN_MODERATION: "meetings.meeting", State.AMENDING: "replying.again"}.get(
        form.observation.state, "rating.share"
    )


def _on_paper(observation_id: UUID) -> str | None:
    code = paper.code_of(current.db(), observation_id)
    return shown(code) if code else None


def _form(observation_id: UUID) -> observe.Form | None:
    """The draft, its rubric in the observer's words.

    None when the form is closed, which the reading page explains better than a refusal.
    """
    try:
        found = observe.form(current.db(), current.visitor(), observation_id)
    except Refused:
        return None
    return replace(found, rubric=for_reader(found.rubric, readers_languages()))


@bp.post("/o/<uuid:observation_id>/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Autosave: an object of fields in, the moment it was saved out."""
    fields = fields_of_json(request.get_json())
    saved_at = observe.save(current.db(), current.visitor(), observation_id, change_of(fields), current.now())
    practice_kinds.say(current.db(), current.visitor(), observation_id, said_in(fields), current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.route("/o/<uuid:observation_id>/share", methods=["GET", "POST"])
@signed_in
@act
def share(observation_id: UUID) -> ResponseReturnValue:
    """Look it over, with what is still needed; then share it with the trainee, or hand it in as one of several."""
    if request.method == "POST":
        try:
            handing_in.hand_in(current.db(), current.visitor(), observation_id, current.now())
        except Refused as refused:
            if refused.code != "still_needed":
                raise
            return redirect(url_for("rating.share", observation_id=observation_id), 303)
        return _handed_in(observation_id)
    form = _form(observation_id)
    if form is None:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    if form.observation.state is not State.IN_PROGRESS:
        return redirect(url_for(_after_rating(observation_id), observation_id=observation_id), 303)
    return render_template(
        "rating/share.html",
        form_view=form,
        line=form.observation,
        page_course_id=form.observation.course_id,
        others=_others(form.observation),
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
    )


def _handed_in(observation_id: UUID) -> ResponseReturnValue:
    state = line(current.db(), current.visitor().organization_id, observation_id).state
    if state is State.IN_MODERATION:
        return redirect(url_for("meetings.meeting", observation_id=observation_id, said="views_differ"), 303)
    said = "shared" if state is State.SHARED else "handed_in"
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)


def _others(seen: ObservationLine) -> list[str]:
    return [one.name for one in seen.taking_part if one.person_id != current.visitor().person_id]


@bp.post("/o/<uuid:observation_id>/take-up-again")
@signed_in
@act
def take_up_again(observation_id: UUID) -> ResponseReturnValue:
    """Open one's own form once more, while others have not handed in."""
    handing_in.take_up_again(current.db(), current.visitor(), observation_id, current.now())
    return redirect(url_for("rating.rate", observation_id=observation_id), 303)


@bp.route("/o/<uuid:observation_id>/go-on", methods=["GET", "POST"])
@signed_in
@act
def go_on(observation_id: UUID) -> ResponseReturnValue:
    """Wait no longer for observers who have not handed in."""
    if request.method == "GET":
        return _go_on_page(observation_id)
    people = {uuid_of(text) for text in request.form.getlist("without")}
    try:
        handing_in.go_on_without(current.db(), current.visitor(), observation_id, people, current.now())
    except Refused as refused:
        if refused.code not in ("handed_in", "nobody_left", "nobody_chosen"):
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _go_on_page(observation_id, problem=problem))
    return redirect(url_for("observations.read", observation_id=observation_id, said="goes_on"), 303)


def _go_on_page(observation_id: UUID, *, problem: str | None = None) -> ResponseReturnValue:
    waited = handing_in.wait(current.db(), current.visitor(), observation_id)
    people = [(str(person_id), name, None) for person_id, name in waited.still_to_come]
    page = render_template(
        "rating/go_on.html",
        wait=waited,
        line=waited.line,
        page_course_id=waited.line.course_id,
        people=people,
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.route("/o/<uuid:observation_id>/stop", methods=["GET", "POST"])
@signed_in
@writes
@act
def stop(observation_id: UUID) -> ResponseReturnValue:
    """Stop the observation: asked once, no reason."""
    if request.method == "POST":
        observe.stop(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("observations.read", observation_id=observation_id, said="stopped"), 303)
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_observer"]:
        raise NotHere
    return render_template("rating/stop.html", **page)
