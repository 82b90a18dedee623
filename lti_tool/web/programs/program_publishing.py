"""Publishing a program's draft: looked over first, with what is new and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from grading.telling.differences import Became, Difference
from grading.telling.said import told
from lti_tool.access import Capability
from lti_tool.documents import DocumentProblems
from lti_tool.services.programs import program_drafts, program_publishing, program_versions
from lti_tool.services.programs.program_publishing import Ahead
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.programs.program_builder_fields import looked_at, messages
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, comma, gettext, plain
from rubrics.refusal import Refused

bp = Blueprint("program_publishing", __name__)

_WHAT = {
    "program": _N("The program"),
    "stages": _N("Stage %(key)s"),
    "requirements": _N("Requirement %(key)s"),
    "lifecycle": _N("Time and decisions"),
}
_BECAME = {
    Became.ADDED: _N("%(what)s: new"),
    Became.TAKEN_AWAY: _N("%(what)s: not asked any more"),
    Became.CHANGED: _N("%(what)s: otherwise"),
}


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One difference, in words."""

    what: str
    was: tuple[str, ...]
    now: tuple[str, ...]


@bp.route("/programs/<uuid:program_id>/draft/publish", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def page(program_id: UUID) -> ResponseReturnValue:
    """Look the draft over; then have it as an edition that people can enter."""
    if request.method == "GET":
        return _page(program_id)
    visitor, now = current.visitor(), current.now()
    program_drafts.require_open(current.db(), visitor.organization_id, program_id)
    try:
        program_publishing.publish(
            current.db(), visitor, program_id, step=request.form.get("step", -1, type=int),
            why=request.form.get("why", ""), now=now,
        )  # fmt: skip
    except DocumentProblems:
        transactions.give_up()
        return _page(program_id), 422
    except Refused as refused:
        transactions.give_up()
        return _page(program_id, in_words(refused)), 422
    return redirect(f"/programs/{program_id}?said=program_in_use", 303)


def _page(program_id: UUID, problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    draft = program_drafts.draft(current.db(), organization_id, program_id)
    ahead = program_publishing.ahead(current.db(), draft, organization_id)
    found = list(messages(looked_at(draft.text)))
    new = ahead.looked.new if ahead.looked else ()
    return render_template(
        "program_builder/publish.html",
        draft=draft,
        program=program_versions.found_program(current.db(), organization_id, program_id),
        problem=problem,
        in_the_way=list(_in_the_way(ahead)),
        blocking=[each for each in found if each.blocks],
        others=[each for each in found if not each.blocks],
        before=ahead.before.edition if ahead.before else None,
        changes=[_shown(each) for each in ahead.differences],
        enrolled=ahead.enrolled,
        ready=ahead.ready,
        edition=comma().join(each.edition for each in new),
        first_day=new[-1].effective_from if new else None,
        typed=request.form,
    )


def _in_the_way(ahead: Ahead) -> Iterator[str]:
    looked = ahead.looked
    if looked is None:
        return
    if ahead.another_id:
        yield gettext("The id in the TOML is the one of another program. Please write the id back that stood there.")
    if looked.editions[0].comparison_only:
        yield gettext("This program is there to compare with: nobody can be certified under it.")
    if not looked.new:
        yield gettext(
            "Its edition is published already. Please give the new one a key of its own, under “For all of it”."
        )
    elif looked.changed:
        yield gettext(
            "The text says a published edition otherwise: %(names)s. What is published stays as it is: please take it "
            "out of the text, or say it as it was.",
            names=comma().join(each.edition for each in looked.changed),
        )


def _shown(found: Difference) -> ChangeShown:
    what = (
        gettext(_WHAT[found.what], key=f"“{found.key}”")
        if found.key
        else gettext(_WHAT["program" if found.what == "program" else "lifecycle"])
    )
    return ChangeShown(
        gettext(_BECAME[found.kind], what=what),
        tuple(told(each, plain) for each in found.before),
        tuple(told(each, plain) for each in found.after),
    )
