"""What platforms answer when a score is sent, as codes, and in words for the people of a course."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


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
    """The column's address is not at a host of the registration, so no token is sent there."""


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt's answer, and whether trying again later makes sense."""

    answer: Answer
    retry: bool
    retry_after: timedelta | None = None
    """Not before this, where the platform said so."""


def sentence(answer: Answer) -> str:
    """What happened and what to do, for an instructor."""
    raise NotImplementedError
