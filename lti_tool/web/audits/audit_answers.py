"""Findings of auditors, for program leads to answer."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.audits import audit_findings
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("audit_answers", __name__)


@bp.get("/audits/answers")
@needs_in_organization(Capability.PROGRAM_LEAD)
def answers() -> str:
    """Questions and concerns that are not settled."""
    return _page()


@bp.post("/audits/findings/<uuid:finding_id>/answer")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def answer(finding_id: UUID) -> ResponseReturnValue:
    """Answer one of them; the auditor reads it."""
    words = request.form.get(f"words-{finding_id}", "")
    try:
        audit_findings.answer(current.db(), current.visitor(), finding_id, words, current.now())
    except Refused as refused:
        give_up()
        return _page(finding_id, words, in_words(refused)), 422
    return redirect(url_for("audit_answers.answers", said="finding_answered"), 303)


def _page(finding_id: UUID | None = None, words: str = "", problem: str | None = None) -> str:
    return render_template(
        "auditing/answers.html",
        findings=audit_findings.to_answer(current.db(), current.visitor()),
        typed={finding_id: words},
        problems={finding_id: problem},
    )
