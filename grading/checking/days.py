"""Windows and stretches in which nothing can ever lie."""

from collections.abc import Iterator

from grading.checking.findings import Finding, Severity
from grading.checking.places import Asked, Looked, asked, looked
from grading.periods import Period, stretches
from grading.program import Program
from grading.requirements.needs import AtLeast, Each, Held, Open
from grading.requirements.selection import Anchor, Named, Window
from rubrics.refusal import _N

DAYS_OF_MONTH = 365.2425 / 12
MOST_YEAR = 9000
MOST_DAYS = 40_000
"""Stretches are counted within so many days."""

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
            values = {"since": _shown(since), "until": _shown(until)}
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


def _moved(anchor: Anchor) -> float:
    """How many days it lies from where it is counted."""
    day = anchor.day.toordinal() if anchor.day else 0
    return day + length(anchor.later or Period()) - length(anchor.earlier or Period())


def _shown(anchor: Anchor) -> str:
    shifts = ((anchor.earlier, "before"), (anchor.later, "after"))
    shift = "".join(f"{period_text(period)} {way} " for period, way in shifts if period)
    return f"{shift}{anchor.day}"


def _held(each: Asked, need: Held) -> Iterator[Finding]:
    least, less = need.at_least, need.less_than
    if least and less and length(least) >= length(less):
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
        values = {"since": _shown(since), "until": _shown(until)}
        sentence = _BACKWARDS if since.named is Named.DAY else _BACKWARDS_FROM
        yield _finding(each, "nothing_holds", each.at("since"), sentence, **values)
        return
    count = _how_many(program, need) if need.but else None
    if count is not None and need.but >= count:
        yield _finding(each, "but_means_nothing", each.at("but"), _BUT, found=need.but, count=count)


def _how_many(program: Program, need: Each) -> int | None:
    """How many stretches there are; None where their days are not known."""
    first, until = need.since, need.until
    if until is None or first.day is None or until.day is None or _shifted(first) or _shifted(until):
        return None
    if (until.day - first.day).days > MOST_DAYS or until.day.year > MOST_YEAR:
        return None
    return sum(1 for _ in stretches(need.calendar, first.day, until.day, program.terms))


def _shifted(anchor: Anchor) -> bool:
    return bool(anchor.earlier or anchor.later)


def length(period: Period) -> float:
    """About how many days it has; for comparing."""
    return period.months * DAYS_OF_MONTH + period.days


def period_text(period: Period) -> str:
    """A length of time as people write it: 2 years, 18 months, 90 days."""
    years, months = divmod(period.months, 12)
    if months:
        years, months = 0, period.months
    parts = [(years, "year"), (months, "month"), (period.days, "day")]
    return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "0 days"
