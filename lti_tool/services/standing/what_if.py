"""What if: where somebody would stand with something made up. Nothing of it is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from grading.evidence import Item, Kind, Value
from grading.lifecycle.dates import Due, Name
from grading.periods import Pause
from grading.program import Program
from grading.requirements.selection import OF_ITSELF, Selection
from grading.requirements.walking import selections, walk
from grading.standing import Standing, Weighed, dates, standing
from lti_tool.services.standing.standings import Stands

IMAGINED = "imagined:1"
MONTH = 30
NEVER_TRIED = frozenset({Kind.EVENT, Kind.FINDING, Kind.RATING, Kind.APPROVAL})
"""What others note of somebody, or what only happens: nobody plans it."""
FIRST = (Kind.PRACTICE, Kind.TRAINING, Kind.SUPERVISION, Kind.EDUCATION, Kind.OBSERVATION)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Something that is only imagined."""

    kind: Kind
    on: date
    amount: Decimal | None = None
    says: Mapping[str, str] = field(default_factory=dict)
    """What it is like, in names of the program."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One requirement as it is, and as it would be."""

    now: Weighed
    then: Weighed


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both standings on one day, and where they differ."""

    on: date
    now: Standing
    then: Standing
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One date without the pause, and with it."""

    now: Due
    then: date


def kinds(program: Program) -> tuple[Kind, ...]:
    """Of what kinds something can be made up: those that the program asks for."""
    asked = {kind for each in _selections(program) for kind in each.kinds} - NEVER_TRIED
    return (*(kind for kind in FIRST if kind in asked), *sorted(asked - set(FIRST)))


def unit_of(program: Program, kind: Kind) -> str:
    """In what the program measures this kind; "" where it counts it."""
    return next((each.unit for each in _selections(program) if kind in each.kinds and each.unit), "")


def names(program: Program, kind: Kind) -> dict[str, tuple[str, ...]]:
    """What the rules ask of such a thing: each name with the words that they know."""
    found: dict[str, dict[str, None]] = {}
    for each in _selections(program):
        for where in each.where if kind in each.kinds else ():
            if where.any_of and where.name not in OF_ITSELF:
                found.setdefault(where.name, {}).update(dict.fromkeys(sorted(where.any_of)))
    return {name: tuple(words) for name, words in found.items()}


def what_if(stands: Stands, made_up: MadeUp) -> WhatIf:
    """Where they would stand with it, once it is signed: on its day, or today if that has been."""
    program, evidence = stands.enrolled.program, stands.enrolled.evidence
    on = max(stands.today, made_up.on)
    now = stands.standing if on == stands.today else standing(program, evidence, on)
    then = standing(program, evidence.with_items([_item(program, made_up)]), on)
    return WhatIf(on, now, then, tuple(_changed(now, then)))


def with_pause(stands: Stands) -> tuple[tuple[Moved, ...], tuple[Due, ...]]:
    """The dates that a pause of a month from today on would move, and those that it would not."""
    program, evidence = stands.enrolled.program, stands.enrolled.evidence
    last = stands.today + timedelta(days=MONTH - 1)
    paused = replace(evidence, pauses=(*evidence.pauses, Pause(stands.today, last)))
    after = last + timedelta(days=1)
    without = [each for each in dates(program, evidence, after) if _is_to_come(each, stands.today)]
    then = {(each.name, each.stage, each.rule): each for each in dates(program, paused, after)}
    moved, stay = [], []
    for each in without:
        other = then.get((each.name, each.stage, each.rule), each)
        if other.on > each.on:
            moved.append(Moved(each, other.on))
        else:
            stay.append(each)
    return tuple(moved), tuple(stay)


def _is_to_come(due: Due, today: date) -> bool:
    return due.on >= today and due.name is not Name.REMINDER


def _changed(now: Standing, then: Standing) -> Iterator[Changed]:
    for before, after in zip(now.stages, then.stages, strict=True):
        for one, other in zip(before.requirements, after.requirements, strict=True):
            if one.proof != other.proof and _says_another(one, other):
                yield Changed(one, other)


def _says_another(one: Weighed, other: Weighed) -> bool:
    """Whether the answer or a number differs: that the thing is looked at, and counts for nothing, changes nothing."""
    if one.proof.answer is not other.proof.answer or one.proof.numbers != other.proof.numbers:
        return True
    pairs = zip(one.proof.parts, other.proof.parts, strict=False)
    return any(_says_another(Weighed(one.requirement, a), Weighed(other.requirement, b)) for a, b in pairs)


def _item(program: Program, made_up: MadeUp) -> Item:
    unit = unit_of(program, made_up.kind) if made_up.amount is not None else ""
    has: dict[str, Value] = {name: frozenset({word}) for name, word in made_up.says.items() if word}
    return Item(
        id=IMAGINED,
        kind=made_up.kind,
        on=made_up.on,
        amount=made_up.amount,
        unit=unit,
        has={**_as_asked(program, made_up.kind), **has},
        stands_from=made_up.on,
    )


def _as_asked(program: Program, kind: Kind) -> dict[str, Value]:
    """Numbers that rules ask for, such as the years of a supervisor: as much as the most of them asks."""
    asked: dict[str, Value] = {}
    for each in _selections(program):
        for where in each.where if kind in each.kinds else ():
            if where.at_least is not None and where.name not in OF_ITSELF:
                known = asked.get(where.name)
                asked[where.name] = max(known, where.at_least) if isinstance(known, Decimal) else where.at_least
    return asked


def _selections(program: Program) -> list[Selection]:
    return [one for each in program.requirements for need in walk(each.need) for one in selections(need)]
