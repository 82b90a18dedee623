"""The only place where an exception becomes a page.

Every page says what happened, what was kept, what to do, and a reference that finds the log line.
"""

from dataclasses import replace

import structlog
from flask import Flask, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NoSuchAddress
from werkzeug.routing import RequestRedirect

from lti_tool.lti.errors import LaunchProblem, LaunchRejected, PlatformUnavailable, RegistrationProblem
from lti_tool.safe_http import Unreachable
from lti_tool.services.courses.places import NotHere
from lti_tool.store.engine import is_away
from lti_tool.web import csrf, current, security, transactions
from lti_tool.web.access import FromElsewhere, NotForRole
from lti_tool.web.limits import TooOften, come_back_after
from lti_tool.web.moments import day
from lti_tool.web.refusals import values_in_words
from lti_tool.web.tellings import (
    ADDRESS_ENDED,
    CONNECTION_ENDED,
    DATABASE_AWAY,
    FORM_TOO_OLD,
    FROM_ELSEWHERE,
    LMS_DOES_NOT_ANSWER,
    NO_SUCH_WAY,
    NOT_FOR_ROLE,
    NOT_HERE,
    NOT_SIGNED_IN,
    NOT_UNDERSTOOD,
    OURS,
    SOMEONE_ELSE,
    TOO_LARGE,
    TOO_OFTEN,
    Telling,
)
from lti_tool.web.texts import _N, gettext
from lti_tool.web.way_back import to_lms, way_back
from rubrics.refusal import Refused

log = structlog.get_logger("attune.web")

AWAY_SECONDS = 15
"""After which it makes sense to ask again: a database that starts anew takes about as long."""
LONGEST_KEPT = 20_000
SHORTEST_KEPT = 20
UP_TO_THE_OPERATOR = frozenset({LaunchProblem.DEPLOYMENT_WAITS, LaunchProblem.DEPLOYMENT_NOT_TAKEN})
"""Nobody has to tell anyone of these: they stand on the operator's page."""
NOT_TYPED = frozenset({"act", "csrf_token", "id_token", "registration_token", "sealed", "state", "ticket"})
"""Fields that nobody types; some of them are somebody's proof."""
NOT_TYPED_BEFORE = "was."
"""What fields held when a page was made, see web/authoring/draft_fields.py."""


class AddressEnded(Exception):
    """A registration address that was used already, is too old, or never was one."""


def use_error_pages(app: Flask) -> None:
    """Turn exceptions into pages."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotHere, lambda problem: _tell(NOT_HERE, "not_here"))
    app.register_error_handler(NotForRole, lambda problem: _tell(NOT_FOR_ROLE, "not_for_role"))
    app.register_error_handler(current.NotSignedIn, lambda problem: _tell(NOT_SIGNED_IN, "not_signed_in"))
    app.register_error_handler(FromElsewhere, lambda problem: _tell(FROM_ELSEWHERE, "from_elsewhere"))
    app.register_error_handler(CSRFError, _not_our_form)
    app.register_error_handler(LaunchRejected, _launch_rejected)
    app.register_error_handler(PlatformUnavailable, _platform_unavailable)
    app.register_error_handler(Unreachable, _unreachable)
    app.register_error_handler(RegistrationProblem, _registration_problem)
    app.register_error_handler(AddressEnded, lambda problem: _tell(ADDRESS_ENDED, "address_ended"))
    app.register_error_handler(RateLimitExceeded, _too_often)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)


def _refused(problem: Refused) -> ResponseReturnValue:
    telling = Telling(
        409,
        _N("This is not possible now"),
        problem.sentence,
        _N("Nothing was changed."),
        keeps_typed=True,
        values=values_in_words(problem),
    )
    return _tell(telling, problem.code)


def _not_our_form(_problem: CSRFError) -> ResponseReturnValue:
    if csrf.was_someone_elses():
        return _tell(SOMEONE_ELSE, "someone_else", back=url_for("landing.queue"))
    return _tell(FORM_TOO_OLD, "csrf")


def _launch_rejected(problem: LaunchRejected) -> ResponseReturnValue:
    log.warning("launch refused", code=str(problem.code), status=problem.status, detail=problem.detail)
    if problem.since is not None:
        ended = replace(CONNECTION_ENDED, values={"day": day(problem.since)})
        return _tell(ended, str(problem.code), logged=True, back=_back_to_lms(gettext(problem.sentence)))
    again = _N("If it happens again, give the reference below to the administrator of your LMS.")
    telling = Telling(
        problem.status,
        _N("This did not open"),
        problem.sentence,
        "" if problem.code in UP_TO_THE_OPERATOR else again,
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
    original = getattr(problem, "original_exception", None)  # of what went wrong after a view had answered
    if isinstance(original, Exception) and is_away(original):
        return _database_away(original)
    if isinstance(problem, NoSuchAddress):
        return _tell(NOT_HERE, "no_such_address")
    known = {405: NO_SUCH_WAY, 413: TOO_LARGE}
    telling = known.get(problem.code or 500, NOT_UNDERSTOOD if (problem.code or 500) < 500 else OURS)
    answer = _tell(telling, f"http_{problem.code}", typed=problem.code != 413)
    allow = problem.get_response().headers.get("Allow")
    if allow:
        answer.headers["Allow"] = allow
    return answer


def _too_often(problem: RateLimitExceeded | TooOften) -> ResponseReturnValue:
    answer = _tell(TOO_OFTEN, "too_often", typed=current.visitor_so_far() is not None)
    answer.headers["Retry-After"] = str(come_back_after(problem))
    return answer


def _database_away(problem: Exception) -> ResponseReturnValue:
    log.error("database away", problem=type(problem).__name__, rule=_rule())
    mine = current.turn()
    mine.visitor, mine.visitor_known = None, True  # this page asks the database for nothing
    answer = _tell(DATABASE_AWAY, "database_away", logged=True)
    answer.headers["Retry-After"] = str(AWAY_SECONDS)
    return answer


def _ours(problem: Exception) -> ResponseReturnValue:
    if is_away(problem):
        return _database_away(problem)
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
            back=back or _way_back(),
            perhaps_a_tab=code == "not_signed_in" and _loaded_in_a_frame(),
            of_course=request.blueprint != "registration",
            reference=reference,
        )
        answer = current_app.make_response(page)
    answer.status_code = telling.status
    return answer


def _loaded_in_a_frame() -> bool:
    """Whether a tab without cookies may only have loaded this page again: its script knows, see again.js."""
    return request.method in current.SAFE_METHODS and security.framed() and not current.in_tab()


def _way_back() -> str | None:
    """None where every page of ours would be a dead end: in the frame of an LMS, with nobody signed in."""
    if security.framed() and current.visitor_so_far() is None:
        return None
    return way_back()


def _back_to_lms(sentence: str) -> str | None:
    """The return address of a verified launch, with what happened and its reference."""
    address = current.turn().return_url
    return to_lms(address, lti_errormsg=sentence, lti_errorlog=current.reference()) if address else None


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _wants_json() -> bool:
    accepted = request.accept_mimetypes
    return request.is_json or (accepted.accept_json and not accepted.accept_html)


def _typed() -> list[str]:
    """The longer texts of the form that was sent: what a person would not like to type again."""
    if request.method in current.SAFE_METHODS:
        return []
    names = (name for name in request.form if name not in NOT_TYPED and not name.startswith(NOT_TYPED_BEFORE))
    texts = (text.strip() for name in names for text in request.form.getlist(name))
    return [text[:LONGEST_KEPT] for text in texts if len(text) >= SHORTEST_KEPT or " " in text]
