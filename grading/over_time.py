"""Looking back: a few days between the first and the last, and where somebody stood on each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from grading.ahead import next_day
from grading.editions import Enrolled
from grading.evidence import Evidence
from grading.program import Program, StageKind
from grading.proof import Answer
from grading.standing import Standing, standing

MOST_DAYS = 12
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 600)
_SHORT = 62
"""Up to so many days it is weeks that are looked at, and not months."""


def days_between(first: date, last: date) -> tuple[date, ...]:
    """The first day, the last one and some between them, in their order: at most `MOST_DAYS`.

    They are the first days of months, or of every second or third month and so on; over a short time, weeks.
    """
    if last <= first:
        return (last,)
    between = _weeks(first, last) if (last - first).days <= _SHORT else _months(first, last)
    return (first, *between[-(MOST_DAYS - 2) :], last)


def months_until(last: date, count: int) -> tuple[date, ...]:
    """The first days of the month of `last` and of those before it, the oldest first."""
    months = last.year * 12 + last.month - 1
    return tuple(date(each // 12, each % 12 + 1, 1) for each in range(months - count + 1, months + 1))


def _weeks(first: date, last: date) -> list[date]:
    found = []
    day = last - timedelta(days=7)
    while day > first:
        found.append(day)
        day -= timedelta(days=7)
    return found[::-1]


def _months(first: date, last: date) -> list[date]:
    since, until = first.year * 12 + first.month, last.year * 12 + last.month - 1
    for step in _MONTHS:
        found = [
            date(each // 12, each % 12 + 1, 1)
            for each in range(since, until + 1)
            if (each - since) % step == 0 and first < date(each // 12, each % 12 + 1, 1) < last
        ]
        if len(found) <= MOST_DAYS - 2:
            return found
    return []


@dataclass(frozen=True, slots=True)
class OnDay:
    """How many requirements of certification were met on a day, by what was known on it."""

    day: date
    met: int
    waiting: int
    """For somebody else, such as for a signature."""
    asked: int


def on_days(program: Program, evidence: Evidence, days: Iterable[date]) -> tuple[OnDay, ...]:
    """Looked back by one edition, on days in their order: what became known later is not in an earlier day."""
    looked: list[OnDay] = []
    following: date | None = date.min
    for day in days:
        if following is None or day < following:
            looked.append(replace(looked[-1], day=day))
            continue
        found = standing(program, evidence, day)
        following = next_day(Enrolled(program, evidence, None), found)
        looked.append(_on(found))
    return tuple(looked)


def _on(found: Standing) -> OnDay:
    stages = [each for each in found.stages if each.stage.kind is StageKind.CERTIFICATION]
    waiting = sum(
        each.proof.answer is Answer.WAITING and not each.requirement.shown_only
        for stage in stages
        for each in stage.requirements
    )
    return OnDay(found.on, sum(each.met for each in stages), waiting, sum(each.asked for each in stages))
