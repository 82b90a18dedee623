"""Texts that languages say differently of none, one, two, few, many: such as 2.5 hours."""

from collections.abc import Mapping
from decimal import Decimal

_AS_MANY_AS = 100
"""A number that is not whole, such as 2.5, takes the form that languages use of things that are not counted up."""


def _NN(one: str, several: str) -> tuple[str, str]:  # noqa: N802  # beside `_N`: two forms to collect, as ngettext has
    return one, several


UNITS: Mapping[str, tuple[str, str]] = {
    "hours": _NN("%(number)s hour", "%(number)s hours"),
    "days": _NN("%(number)s day", "%(number)s days"),
    "weeks": _NN("%(number)s week", "%(number)s weeks"),
    "months": _NN("%(number)s month", "%(number)s months"),
    "years": _NN("%(number)s year", "%(number)s years"),
    "minutes": _NN("%(number)s minute", "%(number)s minutes"),
    "credits": _NN("%(number)s credit", "%(number)s credits"),
    "points": _NN("%(number)s point", "%(number)s points"),
    "units": _NN("%(number)s unit", "%(number)s units"),
    "sessions": _NN("%(number)s session", "%(number)s sessions"),
}
"""For one, and for several."""
_PAIRS = {text: pair for pair in UNITS.values() for text in pair}


class Counted(str):
    """A template for a number of things. It is the English one; whoever translates asks a catalog for `number`."""

    __slots__ = ("number", "one", "several")

    one: str
    several: str
    number: int

    def __new__(cls, one: str, several: str, value: Decimal) -> "Counted":
        """For so many things, which need not be a whole number."""
        made = super().__new__(cls, one if value == 1 else several)
        made.one, made.several = one, several
        made.number = abs(int(value)) if value == int(value) else _AS_MANY_AS
        return made


def counted(template: str, values: Mapping[str, object]) -> str:
    """The template, as one of a number of things where it is; also where it was kept as a text since."""
    pair, value = _PAIRS.get(template), values.get("number")
    return Counted(*pair, value) if pair and isinstance(value, Decimal) and value.is_finite() else template
