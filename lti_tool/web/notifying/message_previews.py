"""Exactly what every message looks like."""

from itertools import groupby

from babel import Locale
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.mail import from_address
from lti_tool.services.languages import said_in
from lti_tool.services.notifying import contact, mail_previews, messages
from lti_tool.services.notifying.mail_previews import Preview
from lti_tool.store.mail import MailKind
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.texts import _N

bp = Blueprint("message_previews", __name__)

WHEN = {
    MailKind.INVITATION: _N("When somebody invites you who has no account for you in an LMS"),
    MailKind.CODE: _N("When you ask for a code for signing in"),
    MailKind.ADDRESS: _N("When you give a new address"),
    MailKind.SIGNING: _N("When you ask for a code for signing, or so that two accounts are made one at once"),
    MailKind.FORMER: _N("To an address from which your mail goes away, once"),
    MailKind.MERGE: _N("When another account is asked to be made one with yours"),
    MailKind.NEWS: _N("When something new is there, at most once a day"),
    MailKind.REMINDER: _N("When something still waits, at most three times"),
    MailKind.COPY: _N("When something was signed in your name"),
}
NAMED = {"yes": True, "no": False}


@bp.get("/messages/preview")
@signed_in
def preview() -> ResponseReturnValue:
    """Every mail and every line, in each language; `names=no` shows mails that name nobody."""
    settings, visitor = current.settings(), current.visitor()
    own = contact.contact_of(current.db(), visitor.person_id, current.now().date())
    named = NAMED.get(request.args.get("names", ""), own.names_sender)
    every = mail_previews.previews(current.db(), visitor, public_url=settings.public_url, named=named)
    return render_template(
        "messages/preview.html",
        languages=[_in(language, list(mails)) for language, mails in groupby(every, lambda one: one.language)],
        named=named,
        when=WHEN,
        from_address=str(from_address(settings.mail_from)) if settings.mail_from else None,
    )


def _in(language: str, mails: list[Preview]) -> dict[str, object]:
    return {
        "code": language.replace("_", "-"),
        "name": Locale.parse(language).get_display_name(),
        "mails": mails,
        "lines": [said_in(language, line) for line in messages.LINES.values()],
    }
