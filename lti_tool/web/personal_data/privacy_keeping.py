"""For program leads: how long things are kept, what would go, and who asked for their data to be erased."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.personal_data import erasure, retention
from lti_tool.store.privacy import RetentionRule
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.personal_data.privacy_words import RULES, STAYS
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("privacy_keeping", __name__)


@bp.route("/keeping", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def everything() -> ResponseReturnValue:
    """How long each kind is kept, with what would go now; and choosing another time."""
    if request.method == "GET":
        return _page()
    typed, rule = request.form.get("days", "").strip(), _rule()
    try:
        days = None if request.form.get("wish") == "usual" else _days(typed)
        retention.choose(current.db(), current.visitor(), rule, days, current.now())
    except Refused as refused:
        give_up()
        return _page(rule, typed, in_words(refused)), 422
    return redirect(url_for("privacy_keeping.everything", said="keeping_chosen"), 303)


@bp.get("/keeping/<uuid:erasure_id>")
@needs_in_organization(Capability.PROGRAM_LEAD)
def one(erasure_id: UUID) -> ResponseReturnValue:
    """What somebody asked for: what would go, and what it waits for."""
    asked = erasure.one(current.db(), current.visitor(), erasure_id, current.now())
    return render_template("privacy/erasure.html", asked=asked, stays=STAYS, ready=asked.ready(current.now()))


@bp.post("/keeping/<uuid:erasure_id>")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def carry_out(erasure_id: UUID) -> ResponseReturnValue:
    """Erase it."""
    erasure.carry_out(current.db(), current.visitor(), erasure_id, current.now())
    return redirect(url_for("privacy_keeping.everything", said="erasure_done"), 303)


def _page(rule: RetentionRule | None = None, typed: str = "", problem: str | None = None) -> str:
    session, organization_id, now = current.db(), current.visitor().organization_id, current.now()
    return render_template(
        "privacy/keeping.html",
        kept=retention.preview(session, organization_id, now),
        rules=RULES,
        asked=erasure.waiting(session, organization_id, now),
        moment=now,
        wrong=rule,
        typed=typed,
        problem=problem,
    )


def _rule() -> RetentionRule:
    try:
        return RetentionRule(request.form.get("rule", ""))
    except ValueError:
        raise Refused("rule", "Please choose on the page what it is about.") from None


def _days(typed: str) -> int:
    days = whole_number(typed, digits=6)
    if days is None:
        raise Refused("days", "To continue we need a whole number of days, such as %(example)s.", example=365)
    return days
