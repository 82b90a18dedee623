"""From what the gradebook should show to what has to be sent, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from grading.scores import MAXIMUM, DesiredScore

SHORTEST = timedelta(seconds=10)
LONGEST = timedelta(hours=6)
STEP = timedelta(seconds=1)
"""Moodle compares timestamps by whole seconds, and keeps the older score when they are equal."""
CLOSEST = Fraction(1, 200)
"""Of 100. Two of our scores lie at least twice as far apart; what LMSs lose by rounding is far less."""


class DeliveryState(StrEnum):
    """How a score stands with the LMS, in the words of docs/glossary.md."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    NEEDS_PERSON = "needs_person"
    DIFFERS = "differs"
    """The LMS shows another score than the one that it accepted: a person says which one stands."""
    LET_STAND = "let_stand"
    """A person said that the LMS's own score stands."""
    CLEARED = "cleared"
    """A person had the cell emptied."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the LMS shows in one cell. A person there may have set anything, also more than the maximum."""

    score: Decimal
    maximum: Decimal


class Compared(StrEnum):
    """What the LMS shows, beside what we know of."""

    SAME = "same"
    """what the column should show"""
    OURS = "ours"
    """what we sent before, whether it was accepted then or not"""
    EMPTY = "empty"
    DIFFERS = "differs"
    """something else, which a person or the LMS put there"""


class Step(StrEnum):
    """What to do about a score that is due, once the LMS was asked what it shows."""

    SEND = "send"
    ALREADY_THERE = "already_there"
    """It counts as accepted, and is not sent: an answer to it was lost, or it came to be the same."""
    ASK = "ask"
    """A person says which of the two stands; until then nothing is sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is known to have reached the platform.

    `accepted` is what it last accepted: None when it accepted nothing yet, or when something was sent
    since and no answer came, so that nobody knows what it shows. `sent_at` is the last timestamp
    that was sent, accepted or not; None when nothing was. `lms_at` is when what the LMS shows was given, by the
    LMS's clock; None where it does not say.
    """

    accepted: DesiredScore | None
    sent_at: datetime | None
    lms_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send now, and the timestamp to send with it."""

    send: DesiredScore
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the gradebook, as far as we know of it."""

    state: DeliveryState
    desired: DesiredScore
    accepted: DesiredScore | None
    sent: DesiredScore | None
    """What was last sent, accepted or not; None when nothing was, or nobody wrote down what."""
    ever_sent: bool
    under_way: bool = False
    """A worker holds it at this moment, and may be sending."""
    nothing_left: bool = False
    """What `desired` came from does not count any more, and so far nothing else does."""
    to_clear: bool = False
    """A person asked for it to be emptied, and that was not done yet."""


def plan(desired: DesiredScore | None, delivered: Delivered | None, now: datetime) -> Plan | None:
    """What has to be sent so that the gradebook shows what it should; None when nothing has to be.

    Timestamps grow by at least a whole second from one to the next, and beyond what the LMS shows, whatever the
    clock does. Only that can put one into the future.
    """
    if desired is None or (delivered is not None and delivered.accepted == desired):
        return None
    return Plan(desired, next_timestamp(delivered, now))


def next_timestamp(delivered: Delivered | None, now: datetime) -> datetime:
    """The timestamp of whatever is sent next: also of what empties a cell."""
    before = () if delivered is None else (delivered.sent_at, delivered.lms_at)
    return max([now, *(moment + STEP for moment in before if moment is not None)])


def compared(
    desired: DesiredScore, accepted: DesiredScore | None, sent: DesiredScore | None, shown: Shown | None
) -> Compared:
    """What the LMS shows, beside what it should show, what it last accepted, and what was last sent.

    Scores are compared as shares of their maximum: an LMS may keep them out of another one, rounded its own way.
    """
    if shown is None:
        return Compared.EMPTY
    if alike(shown, desired):
        return Compared.SAME
    known = any(alike(shown, ours) for ours in (accepted, sent) if ours is not None)
    return Compared.OURS if known else Compared.DIFFERS


def alike(one: DesiredScore | Shown, other: DesiredScore | Shown) -> bool:
    """Whether two scores are the same share of their maximum, closer than two of ours could ever lie."""
    if one.maximum <= 0 or other.maximum <= 0:
        return (one.score, one.maximum) == (other.score, other.maximum)
    return abs(_share(one) - _share(other)) * Fraction(MAXIMUM) < CLOSEST


def _share(scored: DesiredScore | Shown) -> Fraction:
    return Fraction(scored.score) / Fraction(scored.maximum)


def step(
    desired: DesiredScore,
    accepted: DesiredScore | None,
    sent: DesiredScore | None,
    shown: Shown | None,
    *,
    decided_over: Shown | None = None,
) -> Step:
    """What to do about a score that is due, when something was sent to its cell before and the LMS shows this now.

    `decided_over`: what the LMS showed when a person said that ours stands; that is not asked about again. Where the
    score is there already, but something else was sent since it was, it is sent all the same: what went out without
    an answer may still arrive, and only a later timestamp keeps it from staying.
    """
    match compared(desired, accepted, sent, shown):
        case Compared.SAME:
            return Step.ALREADY_THERE if sent is None or alike(sent, desired) else Step.SEND
        case Compared.OURS | Compared.EMPTY:
            return Step.SEND
        case Compared.DIFFERS:
            decided = shown is not None and decided_over is not None and alike(shown, decided_over)
            return Step.SEND if decided else Step.ASK


def wanted_again(cell: Cell, wanted: DesiredScore) -> DeliveryState | None:
    """How the cell stands once it should show `wanted`; None: that is what it should show already.

    Where a person has to say which score stands, or said so, a new one of ours does not go out by itself either. A
    change that was taken back before it ever left needs no sending; one that left is sent after, with a later
    timestamp, so that the LMS gets both in their order.
    """
    if cell.desired == wanted and not cell.nothing_left:
        return None
    if cell.state in (DeliveryState.DIFFERS, DeliveryState.LET_STAND):
        return DeliveryState.DIFFERS
    nothing_left_us = cell.accepted == cell.sent == wanted and not cell.under_way
    if cell.state is DeliveryState.WAITING and nothing_left_us and not cell.to_clear:
        return DeliveryState.ACCEPTED
    return DeliveryState.WAITING


def unwanted(cell: Cell) -> DeliveryState | None:
    """How the cell stands once there is nothing that it should show; None: it goes, as nothing ever left.

    An empty score is never sent by itself. What a person decided, or asked for, stays so.
    """
    if not cell.ever_sent:
        return None
    if cell.to_clear or cell.state in (DeliveryState.LET_STAND, DeliveryState.CLEARED):
        return cell.state
    return DeliveryState.NEEDS_PERSON


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
