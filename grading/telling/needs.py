"""What is asked, as sentences; parts of a need are told below it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from grading.requirements.needs import (
    AllOf,
    Amount,
    Amounts,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Group,
    Held,
    InOrder,
    Lists,
    Measure,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Term,
    Unless,
    When,
)
from grading.telling.said import Said, all_of_them, say, together, word
from grading.telling.selections import is_today, selected
from grading.telling.words import AVERAGE, EACH, ONE, SEVERAL, amount, day, period, share
from rubrics.refusal import _N


@dataclass(frozen=True, slots=True)
class Asked:
    """One need in words, with its parts in the order in which they are asked."""

    said: Said
    parts: tuple["Asked", ...] = ()


def asked(need: Need) -> Asked:
    """What a need asks."""
    match need:
        case AllOf():
            return Asked(say(_N("All of these:")), tuple(map(asked, need.parts)))
        case AnyOf():
            return Asked(say(_N("One of these is enough:")), tuple(map(asked, need.parts)))
        case SomeOf():
            return _some_of(need)
        case When():
            then = Asked(say(_N("then:")), (asked(need.need),))
            return Asked(say(_N("Asked only where this holds:")), (asked(need.condition), then))
        case Open():
            return Asked(_open(need), (asked(need.need),))
        case Each():
            return Asked(_each(need), (asked(need.need),))
        case _:
            return Asked(_alone(need))


def lines(found: Asked, deep: int = 0) -> list[tuple[int, Said]]:
    """The same from above to below, each with how deep it lies."""
    return [(deep, found.said), *(line for part in found.parts for line in lines(part, deep + 1))]


def _alone(need: Amounts | Spread | Held | Lists | Unless | Met) -> Said:
    match need:
        case AtLeast() | AtMost() | Share() | Sum():
            return _of_amounts(need)
        case Spread():
            template = _N("%(things)s: from the first to the last at least %(period)s")
            return say(template, things=selected(need.of, SEVERAL), period=period(need.over))
        case Held():
            return _held(need)
        case Covers():
            return _covers(need)
        case InOrder():
            return _in_order(need)
        case Unless():
            return _unless(need)
        case Met():
            return say(_N("What is asked as “%(requirement)s”"), requirement=need.requirement)


def _of_amounts(need: Amounts) -> Said:
    match need:
        case AtLeast():
            return _bounded(need.amount, need.threshold, _LEAST)
        case AtMost():
            return _bounded(need.amount, need.threshold, _MOST)
        case Share():
            whole, part = selected(need.whole.of), selected(need.part.of)
            template = _N("Of all %(whole)s, at least %(share)s: %(part)s")
            return say(template, share=share(need.threshold), whole=whole, part=part)
        case Sum():
            terms = all_of_them([_term(each) for each in need.terms])
            least = amount(need.threshold, need.terms[0].amount.of.unit)
            return say(_N("Together at least %(amount)s: %(terms)s"), amount=least, terms=terms)


_LEAST: Mapping[Measure, str] = {
    Measure.TOTAL: _N("At least %(amount)s of %(things)s"),
    Measure.COUNT: _N("At least %(amount)s %(things)s"),
    Measure.DISTINCT: _N("At least %(amount)s different values of “%(name)s” in %(things)s"),
    Measure.HIGHEST: _N("The highest of %(things)s is at least %(amount)s"),
    Measure.LOWEST: _N("The lowest of %(things)s is at least %(amount)s"),
    Measure.MEAN: _N("The mean of %(things)s is at least %(amount)s"),
    Measure.LATEST: _N("The latest of %(things)s is at least %(amount)s"),
}
_MOST: Mapping[Measure, str] = {
    Measure.TOTAL: _N("At most %(amount)s of %(things)s"),
    Measure.COUNT: _N("At most %(amount)s %(things)s"),
    Measure.DISTINCT: _N("At most %(amount)s different values of “%(name)s” in %(things)s"),
    Measure.HIGHEST: _N("The highest of %(things)s is at most %(amount)s"),
    Measure.LOWEST: _N("The lowest of %(things)s is at most %(amount)s"),
    Measure.MEAN: _N("The mean of %(things)s is at most %(amount)s"),
    Measure.LATEST: _N("The latest of %(things)s is at most %(amount)s"),
}


def _bounded(of: Amount, threshold: Decimal, templates: Mapping[Measure, str]) -> Said:
    counted = of.measure is Measure.COUNT
    words = ONE if counted and threshold == 1 else SEVERAL
    things = selected(of.of, words) if of.measure is not Measure.TOTAL else selected(of.of)
    unit = "" if of.measure in (Measure.COUNT, Measure.DISTINCT) else of.of.unit
    return say(templates[of.measure], amount=amount(threshold, unit), things=things, name=word(of.name))


def _term(term: Term) -> Said:
    things = selected(term.amount.of)
    return things if term.times == 1 else say(_N("%(times)s times %(things)s"), times=term.times, things=things)


def _held(need: Held) -> Said:
    things = selected(need.of, ONE)
    at = say(_N("today")) if need.at is None else day(need.at)
    parts = []
    if need.at_least:
        parts.append(say(_N("at least %(period)s"), period=period(need.at_least)))
    if need.less_than:
        parts.append(say(_N("less than %(period)s"), period=period(need.less_than)))
    if not parts:
        today = need.at is None or is_today(need.at)
        template = _N("%(things)s in force today") if today else _N("%(things)s in force on %(day)s")
        return say(template, things=things, day=at)
    template = _N("%(things)s that began %(length)s before %(day)s and is in force then")
    return say(template, things=things, length=all_of_them(parts), day=at)


def _covers(need: Covers) -> Said:
    values = together([word(each) for each in need.values] or [say(_N("nothing"))], "%(before)s, %(next)s")
    unit = need.amount.of.unit
    if unit:
        each = say(_LEAST[Measure.TOTAL], amount=amount(need.threshold, unit), things=selected(need.amount.of))
    else:
        words = ONE if need.threshold == 1 else SEVERAL
        each = say(_LEAST[Measure.COUNT], amount=amount(need.threshold, ""), things=selected(need.amount.of, words))
    by = word(need.by)
    if need.some is None:
        return say(_N("%(each)s, for each %(by)s of these: %(values)s"), each=each, by=by, values=values)
    template = _N("%(each)s, for each %(by)s of at least %(some)s of these: %(values)s")
    return say(template, each=each, by=by, some=need.some, values=values)


def _in_order(need: InOrder) -> Said:
    then = _N("%(before)s; then %(next)s")
    steps = together([selected(each, ONE) for each in need.steps] or [say(_N("nothing"))], then, then)
    if need.same:
        return say(_N("In this order, of the same %(name)s: %(steps)s"), name=word(need.same), steps=steps)
    return say(_N("In this order: %(steps)s"), steps=steps)


def _unless(need: Unless) -> Said:
    things = selected(need.of, SEVERAL)
    if need.settled is None:
        return say(_N("There are no %(things)s"), things=things)
    return say(_N("There are no %(things)s, or a person of the program looked at them and settled them"), things=things)


def _some_of(need: SomeOf) -> Asked:
    said = say(_N("At least %(count)s of these:"), count=need.count)
    if len(need.groups) == 1 and not need.groups[0].at_least and need.groups[0].at_most is None:
        return Asked(said, tuple(map(asked, need.groups[0].parts)))
    return Asked(said, tuple(Asked(_group(group), tuple(map(asked, group.parts))) for group in need.groups))


def _group(group: Group) -> Said:
    if group.at_most is None:
        return say(_N("at least %(least)s from this group:"), least=group.at_least)
    template = _N("at least %(least)s from this group, of which at most %(most)s count:")
    return say(template, least=group.at_least, most=group.at_most)


def _open(need: Open) -> Said:
    if need.since and need.until:
        return say(_N("Open from %(since)s until %(until)s:"), since=need.since, until=need.until)
    if need.since:
        return say(_N("Open from %(since)s:"), since=need.since)
    return say(_N("Open until %(until)s:"), until=need.until)


def _each(need: Each) -> Said:
    found = say((AVERAGE if need.average else EACH)[need.calendar])
    found = say(_N("%(each)s since %(day)s"), each=found, day=day(need.since))
    if need.until:
        found = say(_N("%(each)s, until %(day)s"), each=found, day=day(need.until))
    if need.only_with:
        found = say(_N("%(each)s, where there is %(things)s"), each=found, things=selected(need.only_with))
    if need.but:
        found = say(_N("%(each)s, of which %(number)s may be without"), each=found, number=need.but)
    return say(_N("%(each)s:"), each=found)
