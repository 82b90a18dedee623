"""Why an answer is what it is: a tree that says what there is, what is missing, who can change it, and when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from grading.evidence import Item
from grading.periods import Period, Stretch
from grading.program import Who


class Answer(StrEnum):
    """What is known of one requirement on one day. There is no word for "failed": what is absent is not yet shown."""

    MET = "met"
    NOT_YET = "not_yet"
    WAITING = "waiting"
    """It is met as soon as somebody else does their part."""
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"
    """It cannot be known: the evidence does not say something that the rule asks."""


class Why(StrEnum):
    """Why a thing does not count, or not all of it."""

    NOT_COUNTING = "not_counting"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NOT_IN_FORCE = "not_in_force"
    NOT_BEGUN = "not_begun"
    """Counting begins with a day that has not come."""
    OTHER_UNIT = "other_unit"
    TWICE = "twice"
    CAPPED = "capped"
    NOT_SAID = "not_said"
    """Something is not said of it that the rule asks."""
    NOT_OBSERVED = "not_observed"
    """A criterion for which no level was given: that is known, and counts neither way."""
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A thing of the right sort that does not count, or of which `amount` does not count."""

    item: Item
    why: Why
    name: str = ""
    """What is not said, or of what there is enough."""
    amount: Decimal | None = None


class Doing(StrEnum):
    """What somebody can do."""

    ADD = "add"
    """Do and record more of it."""
    SIGN = "sign"
    SAY = "say"
    """Say what is not known yet."""
    DECIDE = "decide"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Change:
    """What would change an answer."""

    who: Who
    doing: Doing
    amount: Decimal | None = None
    unit: str = ""
    name: str = ""
    """What is to be said, or which of a list is missing."""
    on: date | None = None
    """On which day time alone changes it; with something to do: the last day for it."""


NOBODY_SAID = Decimal(10) ** 18
"""What an amount is taken for that nobody said: a number, so that it can be added and taken away like others, and so
large that no weight and no mean makes a usual one of it."""


def is_said(number: Decimal) -> bool:
    """Whether somebody said how much everything is that a number is made of."""
    return number < Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much there is. None: there is nothing to make a number of, which is not zero."""

    need: Decimal | Period | None
    unit: str
    sure: Decimal | None
    with_waiting: Decimal | None
    possible: Decimal | None
    """With everything of which something is not known; where an amount is not known, `is_said` is false of it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer to one need, with its reasons."""

    answer: Answer
    form: str
    """The name of the need's type."""
    numbers: Numbers | None = None
    counted: tuple[tuple[Item, Decimal], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    parts: tuple["Proof", ...] = ()
    changes: tuple[Change, ...] = ()
    changes_on: date | None = None
    """The next day on which time alone may change the answer or a number of it."""
    name: str = ""
    """Which of a list, or which requirement, the part is about."""
    stretch: Stretch | None = None


def next_change(proof: Proof, today: date) -> date | None:
    """The next day after today on which time alone may change anything in the tree."""
    days = [proof.changes_on, *(next_change(part, today) for part in proof.parts)]
    return min((day for day in days if day is not None and day > today), default=None)
