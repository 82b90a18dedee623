"""On which grounds one may appeal, and what is promised: published for everybody, written by program leads."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.appeals import LIMITS, Terms
from lti_tool.access import Capability
from lti_tool.services.certification import appeal_statistics, appeal_terms
from lti_tool.services.certification.appeal_terms import Edition, grounds_of, with_words
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import number_typed
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("appeal_terms", __name__)


@bp.get("/appeals/terms/read")
@signed_in
@writes
def read() -> ResponseReturnValue:
    """The terms in force, each step with its usual length, and how appeals went so far."""
    return render_template(
        "appeals/terms.html",
        edition=in_force(),
        statistics=appeal_statistics.statistics(current.db(), current.visitor().organization_id),
        i_lead=Capability.PROGRAM_LEAD in current.capabilities(),
    )


@bp.route("/appeals/terms", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
@act
def edit() -> ResponseReturnValue:
    """Write and publish a new edition; what was begun under the one before goes on under that."""
    known = in_force()
    if request.method == "GET":
        return _page(known, _fields(known))
    typed = request.form.to_dict()
    terms = Terms(
        grounds=grounds_of(typed.get("grounds", "").splitlines(), known.terms.grounds),
        **{name: number_typed(typed.get(name)) for name in LIMITS},
    )
    try:
        appeal_terms.publish(
            current.db(), current.visitor(), terms, after=number_typed(typed.get("after")), now=current.now()
        )
    except Refused as refused:
        give_up()
        return _page(in_force(), typed, refused), 422
    return redirect(url_for("appeal_terms.read", said="terms_published"), 303)


def in_force() -> Edition:
    """The newest edition, in the reader's language where it is the one that comes with Attune."""
    return in_readers_words(appeal_terms.terms_in_force(current.db(), current.visitor().organization_id, current.now()))


def in_readers_words(edition: Edition) -> Edition:
    """An edition that comes with Attune in the reader's language; one that was written here as it is."""
    if not edition.by_attune:
        return edition
    return with_words(edition, [gettext(ground.words) for ground in edition.terms.grounds])


def _page(known: Edition, typed: Mapping[str, str], refused: Refused | None = None) -> str:
    at_field = {refused.code: in_words(refused)} if refused and refused.code in (*LIMITS, "grounds") else {}
    return render_template(
        "appeals/edit_terms.html",
        edition=known,
        typed=typed,
        problems=at_field,
        problem=in_words(refused) if refused and not at_field else None,
    )


def _fields(edition: Edition) -> dict[str, str]:
    numbers = {name: str(getattr(edition.terms, name)) for name in LIMITS}
    return {"grounds": "\n".join(ground.words for ground in edition.terms.grounds), **numbers}
