"""Names and values that nothing in the program knows, with what was probably meant."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grading.checking.findings import Finding, Severity, closest, listed
from grading.checking.places import Asked, Looked, asked, looked, named_days, wheres
from grading.program import Program
from grading.requirements.kinds import KINDS
from grading.requirements.needs import AtLeast, AtMost, Covers, InOrder, Need, Share, Unless
from grading.requirements.selection import OF_ITSELF, Named
from rubrics.refusal import _N

STANDARD_NAMES = OF_ITSELF | {
    "edition", "name", "signed_by", "observation", "criterion", "observer", "mode", "passed", "finding",
    "role", "client", "place", "person", "observed", "percent", "group_size", "course", "referee",
    "model", "setting", "site", "competency", "rated_by", "lane", "recorded", "interpreter", "session_kind", "held",
    "supervisor",
}  # fmt: skip
"""Names that every program knows: what Attune itself says of a thing, and what most evidence says."""
STANDARD_EVENTS = frozenset({"application", "birthday", "training_began", "training_finished"})
"""Events that every program knows. Others stand in `names` under `event` or `name`."""
STANDARD_UNITS = frozenset({
    "hours", "minutes", "days", "weeks", "months", "years", "credits", "points", "units", "courses", "sessions", "%",
})  # fmt: skip
"""Units that evidence usually has."""
YES_OR_NO = frozenset({"yes", "no"})
MISSPELLED = 0.85
"""So near to a name that is known, another one is probably that."""

_UNKNOWN_VALUE = _N(
    "“%(found)s” is not among the values of “%(name)s”. Is it meant to be “%(meant)s”? Otherwise add it to "
    "%(name)s under [names]."
)
_UNKNOWN_VALUE_ALONE = _N(
    "“%(found)s” is not among the values of “%(name)s”: %(known)s. Please choose one of them, or add it to "
    "%(name)s under [names]."
)
_MISSPELLED = _N("No evidence says “%(found)s”. Is it meant to be “%(meant)s”? Otherwise add it to [names].")
_UNLISTED = _N(
    "Nothing says which values “%(found)s” may have, so nobody can find a misspelled one. Please list them under "
    "[names]: %(found)s = [%(values)s]"
)
_READ_AS_SAID = _N(
    "These names are read as what the evidence says under them: %(found)s. To have their spelling checked, list them "
    "under [names], with [] where their values cannot be listed."
)
_EVENTS = _N(
    "These events are read as days that the evidence names so: %(found)s. To have their spelling checked, list them "
    "under [names], as event."
)
_MISSPELLED_EVENT = _N(
    "No event is named “%(found)s”. Is it meant to be “%(meant)s”? Otherwise add it to event under [names]."
)
_UNIT = _N("No evidence has the unit “%(found)s”. Is it meant to be “%(meant)s”?")
_STAGE = _N("There is no stage “%(found)s”. The stages are: %(known)s. Please choose one of them.")
_KIND = _N("There is no kind of rule “%(found)s”. Please choose one of docs/rule-kinds.md.")
_KIND_MEANT = _N("There is no kind of rule “%(found)s”. Is it meant to be “%(meant)s”?")
_SOURCE = _N("There is no source %(found)s: the program names %(count)s. Please check the number, or add the source.")


def unknown_names(program: Program) -> Iterator[Finding]:
    """Names, values, events, stages, kinds and sources that are not known."""
    yield from _of_requirements(program)
    known = STANDARD_NAMES | program.names.keys()
    uses: dict[str, list[Use]] = {}
    for use in _uses(program):
        if use.name in known:
            yield from _values(use, program)
        else:
            uses.setdefault(use.name, []).append(use)
    for name, mine in uses.items():
        yield from _unknown(mine, closest(name, known, near=MISSPELLED))
    yield from _as_said(uses, known)
    yield from _days(program)
    yield from _units(program)


@dataclass(frozen=True, slots=True)
class Use:
    """A name that rules ask about, once."""

    asked: Asked
    place: str
    values_at: str
    name: str
    values: Sequence[str]


def _uses(program: Program) -> Iterator[Use]:
    for one in looked(program):
        for place, where in wheres(one):
            yield Use(one.asked, place, place, where.name, sorted(where.any_of | where.none_of))
        if one.of.once_per:
            place = f"{one.place}.once_per"
            yield Use(one.asked, place, place, one.of.once_per, ())
    for each in asked(program):
        for entry, name, values in _own_names(each.need):
            yield Use(each, each.at(entry), each.at("covers"), name, values)


def _of_requirements(program: Program) -> Iterator[Finding]:
    stages = [stage.key for stage in program.stages]
    for each in program.requirements:
        if each.stage not in stages:
            values = {"found": each.stage, "known": listed(stages)}
            yield Finding("unknown_stage", Severity.MEND, "stage", _STAGE, values, each.key)
        for number, kind in enumerate(each.kinds, 1):
            if kind not in KINDS:
                meant = closest(kind, KINDS)
                sentence = _KIND_MEANT if meant else _KIND
                values = {"found": kind, "meant": meant}
                yield Finding("unknown_kind", Severity.MEND, f"kinds[{number}]", sentence, values, each.key)
        for number, source in enumerate(each.sources, 1):
            if not 1 <= source <= len(program.sources):
                counted = {"found": source, "count": len(program.sources)}
                yield Finding("unknown_source", Severity.MEND, f"sources[{number}]", _SOURCE, counted, each.key)


def _unknown(uses: Sequence[Use], meant: str) -> Iterator[Finding]:
    """A name that is listed nowhere, where it looks misspelled, or has values that could be."""
    values = _values_of(uses)
    said = {"found": uses[0].name, "meant": meant, "values": ", ".join(f'"{value}"' for value in values)}
    if meant:
        for use in uses:
            yield _finding(use.asked, "unknown_name", Severity.MEND, use.place, _MISSPELLED, **said)
    elif values:
        yield _finding(uses[0].asked, "unlisted_name", Severity.MEND, uses[0].place, _UNLISTED, **said)


def _as_said(uses: Mapping[str, Sequence[Use]], known: Collection[str]) -> Iterator[Finding]:
    """All the other names that are listed nowhere, told at once."""
    found = [name for name, mine in uses.items() if not _values_of(mine) and not closest(name, known, near=MISSPELLED)]
    if found:
        yield Finding("unlisted_names", Severity.LOOK, "names", _READ_AS_SAID, {"found": listed(found)})


def _values_of(uses: Sequence[Use]) -> list[str]:
    return sorted({value for use in uses for value in use.values} - YES_OR_NO)


def _values(use: Use, program: Program) -> Iterator[Finding]:
    known = program.names.get(use.name, ())
    if not known:
        return
    events = (*STANDARD_EVENTS, *program.names.get("event", ())) if use.name == "name" else ()
    for value in use.values:
        if value in known or value in YES_OR_NO or value in events:
            continue
        meant = closest(value, known)
        said = {"found": value, "name": use.name, "meant": meant, "known": listed(known)}
        sentence = _UNKNOWN_VALUE if meant else _UNKNOWN_VALUE_ALONE
        yield _finding(use.asked, "unknown_value", Severity.MEND, use.values_at, sentence, **said)


def _units(program: Program) -> Iterator[Finding]:
    for one in looked(program):
        unit = one.of.unit
        meant = closest(unit, STANDARD_UNITS, near=0.8) if unit and unit not in STANDARD_UNITS else ""
        if meant:
            yield _finding(one.asked, "unknown_unit", Severity.MEND, one.place, _UNIT, found=unit, meant=meant)


def _own_names(need: Need) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Names that a need itself asks about, with the values that it lists."""
    match need:
        case Covers():
            yield "by", need.by, need.values
            if need.amount.name:
                yield "distinct", need.amount.name, ()
        case InOrder(same=same) if same:
            yield "same", same, ()
        case Unless():
            yield "by", need.by, ()
        case AtLeast() | AtMost() if need.amount.name:
            yield "distinct", need.amount.name, ()
        case Share() if need.part.name:
            yield "distinct", need.part.name, ()
        case _:
            pass


def _days(program: Program) -> Iterator[Finding]:
    stages = [stage.key for stage in program.stages]
    known = {*STANDARD_EVENTS, *program.names.get("event", ()), *program.names.get("name", ())}
    unlisted: list[str] = []
    for each, place, day in named_days(program):
        if day.named in (Named.STAGE, Named.CERTIFIED) and day.name and day.name not in stages:
            values = {"found": day.name, "known": listed(stages)}
            yield _finding(each, "unknown_stage", Severity.MEND, place, _STAGE, **values)
        if day.named is not Named.EVENT or day.name in known:
            continue
        if meant := closest(day.name, {*known, "today", "entered", "expiry"}, near=MISSPELLED):
            values = {"found": day.name, "meant": meant}
            yield _finding(each, "unknown_event", Severity.MEND, place, _MISSPELLED_EVENT, **values)
        else:
            unlisted.append(day.name)
    if unlisted:
        yield Finding("unlisted_events", Severity.LOOK, "names", _EVENTS, {"found": listed(unlisted)})


def _finding(each: Asked, code: str, severity: Severity, place: str, sentence: str, **values: object) -> Finding:
    return Finding(code, severity, place, sentence, values, each.requirement.key)


def value_count(program: Program, name: str) -> int | None:
    """How many values a name may have; None where nobody can say."""
    known = program.names.get(name, ())
    return len(set(known)) if known else None


def only_of(one: Looked, program: Program, name: str) -> int | None:
    """How many values of a name the things of a selection may have."""
    counts = [len(where.any_of) for where in one.of.where if where.name == name and where.any_of]
    known = value_count(program, name)
    return min([*counts, *([known] if known is not None else [])], default=None)
