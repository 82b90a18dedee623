"""How somebody wants to be reached, and stopping mail."""

from uuid import UUID

from babel import Locale
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services import languages
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import contact, mail_previews, notify
from lti_tool.store.mail import MailKind, Wanted
from lti_tool.store.messages import MessageKind
from lti_tool.web import current, transactions
from lti_tool.web.access import cross_site, public, repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.editions.scope_part import own_path
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("contact", __name__)

LONGEST = 254
NO_HOUR = -1


@bp.get("/contact")
@signed_in
def page() -> ResponseReturnValue:
    """Where mail goes, how much of it and when, and what one looks like."""
    return _page({})


@bp.post("/contact")
@signed_in
@act
def choose() -> ResponseReturnValue:
    """Keep what was chosen."""
    try:
        contact.choose(current.db(), current.visitor(), _choice(), current.now())
    except Refused as refused:
        transactions.give_up()
        return _page({"choice": in_words(refused)}), 422
    return _done("contact_chosen")


@bp.post("/contact/address")
@signed_in
@act
def address() -> ResponseReturnValue:
    """Have a code sent to a new address."""
    if not current.settings().sends_mail:
        raise NotHere
    typed = request.form.get("address", "")[:LONGEST]
    try:
        mail_id = _begin(typed)
    except Refused as refused:
        transactions.give_up()
        return _page({"address": in_words(refused)}), 422
    current.look_at(Kind.MAIL, mail_id)
    return _done("contact_code_sent")


@bp.post("/contact/again")
@signed_in
@act
def again() -> ResponseReturnValue:
    """Have a code sent to the address from which mail came back: it shows whether it reaches the visitor now."""
    visitor = current.visitor()
    found = contact.contact_of(current.db(), visitor.person_id, current.now().date())
    if not current.settings().sends_mail or found.address is None or found.returned_at is None:
        raise NotHere
    try:
        mail_id = _begin(found.address)
    except Refused as refused:
        transactions.give_up()
        return _page({"address": in_words(refused)}), 422
    current.look_at(Kind.MAIL, mail_id)
    return _done("contact_code_sent")


@bp.post("/contact/code")
@signed_in
@repeatable  # each try counts, also one that does not fit
def code() -> ResponseReturnValue:
    """Show by the code that the address is one's own."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    typed, keys = request.form.get("code", ""), current.settings().secret_keys
    fits = contact.confirm_address(session, visitor, typed, now, secret_keys=keys)
    if fits:
        notify.address_changed(session, organization_id=visitor.organization_id, person_id=visitor.person_id, now=now)
    transactions.keep()
    if not fits:
        return _page({"code": gettext("This code does not fit, or its time is over. Please use a new one.")}), 422
    return _done("contact_confirmed")


@bp.post("/contact/safe")
@signed_in
@act
def safe() -> ResponseReturnValue:
    """Mail to this address is still safe."""
    contact.still_safe(current.db(), current.visitor(), current.now())
    return _done("contact_safe")


@bp.post("/contact/forget")
@signed_in
@act
def forget() -> ResponseReturnValue:
    """No mail at all, and no address."""
    contact.no_address(current.db(), current.visitor(), current.now())
    return _done("contact_forgotten")


@bp.get("/mail/stop/<secret>")
@public
def stop_page(secret: str) -> ResponseReturnValue:
    """What stopping does. Opening it stops nothing: mail scanners open every link."""
    if not contact.can_be_stopped(current.db(), secret):
        raise NotHere
    return render_template("contact/stop.html", secret=secret, stopped=False)


@bp.post("/mail/stop/<secret>")
@cross_site  # a mail program posts here for its reader (RFC 8058); the secret in the address proves whose it is
def stop(secret: str) -> ResponseReturnValue:
    """Send this person nothing more that they did not ask for."""
    if not contact.stop(current.db(), secret, current.now()):
        raise NotHere
    return render_template("contact/stop.html", secret=secret, stopped=True)


def _begin(typed: str) -> UUID:
    keys = current.settings().secret_keys
    return contact.begin_address(current.db(), current.visitor(), typed, current.now(), secret_keys=keys)


def _done(said: str) -> ResponseReturnValue:
    return redirect(url_for("contact.page", said=said, back=own_path(request.args.get("back"))), 303)


def _page(problems: dict[str, str]) -> str:
    settings, visitor = current.settings(), current.visitor()
    found = contact.contact_of(current.db(), visitor.person_id, current.now().date())
    example = mail_previews.preview(
        current.db(),
        visitor,
        MailKind.NEWS,
        found.language,
        public_url=settings.public_url,
        named=found.names_sender,
    )
    return render_template(
        "contact/contact.html",
        back=own_path(request.args.get("back")),
        contact=found,
        chosen=_choice() if "choice" in problems else found,
        sends_mail=settings.sends_mail,
        example=example,
        zones=[(zone, zone.replace("_", " ")) for zone in contact.ZONES_OFFERED],
        languages=[(one, Locale.parse(one).get_display_name()) for one in languages.languages()],
        told_of=list(MessageKind),
        kinds=contact.CAN_BE_MUTED,
        typed=request.form,
        problems=problems,
    )


def _choice() -> contact.Choice:
    form = request.form
    kept, told = form.getlist("kinds"), form.getlist("told")
    return contact.Choice(
        wanted=Wanted.NONE if form.get("wanted") == Wanted.NONE else Wanted.DAILY,
        muted=frozenset(kind for kind in contact.CAN_BE_MUTED if kind.value not in kept),
        timezone=form.get("timezone", ""),
        quiet_from=form.get("quiet_from", NO_HOUR, type=int),
        quiet_until=form.get("quiet_until", NO_HOUR, type=int),
        chosen_language=form.get("language") or None,
        names_sender=form.get("names_sender") != "no",
        silent=frozenset(kind for kind in MessageKind if kind.value not in told),
    )
