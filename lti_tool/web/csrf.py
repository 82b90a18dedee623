"""The CSRF token without a stored session: derived from this browser (or tab) and the person who is signed in.

Flask-WTF asks Flask's session for one value. Ours is computed, never stored: a form survives a new launch
by the same person in another tab, and is worth nothing to another person on the same device.
"""

import hashlib
import hmac
from collections.abc import Iterator

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

from lti_tool.settings import Settings
from lti_tool.web import cookies, current

NAME = "csrf_token"
SALT = "wtf-csrf-token"
"""Flask-WTF's own."""


class OneValue(SessionMixin):
    """A session that holds the CSRF value and takes nothing else."""

    def __getitem__(self, name: str) -> str:
        if name != NAME:
            raise KeyError(name)
        return _value(person_mark())

    def __setitem__(self, name: str, value: object) -> None:
        raise TypeError(
            "nothing is kept in Flask's session; people's sessions are rows, see services.entering.visitors"
        )

    def __delitem__(self, name: str) -> None:
        self[name] = None

    def __iter__(self) -> Iterator[str]:
        return iter((NAME,))

    def __len__(self) -> int:
        return 1


class ComputedSessions(SessionInterface):
    """Offers `OneValue`, and marks a browser that had to be told apart."""

    def open_session(self, app: Flask, request: Request) -> OneValue:
        """Nothing is read here; the value is computed when a form asks for it."""
        return OneValue()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the browser its mark if this request made one."""
        fresh = current.turn().fresh_browser
        if fresh is not None:
            cookies.set_browser(response, fresh, secure=current.settings().secure)


def browser() -> str:
    """The random value that marks this browser; made, and sent with the answer, where there is none.

    A tab without cookies is its own browser: its secret marks it.
    """
    mine = current.turn()
    tab = cookies.tab_secret(request)
    if tab is not None:
        return tab
    known = cookies.browser_secret(request, secure=current.settings().secure)
    if known is not None:
        return known
    if mine.fresh_browser is None:
        mine.fresh_browser = cookies.new_browser_secret()
    return mine.fresh_browser


def person_mark() -> str:
    """Tells pages of one person from those of another, and says nothing else about them; "" for nobody's."""
    return _mark(current.settings().secret_keys[0])


def is_of_this_person(mark: str) -> bool:
    """Whether the page with this mark was made for the person who is signed in, also before a change of keys."""
    return any(_same(mark, _mark(key)) for key in current.settings().secret_keys)


def was_someone_elses() -> bool:
    """Whether the token that came was made in this browser, but for another person than the one signed in now."""
    sent = request.form.get(NAME) or request.headers.get("X-CSRFToken", "")
    signed = URLSafeTimedSerializer(current_app.config["WTF_CSRF_SECRET_KEY"], salt=SALT)
    try:
        value = str(signed.loads(sent))
    except BadData:
        return False
    mark = value.partition(".")[0]
    return mark != "" and _same(value, _value(mark)) and not is_of_this_person(mark)


def _value(mark: str) -> str:
    return f"{mark}.{_keyed(current.settings().secret_keys[0], f'csrf:{browser()}:{mark}')}"


def _mark(key: str) -> str:
    found = current.visitor_if_any()
    return _keyed(key, f"person:{found.person_id}")[:32] if found else ""


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def use_csrf(app: Flask, settings: Settings) -> None:
    """Make tokens available. `web.access` checks them, route by route."""
    app.session_interface = ComputedSessions()
    app.config.update(
        WTF_CSRF_SECRET_KEY=hmac.new(settings.secret_keys[0].encode(), b"csrf token", hashlib.sha256).hexdigest(),
        WTF_CSRF_CHECK_DEFAULT=False,  # web.access calls protect() for every route that is not cross_site
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the session: people pause
        WTF_CSRF_SSL_STRICT=False,  # web.access compares Sec-Fetch-Site or Origin, which are there without Referer
    )
    CSRFProtect(app)
