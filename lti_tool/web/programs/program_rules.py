"""What a program asks, in the reader's language beside its own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from grading.checking.findings import Severity
from grading.program import Program, Requirement
from grading.telling.differences import Became, Difference
from grading.telling.needs import Asked, asked
from grading.telling.programs import lifecycle_told, stage_told, transition_told
from grading.telling.said import Said, told
from lti_tool.documents.program_check import Found
from lti_tool.services.programs.programs_in_use import Looked
from lti_tool.web.programs.proof_words import Words, how_sure
from lti_tool.web.texts import _N, gettext, plain

in_words = partial(told, translate=plain)
SEVERITIES = {
    Severity.MEND: _N("to mend"),
    Severity.CHOOSE: _N("to choose"),
    Severity.LOOK: _N("worth a look"),
}
_WHAT = {
    "program": _N("The program"),
    "stages": _N("Stage"),
    "requirements": _N("Requirement"),
    "lifecycle": _N("Time and decisions"),
}
_CLOCKS = {
    "stage": _N("the last day of a stage"),
    "validity": _N("the last day of a certificate"),
    "windows": _N("lengths of time such as “within 24 months”"),
    "each": _N("weeks and months that are asked for one by one"),
}
_BECAME = {Became.ADDED: _N("new"), Became.TAKEN_AWAY: _N("not asked any more"), Became.CHANGED: _N("changed")}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, with those below it."""

    text: str
    parts: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement."""

    key: str
    title: str
    line: Line
    how_sure: str
    sources: tuple[int, ...]
    note: str
    shown_only: bool


@dataclass(frozen=True, slots=True)
class StageRules:
    """One stage with all that is asked in it."""

    key: str
    title: str
    about: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """A whole edition."""

    program: Program
    stages: tuple[StageRules, ...]
    times: tuple[str, ...]
    """Time, decisions and money."""
    stands_still: tuple[str, ...]
    """What a pause moves along."""
    earlier: tuple[str, ...]
    """What becomes of people of an earlier edition."""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One thing that the checker found."""

    severity: Severity
    said: str
    """How much it matters."""
    sentence: str
    where: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same in two editions."""

    what: str
    name: str
    became: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def rules_of(program: Program) -> Rules:
    """Everything that an edition asks and promises, as it is said to whoever is on the way through it."""
    words = Words(program)
    return Rules(
        program=program,
        stages=tuple(
            StageRules(
                each.key,
                each.title,
                tuple(map(words.said, stage_told(each))),
                tuple(_rule(words, rule) for rule in program.of_stage(each.key)),
            )
            for each in program.stages
        ),
        times=_all(lifecycle_told(program.lifecycle)),
        stands_still=tuple(gettext(words) for clock, words in _CLOCKS.items() if clock in program.pausable),
        earlier=_all(line for each in program.transitions for line in transition_told(each)),
    )


def to_look_at(found: Iterable[Found]) -> tuple[ToLookAt, ...]:
    """What the checker found, as sentences."""
    return tuple(
        ToLookAt(
            severity=each.finding.severity,
            said=gettext(SEVERITIES[each.finding.severity]),
            sentence=gettext(each.finding.sentence, **each.finding.values),
            where=": ".join(filter(None, (each.finding.requirement, each.finding.place))),
            line=each.line,
        )
        for each in found
    )


def changes(found: Iterable[Difference], *programs: Program) -> tuple[Change, ...]:
    """What differs between editions, with the titles that the later of them uses."""
    titles = {stage.key: stage.title for program in programs for stage in program.stages}
    titles |= {each.key: each.title for program in programs for each in program.requirements}
    return tuple(
        Change(
            what=gettext(_WHAT[each.what]),
            name=titles.get(each.key, each.key),
            became=gettext(_BECAME[each.kind]),
            before=_all(each.before),
            after=_all(each.after),
        )
        for each in found
    )


def published_otherwise(looked: Looked) -> Sequence[tuple[str, tuple[Change, ...]]]:
    """The published editions that a document says otherwise, and what."""
    now = {each.edition: each for each in looked.editions}
    return [(each.edition, changes(each.differences, now[each.edition])) for each in looked.changed]


def _rule(words: Words, requirement: Requirement) -> Rule:
    return Rule(
        key=requirement.key,
        title=requirement.title,
        line=_line(words, asked(requirement.need)),
        how_sure=how_sure(requirement),
        sources=requirement.sources,
        note=requirement.note,
        shown_only=requirement.shown_only,
    )


def _line(words: Words, found: Asked) -> Line:
    return Line(words.said(found.said), tuple(_line(words, part) for part in found.parts))


def _all(said: Iterable[Said]) -> tuple[str, ...]:
    return tuple(map(in_words, said))
