"""What counts: which things, of when, and how much of each.

The order in which a selection is read is always the same, whatever the order in which it was written:

1. kind and `where`: which things are meant at all;
2. `not_counting`: what never counts;
3. windows: what is of its time;
4. `units`: amounts in one unit;
5. `within`: the stretch of that length in which most counts by what follows;
6. `once_per`: what counts once, however often it is there;
7. `caps`: of what counts, at most so much of a sort, in the order written;
8. the measure of the requirement that asks.

So "at most 4 hours of electives, of the last 5 years, and 40 in all" has one meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from grading.evidence import Kind
from grading.periods import Period


@dataclass(frozen=True, slots=True)
class Where:
    """What a thing must be like. A thing about which the name says nothing may match: that cannot be known.

    With `none_of` alone it matches, unless `said` asks that it be said. "amount" is the thing's amount.
    """

    name: str
    any_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    said: bool = False


class Which(StrEnum):
    """Which of several days with one name."""

    FIRST = "first"
    LAST = "last"


class Named(StrEnum):
    """How the day of an anchor is found."""

    TODAY = "today"
    DAY = "day"
    """A day that the rule itself names."""
    EVENT = "event"
    """An event of this name in the evidence."""
    ENTERED = "entered"
    """The day on which the person entered the program's version."""
    CERTIFIED = "certified"
    """The last certification or renewal, whatever endorsements came later; with a name, of that stage."""
    EXPIRY = "expiry"
    """The end of the validity that was last decided."""
    STAGE = "stage"
    """The day on which the stage of this name began."""
    MET = "met"
    """The first day on which the requirement of this name was met."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day that a rule names without knowing its date."""

    named: Named
    name: str = ""
    which: Which = Which.LAST
    day: date | None = None
    earlier: Period | None = None
    later: Period | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when, both days included.

    Where the day of `until` has not come (no application yet), it is read as if it were today. Where the day of
    `since` has not come, nothing counts yet.
    """

    since: Anchor | None = None
    until: Anchor | None = None
    last: Period | None = None
    """So long before `until`."""
    in_force: Anchor | None = None
    """Not when it happened: it has begun by this day and is in force on it."""


@dataclass(frozen=True, slots=True)
class Cap:
    """Of what matches, at most so much counts: an amount, or a share of all that counts (0 to 1).

    A share is read as a cap on the rest: of 40 % role-play, as much counts as makes 40 % together with what is not
    role-play. So more of it never hurts.
    """

    where: tuple[Where, ...]
    at_most: Decimal | None = None
    share: Decimal | None = None


class Keep(StrEnum):
    """Which of several that count once. Ties: the earlier day, then the id."""

    LARGEST = "largest"
    LATEST = "latest"
    """Relative: a later, smaller one takes the place of a larger one."""
    EARLIEST = "earliest"
    """Relative too, where an earlier and smaller one becomes known later."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The things that a requirement looks at."""

    kinds: frozenset[Kind]
    where: tuple[Where, ...] = ()
    not_counting: tuple[tuple[Where, ...], ...] = ()
    """A thing that matches all of one group never counts."""
    windows: tuple[Window, ...] = ()
    unit: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    """How many of `unit` one of another unit makes."""
    once_per: str = ""
    keep: Keep = Keep.LARGEST
    caps: tuple[Cap, ...] = ()
    within: Period | None = None
    shared: str = ""
    """The name of a pot: what counts for one requirement of the pot does not count for another."""
    word: Where | None = field(init=False, compare=False, repr=False)
    """The first `where` that asks for one word; by it things can be looked up."""
    rest: tuple[Where, ...] = field(init=False, compare=False, repr=False)
    """The other ones."""
    plain: bool = field(init=False, compare=False, repr=False)
    """All that is left after step 4 counts."""

    def __post_init__(self) -> None:
        word = next((each for each in self.where if _asks_one_word(each)), None)
        object.__setattr__(self, "word", word)
        object.__setattr__(self, "rest", tuple(each for each in self.where if each is not word))
        object.__setattr__(self, "plain", not (self.once_per or self.caps or self.within))


OF_ITSELF = frozenset({"amount", "unit", "day", "week", "month"})
"""What nobody has to say of a thing."""


def _asks_one_word(where: Where) -> bool:
    asks_more = where.none_of or where.at_least is not None or where.at_most is not None
    return len(where.any_of) == 1 and not asks_more and where.name not in OF_ITSELF
