"""Evidence: everything that the rules of a program can ask about one person.

Each thing is an `Item` with its day, whatever it is: an entry of hours, one rating, a signature, a paper that somebody
saw. What it is like stands in `has`. A name that is absent there is not known, which is neither "no" nor zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from grading.periods import Pause


class Kind(StrEnum):
    """What a thing is."""

    PRACTICE = "practice"
    """Hours of work with people."""
    TRAINING = "training"
    SUPERVISION = "supervision"
    EDUCATION = "education"
    """Continuing education, after a first certification."""
    OBSERVATION = "observation"
    RATING = "rating"
    """The level given for one criterion in one observation; `amount` is the level, absent where not observed."""
    SIGNATURE = "signature"
    EXAM = "exam"
    DOCUMENT = "document"
    """Seen by somebody, or handed in; what it says about the person's life is nowhere in Attune."""
    REFERENCE = "reference"
    CREDENTIAL = "credential"
    EMPLOYMENT = "employment"
    MEMBERSHIP = "membership"
    STATEMENT = "statement"
    """The person attests something by a tick; there is no text."""
    ATTESTATION = "attestation"
    """Somebody else confirms something."""
    CHECK = "check"
    """A background check was made."""
    PAYMENT = "payment"
    APPROVAL = "approval"
    """A person of the program decided that something may stand in, or that something is seen as settled."""
    FINDING = "finding"
    """Something that must not hold, or that a person of the program has to look at."""
    EVENT = "event"
    """A day with a name: an application, the beginning of a training."""


Value = frozenset[str] | Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """One thing, on the day on which it happened."""

    id: str
    kind: Kind
    on: date
    amount: Decimal | None = None
    """None: nobody said how much."""
    unit: str = ""
    has: Mapping[str, Value] = field(default_factory=dict)
    until: date | None = None
    """The last day on which it is in force. None: without an end."""
    recorded_on: date | None = None
    """Since when it is known; None: since it happened."""
    stands_from: date | None = None
    """Since when it counts, such as the day of its signature. None: it waits for `waits_for`."""
    withdrawn_on: date | None = None
    """From this day on it is as if it had never been signed."""
    waits_for: str = "supervisor"
    """Whose act it needs, while it does not stand."""
    reversed_on: date | None = None
    """From this day on it is as if it had never been entered: a correction took it back."""

    def is_known(self, today: date) -> bool:
        """Whether it had happened and was recorded, and no correction took it back."""
        if self.on > today or (self.recorded_on is not None and self.recorded_on > today):
            return False
        return self.reversed_on is None or self.reversed_on > today

    def stands(self, today: date) -> bool:
        """Whether it counts: signed where it needs a signature, and not withdrawn."""
        if self.stands_from is None or self.stands_from > today:
            return False
        return self.withdrawn_on is None or self.withdrawn_on > today


class Outcome(StrEnum):
    """What a person of the program decided about somebody."""

    CERTIFIED = "certified"
    """A stage was reached; the decision names it."""
    RENEWED = "renewed"
    REINSTATED = "reinstated"
    EXTENDED = "extended"
    """A stage that lasts a limited time was made longer once."""
    NOT_YET = "not_yet"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    """A suspension is over."""
    REVOKED = "revoked"
    SURRENDERED = "surrendered"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's act with a date; the engine only ever says "ready for decision"."""

    id: str
    outcome: Outcome
    on: date
    stage: str = ""
    recorded_on: date | None = None
    until: date | None = None
    """The last day of the validity, where the program leaves its length to choose (for one, two or three years)."""
    number: int = 0
    """Of several of one day, the order in which they were made; the same for all: it is not known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one person. The order of items, decisions and pauses means nothing."""

    person: str
    items: tuple[Item, ...] = ()
    decisions: tuple[Decision, ...] = ()
    pauses: tuple[Pause, ...] = ()
    entered_on: date | None = None
    """The day on which the person entered the program's version."""
    edition: str | None = None
    """The version they entered; None: the one in force on that day."""

    def known_on(self, day: date) -> "Evidence":
        """What was known at the end of that day: later items are absent, later signatures and withdrawals undone."""
        return replace(
            self,
            items=tuple(_as_known(item, day) for item in self.items if item.is_known(day)),
            entered_on=self.entered_on if self.entered_on and self.entered_on <= day else None,
            decisions=tuple(each for each in self.decisions if (each.recorded_on or each.on) <= day),
            pauses=tuple(
                Pause(each.since, each.until if each.until and each.until <= day else None)
                for each in self.pauses
                if each.since <= day
            ),
        )

    def with_items(self, imagined: Iterable[Item]) -> "Evidence":
        """The same with more: what if."""
        return replace(self, items=(*self.items, *imagined))


def _as_known(item: Item, day: date) -> Item:
    later = [
        each for each in (item.stands_from, item.withdrawn_on, item.reversed_on) if each is not None and each > day
    ]
    if not later:
        return item
    return replace(
        item,
        stands_from=_until(item.stands_from, day),
        withdrawn_on=_until(item.withdrawn_on, day),
        reversed_on=_until(item.reversed_on, day),
    )


def _until(day: date | None, last: date) -> date | None:
    return day if day is not None and day <= last else None
