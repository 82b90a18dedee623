"""A holder's credentials: asking for one, taking it along, opening and closing its page."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.documents.badge_picture import baked, drawn
from lti_tool.lti.jws import NotAToken
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import endorsement_lists, holding, holding_acts, holding_pages, issuing
from lti_tool.services.credentials.certificates import languages
from lti_tool.services.credentials.holding import Held
from lti_tool.services.credentials.holding_acts import Wish
from lti_tool.services.observations.lines import display_name
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.credentials.credential_words import add_to, standing
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import language
from rubrics.refusal import Refused

bp = Blueprint("credentials", __name__)


@bp.app_context_processor
def for_decisions() -> dict[str, Any]:
    """For the page of a decision, which says that a credential is possible."""
    return {"can_carry": _can_carry}


@bp.get("/credentials")
@signed_in
def everything() -> ResponseReturnValue:
    """What the visitor carries, and could carry if they like."""
    found = holding.mine(current.db(), current.visitor(), current.now())
    return render_template("credentials/everything.html", mine=found, standing=standing)


@bp.route("/decisions/<uuid:decision_id>/credential", methods=["GET", "POST"])
@signed_in
@act
def ask(decision_id: UUID) -> ResponseReturnValue:
    """Have one made about a decision: how the name stands on it, the language, and exactly what is in it."""
    if request.method == "GET":
        visitor = current.visitor()
        return _ask_page(decision_id, Wish(display_name(visitor.person_id, visitor.name), language()))
    wish = _wish()
    try:
        credential_id = holding_acts.ask(
            current.db(), current.visitor(), decision_id, wish, public_url=current.settings().public_url,
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        code, problem = refused.code, in_words(refused)
        return transactions.shown_again(lambda: (_ask_page(decision_id, wish, {code: problem}), 422))
    return redirect(_at(credential_id, "credential_issued"), 303)


@bp.get("/credentials/<uuid:credential_id>")
@signed_in
def one(credential_id: UUID) -> ResponseReturnValue:
    """One of the visitor's: how it stands, taking it along, its page, what was said for them."""
    return _page(credential_id)


@bp.route("/credentials/<uuid:credential_id>/again", methods=["GET", "POST"])
@signed_in
@act
def again(credential_id: UUID) -> ResponseReturnValue:
    """Another one in its place, with another name or in another language."""
    held = _own(credential_id)
    if request.method == "GET":
        return _again_page(held, Wish(held.name, held.language))
    wish = _wish()
    try:
        made = holding_acts.again(
            current.db(), current.visitor(), credential_id, wish, public_url=current.settings().public_url,
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        code, problem = refused.code, in_words(refused)
        return transactions.shown_again(lambda: (_again_page(_own(credential_id), wish, {code: problem}), 422))
    return redirect(_at(made, "credential_again"), 303)


@bp.route("/credentials/<uuid:credential_id>/withdraw", methods=["GET", "POST"])
@signed_in
@act
def withdraw(credential_id: UUID) -> ResponseReturnValue:
    """The holder withdraws it themselves: asked once, with what it means."""
    if request.method == "POST":
        holding_acts.give_up(current.db(), current.visitor(), credential_id, current.now())
        return redirect(_at(credential_id, "credential_given_up"), 303)
    return render_template("credentials/withdraw.html", held=_own(credential_id))


@bp.post("/credentials/<uuid:credential_id>/page")
@signed_in
@act
def show(credential_id: UUID) -> ResponseReturnValue:
    """Open its page, or change what an open one shows."""
    form = request.form
    was_open = _own(credential_id).page is not None
    try:
        holding_pages.show(
            current.db(), current.visitor(), credential_id, name=form.get("name") == "yes",
            said=form.get("said") == "yes", agreed=form.get("agreed") == "yes", now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: (_page(credential_id, problem), 422))
    return redirect(_at(credential_id, "credential_page_changed" if was_open else "credential_page_open"), 303)


@bp.post("/credentials/<uuid:credential_id>/page/close")
@signed_in
@act
def close(credential_id: UUID) -> ResponseReturnValue:
    """Close its page at once."""
    holding_pages.close(current.db(), current.visitor(), credential_id, current.now())
    return redirect(_at(credential_id, "credential_page_closed"), 303)


@bp.post("/credentials/<uuid:credential_id>/page/move")
@signed_in
@act
def move(credential_id: UUID) -> ResponseReturnValue:
    """Give its page another address."""
    holding_pages.move(current.db(), current.visitor(), credential_id, current.now())
    return redirect(_at(credential_id, "credential_page_moved"), 303)


@bp.get("/credentials/<uuid:credential_id>/credential.jwt")
@signed_in
def as_jwt(credential_id: UUID) -> ResponseReturnValue:
    """The signed credential, as wallets take it."""
    row = holding.own_row(current.db(), current.visitor(), credential_id)
    return sent(row.document, "text/plain", "credential.jwt")


@bp.get("/credentials/<uuid:credential_id>/credential.json")
@signed_in
def as_json(credential_id: UUID) -> ResponseReturnValue:
    """The same with a Data Integrity proof, where there is one."""
    row = holding.own_row(current.db(), current.visitor(), credential_id)
    if row.integrity is None:
        raise NotHere
    return sent(row.integrity, "application/vc+ld+json", "credential.json")


@bp.get("/credentials/<uuid:credential_id>/credential.png")
@signed_in
def as_picture(credential_id: UUID) -> ResponseReturnValue:
    """A picture that carries the signed credential."""
    held, row = _own(credential_id), holding.own_row(current.db(), current.visitor(), credential_id)
    return sent(
        baked(drawn(held.stage, held.issuer, held.program.language), row.document), "image/png", "credential.png"
    )


def sent(content: str | bytes, kind: str, name: str) -> Response:
    """A file to keep."""
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _can_carry(decision_id: UUID) -> bool:
    return holding.can_carry(current.db(), current.visitor(), decision_id, current.now())


def _own(credential_id: UUID) -> Held:
    return holding.own(current.db(), current.visitor(), credential_id, current.now())


def _wish() -> Wish:
    form = request.form
    return Wish(form.get("name", ""), form.get("language", ""), form.get("with_email") == "yes")


def _at(credential_id: UUID, said: str) -> str:
    return url_for("credentials.one", credential_id=credential_id, said=said)


def _page(credential_id: UUID, problem: str | None = None) -> str:
    session, visitor = current.db(), current.visitor()
    held = _own(credential_id)
    mine = display_name(visitor.person_id, visitor.name)
    address = (
        current.settings().public_url + url_for("public_credentials.page", link=held.page.link) if held.page else ""
    )
    return render_template(
        "credentials/one.html",
        held=held,
        standing=standing(held.state),
        address=address,
        add_to=add_to(held, address),
        offered=endorsement_lists.of_credential(session, visitor, credential_id),
        signers=endorsement_lists.signers(session, visitor, credential_id),
        said_readers=endorsement_lists.readers(holder=mine, writer=""),
        readers=holding.readers(session, visitor.organization_id, mine, page=held.page is not None),
        document=_document(credential_id),
        problem=problem,
    )


def _document(credential_id: UUID) -> str:
    """What is in it, to be read; "" where it cannot be taken apart."""
    row = holding.own_row(current.db(), current.visitor(), credential_id)
    try:
        return json.dumps(issuing.document_of(row), indent=2, ensure_ascii=False)
    except NotAToken:
        return ""


def _ask_page(decision_id: UUID, wish: Wish, problems: dict[str, str] | None = None) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    return render_template(
        "credentials/ask.html",
        offer=holding.offer(session, visitor, decision_id, now),
        certified=holding.contents(session, visitor, decision_id, current.settings().public_url, now),
        wish=wish,
        languages=languages(),
        has_address=holding_acts.has_address(session, visitor, now),
        readers=holding.readers(session, visitor.organization_id, wish.name, page=False),
        problems=problems or {},
    )


def _again_page(held: Held, wish: Wish, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "credentials/again.html",
        held=held,
        wish=wish,
        languages=languages(),
        has_address=holding_acts.has_address(current.db(), current.visitor(), current.now()),
        problems=problems or {},
    )
