"""What was released to the public, and the log of it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.equity import feedback_reading, reports, summaries
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, public
from lti_tool.web.acts import act
from lti_tool.web.equity.equity_tables import page_tables, report_word
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("releases", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/releases")
@needs_in_organization(LEADS)
def log() -> ResponseReturnValue:
    """Everything that was ever drawn up or published: when, by which rules, what was held back."""
    lines = reports.reports(current.db(), current.visitor().organization_id)
    readable = {line.id for line in feedback_reading.of_everybody(current.db(), current.visitor())}
    return render_template("releases/log.html", lines=lines, word_of=report_word, readable=readable)


@bp.route("/equity/<uuid:release_id>/publish", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def publish(release_id: UUID) -> ResponseReturnValue:
    """Read exactly what everybody would read, then publish it."""
    if request.method == "GET":
        return _preview(release_id)
    try:
        published_id = summaries.publish(
            current.db(), current.visitor(), release_id, request.form.get("digest", ""), current.now()
        )
    except Refused as refused:
        give_up()
        return _preview(release_id, in_words(refused)), 422
    return redirect(url_for("equity.report", release_id=published_id, said="summary_published"), 303)


@bp.post("/releases/<uuid:release_id>/withdraw")
@needs_in_organization(LEADS)
@act
def withdraw(release_id: UUID) -> ResponseReturnValue:
    """Show a summary to nobody any more."""
    summaries.withdraw(current.db(), current.visitor(), release_id, current.now())
    return redirect(url_for("releases.log", said="summary_withdrawn"), 303)


@bp.get("/summary/<public_key>")
@public
def summary(public_key: str) -> ResponseReturnValue:
    """What anybody reads."""
    line, document = summaries.published(current.db(), public_key)
    return render_template("releases/summary.html", told=line, document=document, tables=page_tables(document))


def _preview(release_id: UUID, problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    line, _document = reports.report(current.db(), organization_id, release_id)
    document, digest = summaries.preview(current.db(), organization_id, release_id)
    return render_template(
        "releases/publish.html", told=line, document=document, digest=digest, tables=page_tables(document),
        problem=problem,
    )  # fmt: skip
