"""What platforms answer when a score is sent, as codes, and in words for the people of a course.

Only the status, `Retry-After` and a few known words of the body are looked at. Nothing of an answer is kept:
Moodle puts the whole posted score into its reason phrase.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import MappingProxyType

from lti_tool.safe_http import HttpAnswer
from rubrics.refusal import _N

LONGEST_WAIT = timedelta(hours=6)
NOTHING_WRONG_TO_SAY = (b"[]", b"")
"""How Moodle answers with 400 for a person outside the course, and with 500 for a locked column."""


class Answer(StrEnum):
    """What became of one attempt. Only ACCEPTED changed something in the gradebook."""

    ACCEPTED = "accepted"
    PLATFORM_UNREACHABLE = "platform_unreachable"
    PLATFORM_TROUBLED = "platform_troubled"
    """A 5xx answer: down, or it stumbled over what was sent."""
    BUSY = "busy"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code
    SCOPE_NOT_GRANTED = "scope_not_granted"
    NOT_ALLOWED = "not_allowed"
    COLUMN_NOT_OFFERED = "column_not_offered"
    COLUMN_GONE = "column_gone"
    COLUMN_LOCKED = "column_locked"
    NEWER_SCORE_THERE = "newer_score_there"
    PERSON_NOT_IN_COURSE = "person_not_in_course"
    NOT_UNDERSTOOD = "not_understood"
    ADDRESS_NOT_KNOWN = "address_not_known"
    """The service's address is not at a host of the registration, so no token is sent there."""
    SWITCHED_OFF = "switched_off"
    """An operator switched the connection off: nothing is sent."""
    NOTHING_LEFT = "nothing_left"
    """No answer of a platform: the observation that the score came from was superseded, and nothing else counts."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt's answer, and whether trying again later makes sense."""

    answer: Answer
    retry: bool
    retry_after: timedelta | None = None
    """Not before this, where the platform said so."""


SENTENCES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.ACCEPTED: _N("The LMS took the score."),
        Answer.PLATFORM_UNREACHABLE: _N("The LMS did not answer. Nothing is to be done if this passes."),
        Answer.PLATFORM_TROUBLED: _N(
            "The LMS answered that something went wrong on its side. If this lasts, please tell its administrator."
        ),
        Answer.BUSY: _N("The LMS asked us to wait a little. Nothing is to be done."),
        Answer.TOKEN_REFUSED: _N(
            "The LMS did not recognize Attune. Please ask its administrator to look at the connection: "
            "whether it is switched on, and whether the LMS can read Attune's key address."
        ),
        Answer.SCOPE_NOT_GRANTED: _N(
            "The LMS does not let Attune write scores. Please ask its administrator to allow "
            "the gradebook service for Attune."
        ),
        Answer.NOT_ALLOWED: _N(
            "The LMS does not let Attune write into this column. Please look whether the activity still uses "
            "Attune, or ask the administrator of the LMS."
        ),
        Answer.COLUMN_NOT_OFFERED: _N(
            "The LMS offers no gradebook column for this activity. If there should be one, open the activity's "
            "settings in the LMS, switch grading on, and open the activity once."
        ),
        Answer.COLUMN_GONE: _N(
            "The column is not in the gradebook any more. If it was removed by mistake, add the activity again "
            "in the LMS and open it once."
        ),
        Answer.COLUMN_LOCKED: _N(
            "The LMS did not change the column; it may be locked, its period closed, or "
            "the assignment not published yet. Please look there, and send the score again once it is open."
        ),
        Answer.NEWER_SCORE_THERE: _N(
            "The gradebook holds something newer, perhaps set by hand, and it was left as it is. "
            "Send the score again if Attune's should stand."
        ),
        Answer.PERSON_NOT_IN_COURSE: _N(
            "The LMS has no gradebook row for this person, who may have left the course or have another role "
            "in it. If that is not so, add the person there and send the score again."
        ),
        Answer.NOT_UNDERSTOOD: _N(
            "The LMS answered in a way that Attune cannot read, so it is not certain what the gradebook shows. "
            "Please look there, and tell the administrator of the LMS."
        ),
        Answer.ADDRESS_NOT_KNOWN: _N(
            "The gradebook's address is at a machine that does not belong to this connection, so nothing was "
            "sent. Please ask Attune's operator, on whose page this machine waits to be accepted."
        ),
        Answer.SWITCHED_OFF: _N(
            "The connection between Attune and the LMS is switched off, so nothing was sent. It is sent once "
            "Attune's operator switches it on again."
        ),
        Answer.NOTHING_LEFT: _N(
            "The score in the gradebook differs: the observation it came from was superseded, and nothing else counts "
            "so far. Attune sends no empty score, which could be read as 0. Please take it out in the LMS if it "
            "should not stand; as soon as something counts, Attune sends that."
        ),
    }
)


def sentence(answer: Answer) -> str:
    """What happened and what to do, for an instructor; to be translated where it is shown."""
    return SENTENCES[answer]


def about_service(answer: HttpAnswer, now: datetime) -> Posted:
    """What an answer other than a success means at any service of a platform."""
    match answer.status:
        case 401:
            return Posted(Answer.TOKEN_REFUSED, retry=True)
        case 403 if b"rate limit" in answer.body.lower():  # Canvas
            return Posted(Answer.BUSY, retry=True, retry_after=retry_after(answer, now))
        case 403:
            return Posted(Answer.NOT_ALLOWED, retry=False)
        case 404 | 410 | 412:
            return Posted(Answer.COLUMN_GONE, retry=True)  # it may be found again under another address
        case 429:
            return Posted(Answer.BUSY, retry=True, retry_after=retry_after(answer, now))
        case status if status >= 500:
            return Posted(Answer.PLATFORM_TROUBLED, retry=True, retry_after=retry_after(answer, now))
        case status if 300 <= status < 400:
            return Posted(Answer.NOT_UNDERSTOOD, retry=True)  # moved for a while, or somebody is to log in
        case _:
            return Posted(Answer.NOT_UNDERSTOOD, retry=False)


def about_score(answer: HttpAnswer, now: datetime) -> Posted:
    """What an answer to a score means (AGS 2.0, section 3.4)."""
    said = answer.body.strip().lower()
    match answer.status:
        case 200 | 201 | 202 | 204 if not said or _is_json(answer.body):
            return Posted(Answer.ACCEPTED, retry=False)
        case status if status < 300:
            return Posted(Answer.NOT_UNDERSTOOD, retry=True)  # some page: a proxy's or a login
        case 400 if said in NOTHING_WRONG_TO_SAY:
            return Posted(Answer.PERSON_NOT_IN_COURSE, retry=False)
        case 400 if b"before last updated" in said:  # Canvas
            return Posted(Answer.NEWER_SCORE_THERE, retry=False)
        case 409:
            return Posted(Answer.NEWER_SCORE_THERE, retry=False)
        case 422 if b"user not found" in said:  # Canvas
            return Posted(Answer.PERSON_NOT_IN_COURSE, retry=False)
        case 422 if b"cannot be changed" in said:  # Canvas
            return Posted(Answer.COLUMN_LOCKED, retry=False)
        case 500 if said in NOTHING_WRONG_TO_SAY:
            return Posted(Answer.COLUMN_LOCKED, retry=True)
        case _:
            return about_service(answer, now)


def retry_after(answer: HttpAnswer, now: datetime) -> timedelta | None:
    """How long the platform asks us to wait (RFC 9110, section 10.2.3), at most six hours."""
    said = answer.headers.get("retry-after", "").strip()
    try:
        wait = timedelta(seconds=min(int(said), 86_400)) if said.isdecimal() else _moment(said) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta()), LONGEST_WAIT)


def _moment(said: str) -> datetime:
    moment = parsedate_to_datetime(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
