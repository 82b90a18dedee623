"""How the trainee sees it themselves: the same form as the observer's, optional, given or kept."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.observations import guide, self_assessment
from lti_tool.services.personal_data import record_access
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.observations.rating_fields import change_of, fields_of_json, values_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("self_assessment", __name__)

STAYS = ("too_long", "nothing_to_give")
"""Refusals that are said on the form itself."""


@bp.get("/o/<uuid:observation_id>/self")
@signed_in
def write(observation_id: UUID) -> ResponseReturnValue:
    """The form; or, once it was given, what was given."""
    return _page(observation_id)


@bp.post("/o/<uuid:observation_id>/self")
@signed_in
@act
def give(observation_id: UUID) -> ResponseReturnValue:
    """Save all of it, and give it or keep it to oneself for now."""
    typed = request.form.to_dict()
    try:
        self_assessment.save(current.db(), current.visitor(), observation_id, change_of(typed), current.now())
        if typed.get("then") == "give":
            self_assessment.give(current.db(), current.visitor(), observation_id, current.now())
            return redirect(url_for("observations.read", observation_id=observation_id, said="self_given"), 303)
    except Refused as refused:
        if refused.code not in STAYS:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(observation_id, typed=typed, problem=problem))
    return redirect(url_for("self_assessment.write", observation_id=observation_id, said="draft_saved"), 303)


@bp.post("/o/<uuid:observation_id>/self/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Autosave: an object of fields in, the moment it was saved out."""
    change = change_of(fields_of_json(request.get_json()))
    saved_at = self_assessment.save(current.db(), current.visitor(), observation_id, change, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.post("/o/<uuid:observation_id>/self/keep")
@signed_in
@act
def keep(observation_id: UUID) -> ResponseReturnValue:
    """Keep to oneself again what was given."""
    self_assessment.keep(current.db(), current.visitor(), observation_id, current.now())
    return redirect(url_for("self_assessment.write", observation_id=observation_id, said="self_kept"), 303)


def _page(
    observation_id: UUID, *, typed: dict[str, str] | None = None, problem: str | None = None
) -> ResponseReturnValue:
    try:
        form = self_assessment.form(current.db(), current.visitor(), observation_id)
    except Refused:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    rubric = for_reader(form.rubric, readers_languages())
    page = render_template(
        "self_assessment/write.html",
        own=form,
        line=form.observation,
        page_course_id=form.observation.course_id,
        rubric=rubric,
        competencies=guide.competencies(current.db(), current.visitor().organization_id, rubric, readers_languages()),
        values=values_of(form.assessment) | (typed or {}),
        problem=problem,
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
    )
    return page, 422 if problem else 200
