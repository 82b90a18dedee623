"""Whether a thing is what a rule means: yes, no, or nobody said."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from grading.evidence import Item, Kind, Value
from grading.requirements.selection import Where


def matches(where: Where, item: Item) -> bool | None:
    """True, False, or None where it cannot be known."""
    value = value_of(where.name, item)
    if value is None:
        return None if _asks(where, item) else not _rated_name(where, item)
    if isinstance(value, Decimal):
        return _is_within(where, value)
    if where.at_least is not None or where.at_most is not None:
        return None  # words where a number was asked for
    if where.any_of and where.any_of.isdisjoint(value):
        return False
    return where.none_of.isdisjoint(value)


def matches_all(wheres: Iterable[Where], item: Item) -> tuple[bool | None, str]:
    """Whether all match, and the first name of which nothing is said; no ends the question."""
    unknown = ""
    for where in wheres:
        found = matches(where, item)
        if found is False:
            return False, ""
        if found is None and not unknown:
            unknown = where.name
    return (None, unknown) if unknown else (True, "")


_OF_ITSELF: Mapping[str, Callable[[Item], Value | None]] = {
    "amount": lambda item: item.amount,
    "unit": lambda item: frozenset({item.unit}) if item.unit else None,
    "day": lambda item: frozenset({item.on.isoformat()}),
    "week": lambda item: frozenset({"{}-W{:02}".format(*item.on.isocalendar())}),
    "month": lambda item: frozenset({f"{item.on:%Y-%m}"}),
}
"""How each of `grading.requirements.selection.OF_ITSELF` is found. Weeks begin on Monday (ISO 8601)."""


def value_of(name: str, item: Item) -> Value | None:
    """What a thing is in this respect; None: nobody said."""
    value = item.has.get(name)
    return _OF_ITSELF[name](item) if value is None and name in _OF_ITSELF else value


def _asks(where: Where, item: Item) -> bool:
    """Whether silence leaves it open. A criterion that was not observed has no level: that is known."""
    if _rated_name(where, item):
        return False
    return where.said or bool(where.any_of) or where.at_least is not None or where.at_most is not None


def _rated_name(where: Where, item: Item) -> bool:
    return where.name == "amount" and item.kind is Kind.RATING


def _is_within(where: Where, value: Decimal) -> bool:
    if where.any_of or where.none_of:
        written = f"{value.normalize():f}"
        return (not where.any_of or written in where.any_of) and written not in where.none_of
    return (where.at_least is None or value >= where.at_least) and (where.at_most is None or value <= where.at_most)


def values_of(item: Item, name: str) -> frozenset[str]:
    """The values that a thing has for a name; empty where there are none, or nobody said."""
    value = value_of(name, item)
    if value is None:
        return frozenset()
    return value if isinstance(value, frozenset) else frozenset({f"{value.normalize():f}"})
