"""What a requirement looks at, in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from grading.evidence import Kind
from grading.requirements.selection import Anchor, Cap, Keep, Named, Selection, Where, Window
from grading.telling.said import Said, all_of_them, one_of_them, say, together, word
from grading.telling.words import THINGS, amount, day, period, share, things
from rubrics.refusal import _N

_KEPT: Mapping[Keep, str] = {
    Keep.LARGEST: _N("for each %(name)s once, the largest"),
    Keep.LATEST: _N("for each %(name)s once, the latest"),
    Keep.EARLIEST: _N("for each %(name)s once, the earliest"),
}


def selected(of: Selection, words: Mapping[Kind, str] = THINGS) -> Said:
    """The things with what they must be like, and everything that decides which of them count."""
    found = things(of.kinds, words)
    if of.where:
        found = say(_N("%(things)s where %(like)s"), things=found, like=_like(of.where))
    for each in of.windows:
        found = say("%(things)s, %(when)s", things=found, when=_when(each))
    clauses = [found, *_clauses(of)]
    return together(clauses, _N("%(before)s; %(next)s"), _N("%(before)s; %(next)s"))


def is_today(anchor: Anchor) -> bool:
    """Whether a rule means the day on which it is looked at, and none before or after it."""
    return anchor == Anchor(Named.TODAY)


def _clauses(of: Selection) -> Iterator[Said]:
    for group in of.not_counting:
        yield say(_N("not counting where %(like)s"), like=_like(group))
    for unit, times in of.units.items():
        yield say(_N("%(one)s makes %(several)s"), one=amount(Decimal(1), unit), several=amount(times, of.unit))
    if of.once_per:
        yield say(_KEPT[of.keep], name=word(of.once_per))
    for cap in of.caps:
        yield from _cap(cap, of.unit)
    if of.within:
        yield say(_N("all within one stretch of %(period)s"), period=period(of.within))
    if of.shared:
        yield say(_N("what counts here does not count a second time in “%(pot)s”"), pot=word(of.shared))


def _cap(cap: Cap, unit: str) -> Iterator[Said]:
    like = _like(cap.where)
    if cap.at_most is not None:
        yield say(_N("where %(like)s, at most %(amount)s count"), like=like, amount=amount(cap.at_most, unit))
    if cap.share is not None:
        yield say(_N("where %(like)s, at most %(share)s of all that counts"), like=like, share=share(cap.share))


def _like(where: tuple[Where, ...]) -> Said:
    return all_of_them([_one(each) for each in where])


def _one(where: Where) -> Said:
    name = word(where.name)
    parts = []
    if where.any_of:
        parts.append(say(_N("%(name)s is %(values)s"), name=name, values=_values(where.any_of)))
    if where.none_of:
        parts.append(say(_N("%(name)s is not %(values)s"), name=name, values=_values(where.none_of)))
    if where.at_least is not None:
        parts.append(say(_N("%(name)s is at least %(number)s"), name=name, number=where.at_least))
    if where.at_most is not None:
        parts.append(say(_N("%(name)s is at most %(number)s"), name=name, number=where.at_most))
    if where.said and not where.any_of and where.at_least is None and where.at_most is None:
        parts.append(say(_N("%(name)s is given"), name=name))
    return all_of_them(parts or [say(_N("%(name)s may be anything"), name=name)])


def _values(values: frozenset[str]) -> Said:
    return one_of_them([word(each) for each in sorted(values)])


def _when(window: Window) -> Said:
    parts = []
    if window.in_force and is_today(window.in_force):
        parts.append(say(_N("in force today")))
    elif window.in_force:
        parts.append(say(_N("in force on %(day)s"), day=day(window.in_force)))
    if window.since:
        parts.append(say(_N("since %(day)s"), day=day(window.since)))
    if window.last and window.until:
        parts.append(
            say(_N("of the last %(period)s before %(day)s"), period=period(window.last), day=day(window.until))
        )
    elif window.last:
        parts.append(say(_N("of the last %(period)s"), period=period(window.last)))
    elif window.until:
        parts.append(say(_N("until %(day)s"), day=day(window.until)))
    return together(parts or [say(_N("of any time"))], "%(before)s, %(next)s")
