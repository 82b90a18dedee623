"""What people may say of themselves, if they like; it is read only counted together with many others."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability, Field
from lti_tool.services.equity import descriptions, questions
from lti_tool.services.equity.descriptions import Said
from lti_tool.services.wellbeing.owner_only import own_readers
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("self_description", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/me/description")
@signed_in
def page() -> ResponseReturnValue:
    """What is asked, why, and what the visitor said so far."""
    return _page()


@bp.post("/me/description")
@signed_in
@act
def save() -> ResponseReturnValue:
    """Keep it; whatever is left empty is not kept."""
    asked = descriptions.own(current.db(), current.visitor())
    typed = {one.id: _typed(one.id) for one in asked if f"asked-{one.id}" in request.form}
    try:
        descriptions.save(current.db(), current.visitor(), typed)
    except Refused as refused:
        give_up()
        return _page(typed, in_words(refused)), 422
    return redirect(url_for("self_description.page", said="description_kept"), 303)


@bp.post("/me/description/take-back")
@signed_in
@act
def take_back() -> ResponseReturnValue:
    """All of it is gone."""
    descriptions.take_back(current.db(), current.visitor())
    return redirect(url_for("self_description.page", said="description_gone"), 303)


@bp.get("/equity/questions")
@needs_in_organization(LEADS)
def choose() -> ResponseReturnValue:
    """Which questions are asked."""
    found = questions.offered(current.db(), current.visitor().organization_id)
    return render_template("self_description/questions.html", offered=found)


@bp.post("/equity/questions")
@needs_in_organization(LEADS)
@act
def turn_on() -> ResponseReturnValue:
    """Ask one more."""
    questions.turn_on(current.db(), current.visitor(), request.form.get("question", ""), current.now())
    return redirect(url_for("self_description.choose", said="question_asked"), 303)


@bp.post("/equity/questions/<uuid:question_id>/end")
@needs_in_organization(LEADS)
@act
def turn_off(question_id: UUID) -> ResponseReturnValue:
    """Ask it no more."""
    questions.turn_off(current.db(), current.visitor(), question_id, current.now())
    return redirect(url_for("self_description.choose", said="question_ended"), 303)


def _typed(question_id: UUID) -> Said:
    chosen = tuple(one for one in request.form.getlist(f"chosen-{question_id}") if one)
    return Said(chosen, request.form.get(f"own-{question_id}", ""))


def _page(typed: dict[UUID, Said] | None = None, problem: str | None = None) -> str:
    return render_template(
        "self_description/description.html",
        asked=descriptions.own(current.db(), current.visitor()),
        typed=typed or {},
        problem=problem,
        readers=own_readers(current.visitor(), Field.SELF_DESCRIPTION),
        longest=descriptions.LONGEST,
    )
