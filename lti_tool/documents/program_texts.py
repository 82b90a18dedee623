"""Lengths, amounts and days as people write them in a program: "18 months", "16 hours", "6 months before expiry"."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from grading.periods import Period
from grading.requirements.selection import Anchor, Named, Which
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N, Refused
from rubrics.typed import in_digits

LONGEST = Period(months=1200, days=36_525)
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Days outside of these are slips of the pen."""
_UNITS = {"year": (12, 0), "month": (1, 0), "week": (0, 7), "day": (0, 1)}
_PART = re.compile(r"(\d{1,5}) (year|month|week|day)s?")
_PERIOD = re.compile(rf"{_PART.pattern}(?:(?: and|,)? {_PART.pattern}){{0,2}}")
_AMOUNT = re.compile(r"(?P<number>-?\d{1,12}(?:\.\d{1,6})?)(?: ?(?P<unit>%|[^\W\d][\w-]*))?")
_TYPED = re.compile(r"(?P<whole>-?\d+)[.,](?P<part>\d+)(?P<unit>(?: ?[^\d.,].*)?)", re.ASCII)
_ANCHOR = re.compile(
    rf"(?:(?P<shift>{_PERIOD.pattern}) (?P<way>before|after) )?"
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})|(?P<word>today|entered|expiry|certified|stage|met|first|last)?"
    r"(?: ?(?P<name>[\w.-]+))?)"
)
_ONE = frozenset({"minute", "hour", "day", "week", "credit", "point", "session", "unit"})
_ALONE = {"today": Named.TODAY, "entered": Named.ENTERED, "expiry": Named.EXPIRY}
_WITH_NAME = {"certified": Named.CERTIFIED, "stage": Named.STAGE, "met": Named.MET}


class Problems(Protocol):
    """Where what cannot be read is noted."""

    def problem(self, place: str, sentence: Sentence) -> None:
        """Note it; reading goes on, so that everything is said at once."""


def period_of(text: str | None, problems: Problems, place: str) -> Period | None:
    """A length of time; None where nothing is written, or where it cannot be read, which is noted."""
    if text is None:
        return None
    if _PERIOD.fullmatch(text) is None:
        sentence = _N("Found “%(found)s”. Please write a length of time, such as 18 months, 2 years or 90 days.")
        problems.problem(place, Sentence(sentence, found=text))
        return None
    length = _length(text)
    if length.months > LONGEST.months or length.days > LONGEST.days:
        sentence = _N("Found “%(found)s”. Please write a length of time that a person can live to see.")
        problems.problem(place, Sentence(sentence, found=text))
        return None
    return length


def amount_of(written: str | int | float, problems: Problems, place: str) -> tuple[Decimal, str]:
    """A number and its unit; a share in percent has the unit "%"."""
    found = _AMOUNT.fullmatch(str(written))
    if found is None:
        sentence = _N("Found “%(found)s”. Please write an amount, such as 40 hours, 3 or 50 %%.")
        problems.problem(place, Sentence(sentence, found=written))
        return Decimal(), ""
    return Decimal(found["number"]), unit_of(found["unit"] or "")


def amount_typed(text: str) -> str:
    """A number, or an amount with its unit, as a program writes it, for what was typed: with a point for a comma.

    Raises `Refused` ("two_ways") for 1,250 and 1.250; what is no amount comes back as it is.
    """
    plain = in_digits(text)
    found = _TYPED.fullmatch(plain)
    if found is None:
        return plain
    if len(found["part"]) == 3 and len(found["whole"].lstrip("-0")) in (1, 2, 3):
        raise Refused(
            "two_ways",
            "This can be read in two ways. Please write it without a dot or comma, or with two places after it.",
        )
    return f"{found['whole']}.{found['part']}{found['unit']}"


def unit_of(written: str) -> str:
    """A unit as it is compared: 1 hour is an amount of hours."""
    return f"{written}s" if written in _ONE else written


def anchor_of(written: str | date, problems: Problems, place: str) -> Anchor:
    """A day that is named: today, application, first training_began, stage full, 2 years after certified ..."""
    if isinstance(written, date):
        check_year(written, problems, place)
        return Anchor(Named.DAY, day=written)
    found = _ANCHOR.fullmatch(written)
    anchor = _anchor(found) if found else None
    if anchor is None:
        sentence = _N(
            "Found “%(found)s”. Please name a day: today, entered, expiry, certified, stage and its key, met and the "
            "key of a requirement, the name of an event, or a date; also such as 6 months before expiry."
        )
        problems.problem(place, Sentence(sentence, found=written))
        return Anchor(Named.TODAY)
    if anchor.day is not None:
        check_year(anchor.day, problems, place)
    return anchor


def check_year(day: date, problems: Problems, place: str) -> None:
    """Note a day that lies so far away that it is a slip."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = _N("The year %(year)s is too far away. Please check the day.")
        problems.problem(place, Sentence(sentence, year=day.year))


def _anchor(found: re.Match[str]) -> Anchor | None:
    anchor = _unshifted(found)
    if anchor is None or not found["shift"]:
        return anchor
    shift = _length(found["shift"])
    if shift.months > LONGEST.months or shift.days > LONGEST.days:
        return None
    return replace(anchor, earlier=shift) if found["way"] == "before" else replace(anchor, later=shift)


def _unshifted(found: re.Match[str]) -> Anchor | None:
    word, name = found["word"] or "", found["name"] or ""
    if found["day"]:
        try:
            return Anchor(Named.DAY, day=date.fromisoformat(found["day"]))
        except ValueError:
            return None
    if word in _ALONE:
        return None if name else Anchor(_ALONE[word])
    if word in _WITH_NAME:
        return Anchor(_WITH_NAME[word], name) if name or word == "certified" else None
    return Anchor(Named.EVENT, name, Which.FIRST if word == "first" else Which.LAST) if name else None


def _length(text: str) -> Period:
    months = days = 0
    for number, unit in _PART.findall(text):
        of_months, of_days = _UNITS[unit]
        months, days = months + int(number) * of_months, days + int(number) * of_days
    return Period(months, days)


def month_and_day(text: str, problems: Problems, place: str) -> tuple[int, int]:
    """A day of every year, as 09-30."""
    try:
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        sentence = _N("Found “%(found)s”. Please write a month and a day, such as 09-30.")
        problems.problem(place, Sentence(sentence, found=text))
        return 1, 1
    return day.month, day.day
