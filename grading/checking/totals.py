"""Several requirements about the same amount: minima and their total, and one that crosses another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from grading.checking.findings import Finding, Severity, amount_text, listed
from grading.checking.narrower import implies, narrower
from grading.checking.places import Asked, asked
from grading.program import Program
from grading.requirements.needs import Amount, AtLeast, AtMost, Covers, Measure
from grading.requirements.selection import Where
from rubrics.refusal import _N

_ABOVE = _N(
    "The minima for “%(name)s” in “%(here)s” make %(sum)s together, and “%(total)s” asks for %(asked)s in all. As "
    "written, %(sum)s are needed. Please choose: raise “%(total)s” to %(sum)s, or lower the minima in “%(here)s” to "
    "%(asked)s together."
)
_CROSSED = _N(
    "At least %(least)s are asked here, and “%(other)s” lets there be at most %(most)s. Both cannot hold. Please raise "
    "“%(other)s” to %(least)s, or lower this to %(most)s."
)
_CAP = _N(
    "For this, at most %(cap)s of the %(least)s that “%(other)s” asks for count. It is read so: the rest "
    "counts for “%(other)s” alone. Where that is not meant, raise the cap to %(least)s."
)
_OVERLAP = _N(
    "An entry that carries several values of “%(name)s”, or meets several of these minima (%(here)s), counts for each "
    "of them. Where it may count only once, give each the same pot."
)


@dataclass(frozen=True, slots=True)
class Minimum:
    """At least so much of an amount, asked of everybody in a stage."""

    asked: Asked
    amount: Amount
    threshold: Decimal
    entry: str

    @property
    def stage(self) -> str:
        """The stage that asks it."""
        return self.asked.requirement.stage

    @property
    def key(self) -> str:
        """The requirement's."""
        return self.asked.requirement.key


@dataclass(frozen=True, slots=True)
class Part:
    """A minimum for some values of one name."""

    of: Minimum
    name: str
    values: frozenset[str]
    without: Amount
    """The amount without that name."""


def totals(program: Program) -> Iterator[Finding]:
    """Minima above their total, minima above what there may be, and minima that one entry may meet together."""
    minima = list(_minima(program))
    parts = [part for minimum in minima for part in _parts(minimum)]
    for total in minima:
        yield from _above(total, parts)
        yield from _capped(total, parts)
    yield from _crossed(program, minima)
    yield from _overlapping(parts)


def _minima(program: Program) -> Iterator[Minimum]:
    for each in asked(program):
        if not each.always or each.in_each:
            continue
        match each.need:
            case AtLeast(amount, threshold) if amount.measure in (Measure.TOTAL, Measure.COUNT):
                yield Minimum(each, amount, threshold, each.at("at_least"))
            case Covers() if each.need.some is None and each.need.amount.measure is Measure.TOTAL:
                need = each.need
                for value in dict.fromkeys(need.values):
                    where = (*need.amount.of.where, Where(need.by, frozenset({value})))
                    amount = replace(need.amount, of=replace(need.amount.of, where=where))
                    yield Minimum(each, amount, need.threshold, each.at("each_at_least"))


def _parts(minimum: Minimum) -> Iterator[Part]:
    of = minimum.amount.of
    for where in of.where:
        if where.any_of:
            rest = replace(of, where=tuple(each for each in of.where if each is not where), caps=(), shared="")
            yield Part(minimum, where.name, where.any_of, replace(minimum.amount, of=rest))


def _above(total: Minimum, parts: Sequence[Part]) -> Iterator[Finding]:
    whole = replace(total.amount, of=replace(total.amount.of, caps=(), shared=""))
    for name in dict.fromkeys(part.name for part in parts):
        mine = [
            part
            for part in parts
            if part.name == name
            and part.of is not total
            and part.of.stage == total.stage
            and part.without.measure is whole.measure
            and narrower(part.without.of, whole.of)
        ]
        apart = list(_apart(mine))
        needed = sum((part.of.threshold for part in apart), Decimal())
        if needed > total.threshold:
            yield _above_total(total, name, apart, needed)


def _above_total(total: Minimum, name: str, apart: Sequence[Part], needed: Decimal) -> Finding:
    unit = total.amount.of.unit
    keys = list(dict.fromkeys(part.of.key for part in apart))
    values = {
        "name": name,
        "here": listed(keys),
        "sum": amount_text(needed, unit),
        "total": total.key,
        "asked": amount_text(total.threshold, unit),
    }
    also = tuple(dict.fromkeys((*keys[1:], total.key)))
    place = apart[0].of.entry
    return Finding("minima_above_total", Severity.CHOOSE, place, _ABOVE, values, keys[0], also=also)


def _capped(total: Minimum, parts: Sequence[Part]) -> Iterator[Finding]:
    """Minima of which a total lets less count than they ask."""
    for number, cap in enumerate(total.amount.of.caps, 1):
        for part in parts:
            of = part.of.amount.of
            if (
                cap.at_most is not None
                and part.of is not total
                and part.of.stage == total.stage
                and part.of.threshold > cap.at_most
                and narrower(of, replace(total.amount.of, caps=()))
                and implies(of.where, cap.where)
            ):
                values = {
                    "cap": amount_text(cap.at_most, of.unit),
                    "least": amount_text(part.of.threshold, of.unit),
                    "other": part.of.key,
                }
                place = total.asked.at(f"of.caps[{number}].at_most")
                also = (part.of.key,)
                yield Finding("cap_below_minimum", Severity.LOOK, place, _CAP, values, total.key, also=also)


def _apart(parts: Iterable[Part]) -> Iterator[Part]:
    """The largest of them whose values do not overlap, in the order of the document."""
    taken: set[str] = set()
    chosen: list[Part] = []
    for part in sorted(parts, key=lambda each: -each.of.threshold):
        if taken.isdisjoint(part.values):
            taken |= part.values
            chosen.append(part)
    yield from (part for part in parts if part in chosen)


def _crossed(program: Program, minima: Sequence[Minimum]) -> Iterator[Finding]:
    for each in asked(program):
        if not isinstance(each.need, AtMost) or not each.always:
            continue
        most = each.need
        for least in minima:
            if (
                least.stage == each.requirement.stage
                and least.amount.measure is most.amount.measure
                and narrower(least.amount.of, most.amount.of)
                and least.threshold > most.threshold
            ):
                unit = most.amount.of.unit
                values = {
                    "least": amount_text(least.threshold, unit),
                    "most": amount_text(most.threshold, unit),
                    "other": each.requirement.key,
                }
                also = (each.requirement.key,)
                yield Finding("least_above_most", Severity.MEND, least.entry, _CROSSED, values, least.key, also=also)


def _overlapping(parts: Sequence[Part]) -> Iterator[Finding]:
    told: list[Part] = []
    for part in parts:
        mine = [each for each in parts if _same_amount(each, part)]
        if len(mine) < 2 or any(_same_amount(each, part) for each in told):
            continue
        told.append(part)
        keys = list(dict.fromkeys(each.of.key for each in mine))
        values = {"name": part.name, "here": listed(keys)}
        yield Finding("counts_for_each", Severity.LOOK, part.of.entry, _OVERLAP, values, keys[0], also=tuple(keys[1:]))


def _same_amount(one: Part, other: Part) -> bool:
    """Whether they are minima of one amount that no pot divides."""
    pots = {each.of.amount.of.shared for each in (one, other)}
    return (
        one.name == other.name
        and one.of.stage == other.of.stage
        and one.without == other.without
        and one.without.measure is Measure.TOTAL
        and (pots == {""} or len(pots) > 1)
    )
