"""How often one may ask: an address at the doors where strangers make us work, a person anywhere, an LMS as a whole.

Each process counts for itself, in memory. That is enough here: the limits keep a flood from costing signatures,
questions to platforms and database time; what must not be guessed is guarded by the length of secrets, and by
attempts that are counted in the database. Behind one address may sit a whole school: whoever is signed in is counted
as the person they are, and never by address.
"""

import math
from collections.abc import Mapping
from typing import cast
from uuid import UUID

from flask import Flask, current_app, request
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItem, parse

from lti_tool.web import current
from lti_tool.web.access import Entry, View

LIMITS: Mapping[str, str] = {
    "notices.take": "600 per minute",
    "registration.ask": "120 per minute",
    "registration.agree": "120 per minute",
    "registration.ask_to_update": "120 per minute",
    "registration.update": "120 per minute",
    "connect.connect_by_invitation": "120 per minute",
    "sign_in.enter": "120 per minute",
    "health.ready": "600 per minute",
    "public_credentials.page": "240 per minute",
    "public_credentials.verify": "60 per minute",
    "public_credentials.as_jwt": "60 per minute",
}
"""By endpoint: so many requests of one address. A school may sit behind one address."""

COSTLY: Mapping[str, str] = {
    "exports.own_file": "30 per minute",
    "exports.program_file": "30 per minute",
    "exports.course_file": "30 per minute",
    "transcript.as_pdf": "30 per minute",
    "transcript.as_zip": "30 per minute",
    "certificates.one": "30 per minute",
    "paper.find": "60 per minute",
    "paper.form": "60 per minute",
    "paper.forms_of_activity": "30 per minute",
    "paper.form_of_observation": "30 per minute",
    "evidence_bringing.bring_file": "60 per minute",
    "files.files": "60 per minute",
    "contact.address": "30 per minute",
    "confirming.send": "30 per minute",
    "confirming.confirm": "30 per minute",
    "external.mail": "60 per minute",
}
"""By endpoint: so many requests of one person, where an answer costs much or a code could be tried."""

PEOPLE_OF_AN_LMS = 5
"""What comes by one LMS may be as much as so many people ask."""


class TooOften(Exception):
    """Somebody asked more often than fits; `seconds` until there is room again for certain."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"more often than fits, for {seconds} s")
        self.seconds = seconds


def use_limits(app: Flask) -> None:
    """Count at these doors; to be called when the routes are there. Raises `KeyError` for a door that is not."""
    limiter = Limiter(
        lambda: request.remote_addr or "",
        app=app,
        storage_uri="memory://",
        strategy="moving-window",
        swallow_errors=False,
    )
    app.extensions["attune_limiter"] = limiter
    for endpoint, limit in LIMITS.items():
        app.view_functions[endpoint] = cast(View, limiter.limit(limit)(app.view_functions[endpoint]))
    for endpoint, limit in COSTLY.items():
        counted = limiter.limit(limit, key_func=_person, exempt_when=_is_not_counted)
        app.view_functions[endpoint] = cast(View, counted(app.view_functions[endpoint]))

    @app.before_request
    def count_person() -> None:
        """Whoever is signed in, at any page that is for somebody who is."""
        view = current_app.view_functions.get(request.endpoint or "")
        if getattr(view, "attune_entry", None) in _CLOSED and not _is_not_counted():
            _count(_of_person(), "person", _person())


def check_lms(registration_id: UUID) -> None:
    """Whether there is room for a launch of this LMS, verified to be its own; counts nothing. Raises `TooOften`."""
    if _lms_is_counted() and not _limiter().limiter.test(_of_lms(), "lms", str(registration_id)):
        raise TooOften(math.ceil(_of_lms().get_expiry()))


def count_lms(registration_id: UUID) -> None:
    """A launch of this LMS that let its person in.

    One that is posted over and over opens nothing and is not counted: one person would keep their whole school out.
    """
    if _lms_is_counted():
        _limiter().limiter.hit(_of_lms(), "lms", str(registration_id))


def come_back_after(problem: RateLimitExceeded | TooOften) -> int:
    """Seconds after which there is room again for certain."""
    return problem.seconds if isinstance(problem, TooOften) else int(problem.limit.limit.get_expiry())


_CLOSED = frozenset(Entry) - {Entry.PUBLIC, Entry.CROSS_SITE}


def _count(item: RateLimitItem, *whom: str) -> None:
    if not _limiter().limiter.hit(item, *whom):
        raise TooOften(math.ceil(item.get_expiry()))


def _limiter() -> Limiter:
    return cast(Limiter, current_app.extensions["attune_limiter"])


def _lms_is_counted() -> bool:
    return bool(current.settings().requests_a_minute) and not current.settings().lab


def _of_person() -> RateLimitItem:
    return parse(f"{current.settings().requests_a_minute} per minute")


def _of_lms() -> RateLimitItem:
    return parse(f"{current.settings().requests_a_minute * PEOPLE_OF_AN_LMS} per minute")


def _person() -> str:
    visitor = current.visitor_if_any()
    return str(visitor.person_id) if visitor else ""


def _is_not_counted() -> bool:
    """In the lab one machine is everybody; whoever is not signed in gets a short page that costs nothing."""
    settings = current.settings()
    return settings.lab or not settings.requests_a_minute or current.visitor_if_any() is None
