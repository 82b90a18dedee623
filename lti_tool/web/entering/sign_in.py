"""Coming in without an LMS, by a link and its code; signing out; and whether it is still the same person."""

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import invitations, visitors
from lti_tool.services.entering.visitors import Visitor
from lti_tool.web import cookies, csrf, current, transactions
from lti_tool.web.access import public, repeatable, signed_in
from lti_tool.web.texts import gettext

bp = Blueprint("sign_in", __name__)
log = structlog.get_logger("attune.web")


@bp.get("/invitation/<secret>")
@public
def invitation(secret: str) -> ResponseReturnValue:
    """Say who invites, and ask for the code. Opening the link spends nothing, so that mail scanners do no harm."""
    page = invitations.open_invitation(current.db(), secret, current.now())
    if page is None:
        return render_template("sign_in/ended.html"), 404
    return _page(page, secret)


@bp.post("/invitation/<secret>")
@public
def enter(secret: str) -> ResponseReturnValue:
    """Come in with the code. Each try counts, also one that does not fit."""
    token = invitations.enter_with_code(current.db(), secret, request.form.get("code", ""), current.now())
    transactions.keep()
    if token is None:
        log.warning("code refused")
        return _not_this_code(secret)
    before = current.visitor_if_any()
    if before is not None:  # the cookie holds one session: nobody would come back to the other, and it would stand open
        visitors.end(current.db(), before, current.now())
    visitor = current.has_entered(token)
    log.info("came in", by="link_with_code", person=str(visitor.person_id))
    answer = make_response(redirect(_own_path(request.form.get("next", "")) or url_for(_first_page(visitor)), 303))
    cookies.set_session(answer, token, secure=current.settings().secure)
    return answer


@bp.post("/invitation/<secret>/code")
@public
def send_code(secret: str) -> ResponseReturnValue:
    """Send a code to the address at which the person was invited, and to no other."""
    if not current.settings().sends_mail:
        raise NotHere
    current.look_at(Kind.MAIL, invitations.send_code(current.db(), secret, current.now()))
    onward = _own_path(request.form.get("next", "")) or None
    return redirect(url_for("sign_in.invitation", secret=secret, said="code_sent", next=onward), 303)


@bp.get("/session/still")
@signed_in
def still() -> ResponseReturnValue:
    """Whether an open page, named by its mark, was made for the person who is signed in now."""
    return {"still": csrf.is_of_this_person(request.args.get("mark", ""))}


@bp.post("/sign-out")
@signed_in
@repeatable
def sign_out() -> ResponseReturnValue:
    """End the session, for this cookie or this tab's secret wherever it went."""
    visitors.end(current.db(), current.visitor(), current.now())
    answer = make_response(redirect(url_for("health.start", said="signed_out"), 303))
    cookies.end_session(answer, secure=current.settings().secure)
    return answer


def _first_page(visitor: Visitor) -> str:
    """Where someone lands who comes without an LMS."""
    if visitor.operator:
        return "operator.overview"
    if current.capabilities() & {Capability.PROGRAM_LEAD, Capability.REVIEWER}:
        return "library.rubrics"
    if Capability.SAFEGUARDING_LEAD in current.capabilities():
        return "safeguarding.flags"
    if Capability.AUDITOR in current.capabilities():
        return "auditing.audits"
    return "landing.queue"


def _not_this_code(secret: str) -> ResponseReturnValue:
    page = invitations.open_invitation(current.db(), secret, current.now())
    if page is None:
        return render_template("sign_in/ended.html"), 404
    problem = gettext("This code does not go with this link. Please compare it with the one you were given.")
    if page.reusable and not page.takes_code:
        problem = gettext("This code has done its work, or was tried too often. Please use a new one.")
    return _page(page, secret, problem), 422


def _page(page: invitations.InvitationPage, secret: str, problem: str | None = None) -> str:
    return render_template(
        "sign_in/code.html" if page.takes_code else "sign_in/invited.html",
        page=page,
        secret=secret,
        problem=problem,
        by_mail=page.can_mail and current.settings().sends_mail,
        onward=_own_path(request.values.get("next", "")),
    )


def _own_path(address: str) -> str:
    """The address if it is a page of ours; "" for anything that could lead elsewhere."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return ""
    adapter = current_app.create_url_adapter(request)
    path = urlsplit(address).path
    return path if adapter is not None and adapter.test(path, method="GET") else ""
