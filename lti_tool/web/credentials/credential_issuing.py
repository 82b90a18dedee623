"""Credentials of a program, for program leads: issuing anew, withdrawing, taking that back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.credentials import holding_leads
from lti_tool.services.programs import program_lists
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization, writes
from lti_tool.web.acts import act
from lti_tool.web.credentials.credential_words import standing
from lti_tool.web.paging import page_of
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("credential_issuing", __name__)

LEADS = Capability.PROGRAM_LEAD
LONGEST_SEARCH = 100
ON_A_PAGE = 50


@bp.get("/programs/<uuid:program_id>/credentials")
@needs_in_organization(LEADS)
@writes
def everyone(program_id: UUID) -> ResponseReturnValue:
    """Who carries one, by name, a page at a time."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    name = request.args.get("name", "").strip()[:LONGEST_SEARCH]
    ids = holding_leads.listed(session, visitor.organization_id, program_id, name)
    paged = page_of(
        len(ids),
        lambda first, most: holding_leads.lines(session, visitor, ids[first : first + most], now),
        most=ON_A_PAGE,
    )
    return render_template(
        "credential_issuing/people.html",
        program=program_lists.program(session, visitor.organization_id, program_id),
        paged=paged,
        name=name,
        standing=standing,
    )


@bp.get("/credentials/<uuid:credential_id>/for-leads")
@needs_in_organization(LEADS)
@writes
def one(credential_id: UUID) -> ResponseReturnValue:
    """One of them: how it stands, and what can be done."""
    return _page(credential_id)


@bp.post("/credentials/<uuid:credential_id>/for-leads/withdraw")
@needs_in_organization(LEADS)
@act
def withdraw(credential_id: UUID) -> ResponseReturnValue:
    """Withdraw it for good, with a reason that the holder reads."""
    why = request.form.get("why", "")
    try:
        holding_leads.withdraw(current.db(), current.visitor(), credential_id, why, current.now())
    except Refused as refused:
        code, problem = refused.code, in_words(refused)
        return transactions.shown_again(lambda: (_page(credential_id, why, {code: problem}), 422))
    return redirect(url_for("credential_issuing.one", credential_id=credential_id, said="credential_withdrawn"), 303)


@bp.post("/credentials/<uuid:credential_id>/for-leads/in-its-place")
@needs_in_organization(LEADS)
@act
def in_its_place(credential_id: UUID) -> ResponseReturnValue:
    """Issue another one as the holder had it: taking a withdrawal back, or issuing anew."""
    try:
        made = holding_leads.issue_in_its_place(
            current.db(), current.visitor(), credential_id, public_url=current.settings().public_url, now=current.now()
        )
    except Refused as refused:
        code, problem = refused.code, in_words(refused)
        return transactions.shown_again(lambda: (_page(credential_id, "", {code: problem}), 422))
    return redirect(url_for("credential_issuing.one", credential_id=made, said="credential_taken_back"), 303)


def _page(credential_id: UUID, why: str = "", problems: dict[str, str] | None = None) -> str:
    shown = holding_leads.one(current.db(), current.visitor(), credential_id, current.now())
    held, found = shown.line.held, problems or {}
    return render_template(
        "credential_issuing/one.html",
        shown=shown,
        held=held,
        standing=standing(held.state),
        typed=why,
        problem=found.get("why"),
        problems=[text for code, text in found.items() if code != "why"],
        readers=holding_leads.readers_of_reason(current.db(), current.visitor().organization_id, shown.line.person),
    )
