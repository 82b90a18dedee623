"""Hours as people write them: 2, 2.5, 2,5, 2:30, 2 h 30, 150 min; in the digits of any script."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from rubrics.refusal import Refused
from rubrics.typed import in_digits

MOST = Decimal(5000)
"""More than this in one entry is a slip of the keyboard."""
MINUTES = Decimal(60)
FINEST = Decimal("0.01")
_HALVES = {"½": ".5", "¼": ".25", "¾": ".75"}
_H = r"(?:h|hs|hr|hrs|hours?|horas?|س|ساعة|ساعات)\.?"
_MIN = r"(?:m|min|mins|minutes?|minutos?|د|دقيقة|دقائق)\.?"


def read_hours(typed: str) -> Decimal:
    """The hours, to a hundredth. Raises `Refused` ("amount") with what to write instead."""
    text = " ".join(in_digits(typed.replace("\x00", "")).lower().split())
    for sign, number in _HALVES.items():
        text = text.replace(sign, number)
    if not text:
        raise Refused("amount", "Please say how long it was, such as 2.5 or 2:30.")
    hours = next((read(found) for pattern, read in _WAYS if (found := pattern.fullmatch(text))), None)
    if hours is None:
        if re.fullmatch(r"\d{1,3}[.,]\d{3}\D*", text, re.ASCII):
            raise Refused(
                "amount",
                "This can be read in two ways. Please write it without a dot or comma, or with two places after it.",
            )
        raise Refused("amount", "Please check how long it was: 2.5, 2:30 or 150 min.")
    hours = hours.quantize(FINEST, ROUND_HALF_UP)
    if not 0 < hours <= MOST:
        raise Refused("amount", "Please check how long it was: more than nothing, and at most 5000 hours.")
    return hours


def hours_and_minutes(hours: Decimal) -> tuple[int, int]:
    """The same as whole hours and the minutes beside them."""
    whole, minutes = divmod(int((hours * MINUTES).to_integral_value(ROUND_HALF_UP)), 60)
    return whole, minutes


def _decimal(found: re.Match[str]) -> Decimal:
    return Decimal(f"{found['whole'] or 0}.{found['part'] or 0}")


def _clock(found: re.Match[str]) -> Decimal:
    return Decimal(found["whole"]) + Decimal(found["part"]) / MINUTES


def _minutes(found: re.Match[str]) -> Decimal:
    return _decimal(found) / MINUTES


_WAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Decimal]], ...] = tuple(
    (re.compile(pattern, re.ASCII), read)
    for pattern, read in (
        (rf"(?P<whole>\d{{1,5}})?(?:[.,](?P<part>\d{{1,2}}))? ?(?:{_H})?(?<=.)", _decimal),
        (rf"(?P<whole>\d{{1,5}}):(?P<part>[0-5]\d) ?(?:{_H})?", _clock),
        (rf"(?P<whole>\d{{1,5}}) ?{_H} ?(?:and |y |و ?)?(?P<part>[0-5]?\d) ?(?:{_MIN})?", _clock),
        (rf"(?P<whole>\d{{1,6}})(?:[.,](?P<part>\d{{1,2}}))? ?{_MIN}", _minutes),
    )
)
