"""The code that signing may ask for: it is mailed, typed here, and then leads back to what is to be signed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services.signing import confirming
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.editions.scope_part import own_path
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("confirming", __name__)

CODE_FIRST = "code_first"
"""The refusal after which the code is asked for."""
LONGEST = 20


def code_comes_first(back: str) -> ResponseReturnValue:
    """To the page of the code, and from there back."""
    return redirect(url_for("confirming.page", back=back), 303)


def can_get_one() -> bool:
    """Whether a code can be sent to the visitor now, or is on its way."""
    far = confirming.how_far(current.db(), current.visitor(), current.now())
    return current.settings().sends_mail and far.address is not None and not far.returned and not far.too_new


@bp.get("/signing-code")
@signed_in
def page() -> ResponseReturnValue:
    """How far the visitor is with the code."""
    return _page()


@bp.post("/signing-code/send")
@signed_in
@act
def send() -> ResponseReturnValue:
    """Have a code sent to the visitor's own address."""
    settings = current.settings()
    if not settings.sends_mail:
        return _page(), 422
    try:
        mail_id = confirming.send_code(current.db(), current.visitor(), current.now(), secret_keys=settings.secret_keys)
    except Refused as refused:
        transactions.give_up()
        return _page(problem_of_sending=in_words(refused)), 422
    current.look_at(Kind.MAIL, mail_id)
    return redirect(url_for("confirming.page", back=_back(), said="signing_code_sent"), 303)


@bp.post("/signing-code")
@signed_in
@repeatable  # each try counts; what fits leads back, also a second time
def confirm() -> ResponseReturnValue:
    """Type the code; where it fits, back to what is to be signed."""
    typed = request.form.get("code", "")[:LONGEST]
    session, visitor, now = current.db(), current.visitor(), current.now()
    fits = confirming.confirm(session, visitor, typed, now, secret_keys=current.settings().secret_keys)
    transactions.keep()
    if not fits and confirming.how_far(session, visitor, now).confirmed_until is None:
        return _page(problem=_what_is_wrong()), 422
    return redirect(_back() or url_for("landing.queue"), 303)


def _what_is_wrong() -> str:
    far = confirming.how_far(current.db(), current.visitor(), current.now())
    if far.code_until is None:
        return gettext("This code does not work, or its time is over. Please ask for a new one below.")
    return gettext("This is not the code of the newest mail. Please look once more, and type it again.")


def _back() -> str | None:
    return own_path(request.values.get("back"))


def _page(*, problem: str | None = None, problem_of_sending: str | None = None) -> str:
    return render_template(
        "signing/code.html",
        far=confirming.how_far(current.db(), current.visitor(), current.now()),
        sends_mail=current.settings().sends_mail,
        minutes=int(confirming.CONFIRMED_FOR.total_seconds() // 60),
        digits=confirming.DIGITS,
        typed=request.form.get("code", "")[:LONGEST] if problem else "",
        problem=problem,
        problem_of_sending=problem_of_sending,
        back=_back(),
    )
