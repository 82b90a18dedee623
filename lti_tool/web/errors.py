"""The only place where an exception becomes a page.

Every page says what happened, what was kept, what to do, and a reference that finds the log line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NoSuchAddress
from werkzeug.routing import RequestRedirect

from lti_tool.lti.errors import LaunchRejected, PlatformUnavailable, RegistrationProblem
from lti_tool.safe_http import Unreachable
from lti_tool.services.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.access import FromElsewhere, NotForRole
from lti_tool.web.texts import _N, gettext
from lti_tool.web.way_back import way_back
from rubrics.refusal import Refused

log = structlog.get_logger("attune.web")

LONGEST_KEPT = 20_000
SHORTEST_KEPT = 20


@dataclass(frozen=True, slots=True)
class Telling:
    """A page about something that did not go as expected; texts in English, translated when shown."""

    status: int
    title: str
    happened: str
    todo: str = ""
    keeps_typed: bool = False
    """Whether to show what was typed, so that it can be copied: the same browser sent it."""
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands in the %(name)s places of `happened`."""
    details: tuple[str, ...] = ()
    """Short technical texts for an administrator; they may be a stranger's."""


class AddressEnded(Exception):
    """A registration address that was used already, is too old, or never was one."""


NOT_HERE = Telling(
    404,
    _N("There is nothing here for you"),
    _N("This address leads to nothing that you can open. It may be gone, or it belongs to someone else."),
    _N("Nothing was changed. Please open Attune again from your course."),
)
NOT_FOR_ROLE = Telling(
    403,
    _N("This page is for someone else in the course"),
    _N("What you may do here comes from your role in the course, and this page needs another one."),
    _N("Nothing was changed. If you need it, an instructor of the course can give you the capability."),
)
NOT_SIGNED_IN = Telling(
    401,
    _N("Please come in again"),
    _N("Nobody is signed in here. After twelve hours, or after signing out, everyone comes in anew."),
    _N("Open Attune again from your course, or with the link that you were sent. What was saved is still there."),
    keeps_typed=True,
)
FROM_ELSEWHERE = Telling(
    400,
    _N("This did not come from our own page"),
    _N("Your browser says that another site sent this. To be safe, nothing was done with it."),
    _N("Please open Attune again from your course and do it from there."),
)
FORM_TOO_OLD = Telling(
    400,
    _N("Please send this once more"),
    _N("This form was made for another visit, so we could not be sure that it came from you. Nothing was done yet."),
    _N("Go back, load the page again, and send it once more."),
    keeps_typed=True,
)
NOT_UNDERSTOOD = Telling(
    400,
    _N("We could not read this"),
    _N("Something in the address or the form was not as expected. Nothing was changed."),
    _N("Go back, load the page again, and try once more."),
    keeps_typed=True,
)
NO_SUCH_WAY = Telling(
    405,
    _N("This address works in another way"),
    _N("It takes forms, or only shows pages, and was asked for the other. Nothing was changed."),
    _N("Please open Attune again from your course."),
)
TOO_LARGE = Telling(
    413,
    _N("This is more than we can take at once"),
    _N("What was sent is too long. What was saved before is kept."),
    _N("Go back, shorten the text, and send it once more."),
)
ADDRESS_ENDED = Telling(
    404,
    _N("This address cannot be used any more"),
    _N("A registration address works once, within a week. This one was used, or its week is over."),
    _N("If the LMS is connected already, you can close this window. Otherwise ask Attune's operator for a new one."),
)
OURS = Telling(
    500,
    _N("Something went wrong on our side"),
    _N("It is not because of anything you did. What was saved before is kept; this last step was not done."),
    _N("Please try again in a moment. If it happens again, tell support the reference below."),
    keeps_typed=True,
)
LMS_DOES_NOT_ANSWER = Telling(
    502,
    _N("Your LMS does not answer just now"),
    _N("Attune asked your LMS and got no useful answer."),
    _N("Please try again in a few minutes. Nothing was lost."),
    keeps_typed=True,
)


def use_error_pages(app: Flask) -> None:
    """Turn exceptions into pages."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotHere, lambda problem: _tell(NOT_HERE, "not_here"))
    app.register_error_handler(NotForRole, lambda problem: _tell(NOT_FOR_ROLE, "not_for_role"))
    app.register_error_handler(current.NotSignedIn, lambda problem: _tell(NOT_SIGNED_IN, "not_signed_in"))
    app.register_error_handler(FromElsewhere, lambda problem: _tell(FROM_ELSEWHERE, "from_elsewhere"))
    app.register_error_handler(CSRFError, lambda problem: _tell(FORM_TOO_OLD, "csrf"))
    app.register_error_handler(LaunchRejected, _launch_rejected)
    app.register_error_handler(PlatformUnavailable, _platform_unavailable)
    app.register_error_handler(Unreachable, _unreachable)
    app.register_error_handler(RegistrationProblem, _registration_problem)
    app.register_error_handler(AddressEnded, lambda problem: _tell(ADDRESS_ENDED, "address_ended"))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)


def _refused(problem: Refused) -> ResponseReturnValue:
    telling = Telling(
        409,
        _N("This is not possible now"),
        problem.sentence,
        _N("Nothing was changed."),
        keeps_typed=True,
        values=problem.values,
    )
    return _tell(telling, problem.code)


def _launch_rejected(problem: LaunchRejected) -> ResponseReturnValue:
    log.warning("launch refused", code=str(problem.code), status=problem.status, detail=problem.detail)
    telling = Telling(
        problem.status,
        _N("This did not open"),
        problem.sentence,
        _N("If it happens again, give the reference below to the administrator of your LMS."),
    )
    return _tell(telling, str(problem.code), logged=True, back=_back_to_lms(gettext(problem.sentence)))


def _platform_unavailable(problem: PlatformUnavailable) -> ResponseReturnValue:
    log.warning("platform unavailable", code=str(problem.code), status=problem.status, detail=problem.detail)
    telling = Telling(problem.status, LMS_DOES_NOT_ANSWER.title, problem.sentence, LMS_DOES_NOT_ANSWER.todo, True)
    return _tell(telling, str(problem.code), logged=True)


def _unreachable(problem: Unreachable) -> ResponseReturnValue:
    log.warning("unreachable", code=str(problem.code), host=problem.host)
    return _tell(LMS_DOES_NOT_ANSWER, str(problem.code), logged=True)


def _registration_problem(problem: RegistrationProblem) -> ResponseReturnValue:
    telling = Telling(
        400,
        _N("This LMS could not be connected"),
        problem.sentence,
        _N("Nothing was stored. Please give this page to the administrator of your LMS or of Attune."),
        details=problem.details,
    )
    return _tell(telling, problem.code)


def _http(problem: HTTPException) -> ResponseReturnValue:
    if isinstance(problem, RequestRedirect):
        return problem.get_response()
    if isinstance(problem, NoSuchAddress):
        return _tell(NOT_HERE, "no_such_address")
    known = {405: NO_SUCH_WAY, 413: TOO_LARGE}
    telling = known.get(problem.code or 500, NOT_UNDERSTOOD if (problem.code or 500) < 500 else OURS)
    answer = _tell(telling, f"http_{problem.code}", typed=problem.code != 413)
    allow = problem.get_response().headers.get("Allow")
    if allow:
        answer.headers["Allow"] = allow
    return answer


def _ours(problem: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=problem, rule=_rule())
    return _tell(OURS, "unexpected", logged=True)


def _tell(
    telling: Telling, code: str, *, logged: bool = False, typed: bool = True, back: str | None = None
) -> Response:
    transactions.give_up()
    if current.visitor_so_far() is None:
        current.turn().fresh_browser = None  # nothing here posts: no reason to leave a cookie behind
    if not logged:
        log.info("refused", code=code, status=telling.status, rule=_rule())
    reference = current.reference()
    happened = gettext(telling.happened, **telling.values)
    if _wants_json():
        answer = jsonify(code=code, sentence=happened, reference=reference)
    else:
        page = render_template(
            "errors/telling.html",
            telling=telling,
            happened=happened,
            typed=_typed() if telling.keeps_typed and typed else [],
            back=back or way_back(),
            reference=reference,
        )
        answer = current_app.make_response(page)
    answer.status_code = telling.status
    return answer


def _back_to_lms(sentence: str) -> str | None:
    """The return address of a verified launch, with what happened and its reference (LTI Core 1.3, section 5.4.4)."""
    address = current.turn().return_url
    if address is None:
        return None
    parts = urlsplit(address)
    said = urlencode({"lti_errormsg": sentence, "lti_errorlog": current.reference()})
    return urlunsplit(parts._replace(query=f"{parts.query}&{said}" if parts.query else said))


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return request.is_json or (accepted.accept_json and not accepted.accept_html)


def _typed() -> list[str]:
    """The longer texts of the form that was sent: what a person would not like to type again."""
    if request.method in current.SAFE_METHODS:
        return []
    texts = (text.strip() for name, text in request.form.items(multi=True) if name not in ("csrf_token", "act"))
    return [text[:LONGEST_KEPT] for text in texts if len(text) >= SHORTEST_KEPT or " " in text]
