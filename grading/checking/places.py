"""Every need and selection of a program with its place, in the words of its document."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grading.program import Program, Requirement
from grading.requirements.needs import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Group,
    Held,
    InOrder,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Selection, Where


@dataclass(frozen=True, slots=True)
class Asked:
    """A need, and where it stands."""

    requirement: Requirement
    need: Need
    inside: str = ""
    """The place of the need; empty for the requirement itself."""
    always: bool = True
    """Asked of everybody who finishes the stage: not one of several routes, and not only under a condition."""
    in_each: bool = False
    """It is asked in each stretch."""

    def at(self, name: str) -> str:
        """The place of one entry of the need."""
        return f"{self.inside}.{name}" if self.inside else name


@dataclass(frozen=True, slots=True)
class Looked:
    """A selection, and where it stands."""

    asked: Asked
    of: Selection
    place: str
    counted: bool = True
    """Its things make the number that is asked."""


def asked(program: Program) -> Iterator[Asked]:
    """Every need, from the outside in, in the order of the document."""
    for requirement in program.requirements:
        yield from _within(Asked(requirement, requirement.need, always=not requirement.shown_only))


def looked(program: Program) -> Iterator[Looked]:
    """Every selection."""
    for each in asked(program):
        for name, of, counted in _selections(each.need):
            yield Looked(each, of, each.at(name), counted)


def wheres(one: Looked) -> Iterator[tuple[str, Where]]:
    """Everything that a selection compares, with its place."""
    yield from ((f"{one.place}.where.{where.name}", where) for where in one.of.where)
    for number, group in enumerate(one.of.not_counting, 1):
        yield from ((f"{one.place}.not_counting[{number}].{where.name}", where) for where in group)
    for number, cap in enumerate(one.of.caps, 1):
        yield from ((f"{one.place}.caps[{number}].where.{where.name}", where) for where in cap.where)


def named_days(program: Program) -> Iterator[tuple[Asked, str, Anchor]]:
    """Every day that a rule names, with its place."""
    for one in looked(program):
        for window in one.of.windows:
            days = {"since": window.since, "until": window.until, "in_force": window.in_force}
            yield from ((one.asked, f"{one.place}.{name}", day) for name, day in days.items() if day)
    for each in asked(program):
        match each.need:
            case Held(at=at) | Open(at=at):
                own = {"at": at}
            case Each(since=since, until=until):
                own = {"since": since, "until": until}
            case _:
                own = {}
        yield from ((each, each.at(name), day) for name, day in own.items() if day)


def _within(one: Asked) -> Iterator[Asked]:
    yield one
    for name, part, always in _parts(one.need):
        inner = replace(
            one,
            need=part,
            inside=one.at(name),
            always=one.always and always,
            in_each=one.in_each or isinstance(one.need, Each),
        )
        yield from _within(inner)


def _parts(need: Need) -> Iterator[tuple[str, Need, bool]]:
    match need:
        case AllOf():
            yield from ((f"all_of[{number}]", part, True) for number, part in enumerate(need.parts, 1))
        case AnyOf():
            alone = len(need.parts) == 1
            yield from ((f"any_of[{number}]", part, alone) for number, part in enumerate(need.parts, 1))
        case SomeOf():
            yield from _of_groups(need.groups)
        case When():
            yield from (("when", need.condition, False), ("then", need.need, False))
        case Open() | Each():
            yield "need", need.need, False
        case _:
            pass


def _of_groups(groups: tuple[Group, ...]) -> Iterator[tuple[str, Need, bool]]:
    plain = len(groups) == 1 and not groups[0].at_least and groups[0].at_most is None
    for place, group in enumerate(groups, 1):
        before = "" if plain else f"groups[{place}]."
        yield from ((f"{before}parts[{number}]", part, False) for number, part in enumerate(group.parts, 1))


def _selections(need: Need) -> Iterator[tuple[str, Selection, bool]]:
    match need:
        case AtLeast() | AtMost() | Covers():
            yield "of", need.amount.of, True
        case Share():
            yield from (("of", need.part.of, True), ("out_of", need.whole.of, True))
        case Sum():
            yield from ((f"sum[{number}].of", term.amount.of, True) for number, term in enumerate(need.terms, 1))
        case Spread() | Held():
            yield "of", need.of, True
        case InOrder():
            yield from ((f"in_order[{number}]", step, True) for number, step in enumerate(need.steps, 1))
        case Unless():
            yield "unless", need.of, False
            if need.settled:
                yield "settled", need.settled, False
        case Each(only_with=of) if of:
            yield "only_with", of, False
        case _:
            pass
