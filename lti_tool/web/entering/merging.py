"""One human being with two ways in: asked for, looked at a second time, and then made one."""

import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import invitations, merge_requests, merging
from lti_tool.services.entering.merge_requests import Asked
from lti_tool.services.notifying import contact
from lti_tool.services.signing import confirming
from lti_tool.web import current, transactions
from lti_tool.web.access import public, repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("merging", __name__)

PROOF_LASTS = 900
"""Seconds from showing that the other way in is one's own to asking."""
LONGEST_CODE = 20
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


@bp.post("/merge/ask")
@signed_in
@act
def ask() -> ResponseReturnValue:
    """Ask to make both one: it waits for a second look."""
    mail_id = merge_requests.ask(current.db(), current.visitor(), _proven(), current.now())
    if mail_id is not None:
        current.look_at(Kind.MAIL, mail_id)
    return redirect(url_for("merging.begin", said="merge_asked"), 303)


@bp.post("/merge/own-code/send")
@signed_in
@act
def send_own_code() -> ResponseReturnValue:
    """Have a code sent to the address that was the visitor's before they asked."""
    settings, visitor, now = current.settings(), current.visitor(), current.now()
    mine = next((one for one in merge_requests.asked(current.db(), visitor, now) if one.mine), None)
    if mine is None or not _can_send(mine):
        raise NotHere
    try:
        mail_id = confirming.send_code(current.db(), visitor, now, secret_keys=settings.secret_keys)
    except Refused as refused:
        transactions.give_up()
        return _page({"own_code": in_words(refused)}), 422
    current.look_at(Kind.MAIL, mail_id)
    return redirect(url_for("merging.begin", said="signing_code_sent"), 303)


@bp.post("/merge/own-code")
@signed_in
@repeatable  # each try counts; what fits leads back to the page
def own_code() -> ResponseReturnValue:
    """Type the code that was sent there."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    typed = request.form.get("own_code", "")[:LONGEST_CODE]
    fits = confirming.confirm(session, visitor, typed, now, secret_keys=current.settings().secret_keys)
    transactions.keep()
    mine = next((one for one in merge_requests.asked(session, visitor, now) if one.mine), None)
    if not fits and mine is not None and not merge_requests.second_look(session, visitor, mine, now).done:
        words = gettext("This code does not fit, or its time is over. Please use a new one.")
        return _page({"own_code": words}), 422
    return redirect(url_for("merging.begin"), 303)


@bp.post("/merge/confirm")
@signed_in
@act
def confirm() -> ResponseReturnValue:
    """The second look: make both one."""
    merge_requests.say_yes(current.db(), current.visitor(), current.now())
    return redirect(url_for("landing.queue", said="made_one"), 303)


@bp.post("/merge/call-off")
@signed_in
@act
def call_off() -> ResponseReturnValue:
    """Either of both calls it off."""
    merge_requests.call_off(current.db(), current.visitor(), uuid_of(request.form.get("request")), current.now())
    return redirect(url_for("merging.begin", said="merge_called_off"), 303)


@bp.get("/merge/stop/<secret>")
@public
def stop_page(secret: str) -> ResponseReturnValue:
    """What the mail's link does. Opening it ends nothing: mail scanners open every link."""
    if not merge_requests.can_be_stopped(current.db(), secret, current.now()):
        raise NotHere
    return render_template("merging/stop.html", secret=secret, stopped=False)


@bp.post("/merge/stop/<secret>")
@public
def stop(secret: str) -> ResponseReturnValue:
    """Call it off, without being signed in."""
    if not merge_requests.stop(current.db(), secret, current.now()):
        raise NotHere
    return render_template("merging/stop.html", secret=secret, stopped=True)


def _page(problems: dict[str, str]) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    found = contact.contact_of(session, visitor.person_id, now.date())
    asked = merge_requests.asked(session, visitor, now)
    mine = next((one for one in asked if one.mine), None)
    return render_template(
        "merging/begin.html",
        sends_mail=current.settings().sends_mail,
        to_confirm=found.to_confirm,
        typed=request.form,
        problems=problems,
        mine=mine,
        others=[one for one in asked if not one.mine],
        look=merge_requests.second_look(session, visitor, mine, now) if mine else None,
        far=confirming.how_far(session, visitor, now) if mine and _can_send(mine) else None,
        pair=_pair(mine, problems) if mine else None,
    )


def _pair(mine: Asked, problems: dict[str, str]) -> merging.Pair | None:
    """Both, unless something that was done since they asked shows that they are two."""
    try:
        return merging.pair(current.db(), current.visitor(), mine.other_id)
    except Refused as refused:
        problems["pair"] = in_words(refused)
    except NotHere:
        problems["pair"] = gettext("The other account cannot be made one with yours any more.")
    return None


def _can_send(mine: Asked) -> bool:
    look = merge_requests.second_look(current.db(), current.visitor(), mine, current.now())
    return current.settings().sends_mail and look.address is not None


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
