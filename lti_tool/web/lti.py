"""The LTI endpoints: login, launch, and our public keys. Other sites post here; what they send proves itself."""

from collections.abc import Mapping

from flask import Blueprint, abort, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.lti.errors import LaunchRejected
from lti_tool.lti.keys import key_set
from lti_tool.lti.launch import ReadLaunch, read_launch, state_without_launch
from lti_tool.lti.login import begin_login
from lti_tool.lti.state import StateSigner
from lti_tool.services import tool_keys, visitors
from lti_tool.services.enter import Entered, enter, spend
from lti_tool.web import cookies, csrf, current, transactions
from lti_tool.web.access import cross_site, public

bp = Blueprint("lti", __name__)


@bp.route("/lti/login", methods=["GET", "POST"])
@cross_site
def login() -> ResponseReturnValue:
    """A platform begins a login; the answer sends the browser back there. Nothing is stored."""
    address = begin_login(
        _each_once(request.values),
        registrations=current.joined().known_platforms.find,
        signer=_signer(),
        browser_secret=csrf.browser(),
        launch_url=_launch_url(),
        now=current.now(),
    )
    return redirect(address, 302)


@bp.post("/lti/launch")
@cross_site
def launch() -> ResponseReturnValue:
    """A launch: verified, then its person is let in and sent on, so that reloading repeats nothing."""
    form = _each_once(request.form)
    _spend_without_launch(form)
    read = read_launch(
        form,
        registrations=current.joined().known_platforms.find,
        signer=_signer(),
        key_sets=current.joined().key_sets,
        browser_secret=cookies.browser_secret(request, secure=current.settings().secure),
        launch_url=_launch_url(),
        now=current.now(),
    )
    entered = _let_in(read)
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
    state = state_without_launch(
        form,
        signer=_signer(),
        browser_secret=cookies.browser_secret(request, secure=current.settings().secure),
        now=current.now(),
    )
    if state is not None:
        spend(current.db(), state.digest, state.expires_at)
        transactions.keep()


def _let_in(read: ReadLaunch) -> Entered:
    before = current.visitor_if_any()
    try:
        entered = enter(
            current.db(),
            read.launch,
            state_digest=read.state_digest,
            state_expires_at=read.state_expires_at,
            now=current.now(),
        )
    except LaunchRejected:
        transactions.keep()  # a spent state stays spent, a deployment that waits stays listed
        current.turn().return_url = read.launch.return_url
        raise
    if before is not None:  # only now: a launch that is not taken, or comes twice, signs nobody out
        visitors.end(current.db(), before, current.now())
    return entered


def _signer() -> StateSigner:
    return StateSigner(current.settings().secret_keys)


def _launch_url() -> str:
    return f"{current.settings().public_url}/lti/launch"


def _each_once(values: MultiDict[str, str]) -> Mapping[str, str]:
    """The parameters, each of which may come once: with two nobody can say which one was checked."""
    if any(len(given) > 1 for _name, given in values.lists()):
        abort(400)
    return values.to_dict()
