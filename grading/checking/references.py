"""What requirements and stages say of each other."""

from collections import Counter
from collections.abc import Iterator, Mapping

from grading.checking.findings import Finding, Severity, closest, listed
from grading.checking.places import Asked, asked, named_days
from grading.periods import Period
from grading.program import Program, Stage, StageKind
from grading.requirements.needs import (
    AtLeast,
    AtMost,
    Covers,
    Each,
    Held,
    Measure,
    Met,
    Need,
    Open,
    Share,
    Sum,
    Unless,
    When,
)
from grading.requirements.selection import Keep, Named, Selection
from grading.requirements.walking import requirements_in, selections, walk
from rubrics.refusal import _N

FALLING = frozenset({Measure.MEAN, Measure.LATEST, Measure.LOWEST})
"""Numbers that more evidence can make smaller."""

_TWICE = _N("The key “%(found)s” is there %(count)s times. Each needs a key of its own, so that it can be named.")
_UNKNOWN = _N("There is no requirement “%(found)s” in this edition. Please write the key of one that is there.")
_UNKNOWN_MEANT = _N("There is no requirement “%(found)s” in this edition. Is it meant to be “%(meant)s”?")
_CIRCLE = _N("These wait for each other, so that none can be met: %(keys)s. Please take one “met” out of the circle.")
_RELATIVE = _N(
    "“%(found)s” asks for %(form)s: it can be met on one day and not on a later one, so it has no first day. Please "
    "name an event, or a requirement that stays met."
)
_AFTER = _N("There is no stage “%(found)s” to come after. The stages are: %(known)s. Please choose one of them.")
_AFTER_CIRCLE = _N("The stages wait for each other: %(keys)s. Please take one “after” out of the circle.")
_EMPTY = _N(
    "Nothing is asked for “%(found)s”, so that it never becomes ready for a decision. Please add a requirement, or "
    "take the stage away."
)
_EXTENSION = _N(
    'Nothing says how long one of the %(count)s extensions is. Please add extension, such as: extension = "6 months"'
)
_NO_LIMIT = _N("There is nothing to extend, because the stage has no end. Please add lasts, or take extensions away.")


def references(program: Program) -> Iterator[Finding]:
    """Keys that are there twice or not at all, and circles."""
    yield from _twice("key", [each.key for each in program.requirements], in_requirement=True)
    yield from _twice("stages.key", [each.key for each in program.stages])
    yield from _unknown_requirements(program)
    yield from _circles(program)
    yield from _relative(program)
    for number, stage in enumerate(program.stages, 1):
        yield from _stage(program, stage, f"stages[{number}]")


def _twice(place: str, keys: list[str], *, in_requirement: bool = False) -> Iterator[Finding]:
    for key, count in Counter(keys).items():
        if count > 1:
            values = {"found": key, "count": count}
            yield Finding("twice", Severity.MEND, place, _TWICE, values, key if in_requirement else "")


def _unknown_requirements(program: Program) -> Iterator[Finding]:
    known = {each.key for each in program.requirements}
    for each, place, key in _named(program):
        if key not in known:
            meant = closest(key, known)
            sentence = _UNKNOWN_MEANT if meant else _UNKNOWN
            values = {"found": key, "meant": meant}
            yield Finding("unknown_requirement", Severity.MEND, place, sentence, values, each.requirement.key)


def _named(program: Program) -> Iterator[tuple[Asked, str, str]]:
    for each in asked(program):
        if isinstance(each.need, Met):
            yield each, each.at("met"), each.need.requirement
    yield from ((each, place, day.name) for each, place, day in named_days(program) if day.named is Named.MET)


def _circles(program: Program) -> Iterator[Finding]:
    follows = {each.key: requirements_in(each.need) for each in program.requirements}
    told: set[str] = set()
    for key in follows:
        circle = _circle(key, follows)
        if circle and key not in told:
            told.update(circle)
            place = next((at for each, at, _ in _named(program) if each.requirement.key == key), "")
            values = {"keys": " → ".join((*circle, key))}
            yield Finding("circle", Severity.MEND, place, _CIRCLE, values, key, also=circle[1:])


def _circle(start: str, follows: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The way from a key back to itself; empty where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for following in sorted(follows.get(way[-1], frozenset())):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return ()


def _relative(program: Program) -> Iterator[Finding]:
    needs = {each.key: each.need for each in program.requirements}
    for each, place, day in named_days(program):
        form = relative(needs[day.name]) if day.named is Named.MET and day.name in needs else ""
        if form:
            values = {"found": day.name, "form": form}
            yield Finding(
                "met_of_relative", Severity.MEND, place, _RELATIVE, values, each.requirement.key, also=(day.name,)
            )


def relative(need: Need) -> str:
    """What in a need can be met and later not be met any more; empty where it stays met."""
    return next((form for part in walk(need) if (form := _form(part))), "")


def _form(part: Need) -> str:
    match part:
        case AtMost():
            return "at_most"
        case Share():
            return "share_at_least"
        case Unless():
            return "unless"
        case When():
            return "when"
        case Open():
            return "open_until" if part.until else "open_from"
        case Each():
            return "each"
        case Held(less_than=Period()):
            return "held_less_than"
        case AtLeast() | Covers() if part.amount.measure in FALLING:
            return f"measure = {part.amount.measure.value}"
        case Sum() if falling := [term.amount.measure for term in part.terms if term.amount.measure in FALLING]:
            return f"measure = {falling[0].value}"
    return next((form for of in selections(part) if (form := _of_selection(of))), "")


def _of_selection(of: Selection) -> str:
    if of.once_per and of.keep is Keep.LATEST:
        return "keep = latest"
    for window in of.windows:
        if window.since and window.since.named is Named.TODAY:
            return "since = today"
        if window.last and (window.until is None or window.until.named is Named.TODAY):
            return "the last while before today"
        if window.in_force and window.in_force.named is Named.TODAY:
            return "in_force = today"
    return ""


def _stage(program: Program, stage: Stage, place: str) -> Iterator[Finding]:
    after = {each.key: frozenset({each.after}) - {""} for each in program.stages}
    if stage.after and stage.after not in after:
        values: dict[str, object] = {"found": stage.after, "known": listed(after)}
        yield Finding("unknown_stage", Severity.MEND, f"{place}.after", _AFTER, values)
    if circle := _circle(stage.key, after):
        values = {"keys": " → ".join((*circle, stage.key))}
        if stage.key == min(circle):
            yield Finding("circle", Severity.MEND, f"{place}.after", _AFTER_CIRCLE, values)
    if stage.kind is not StageKind.ENDORSEMENT and not program.of_stage(stage.key):
        yield Finding("empty_stage", Severity.LOOK, place, _EMPTY, {"found": stage.key})
    if stage.extensions and stage.extension is None:
        said = {"count": stage.extensions}
        yield Finding("no_extension", Severity.MEND, f"{place}.extensions", _EXTENSION, said)
    if stage.extensions and stage.lasts is None:
        yield Finding("nothing_to_extend", Severity.MEND, f"{place}.extensions", _NO_LIMIT)
