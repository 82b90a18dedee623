"""What the answer of a platform means: told by its status, `Retry-After`, and a few known words of the body.

Nothing of an answer is kept: Moodle puts the whole posted score into its reason phrase.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.safe_http import HttpAnswer, Unreachable, UnreachableProblem

LONGEST_WAIT = timedelta(hours=6)
NOTHING_WRONG_TO_SAY = (b"[]", b"")
"""How Moodle answers with 400 for a person outside the course, and with 500 for a locked column."""
CANVAS = {
    400: {b"before last updated": Answer.NEWER_SCORE_THERE, b"in the future": Answer.CLOCKS_APART},
    422: {
        b"user not found": Answer.PERSON_NOT_IN_COURSE,
        b"cannot be changed": Answer.COLUMN_NOT_OPEN,
        b"has concluded": Answer.COURSE_CONCLUDED,
        b"allowed attempts": Answer.NO_ATTEMPTS_LEFT,
    },
}
"""Its words in English, in lower case: it has the same status for many things."""
SILENT = (UnreachableProblem.NO_ANSWER, UnreachableProblem.NO_ANSWER_AFTER_SENDING)


def about_service(answer: HttpAnswer, now: datetime) -> Posted:
    """What an answer other than a success means at any service of a platform."""
    match answer.status:
        case 401 | 403:
            return _not_let_in(answer, now)
        case 404 | 410 | 412:
            return posted(Answer.COLUMN_GONE)  # it may be found again under another address
        case 429:
            return posted(Answer.BUSY, retry_after=retry_after(answer, now))
        case status if status == 408 or status >= 500:
            return posted(Answer.PLATFORM_TROUBLED, retry_after=retry_after(answer, now))
        case status if status < 400:
            return posted(Answer.PAGE_INSTEAD)  # moved for a while, or somebody is to log in
        case _:
            return posted(Answer.NOT_UNDERSTOOD)


def _not_let_in(answer: HttpAnswer, now: datetime) -> Posted:
    said = answer.body.lower()
    if answer.status == 403:
        is_rate = b"rate limit" in said  # Canvas
        return posted(Answer.BUSY, retry_after=retry_after(answer, now)) if is_rate else posted(Answer.NOT_ALLOWED)
    if b"not linked to a tool" in said:  # Canvas: this course does not use us any more
        return posted(Answer.NOT_ALLOWED)
    return posted(Answer.SCOPE_NOT_GRANTED if b"insufficient permissions" in said else Answer.TOKEN_REFUSED)


def about_score(answer: HttpAnswer, now: datetime) -> Posted:
    """What an answer to a score means (AGS 2.0, section 3.4)."""
    said = answer.body.strip().lower()
    match answer.status:
        case 200 | 201 | 202 | 204 if not said or _is_json(answer.body):
            return posted(Answer.ACCEPTED)
        case status if status < 400:
            return posted(Answer.PAGE_INSTEAD, unknown=True)  # a proxy's or a login
        case 400 | 409 | 422:
            return _not_taken(answer.status, said)
        case 500 if said in NOTHING_WRONG_TO_SAY:
            return posted(Answer.COLUMN_LOCKED)
        case status if status == 408 or status >= 500:
            # What stands before the LMS may have given up on it while it went on.
            return replace(about_service(answer, now), unknown=True)
        case _:
            return about_service(answer, now)


def _not_taken(status: int, said: bytes) -> Posted:
    """What a platform refuses, by its words; one that says nothing of the kind is not understood."""
    if status == 409:
        return posted(Answer.NEWER_SCORE_THERE)
    if status == 400 and said in NOTHING_WRONG_TO_SAY:
        return posted(Answer.PERSON_NOT_IN_COURSE)
    why = next((answer for words, answer in CANVAS[status].items() if words in said), Answer.NOT_UNDERSTOOD)
    return posted(why)


def unreachable(problem: Unreachable) -> Posted:
    """What an attempt comes to when nobody answers: silence passes, an address that may not be asked does not."""
    code = problem.code
    if code in SILENT:
        return posted(Answer.PLATFORM_UNREACHABLE, unknown=code.may_have_arrived)
    if code is UnreachableProblem.NO_SUCH_HOST:
        return posted(Answer.NAME_NOT_FOUND)
    if code is UnreachableProblem.CERTIFICATE:
        return posted(Answer.CERTIFICATE_NOT_TRUSTED)
    if code is UnreachableProblem.TOO_LARGE:
        return posted(Answer.PAGE_INSTEAD, unknown=code.may_have_arrived)
    return posted(Answer.ADDRESS_NOT_KNOWN)


def retry_after(answer: HttpAnswer, now: datetime) -> timedelta | None:
    """How long the platform asks us to wait (RFC 9110, section 10.2.3), at most six hours."""
    said = answer.headers.get("retry-after", "").strip()
    try:
        wait = timedelta(seconds=min(int(said), 86_400)) if said.isdecimal() else _moment(said) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def clock_ahead(answer: HttpAnswer, now: datetime) -> timedelta | None:
    """By how much the platform's clock is ahead of ours, which says `now` (RFC 9110, section 6.6.1).

    Exact to about a second. None where the answer does not say what time it is there.
    """
    try:
        return _moment(answer.headers.get("date", "")) - now
    except (ValueError, OverflowError):
        return None


def _moment(said: str) -> datetime:
    moment = parsedate_to_datetime(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
