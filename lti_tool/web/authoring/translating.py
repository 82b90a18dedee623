"""A draft in another language: the original stands beside each field."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import draft_endings, draft_undo, drafts
from lti_tool.services.authoring.drafts import Draft
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring import draft_fields
from lti_tool.web.authoring.draft_acts import posted
from lti_tool.web.authoring.draft_fields import Fields
from lti_tool.web.authoring.draft_posting import Sent
from lti_tool.web.authoring.library import language_name
from rubrics.language import still_to_translate
from rubrics.translation import Translation

bp = Blueprint("translating", __name__)


@bp.route("/drafts/<uuid:draft_id>/translations/<language>", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def translation(draft_id: UUID, language: str) -> ResponseReturnValue:
    """The rubric's title and summary in the language, and what is still to come in each criterion."""
    if request.method == "GET":
        return _translation_page(draft_id, language, Sent())
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    here = url_for("translating.translation", draft_id=draft_id, language=language)
    return posted(draft_id, here, lambda sent: _translation_page(draft_id, language, sent))


@bp.route("/drafts/<uuid:draft_id>/translations/<language>/<criterion>", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def criterion(draft_id: UUID, language: str, criterion: str) -> ResponseReturnValue:
    """One criterion in the language."""
    if request.method == "GET":
        return _criterion_page(draft_id, language, criterion, Sent())
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    here = url_for("translating.criterion", draft_id=draft_id, language=language, criterion=criterion)
    return posted(draft_id, here, lambda sent: _criterion_page(draft_id, language, criterion, sent))


def _translation_page(draft_id: UUID, code: str, sent: Sent) -> str:
    found, spoken = _both(draft_id, code)
    lacking = still_to_translate(found.rubric, spoken)
    counts = {
        each.key: sum(place.startswith(f"criteria[{position}].") for place in lacking)
        for position, each in enumerate(found.rubric.criteria, start=1)
    }
    return render_template(
        "builder/translation.html",
        draft=found,
        rubric=found.rubric,
        spoken=spoken,
        name=language_name(code),
        counts=counts,
        fields=Fields(
            found.rubric, advice=draft_fields.advice_for(found.rubric), typed=sent.typed, outcomes=sent.outcomes
        ),
        problem=sent.problem,
        own=draft_undo.own(current.db(), drafts.author(current.visitor()), draft_id),
    )


def _criterion_page(draft_id: UUID, code: str, key: str, sent: Sent) -> str:
    found, spoken = _both(draft_id, code)
    criteria = found.rubric.criteria
    mine = found.rubric.criterion(key)
    if mine is None:
        raise NotHere
    at = criteria.index(mine)
    words = next((each for each in spoken.criteria if each.key == key), None)
    return render_template(
        "builder/translation_criterion.html",
        draft=found,
        rubric=found.rubric,
        spoken=spoken,
        name=language_name(code),
        criterion=mine,
        position=at + 1,
        former=criteria[at - 1] if at else None,
        following=criteria[at + 1] if at + 1 < len(criteria) else None,
        lines=max(len(mine.watch_for), len(words.watch_for) if words else 0),
        fields=Fields(
            found.rubric, advice=draft_fields.advice_for(found.rubric, key), typed=sent.typed, outcomes=sent.outcomes
        ),
        problem=sent.problem,
        own=draft_undo.own(current.db(), drafts.author(current.visitor()), draft_id),
    )


def _both(draft_id: UUID, code: str) -> tuple[Draft, Translation]:
    """The draft, and its words in the language. Raises `NotHere` where it has none."""
    found = drafts.draft(current.db(), current.visitor().organization_id, draft_id)
    spoken = next((each for each in found.rubric.translations if each.language == code), None)
    if spoken is None:
        raise NotHere
    return found, spoken
