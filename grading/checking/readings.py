"""Texts that can be read in two ways: how they are read as they are, and what would say the other."""

from collections.abc import Iterator
from dataclasses import replace

from grading.checking.days import period_text
from grading.checking.findings import Finding, Severity, amount_text
from grading.checking.narrower import narrower
from grading.checking.places import Asked, Looked, asked, looked
from grading.evidence import Kind
from grading.periods import Calendar, Period
from grading.program import Program
from grading.requirements.needs import AtLeast, Covers, Each, Measure, Share
from rubrics.refusal import _N

CALENDAR = {Period(days=7): "week", Period(months=1): "month", Period(months=3): "quarter"}
"""Lengths that people also mean as the calendar has them."""

_UNTIL_TODAY = _N(
    "The last %(last)s are read as those before today, so that older things fall out day by day. Where they are meant "
    'before the application, add: until = "application"'
)
_ROLLING = _N(
    "The last %(last)s are read as days that move on with today, not as the %(unit)s of the calendar. For each "
    '%(unit)s of the calendar, write: each = "%(unit)s"'
)
_SHARE_CAP = _N(
    "At most %(found)s is read as a share of what counts in the end: as much counts as makes %(found)s together with "
    "the rest. Where a share of what is asked is meant, write the amount, such as 10 hours."
)
_NO_PART = _N(
    "What is to be the part (of) is not all in the whole (out_of), so the share can be read in two ways. Please "
    "choose: repeat in of everything that out_of says, and add what makes it the part."
)
_SUM_OF_SCORES = _N(
    'Percentages are added up here, so that two tries of 50 percent make 100. Please choose: measure = "highest" for '
    "the best try, “latest” for the last one, or “mean”."
)
_ANY_UNIT = _N(
    "Without a unit, amounts of every unit are added up. Please write it with the number, such as %(found)s hours."
)
_UNRATED = _N(
    "A criterion that was not observed counts neither way, and may be shown in any observation. Where it has to be in "
    'a certain one, say in which, such as: where = { point = "final" }'
)
_FIRST_STRETCH = _N(
    "It is asked for from the first whole %(unit)s on: what is left of the one before is nobody's. Where another day "
    "is meant, name it."
)


def readings(program: Program) -> Iterator[Finding]:
    """What the author may have meant otherwise."""
    for one in looked(program):
        yield from _windows(one)
        yield from _caps(one)
    yield from _first_stretches(program)
    for each in asked(program):
        match each.need:
            case AtLeast():
                yield from _added(each, each.need)
            case Share():
                yield from _share(each, each.need)
            case Covers():
                yield from _covers(each, each.need)


def _first_stretches(program: Program) -> Iterator[Finding]:
    units: dict[Calendar, list[Asked]] = {}
    for each in asked(program):
        if isinstance(each.need, Each) and isinstance(each.need.need, AtLeast) and not each.need.but:
            units.setdefault(each.need.calendar, []).append(each)
    for unit, uses in units.items():
        found = _finding(uses[0], Severity.LOOK, "first_stretch", uses[0].at("since"), _FIRST_STRETCH, unit=unit.value)
        also = dict.fromkeys(each.requirement.key for each in uses[1:])
        yield replace(found, also=tuple(also))


def _windows(one: Looked) -> Iterator[Finding]:
    for window in one.of.windows:
        if window.last is None or window.until is not None:
            continue
        last = period_text(window.last)
        place = f"{one.place}.last"
        unit = CALENDAR.get(window.last)
        if unit:
            yield _finding(one.asked, Severity.LOOK, "rolling_window", place, _ROLLING, last=last, unit=unit)
        else:
            yield _finding(one.asked, Severity.LOOK, "until_today", place, _UNTIL_TODAY, last=last)


def _caps(one: Looked) -> Iterator[Finding]:
    for number, cap in enumerate(one.of.caps, 1):
        if cap.share is not None:
            place = f"{one.place}.caps[{number}].at_most"
            found = amount_text(cap.share * 100, "%")
            yield _finding(one.asked, Severity.LOOK, "share_of_what", place, _SHARE_CAP, found=found)


def _added(each: Asked, need: AtLeast) -> Iterator[Finding]:
    if need.amount.measure is not Measure.TOTAL:
        return
    if need.amount.of.unit == "%":
        yield _finding(each, Severity.CHOOSE, "percentages_added", each.at("at_least"), _SUM_OF_SCORES)
    elif not need.amount.of.unit:
        found = amount_text(need.threshold)
        yield _finding(each, Severity.LOOK, "any_unit", each.at("at_least"), _ANY_UNIT, found=found)


def _share(each: Asked, need: Share) -> Iterator[Finding]:
    if need.part.of.kinds.isdisjoint(need.whole.of.kinds):
        return  # a ratio of two things, such as supervision to practice
    if need.part.measure is not need.whole.measure or not narrower(need.part.of, need.whole.of):
        yield _finding(each, Severity.CHOOSE, "share_of_what", each.at("out_of"), _NO_PART)


def _covers(each: Asked, need: Covers) -> Iterator[Finding]:
    of = need.amount.of
    if Kind.RATING in of.kinds and all(where.name in ("amount", need.by) for where in of.where):
        yield _finding(each, Severity.LOOK, "not_observed", each.at("of"), _UNRATED)


def _finding(each: Asked, severity: Severity, code: str, place: str, sentence: str, **values: object) -> Finding:
    return Finding(code, severity, place, sentence, values, each.requirement.key)
