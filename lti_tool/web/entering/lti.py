"""The LTI endpoints: login, launch, and our public keys. Other sites post here; what they send proves itself."""

from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from lti_tool.lti.keys import key_set
from lti_tool.lti.launch import UnprovenLaunch, state_without_launch
from lti_tool.lti.login import begin_login
from lti_tool.services.connecting import tool_keys
from lti_tool.services.entering.enter import spend
from lti_tool.web import cookies, csrf, current, security, transactions
from lti_tool.web.access import cross_site, public
from lti_tool.web.entering import launching, without_cookies

bp = Blueprint("lti", __name__)


@bp.route("/lti/login", methods=["GET", "POST"])
@cross_site
def login() -> ResponseReturnValue:
    """A platform begins a login; the answer sends the browser back there. Nothing is stored.

    A frame that sent no cookie of ours may keep none: there a page of ours finds out first.
    """
    params = launching.each_once(request.values)
    in_doubt = security.framed() and _browser_secret() is None
    begun = begin_login(
        params,
        registrations=current.joined().known_platforms.find,
        signer=launching.signer(),
        browser_secret=csrf.browser(),
        launch_url=launching.launch_url(),
        now=current.now(),
        storage=params.get(without_cookies.STORAGE_TARGET, "") if in_doubt else "",
    )
    if in_doubt:
        return without_cookies.opening_page(params, begun)
    return redirect(begun.address, 302)


@bp.post("/lti/launch")
@cross_site
def launch() -> ResponseReturnValue:
    """A launch: verified, then its person is let in and sent on, so that reloading repeats nothing."""
    form = launching.each_once(request.form)
    _spend_without_launch(form)
    launched = launching.read(form, _browser_secret())
    if isinstance(launched, UnprovenLaunch):
        return without_cookies.finishing_page(form, launched)
    entered = launching.let_in(launched)
    answer = make_response(redirect(entered.path, 303))
    cookies.set_session(answer, entered.token, secure=current.settings().secure)
    return answer


@bp.get("/lti/keys")
@public
def keys() -> ResponseReturnValue:
    """Our public keys. The first question ever makes the first key."""
    found = tool_keys.published(current.db(), current.now())
    if not found:
        with current.joined().sessions.writing.begin() as session:
            tool_keys.signing_key(session, current.now())
            found = tool_keys.published(session, current.now())
    return key_set(found), {"Cache-Control": "public, max-age=300"}


def _spend_without_launch(form: Mapping[str, str]) -> None:
    state = state_without_launch(form, signer=launching.signer(), browser_secret=_browser_secret(), now=current.now())
    if state is not None:
        spend(current.db(), state.digest, state.expires_at)
        transactions.keep()


def _browser_secret() -> str | None:
    return cookies.browser_secret(request, secure=current.settings().secure)
