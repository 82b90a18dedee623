"""The way in where the LMS's frame keeps our cookies out, see docs/decisions/0010-without-cookies.md.

First a page finds out whether a cookie comes back; if not, it asks the platform's storage to remember the browser;
if nobody remembers, it offers a window of its own. A launch whose browser only the storage knows is finished by
a second page, which opens a session for its tab alone.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from lti_tool.lti import finish_tickets
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.launch import UnprovenLaunch
from lti_tool.lti.login import LONGEST, BegunLogin
from lti_tool.lti.state import browser_digest
from lti_tool.services.entering.enter import spend
from lti_tool.services.entering.visitors import origin_of, origins_of
from lti_tool.web import cookies, csrf, current, security, transactions
from lti_tool.web.access import FromElsewhere, own_page, public
from lti_tool.web.entering import launching

bp = Blueprint("without_cookies", __name__)

STORAGE_TARGET = "lti_storage_target"
AGAIN = "again"


def opening_page(params: Mapping[str, str], begun: BegunLogin) -> str:
    """The page of a login in a frame that sent no cookie of ours: it finds the way on by itself, or offers a window.

    A login that this page itself began again does not run the script: there is no circle.
    """
    security.may_be_framed_anywhere()
    kept = {name: value for name, value in params.items() if name in LONGEST and name != STORAGE_TARGET}
    target, secret = params.get(STORAGE_TARGET, ""), csrf.browser()
    return render_template(
        "lti/opening.html",
        address=begun.address,
        login=f"{url_for('lti.login')}?{urlencode(kept)}",
        cookie=url_for("without_cookies.cookie", mark=browser_digest(secret)),
        again=None if AGAIN in params else f"{url_for('lti.login')}?{urlencode({**kept, AGAIN: '1'})}",
        platform=origin_of(begun.auth_url),
        target=target,
        key=_storage_key(begun.state_digest),
        secret=secret if target else "",
    )


@bp.get("/lti/cookie")
@public
def cookie() -> ResponseReturnValue:
    """Whether the cookie that this browser was given came back: "this" one, "another", or "none"."""
    secret = cookies.browser_secret(request, secure=current.settings().secure)
    if secret is None:
        return {"kept": "none"}
    return {"kept": "this" if browser_digest(secret) == request.args.get("mark") else "another"}


def finishing_page(form: Mapping[str, str], unproven: UnprovenLaunch) -> str:
    """The page that asks the platform's storage for this browser's secret. Nobody is let in, nothing is spent."""
    launch = unproven.launch
    wanted = launch.deep_linking.return_url if launch.deep_linking else None
    origins = origins_of(launch.return_url, wanted, unproven.auth_url, unproven.issuer)
    _stands_for_a_session(origins)
    return render_template(
        "lti/finishing.html",
        platform=origin_of(unproven.auth_url),
        target=unproven.storage,
        key=_storage_key(unproven.state_digest),
        id_token=form["id_token"],
        state=form["state"],
        ticket=finish_tickets.issue(current.settings().secret_keys, unproven.state_digest, current.now()),
        again=url_for("without_cookies.tab", origins=_signer().dumps(origins)),
        return_url=launch.return_url,
    )


@bp.post("/lti/launch/finish")
@own_page
def finish() -> ResponseReturnValue:
    """The launch again, now with the secret: the person is let in, in this tab. Whatever follows, it works once."""
    if not current.in_tab():
        raise FromElsewhere
    form = launching.each_once(request.form)
    launched = launching.read(form, form.get("secret"))
    finish_tickets.check(current.settings().secret_keys, form.get("ticket", ""), launched.state_digest, current.now())
    if isinstance(launched, UnprovenLaunch):
        spend(current.db(), launched.state_digest, launched.state_expires_at)
        transactions.keep()
        raise LaunchRejected(
            LaunchProblem.OTHER_BROWSER,
            "This way in was begun in another browser. Please open the activity again from your course, in this one.",
        )
    entered = launching.let_in(launched)
    return {"tab": entered.token, "path": entered.path}


@bp.get("/tab/<origins>")
@public
def tab(origins: str) -> ResponseReturnValue:
    """An empty page for a tab that has a session and was loaded again: its script fetches what it showed.

    Only the LMS that launched the session may frame it; `origins` says which, signed by us.
    """
    try:
        _stands_for_a_session(_signer().loads(origins))
    except BadData:
        abort(404)
    return render_template("lti/tab.html")


def _stands_for_a_session(origins: tuple[str, ...]) -> None:
    """This document will show pages of a session, under the policy of this very answer."""
    security.may_be_framed_by(*origins)
    security.may_post_to(*origins)


def _storage_key(state_digest: str) -> str:
    return f"attune_state_{state_digest}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        list(reversed(current.settings().secret_keys)),  # it wants the newest last
        salt="attune.tab",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
