"""One criterion of a draft: its words, its levels, what it stands for, and the competencies that it shows."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import draft_endings, draft_undo, drafts
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import guide
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring import draft_fields
from lti_tool.web.authoring.draft_acts import posted
from lti_tool.web.authoring.draft_fields import Fields
from lti_tool.web.authoring.draft_posting import Sent
from lti_tool.web.texts import readers_languages
from rubrics.rubric import Principle

bp = Blueprint("criteria", __name__)

MOST_FOUND = 10


@bp.route("/drafts/<uuid:draft_id>/criteria/<criterion>", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def criterion(draft_id: UUID, criterion: str) -> ResponseReturnValue:
    """Everything of one criterion; `find=` looks for competencies that it could show."""
    if request.method == "GET":
        return _page(draft_id, criterion, Sent())
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    here = url_for("criteria.criterion", draft_id=draft_id, criterion=criterion)
    return posted(draft_id, here, lambda sent: _page(draft_id, criterion, sent))


def _page(draft_id: UUID, key: str, sent: Sent) -> str:
    visitor = current.visitor()
    found = drafts.draft(current.db(), visitor.organization_id, draft_id)
    rubric = found.rubric
    mine = rubric.criterion(key)
    if mine is None:
        raise NotHere
    at = rubric.criteria.index(mine)
    words = request.values.get("find", "").strip()
    alone = replace(rubric, criteria=(mine,))
    shows = guide.competencies(current.db(), visitor.organization_id, alone, readers_languages())[key]
    return render_template(
        "builder/criterion.html",
        draft=found,
        rubric=rubric,
        criterion=mine,
        position=at + 1,
        former=rubric.criteria[at - 1] if at else None,
        following=rubric.criteria[at + 1] if at + 1 < len(rubric.criteria) else None,
        fields=Fields(rubric, advice=draft_fields.advice_for(rubric, key), typed=sent.typed, outcomes=sent.outcomes),
        problem=sent.problem,
        own=draft_undo.own(current.db(), drafts.author(visitor), draft_id),
        principles=list(Principle),
        shows={one.named: one for one in shows},
        find=words,
        found=frameworks.find_competencies(current.db(), visitor.organization_id, words, most=MOST_FOUND)
        if words
        else (),
        typed=request.form,
    )
