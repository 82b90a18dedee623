"""What is asked: of how much there must be, and of how answers go together.

Absolute needs are monotone: more evidence never makes them less met. `AtMost`, `Share`, `Unless` and means, latest and
lowest values are relative: they speak of everything there is, so more can make them less met.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from grading.periods import Calendar, Period
from grading.requirements.selection import Anchor, Selection


class Measure(StrEnum):
    """What number a selection makes."""

    TOTAL = "total"
    COUNT = "count"
    DISTINCT = "distinct"
    """How many different values of a name there are."""
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that evidence makes."""

    of: Selection
    measure: Measure = Measure.TOTAL
    name: str = ""
    """Whose different values count."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So much or more."""

    amount: Amount
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    """So much or less. Relative."""

    amount: Amount
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, at least so much of it (0 to 1). Without a whole there is nothing to ask. Relative."""

    part: Amount
    whole: Amount
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a sum."""

    amount: Amount
    times: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several numbers, each with its weight, that make so much together."""

    terms: tuple[Term, ...]
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """Things that are spread over at least so long, from the first to the last."""

    of: Selection
    over: Period


@dataclass(frozen=True, slots=True)
class Held:
    """Something that began at least so long before a day, or less than so long before it."""

    of: Selection
    at_least: Period | None
    less_than: Period | None = None
    at: Anchor | None = None
    """None: today."""


@dataclass(frozen=True, slots=True)
class Covers:
    """Each of a list is there (or `some` of them), each with at least so much."""

    amount: Amount
    by: str
    values: tuple[str, ...]
    some: int | None = None
    threshold: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class InOrder:
    """One thing after the other, on the same day or later; of the same (observation ...) where a name says so."""

    steps: tuple[Selection, ...]
    same: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """In each week, month ... from one day to another; or, on average over them.

    A stretch that is not over is asked for too, but as what is still to come; what was too much in it stays too much.
    Where so much is asked in each, the first whole stretch begins; a share, or no more than so much, holds at once.
    Paused stretches are not asked for. `but` stretches may be without.
    """

    calendar: Calendar
    need: AtLeast | AtMost | Share
    since: Anchor
    until: Anchor | None = None
    average: bool = False
    but: int = 0
    only_with: Selection | None = None
    """Only stretches in which there is something of this are asked for (weeks with practice)."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One route is enough; all are shown."""

    parts: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Of some parts at least so many; of what is met in it, at most so many count."""

    parts: tuple["Need", ...]
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class SomeOf:
    """So many of several, in groups with a least and a most."""

    count: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Asked only of those for whom something holds. Relative: what is not asked yet may be asked later."""

    condition: "Need"
    need: "Need"


@dataclass(frozen=True, slots=True)
class Unless:
    """There is nothing of the sort; what is there, a person of the program looks at first. Relative."""

    of: Selection
    settled: Selection | None = None
    """What says that it was looked at and does not stand in the way, for the same `by`."""
    by: str = "finding"


@dataclass(frozen=True, slots=True)
class Open:
    """A route that is open for a time. Relative: before and after it, it is not asked for."""

    need: "Need"
    since: date | None = None
    until: date | None = None
    at: Anchor | None = None
    """Which day must lie in it. None: today."""


@dataclass(frozen=True, slots=True)
class Met:
    """Another requirement of the program is met."""

    requirement: str


Amounts = AtLeast | AtMost | Share | Sum
Times = Spread | Held | Each
Lists = Covers | InOrder
Logic = AllOf | AnyOf | SomeOf | When | Unless | Open | Met
Need = Amounts | Times | Lists | Logic
