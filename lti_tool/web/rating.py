"""The observer's pages: beginning, the rating form with its autosave, stopping, sharing."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services import guide, observe, paper, record_access
from lti_tool.services.places import NotHere
from lti_tool.services.read import read
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.rating_fields import change_of, fields_of_json, values_of
from lti_tool.web.record_page import record_page
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
    except Refused as refused:
        if refused.code != "too_long":
            raise
        return _rate_page(observation_id, typed=typed, problem=in_words(refused))
    if typed.get("then") == "share":
        return redirect(url_for("rating.share", observation_id=observation_id), 303)
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
        competencies=guide.competencies(
            current.db(), current.visitor().organization_id, form.rubric, readers_languages()
        ),
        paper_code=_on_paper(observation_id),
        values=values_of(form.assessment) | (typed or {}),
        problem=problem,
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
    )
    return page, 422 if problem else 200


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
    change = change_of(fields_of_json(request.get_json()))
    saved_at = observe.save(current.db(), current.visitor(), observation_id, change, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.route("/o/<uuid:observation_id>/share", methods=["GET", "POST"])
@signed_in
@act
def share(observation_id: UUID) -> ResponseReturnValue:
    """Look it over, with what is still needed; then share it with the trainee."""
    if request.method == "POST":
        try:
            observe.share(current.db(), current.visitor(), observation_id, current.now())
        except Refused as refused:
            if refused.code != "still_needed":
                raise
            return redirect(url_for("rating.share", observation_id=observation_id), 303)
        return redirect(url_for("observations.read", observation_id=observation_id, said="shared"), 303)
    form = _form(observation_id)
    if form is None:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template(
        "rating/share.html",
        form_view=form,
        line=form.observation,
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
    )


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
