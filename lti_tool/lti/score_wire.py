"""A score as it stands on the wire (AGS 2.0, section 3.4). Nothing else of a person leaves for a gradebook.

There is no place for words but one: a comment, the same neutral line for everybody, where an organization set one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from grading.scores import DesiredScore
from lti_tool.lti.quirks import Scores

Wire = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One score for one person."""

    sub: str
    desired: DesiredScore
    timestamp: datetime
    completed: bool
    first: bool = True
    """Whether nothing was sent before for this person in this column."""
    comment: str = ""
    """A line set once for everybody; never about one person."""
    moment: datetime | None = None
    """When what is scored was done, so that nobody counts as late for the moment of sending."""


def score_body(sending: Sending, ways: Scores, now: datetime) -> Wire:
    """The score in this platform's ways.

    Always FullyGraded: Moodle and Canvas empty the cell at anything else. A score that waits for a signature is not
    sent at all.
    """
    body: Wire = {
        "userId": sending.sub,
        "scoreGiven": _number(sending.desired.score),
        "scoreMaximum": _number(sending.desired.maximum),
        "timestamp": _written(sending.timestamp, ways),
        "activityProgress": "Completed" if sending.completed else "InProgress",
        "gradingProgress": "FullyGraded",
    }
    if sending.comment and (sending.first or not ways.comments_add_up):
        body["comment"] = sending.comment
    if ways.submission:
        body |= _submission(sending, ways.submission, now)
    return body


def cleared_body(sub: str, timestamp: datetime, ways: Scores) -> Wire:
    """What empties a cell (section 3.4.4). It uses up no attempt, and asks for nothing to be kept."""
    body: Wire = {
        "userId": sub,
        "timestamp": _written(timestamp, ways),
        "activityProgress": "Initialized",
        "gradingProgress": "NotReady",
    }
    return body | ({ways.submission: {"new_submission": False}} if ways.submission else {})


def _submission(sending: Sending, name: str, now: datetime) -> Wire:
    """One attempt for the first score, and none for those that correct it."""
    own: Wire = {} if sending.first else {"new_submission": False}
    if sending.moment is None:
        return {name: own} if own else {}
    # A moment that lies ahead is refused; where Canvas's clock is behind ours, it may lie ahead by a little there.
    at = _precise(min(sending.moment, now))
    return {"submission": {"submittedAt": at}, name: {**own, "submitted_at": at}}


def _written(moment: datetime, ways: Scores) -> str:
    # A platform that compares whole seconds would cut the rest off; what it then shows is what we know of.
    return _precise(moment.replace(microsecond=0) if ways.whole_seconds else moment)


def _precise(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: Decimal) -> int | float:
    if not value.is_finite() or value < 0:
        raise ValueError(f"a score is a number from 0 on, not {value}")
    return int(value) if value == value.to_integral_value() else float(value)
