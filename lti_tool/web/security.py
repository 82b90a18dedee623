"""Headers of every answer. Nothing is allowed by default; a page names what it needs.

Who may frame a page: the LMS that launched this session. Nobody else, except that a page telling of a
problem, and the few pages without records that such a page leads to, may be shown in any frame: the LMS's
frame would stay empty otherwise, because without a session nobody knows whose frame it is.
"""

import re
import secrets

from flask import Flask, Response, request

from lti_tool.settings import Settings
from lti_tool.web import current

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-]+(:\d{1,5})?|http://\[::1\](:\d{1,5})?")
YEAR = 31_536_000
ICON = "/static/icon.svg"
"""LMSs show it beside our links."""
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def use_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on every answer."""

    @app.after_request
    def headers(response: Response) -> Response:
        ancestors = _ancestors(response)
        response.headers["Content-Security-Policy"] = _policy(ancestors)
        if ancestors == "'none'":
            response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if request.path == ICON else "same-origin"
        response.headers["Permissions-Policy"] = PERMISSIONS
        if settings.secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response


def csp_nonce() -> str:
    """The nonce of this answer's own scripts."""
    mine = current.turn()
    if not mine.nonce:
        mine.nonce = secrets.token_urlsafe(16)
    return mine.nonce


def framed() -> bool:
    """Whether the browser shows this page in a frame, as it says itself; a session in a tab lives in one."""
    return request.headers.get("Sec-Fetch-Dest") in ("iframe", "frame") or current.in_tab()


def may_be_framed_by(*origins: str) -> None:
    """Let these sites show the answer in a frame."""
    current.turn().frame_ancestors += _only_origins(origins)


def may_be_framed_anywhere() -> None:
    """Let any site show the answer in a frame where nobody is signed in: a page without records.

    It has nothing to press, or an address that only those know who may press it.
    """
    current.turn().framed_anywhere = True


def may_be_framed_by_ours() -> None:
    """Let our own pages show the answer in a frame."""
    may_be_framed_by(current.settings().public_url)


def may_frame_ours() -> None:
    """Let this page show other pages of ours in a frame."""
    current.turn().frames_our_pages = True


def may_play_ours() -> None:
    """Let this page play sound and video of ours."""
    current.turn().plays_our_media = True


def is_only_content() -> None:
    """The answer is a file that somebody brought: a browser may run nothing of it, and load nothing for it."""
    current.turn().only_content = True


def may_post_to(*origins: str) -> None:
    """Let a form of this page post to these sites."""
    current.turn().form_targets += _only_origins(origins)


def _only_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    """What can stand in a policy: an address that holds more than an origin could add rules of its own."""
    return tuple(origin for origin in origins if ORIGIN.fullmatch(origin))


def _ancestors(response: Response) -> str:
    origins = current.turn().frame_ancestors
    visitor = current.visitor_so_far()
    if visitor is not None:
        origins += _only_origins(visitor.frame_origins)
    anywhere = framed() and current.turn().framed_anywhere
    if origins and not (anywhere and visitor is None):
        return " ".join(dict.fromkeys(("'self'", *origins)))
    if anywhere or (framed() and response.status_code >= 400):
        return "*"
    return "'none'"


def _policy(ancestors: str) -> str:
    if current.turn().only_content:
        return f"default-src 'none'; sandbox; frame-ancestors {ancestors}"
    nonce = current.turn().nonce
    targets = " ".join(("'self'", *current.turn().form_targets))
    parts = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}'" if nonce else "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": targets,
        "base-uri": "'none'",
        "frame-ancestors": ancestors,
    }
    if current.turn().frames_our_pages:
        parts["frame-src"] = "'self'"
    if current.turn().plays_our_media:
        parts["media-src"] = "'self'"
    return "; ".join(f"{name} {value}" for name, value in parts.items())
