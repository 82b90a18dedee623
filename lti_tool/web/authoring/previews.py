"""A rubric as the observer and as the trainee see it, in the very pages that they use; nothing can be sent from here.

`preview` is the page with a phone on it; `seen` is what the phone shows, and on a phone the page itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import drafts, library
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.authoring.library import READ, in_words
from lti_tool.web.security import may_be_framed_by_ours, may_frame_ours
from lti_tool.web.texts import gettext
from rubrics.rubric import Criterion, Rubric

bp = Blueprint("previews", __name__)

WRITTEN = (Capability.PROGRAM_LEAD, Capability.REVIEWER)


class SeenAs(StrEnum):
    """Whose eyes."""

    OBSERVER = "observer"
    TRAINEE = "trainee"


@dataclass(frozen=True, slots=True)
class Previewed:
    """What is looked at, and the addresses of its previews."""

    rubric: Rubric
    number: int | None
    """Of the edition; None for a draft."""
    endpoint: str
    arguments: Mapping[str, Any]
    back: str

    def page(self, seen_as: str, language: str) -> str:
        """The page with the phone."""
        return url_for(f"previews.{self.endpoint}", seen_as=seen_as, language=language, **self.arguments)

    def seen(self, seen_as: str, language: str, *, in_phone: bool = False) -> str:
        """What the phone shows; without the phone, it has a way back of its own."""
        values: dict[str, Any] = {"seen_as": seen_as, "language": language, "phone": "1" if in_phone else None}
        return url_for(f"previews.{self.endpoint}_seen", **self.arguments, **values)


@bp.get("/drafts/<uuid:draft_id>/preview")
@needs_in_organization(*WRITTEN)
def draft(draft_id: UUID) -> ResponseReturnValue:
    """A draft on a phone: `seen_as=observer` or `trainee`, `language=` one of its languages."""
    return _page(_draft(draft_id))


@bp.get("/drafts/<uuid:draft_id>/preview/<seen_as>")
@needs_in_organization(*WRITTEN)
def draft_seen(draft_id: UUID, seen_as: str) -> ResponseReturnValue:
    """What the phone shows of a draft."""
    return _seen(_draft(draft_id), seen_as)


@bp.get("/rubrics/versions/<uuid:version_id>/preview")
@needs_in_organization(*READ)
def version(version_id: UUID) -> ResponseReturnValue:
    """A published edition on a phone."""
    return _page(_version(version_id))


@bp.get("/rubrics/versions/<uuid:version_id>/preview/<seen_as>")
@needs_in_organization(*READ)
def version_seen(version_id: UUID, seen_as: str) -> ResponseReturnValue:
    """What the phone shows of a published edition."""
    return _seen(_version(version_id), seen_as)


def _draft(draft_id: UUID) -> Previewed:
    found = drafts.draft(current.db(), current.visitor().organization_id, draft_id)
    back = url_for("builder.draft", draft_id=draft_id)
    return Previewed(found.rubric, None, "draft", {"draft_id": draft_id}, back)


def _version(version_id: UUID) -> Previewed:
    found = library.version(current.db(), current.visitor().organization_id, version_id)
    back = url_for("library.version", version_id=version_id)
    return Previewed(found.rubric, found.number, "version", {"version_id": version_id}, back)


def _page(of: Previewed) -> str:
    wanted = request.args.get("seen_as", "")
    may_frame_ours()
    return render_template(
        "previews/preview.html",
        of=of,
        seen_as=wanted if wanted in set(SeenAs) else SeenAs.OBSERVER.value,
        **in_words(of.rubric),
    )


def _seen(of: Previewed, seen_as: str) -> str:
    if seen_as not in set(SeenAs):
        raise NotHere
    may_be_framed_by_ours()
    words = in_words(of.rubric)
    words["rubric"] = _with_names(words["rubric"])
    # The page of ours around it is no LMS: it takes no messages.
    visitor = replace(current.visitor(), platform_origin=None)
    return render_template(f"previews/{seen_as}.html", of=of, seen_as=seen_as, visitor=visitor, **words)


def _with_names(rubric: Rubric) -> Rubric:
    """What has no words yet says so: headings and choices need a name."""
    to_come = gettext("Still to be written")
    return replace(
        rubric,
        title=rubric.title or to_come,
        criteria=tuple(_criterion_with_names(criterion, to_come) for criterion in rubric.criteria),
    )


def _criterion_with_names(criterion: Criterion, to_come: str) -> Criterion:
    levels = tuple(replace(level, label=level.label or to_come) for level in criterion.levels)
    return replace(criterion, statement=criterion.statement or to_come, levels=levels)
