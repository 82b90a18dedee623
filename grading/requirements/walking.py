"""Through the parts of a need."""

from collections.abc import Iterator

from grading.requirements.needs import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Held,
    InOrder,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Named, Selection


def walk(need: Need) -> Iterator[Need]:
    """The need and everything in it, from the outside in."""
    yield need
    for part in parts(need):
        yield from walk(part)


def parts(need: Need) -> tuple[Need, ...]:
    """What a need is made of."""
    match need:
        case AllOf() | AnyOf():
            return need.parts
        case SomeOf():
            return tuple(part for group in need.groups for part in group.parts)
        case When():
            return need.condition, need.need
        case Open() | Each():
            return (need.need,)
        case _:
            return ()


def selections(need: Need) -> tuple[Selection, ...]:
    """What the need itself looks at; its parts look for themselves."""
    match need:
        case AtLeast() | AtMost() | Covers():
            return (need.amount.of,)
        case Share():
            return need.part.of, need.whole.of
        case Sum():
            return tuple(term.amount.of for term in need.terms)
        case Spread() | Held():
            return (need.of,)
        case InOrder():
            return need.steps
        case Unless():
            return (need.of, need.settled) if need.settled else (need.of,)
        case Each() if need.only_with:
            return (need.only_with,)
        case _:
            return ()


def days(need: Need) -> Iterator[Anchor]:
    """The days that the need and its selections name; its parts name theirs."""
    named: list[Anchor | None] = []
    match need:
        case Held() | Open():
            named.append(need.at)
        case Each():
            named += need.since, need.until
        case _:
            pass
    for selection in selections(need):
        for window in selection.windows:
            named += window.since, window.until, window.in_force
    yield from (anchor for anchor in named if anchor is not None)


def first_met_of(need: Need) -> frozenset[str]:
    """The requirements on whose first day of being met something in this need depends."""
    return frozenset(anchor.name for part in walk(need) for anchor in days(part) if anchor.named is Named.MET)


def requirements_in(need: Need) -> frozenset[str]:
    """Every requirement that this need names, as a whole or by its day."""
    return first_met_of(need) | {part.requirement for part in walk(need) if isinstance(part, Met)}
