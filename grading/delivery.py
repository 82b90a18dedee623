"""From what the gradebook should show to what has to be sent, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from grading.scores import DesiredScore

SHORTEST = timedelta(seconds=10)
LONGEST = timedelta(hours=6)
STEP = timedelta(seconds=1)
"""Moodle compares timestamps by whole seconds, and keeps the older score when they are equal."""


class DeliveryState(StrEnum):
    """How a score stands with the LMS, in the words of docs/glossary.md."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is known to have reached the platform.

    `score` is what it last accepted: None when it accepted nothing yet, or when something was sent
    since and no answer came, so that nobody knows what it shows. `sent_at` is the last timestamp
    that was sent, accepted or not; None when nothing was.
    """

    score: Decimal | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send now, and the timestamp to send with it."""

    send: DesiredScore
    timestamp: datetime


def plan(desired: DesiredScore | None, delivered: Delivered | None, now: datetime) -> Plan | None:
    """What has to be sent so that the gradebook shows what it should; None when nothing has to be.

    Timestamps grow by at least a whole second from one to the next, whatever the clock does.
    Only that can put one into the future.
    """
    if desired is None or (delivered is not None and delivered.score == desired.score):
        return None
    if delivered is None or delivered.sent_at is None:
        return Plan(desired, now)
    return Plan(desired, max(now, delivered.sent_at + STEP))


def next_attempt(attempts: int, now: datetime, retry_after: timedelta | None, jitter: float) -> datetime:
    """When to try again after so many attempts: first 10 to 20 seconds, then doubling, never beyond 6 hours.

    A longer wait that the platform asked for is kept to. `jitter`, from 0 to below 1, spreads
    those who were refused together.
    """
    if not 0 <= jitter < 1:
        raise ValueError(f"jitter is from 0 to below 1, not {jitter}")
    doublings = min(max(attempts - 1, 0), 16)  # far beyond LONGEST
    wait = min(SHORTEST * (1 << doublings), LONGEST / 2) * (1 + jitter)
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST) + SHORTEST * jitter)
    return now + min(wait, LONGEST)
