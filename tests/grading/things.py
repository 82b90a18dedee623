"""Evidence of one person in a few words, and the answer to one need."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.evidence import Evidence, Item, Kind, Value
from grading.periods import Pause
from grading.program import Program, Requirement, Stage
from grading.proof import Proof
from grading.requirements.needs import Amount, AtLeast, Measure, Need
from grading.requirements.selection import Anchor, Named, Selection, Where
from grading.standing import standing

TODAY = date(2026, 3, 1)
ENTERED = Anchor(Named.ENTERED)


def day(text: str) -> date:
    return date.fromisoformat(text)


def has(**said: object) -> dict[str, Value]:
    """What a thing is like; a number stays one, several words are a set."""
    return {name: _value(value) for name, value in said.items()}


def _value(value: object) -> Value:
    if isinstance(value, int):
        return Decimal(value)
    return frozenset(value) if isinstance(value, tuple) else frozenset({str(value)})


def thing(
    id_: str, on: str, amount: object = 1, *, kind: Kind = Kind.TRAINING, until: str = "", **said: object
) -> Item:
    """Hours that are signed; None: nobody said how many."""
    number = None if amount is None else Decimal(str(amount))
    ends = day(until) if until else None
    return Item(id_, kind, day(on), number, "hours", has(**said), until=ends, stands_from=day(on))


def waiting(id_: str, on: str, amount: object = 1, **said: object) -> Item:
    """Hours that wait for a signature."""
    found = thing(id_, on, amount, **said)
    return Item(found.id, found.kind, found.on, found.amount, found.unit, found.has)


def where(name: str, *any_of: str, **more: object) -> Where:
    return Where(name, frozenset(any_of), **more)  # type: ignore[arg-type]  # as the value takes it


def training(*wheres: Where, **more: object) -> Selection:
    return Selection(frozenset({Kind.TRAINING}), wheres, unit="hours", **more)  # type: ignore[arg-type]  # as above


def hours(number: object, *wheres: Where, **more: object) -> AtLeast:
    """So many hours of training."""
    return AtLeast(Amount(training(*wheres, **more)), Decimal(str(number)))


def count(number: int, *wheres: Where, measure: Measure = Measure.COUNT, name: str = "", **more: object) -> AtLeast:
    """So many trainings, or so many different ones."""
    return AtLeast(Amount(training(*wheres, **more), measure, name), Decimal(number))


def asked(
    need: Need,
    *there: Item,
    today: date = TODAY,
    entered: str = "2025-01-06",
    pauses: tuple[Pause, ...] = (),
    pausable: frozenset[str] = frozenset(),
) -> Proof:
    """What the evidence says to one need."""
    return answers((need,), *there, today=today, entered=entered, pauses=pauses, pausable=pausable)[0]


def answers(
    needs: tuple[Need, ...],
    *there: Item,
    today: date = TODAY,
    entered: str = "2025-01-06",
    pauses: tuple[Pause, ...] = (),
    pausable: frozenset[str] = frozenset(),
) -> list[Proof]:
    """What it says to several needs of one program."""
    requirements = tuple(Requirement(f"r{place}", "initial", "Something", need) for place, need in enumerate(needs))
    made = Program("p", "Program", "Body", "1", "UTC", (Stage("initial", "Certification"),), requirements)
    made = replace(made, pausable=pausable)
    found = standing(made, Evidence("p", there, pauses=pauses, entered_on=day(entered)), today)
    return [found.of(f"r{place}") for place in range(len(needs))]
