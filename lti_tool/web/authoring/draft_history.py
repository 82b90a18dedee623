"""The history of a draft: who changed what, when, and bringing back what stood there before."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents.rubric_places import place_of
from lti_tool.services.authoring import draft_endings, draft_undo, drafts
from lti_tool.services.authoring.draft_undo import Step
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.draft_acts import posted
from lti_tool.web.authoring.draft_fields import in_short
from lti_tool.web.authoring.draft_posting import Sent
from lti_tool.web.authoring.rubric_places import called
from lti_tool.web.paging import page_of
from lti_tool.web.texts import _N, gettext
from rubrics.rubric import Rubric

bp = Blueprint("draft_history", __name__)

ON_A_PAGE = 25
WHAT = {
    "add": _N("added"),
    "remove": _N("taken out"),
    "move": _N("moved"),
    "undo": _N("taken back"),
    "redo": _N("done again"),
    "bring_back": _N("brought back"),
    "rewrite": _N("replaced as a whole, from a file"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step, in words."""

    step: Step
    called: str
    what: str | None
    """What was done, where it is more than other words."""
    before: str | None
    after: str | None


@bp.route("/drafts/<uuid:draft_id>/history", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD, Capability.REVIEWER)
@act
def history(draft_id: UUID) -> ResponseReturnValue:
    """Every step, the newest first; program leads can bring back what stood there before."""
    if request.method == "GET" or Capability.PROGRAM_LEAD not in current.capabilities():
        return _page(draft_id, Sent()), 422 if request.method == "POST" else 200
    draft_endings.require_open(current.db(), current.visitor().organization_id, draft_id)
    here = url_for("draft_history.history", draft_id=draft_id)
    return posted(draft_id, here, lambda sent: _page(draft_id, sent))


def _page(draft_id: UUID, sent: Sent) -> str:
    session, organization_id = current.db(), current.visitor().organization_id
    found = drafts.draft(session, organization_id, draft_id)
    count = draft_undo.how_many(session, organization_id, draft_id)

    def load(first: int, most: int) -> tuple[Line, ...]:
        steps = draft_undo.history(session, organization_id, draft_id, first=first, most=most)
        return tuple(_line(step, found.rubric) for step in steps)

    return render_template(
        "builder/history.html",
        draft=found,
        rubric=found.rubric,
        paged=page_of(count, load, most=ON_A_PAGE),
        problem=sent.problem,
        writes=Capability.PROGRAM_LEAD in current.capabilities(),
    )


def _line(step: Step, rubric: Rubric) -> Line:
    kind = place_of(step.place).kind
    what = WHAT.get(step.what)
    return Line(
        step=step,
        called=called(step.place.split("."), rubric) if step.place else gettext("The rubric as a whole"),
        what=gettext(what) if what else None,
        before=in_short(kind, step.before),
        after=in_short(kind, step.after),
    )
