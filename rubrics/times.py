"""The time of an observation: proposed, agreed to by both sides, over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rubrics.refusal import Refused

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=8)
FARTHEST = timedelta(days=366)
QUIET = timedelta(days=1)
"""How long after an agreed time nobody asks whether it took place."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, in UTC. The end is not part of it: the next one may begin then."""

    starts_at: datetime
    ends_at: datetime


def may_propose(span: Span, now: datetime) -> None:
    """Whether somebody may propose this time now.

    Raises `Refused` (codes: time_is_over, time_too_far, time_length).
    """
    if not SHORTEST <= span.ends_at - span.starts_at <= LONGEST:
        raise Refused("time_length", "Please choose a length between 5 minutes and 8 hours.")
    if span.starts_at <= now:
        raise Refused("time_is_over", "This time is already over. Please choose one that is still to come.")
    if span.starts_at > now + FARTHEST:
        raise Refused("time_too_far", "This is more than a year from now. Please choose a time within a year.")


def wants_an_answer(span: Span, now: datetime) -> bool:
    """Whether somebody should say if it took place: its time has passed long enough ago."""
    return now >= span.ends_at + QUIET


def has_come(span: Span, now: datetime) -> bool:
    """Whether it has begun by the clock, so that one can say that it did not take place."""
    return now >= span.starts_at
