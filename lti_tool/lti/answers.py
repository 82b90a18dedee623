"""What platforms answer when a score is sent, as codes, what is done about each, and in words for people.

How an answer is told from another stands in `lti.statuses`; the table for readers is docs/gradebook-answers.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from rubrics.refusal import _N


class Answer(StrEnum):
    """What became of one attempt. Only ACCEPTED is known to have changed something in the gradebook."""

    ACCEPTED = "accepted"
    PLATFORM_UNREACHABLE = "platform_unreachable"
    """Nobody took the connection, or nothing came back in time."""
    NAME_NOT_FOUND = "name_not_found"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    PLATFORM_TROUBLED = "platform_troubled"
    """A 5xx answer: down, or it stumbled over what was sent."""
    BUSY = "busy"
    PAGE_INSTEAD = "page_instead"
    """A page, or a way to one, where an answer should be: of a proxy, or for signing in."""
    TOKEN_NOT_GIVEN = "token_not_given"  # noqa: S105 - a code
    """The service that gives out access is down, slow or not understood."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code
    SCOPE_NOT_GRANTED = "scope_not_granted"
    CLOCKS_APART = "clocks_apart"
    NOT_ALLOWED = "not_allowed"
    COLUMN_NOT_OFFERED = "column_not_offered"
    RESULTS_NOT_OFFERED = "results_not_offered"
    """What the column shows may not be read."""
    COLUMN_GONE = "column_gone"
    COLUMN_LOCKED = "column_locked"
    COLUMN_NOT_OPEN = "column_not_open"
    COLUMN_NOT_OURS = "column_not_ours"
    """It was not made by us for this, so it is not taken away."""
    COURSE_CONCLUDED = "course_concluded"
    NEWER_SCORE_THERE = "newer_score_there"
    PERSON_NOT_IN_COURSE = "person_not_in_course"
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    NOT_UNDERSTOOD = "not_understood"
    ADDRESS_NOT_KNOWN = "address_not_known"
    """The service's address is not at a host of the registration, so no token is sent there."""
    SWITCHED_OFF = "switched_off"
    """An operator switched the connection off: nothing is sent."""
    NOTHING_LEFT = "nothing_left"
    """No answer of a platform: what the score came from does not count any more, and nothing else does."""
    KEPT_BY_LMS = "kept_by_lms"
    """No answer either: the LMS took the score, and went on showing its own when it was read."""


class Then(StrEnum):
    """What is done about an answer."""

    DONE = "done"
    RETRY = "retry"
    """Tried again by itself, ever more rarely; when that lasts too long, a person is asked."""
    READ = "read"
    """What the LMS shows is read first. Where that may not be read, a person is asked."""
    ASK = "ask"
    """It waits for a person, who puts something right and has it sent again."""


class Whose(StrEnum):
    """What an answer is about, and so what it holds up."""

    PERSON = "person"
    """this one score"""
    COLUMN = "column"
    """all scores of the column: the others need not be tried one by one"""
    PLATFORM = "platform"
    """all scores for the platform, which is left in peace for a while"""


@dataclass(frozen=True, slots=True)
class What:
    """What an answer leads to."""

    then: Then
    whose: Whose


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt's answer. There is no place in it for anything that a platform wrote."""

    answer: Answer
    retry: bool
    """Whether trying again later makes sense by itself."""
    retry_after: timedelta | None = None
    """Not before this, where the platform said so."""
    unknown: bool = False
    """Whether the score may be there all the same: what the LMS shows is read before it is sent again."""
    clock_ahead: timedelta | None = field(default=None, compare=False)
    """By how much the platform's clock is ahead of ours, where its answer says what time it is there."""
    slow_down: timedelta | None = field(default=None, compare=False)
    """How long to wait before the next call, so that the platform does not have to ask for it."""


WHAT: Mapping[Answer, What] = MappingProxyType(
    {
        Answer.ACCEPTED: What(Then.DONE, Whose.PERSON),
        Answer.PLATFORM_UNREACHABLE: What(Then.RETRY, Whose.PLATFORM),
        Answer.NAME_NOT_FOUND: What(Then.RETRY, Whose.PLATFORM),
        Answer.CERTIFICATE_NOT_TRUSTED: What(Then.RETRY, Whose.PLATFORM),
        Answer.PLATFORM_TROUBLED: What(Then.RETRY, Whose.PLATFORM),
        Answer.BUSY: What(Then.RETRY, Whose.PLATFORM),
        Answer.PAGE_INSTEAD: What(Then.RETRY, Whose.PLATFORM),
        Answer.TOKEN_NOT_GIVEN: What(Then.RETRY, Whose.PLATFORM),
        Answer.TOKEN_REFUSED: What(Then.RETRY, Whose.PLATFORM),
        Answer.SCOPE_NOT_GRANTED: What(Then.ASK, Whose.PLATFORM),
        Answer.CLOCKS_APART: What(Then.RETRY, Whose.PERSON),
        Answer.NOT_ALLOWED: What(Then.ASK, Whose.COLUMN),
        Answer.COLUMN_NOT_OFFERED: What(Then.ASK, Whose.COLUMN),
        Answer.RESULTS_NOT_OFFERED: What(Then.ASK, Whose.COLUMN),
        Answer.COLUMN_GONE: What(Then.RETRY, Whose.COLUMN),
        Answer.COLUMN_LOCKED: What(Then.RETRY, Whose.COLUMN),
        Answer.COLUMN_NOT_OPEN: What(Then.ASK, Whose.COLUMN),
        Answer.COLUMN_NOT_OURS: What(Then.ASK, Whose.COLUMN),
        Answer.COURSE_CONCLUDED: What(Then.ASK, Whose.COLUMN),
        Answer.NEWER_SCORE_THERE: What(Then.READ, Whose.PERSON),
        Answer.PERSON_NOT_IN_COURSE: What(Then.ASK, Whose.PERSON),
        Answer.NO_ATTEMPTS_LEFT: What(Then.ASK, Whose.PERSON),
        Answer.NOT_UNDERSTOOD: What(Then.ASK, Whose.PERSON),
        Answer.ADDRESS_NOT_KNOWN: What(Then.ASK, Whose.COLUMN),
        Answer.SWITCHED_OFF: What(Then.RETRY, Whose.PLATFORM),
        Answer.NOTHING_LEFT: What(Then.ASK, Whose.PERSON),
        Answer.KEPT_BY_LMS: What(Then.ASK, Whose.PERSON),
    }
)


def posted(answer: Answer, *, retry_after: timedelta | None = None, unknown: bool = False) -> Posted:
    """The answer, tried again where `WHAT` says so. What has to be read first is tried again for that."""
    again = WHAT[answer].then in (Then.RETRY, Then.READ)
    return Posted(answer, again, retry_after=retry_after, unknown=unknown or WHAT[answer].then is Then.READ)


SENTENCES: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.ACCEPTED: _N("The LMS took the score."),
        Answer.PLATFORM_UNREACHABLE: _N("The LMS did not answer. Nothing is to be done if this passes."),
        Answer.NAME_NOT_FOUND: _N(
            "The address of the LMS was not found. Nothing is to be done if this passes; if it lasts, please ask "
            "whether the LMS moved."
        ),
        Answer.CERTIFICATE_NOT_TRUSTED: _N(
            "Attune could not make sure that it speaks with the LMS, so nothing was sent. Please tell the "
            "administrator of the LMS that its certificate should be looked at."
        ),
        Answer.PLATFORM_TROUBLED: _N(
            "The LMS answered that something went wrong on its side. If this lasts, please tell its administrator."
        ),
        Answer.BUSY: _N("The LMS asked us to wait a little. Nothing is to be done."),
        Answer.PAGE_INSTEAD: _N(
            "The LMS answered with a page, as it may while it is being looked after. Attune reads what the "
            "gradebook shows, then sends again. If this lasts, please tell its administrator."
        ),
        Answer.TOKEN_NOT_GIVEN: _N(
            "The part of the LMS that lets Attune in did not answer as it should. Nothing is to be done if this "
            "passes; if it lasts, please tell its administrator."
        ),
        Answer.TOKEN_REFUSED: _N(
            "The LMS did not recognize Attune. Please ask its administrator to look at the connection: "
            "whether it is switched on, and whether the LMS can read Attune's key address."
        ),
        Answer.SCOPE_NOT_GRANTED: _N(
            "The LMS does not let Attune write scores. Please ask its administrator to allow "
            "the gradebook service for Attune."
        ),
        Answer.CLOCKS_APART: _N(
            "The clocks of Attune and the LMS are apart, so the LMS takes the score for one from the future. Attune "
            "sends it again by itself. If this lasts, please tell the administrator of the LMS."
        ),
        Answer.NOT_ALLOWED: _N(
            "The LMS does not let Attune write into this column. Please look whether the activity still uses "
            "Attune, or ask the administrator of the LMS."
        ),
        Answer.COLUMN_NOT_OFFERED: _N(
            "The LMS offers no gradebook column for this activity. If there should be one, open the activity's "
            "settings in the LMS, switch grading on, and open the activity once."
        ),
        Answer.RESULTS_NOT_OFFERED: _N(
            "The LMS does not let Attune read what this column shows, so Attune cannot compare. Scores are sent all "
            "the same. Its administrator can allow the reading of results."
        ),
        Answer.COLUMN_GONE: _N(
            "The column is not in the gradebook any more. If it was removed by mistake, have it made again here; if "
            "the activity was removed with it, add the activity in the LMS once more and open it."
        ),
        Answer.COLUMN_LOCKED: _N(
            "The LMS did not change the column; it may be locked. Please look there; Attune goes on trying for a day "
            "or two."
        ),
        Answer.COLUMN_NOT_OPEN: _N(
            "The LMS takes no score now: the assignment is not published yet, or its grading period is closed. "
            "Please look there, and send the scores again once it is open."
        ),
        Answer.COLUMN_NOT_OURS: _N(
            "Attune did not make this column, so it is not taken away from here. It can be removed in the LMS."
        ),
        Answer.COURSE_CONCLUDED: _N(
            "The course has ended in the LMS, which takes no more scores for it. If it should go on, please have its "
            "end moved there, and send the scores again."
        ),
        Answer.NEWER_SCORE_THERE: _N(
            "The gradebook holds something newer, perhaps set by hand, and it was left as it is. "
            "Send the score again if Attune's should stand."
        ),
        Answer.PERSON_NOT_IN_COURSE: _N(
            "The LMS has no gradebook row for this person, who may have left the course or have another role in it; "
            "or the course is not published yet. If that is not so, add the person there and send the score again."
        ),
        Answer.NO_ATTEMPTS_LEFT: _N(
            "The LMS counts no more attempts of this person. Please allow one more there, and send the score again."
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
            "What this score came from does not count any more, and nothing else counts so far. Attune empties no cell "
            "by itself. Please empty it if the score should not stand; as soon as something counts, Attune sends that."
        ),
        Answer.KEPT_BY_LMS: _N(
            "The LMS took Attune's score and goes on showing its own. Please take the override off there, and send "
            "Attune's again; or let the LMS's stand."
        ),
    }
)


def sentence(answer: Answer) -> str:
    """What happened and what to do, for an instructor; to be translated where it is shown."""
    return SENTENCES[answer]
