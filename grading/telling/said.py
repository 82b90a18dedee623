"""Sentences that are put together from smaller ones, and can still be translated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from grading.telling.counted import counted
from rubrics.refusal import _N

FINEST = Decimal("0.0001")
"""Of numbers that do not end, such as an average, so much is said."""
_ABOUT = _N("about %(number)s")


@dataclass(frozen=True, slots=True)
class Said:
    """A template marked with `_N`, and what stands in its %(name)s places: sentences, numbers, days, plain words."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)


def say(template: str, **values: object) -> Said:
    """A sentence with its values."""
    return Said(template, values)


def told(said: Said, translate: Callable[[str], str] = lambda template: template) -> str:
    """The sentence as text. `translate` gives each template in the language that is wanted; some are `Counted`."""
    values = {name: _value(value, translate) for name, value in said.values.items()}
    return translate(counted(said.template, said.values)) % values


def together(parts: Sequence[Said], last: str, between: str = _N("%(before)s, %(next)s")) -> Said:
    """Several as one: `last` joins the last of them to those before, `between` each of the others."""
    if len(parts) == 1:
        return parts[0]
    before = parts[0]
    for each in parts[1:-1]:
        before = say(between, before=before, next=each)
    return say(last, before=before, next=parts[-1])


def all_of_them(parts: Sequence[Said]) -> Said:
    """One, another and a third."""
    return together(parts, _N("%(before)s and %(next)s"))


def one_of_them(parts: Sequence[Said]) -> Said:
    """One, another or a third."""
    return together(parts, _N("%(before)s or %(next)s"))


def number_text(value: Decimal) -> str:
    """A number as people write it: no exponent, no zeros that say nothing. Infinite is for the caller to say."""
    return f"{value.normalize() + 0:f}"


def word(text: str) -> Said:
    """A name of a rule or a value of evidence, as words."""
    return say("%(word)s", word=text.replace("_", " "))


def _value(value: object, translate: Callable[[str], str]) -> object:
    match value:
        case Said():
            return told(value, translate)
        case Decimal():
            return _number(value, translate)
        case date():
            return value.isoformat()
        case _:
            return value


def _number(value: Decimal, translate: Callable[[str], str]) -> str:
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < FINEST.as_tuple().exponent:  # type: ignore[operator]  # finite
        return translate(_ABOUT) % {"number": number_text(value.quantize(FINEST, ROUND_DOWN))}
    return number_text(value)
