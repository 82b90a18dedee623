"""Our two cookies: one says who is signed in, the other only that it is the same browser; and a tab's header.

Inside an LMS we are in a frame of another site: only `SameSite=None; Secure; Partitioned` arrives there.
What `SameSite` would have protected is protected by the CSRF token and the Origin check (`web.access`).

Where no cookie is kept at all, a session lives in one tab, whose secret comes in a header: no page of another
site can send that header, and no address ever holds the secret.
"""

import secrets

from flask import Request, Response

LONGEST = 128
TAB = "Attune-Tab"


def _name(name: str, *, secure: bool) -> str:
    # The prefix makes browsers refuse the cookie from a sibling domain or over plain http;
    # on plain http (the lab, loopback only) no browser would accept the prefix.
    return f"__Host-{name}" if secure else name


def session_token(request: Request, *, secure: bool) -> str | None:
    """The secret of the signed-in session, as the browser sent it."""
    return _bounded(request.cookies.get(_name("attune", secure=secure)))


def browser_secret(request: Request, *, secure: bool) -> str | None:
    """The random value that marks this browser, as it sent it."""
    return _bounded(request.cookies.get(_name("attune-browser", secure=secure)))


def from_a_tab(request: Request) -> bool:
    """Whether a script of ours sent this from a tab that keeps no cookie; it may have no session yet."""
    return TAB in request.headers


def tab_secret(request: Request) -> str | None:
    """The secret of the session that lives in one tab."""
    return _bounded(request.headers.get(TAB))


def new_browser_secret() -> str:
    """A value for a browser that has none."""
    return secrets.token_urlsafe(32)


def set_session(response: Response, token: str, *, secure: bool) -> None:
    """Sign this browser in."""
    _set(response, _name("attune", secure=secure), token)


def set_browser(response: Response, secret: str, *, secure: bool) -> None:
    """Mark this browser."""
    _set(response, _name("attune-browser", secure=secure), secret)


def end_session(response: Response, *, secure: bool) -> None:
    """Forget who was signed in."""
    response.delete_cookie(
        _name("attune", secure=secure), path="/", secure=True, httponly=True, samesite="None", partitioned=True
    )


def _set(response: Response, name: str, value: str) -> None:
    # No Max-Age: on a shared device it goes when the browser closes; the server ends sessions itself.
    # Browsers take Secure on http://127.0.0.1 too: loopback counts as trustworthy.
    response.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="None", partitioned=True)


def _bounded(value: str | None) -> str | None:
    return value if value and len(value) <= LONGEST else None
