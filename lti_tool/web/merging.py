"""One human being with two ways in: made one by a step that they confirm."""

import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.queue import Kind
from lti_tool.services import contact, invitations, merging
from lti_tool.services.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("merging", __name__)

PROOF_LASTS = 900
"""Seconds from showing that the other way in is one's own to confirming."""
SECRET = re.compile(r"/invitation/([\w-]{20,64})/?$")


@bp.get("/merge")
@signed_in
def begin() -> ResponseReturnValue:
    """Where one was invited, or the link and code that one has."""
    return _page({})


@bp.post("/merge/address")
@signed_in
@act
def address() -> ResponseReturnValue:
    """Have a code sent to the address at which one was invited, whether anybody was or not."""
    if not current.settings().sends_mail:
        raise NotHere
    try:
        mail_id = contact.begin_address(
            current.db(),
            current.visitor(),
            request.form.get("address", "")[:254],
            current.now(),
            secret_keys=current.settings().secret_keys,
        )
    except Refused as refused:
        transactions.give_up()
        return _page({"address": in_words(refused)}), 422
    current.look_at(Kind.MAIL, mail_id)
    return redirect(url_for("merging.begin", said="contact_code_sent"), 303)


@bp.post("/merge/code")
@signed_in
@repeatable  # each try counts; what fits leads on to a page that asks
def code() -> ResponseReturnValue:
    """Show by the mailed code that the address is one's own, and see what is to be made one."""
    keys = current.settings().secret_keys
    typed = request.form.get("code", "")
    shown = contact.prove_address(current.db(), current.visitor(), typed, current.now(), secret_keys=keys)
    transactions.keep()
    if shown is None:
        return _page({"code": gettext("This code does not fit, or its time is over. Please use a new one.")}), 422
    person = contact.person_at(current.db(), current.visitor().organization_id, shown, current.settings().secret_keys)
    if person is None or person.id == current.visitor().person_id:
        return _page({"address": gettext("Nobody else was invited at this address, so there is nothing to do.")}), 422
    return _confirm_page(person.id)


@bp.post("/merge/link")
@signed_in
@repeatable  # each try counts; what fits leads on to a page that asks
def link() -> ResponseReturnValue:
    """Show by link and code that the invitation is one's own, and see what is to be made one."""
    found = SECRET.search(request.form.get("link", "").strip())
    person_id = None
    if found is not None:
        person_id = invitations.whose_code(
            current.db(), current.visitor().organization_id, found[1], request.form.get("code", ""), current.now()
        )
    transactions.keep()
    if person_id is None or person_id == current.visitor().person_id:
        return _page({"link": gettext("Link and code do not belong together. Please compare both.")}), 422
    return _confirm_page(person_id)


@bp.post("/merge/confirm")
@signed_in
@act
def confirm() -> ResponseReturnValue:
    """Make both one."""
    merging.merge(current.db(), current.visitor(), _proven(), current.now())
    return redirect(url_for("landing.queue", said="made_one"), 303)


def _page(problems: dict[str, str]) -> str:
    found = contact.contact_of(current.db(), current.visitor().person_id, current.now().date())
    return render_template(
        "merging/begin.html",
        sends_mail=current.settings().sends_mail,
        to_confirm=found.to_confirm,
        typed=request.form,
        problems=problems,
    )


def _confirm_page(other_id: UUID) -> str:
    pair = merging.pair(current.db(), current.visitor(), other_id)
    proof = _proofs().dumps([str(current.visitor().person_id), str(other_id)])
    return render_template("merging/confirm.html", pair=pair, proof=proof)


def _proven() -> UUID:
    """The other person, whom the visitor has just shown to be themselves. Raises `Refused`."""
    try:
        mine, other = _proofs().loads(request.form.get("proof", ""), max_age=PROOF_LASTS)
    except (BadData, ValueError):
        raise Refused(
            "shown_too_long_ago", "It was some time ago that you showed both are you. Please begin again."
        ) from None
    if mine != str(current.visitor().person_id):
        raise NotHere
    return UUID(other)


def _proofs() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(current.settings().secret_keys)), salt="merge")
