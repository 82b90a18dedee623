"""Windows and stretches in which nothing can ever lie."""

from collections.abc import Iterator
from datetime import date

from grading.checking.findings import Finding, Severity
from grading.checking.places import Asked, Looked, asked, looked
from grading.periods import Period, stretches
from grading.program import Program
from grading.requirements.needs import AtLeast, Each, Held, Open
from grading.requirements.selection import Anchor, Named, Window
from rubrics.refusal import _N

SOME_DAY = date(2024, 7, 1)
"""Lengths of time are compared from here."""

_BACKWARDS = _N("It begins on %(since)s, after it ends on %(until)s, so nothing ever lies in it. Please check both.")
_BACKWARDS_FROM = _N(
    "It begins after it ends, counted from the same day, so nothing ever lies in it. Please check both."
)
_EMPTY_PERIOD = _N("A length of time of nothing holds only one day. Please write how long it is.")
_NEVER_HELD = _N(
    "At least %(least)s and less than %(less)s cannot both be. Please make the second the longer one, or take one away."
)
_CLOSED = _N(
    "This route closes on %(until)s, before the edition begins on %(since)s, so it never helps anybody who enters this "
    "edition. Please check both days, or take the route away."
)
_NOT_OPEN = _N(
    "This route opens on %(since)s, after the last day of the edition, %(until)s. It is read as open for people who "
    "entered before and are still on their way."
)
_BUT = _N("%(found)s stretches may be without, and there are only %(count)s. Please allow fewer.")
_BUT_BELOW = _N("Fewer than none may be without: %(found)s. Please write how many, or take but away.")
_BUT_AVERAGE = _N(
    "Beside an average, but says nothing: an empty stretch may be made up for in another. Please take but away, or "
    'write how = "each".'
)
_AVERAGE_OF = _N(
    'Only at_least can be asked on average. Please write how = "each", or ask for the whole time without each.'
)


def days(program: Program) -> Iterator[Finding]:
    """Days that cross each other, in windows, routes, stretches and lengths of time."""
    for one in looked(program):
        for window in one.of.windows:
            yield from _window(one, window)
        if one.of.within == Period():
            yield _finding(one.asked, "nothing_holds", f"{one.place}.within", _EMPTY_PERIOD)
    for each in asked(program):
        match each.need:
            case Held():
                yield from _held(each, each.need)
            case Open():
                yield from _open(program, each, each.need)
            case Each():
                yield from _each(program, each, each.need)


def _finding(each: Asked, code: str, place: str, sentence: str, **values: object) -> Finding:
    return Finding(code, Severity.MEND, place, sentence, values, each.requirement.key)


def _window(one: Looked, window: Window) -> Iterator[Finding]:
    since, until = window.since, window.until
    place = f"{one.place}.since"
    if since and until and _same(since, until) and _moved(since) > _moved(until):
        if since.named is Named.DAY:
            values = {"since": _moved(since), "until": _moved(until)}
            yield _finding(one.asked, "nothing_holds", place, _BACKWARDS, **values)
        else:
            yield _finding(one.asked, "nothing_holds", place, _BACKWARDS_FROM)
    if window.last == Period():
        yield _finding(one.asked, "nothing_holds", f"{one.place}.last", _EMPTY_PERIOD)


def _same(one: Anchor, other: Anchor) -> bool:
    """Whether both are counted from the same day, or from days that are known."""
    if one.named is Named.DAY or other.named is Named.DAY:
        return one.named is other.named
    return (one.named, one.name, one.which) == (other.named, other.name, other.which)


def _moved(anchor: Anchor) -> date:
    day = anchor.day or SOME_DAY
    if anchor.earlier:
        day = anchor.earlier.before(day)
    return anchor.later.after(day) if anchor.later else day


def _held(each: Asked, need: Held) -> Iterator[Finding]:
    least, less = need.at_least, need.less_than
    if least and less and least.after(SOME_DAY) >= less.after(SOME_DAY):
        values = {"least": period_text(least), "less": period_text(less)}
        yield _finding(each, "least_above_most", each.at("held_less_than"), _NEVER_HELD, **values)


def _open(program: Program, each: Asked, need: Open) -> Iterator[Finding]:
    since, until = need.since, need.until
    if since and until and since > until:
        yield _finding(each, "nothing_holds", each.at("open_from"), _BACKWARDS, since=since, until=until)
    begins, ends = program.effective_from, program.effective_until
    key = each.requirement.key
    if until and begins and until < begins:
        said = {"until": until, "since": begins}
        yield Finding("route_closed", Severity.LOOK, each.at("open_until"), _CLOSED, said, key)
    if since and ends and since > ends:
        said = {"since": since, "until": ends}
        yield Finding("route_opens_late", Severity.LOOK, each.at("open_from"), _NOT_OPEN, said, key)


def _each(program: Program, each: Asked, need: Each) -> Iterator[Finding]:
    if need.but < 0:
        yield _finding(each, "but_means_nothing", each.at("but"), _BUT_BELOW, found=need.but)
    if need.but and need.average:
        yield _finding(each, "but_means_nothing", each.at("but"), _BUT_AVERAGE)
    if need.average and not isinstance(need.need, AtLeast):
        yield _finding(each, "no_average", each.at("how"), _AVERAGE_OF)
    since, until = need.since, need.until
    if until is None or not _same(since, until):
        return
    first, last = _moved(since), _moved(until)
    if first > last:
        values = {"since": first, "until": last}
        sentence = _BACKWARDS if since.named is Named.DAY else _BACKWARDS_FROM
        yield _finding(each, "nothing_holds", each.at("since"), sentence, **values)
        return
    count = sum(1 for _ in stretches(need.calendar, first, last, program.terms))
    if isinstance(need.need, AtLeast) and need.but >= count:
        yield _finding(each, "but_means_nothing", each.at("but"), _BUT, found=need.but, count=count)


def period_text(period: Period) -> str:
    """A length of time as people write it: 2 years, 18 months, 90 days."""
    years, months = divmod(period.months, 12)
    if months:
        years, months = 0, period.months
    parts = [(years, "year"), (months, "month"), (period.days, "day")]
    return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "0 days"
