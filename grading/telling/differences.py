"""Two editions of a program, or two programs, side by side: what was added, taken away and changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from grading.program import Program, Requirement
from grading.telling.needs import asked, lines
from grading.telling.programs import CONFIDENCES, lifecycle_told, stage_told, transition_told
from grading.telling.said import Said, say, told, word
from rubrics.refusal import _N


class Became(StrEnum):
    """What became of something."""

    ADDED = "added"
    TAKEN_AWAY = "taken_away"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same: what it is, and what is said of it before and after."""

    kind: Became
    what: str
    """`stages`, `requirements`, `lifecycle` or `program`."""
    key: str
    before: tuple[Said, ...] = ()
    after: tuple[Said, ...] = ()


Lines = tuple[Said, ...]


def differences(before: Program, after: Program) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the later document; nothing where both ask and promise the same."""
    return (
        *_between("program", {"": _head(before)}, {"": _head(after)}),
        *_between("stages", _stages(before), _stages(after)),
        *_between("requirements", _requirements(before), _requirements(after)),
        *_sentences(before, after),
    )


def _between(what: str, before: Mapping[str, Lines], after: Mapping[str, Lines]) -> Iterator[Difference]:
    for key, now in after.items():
        if key not in before:
            yield Difference(Became.ADDED, what, key, after=now)
        elif before[key] != now:
            was = before[key]
            gone, come = tuple(each for each in was if each not in now), tuple(each for each in now if each not in was)
            yield Difference(Became.CHANGED, what, key, gone or was, come or now)
    for key, was in before.items():
        if key not in after:
            yield Difference(Became.TAKEN_AWAY, what, key, before=was)


def _sentences(before: Program, after: Program) -> Iterator[Difference]:
    """The lifecycle has no keys: each sentence is there or not."""
    was, now = ({told(each): each for each in _times(program)} for program in (before, after))
    for text, said in now.items():
        if text not in was:
            yield Difference(Became.ADDED, "lifecycle", "", after=(said,))
    for text, said in was.items():
        if text not in now:
            yield Difference(Became.TAKEN_AWAY, "lifecycle", "", before=(said,))


def _times(program: Program) -> Lines:
    moves = (line for each in program.transitions for line in transition_told(each))
    terms = tuple(say(_N("A term begins on %(day)s"), day=f"{month:02}-{day:02}") for month, day in program.terms)
    pauses = tuple(say(_N("Stands still in a pause: %(clock)s"), clock=word(each)) for each in sorted(program.pausable))
    return (*lifecycle_told(program.lifecycle), *moves, *terms, *pauses)


def _head(program: Program) -> Lines:
    found = [
        say(_N("Name: %(name)s"), name=program.name),
        say(_N("Body: %(name)s"), name=program.body),
        say(_N("Time zone: %(name)s"), name=program.time_zone),
    ]
    if program.endorsements_at_least:
        found.append(say(_N("Endorsements, at least: %(number)s"), number=program.endorsements_at_least))
    return tuple(found)


def _stages(program: Program) -> dict[str, Lines]:
    return {each.key: (say(_N("Title: %(title)s"), title=each.title), *stage_told(each)) for each in program.stages}


def _requirements(program: Program) -> dict[str, Lines]:
    return {each.key: _requirement(each) for each in program.requirements}


def _requirement(each: Requirement) -> Lines:
    found = [
        say(_N("Title: %(title)s"), title=each.title),
        say(_N("Stage: %(name)s"), name=word(each.stage)),
        *(line for _deep, line in lines(asked(each.need))),
        say(_N("How sure we are: %(confidence)s"), confidence=say(CONFIDENCES[each.confidence])),
    ]
    if each.note:
        found.append(say(_N("Note: %(note)s"), note=each.note))
    if each.shown_only:
        found.append(say(_N("It is shown, and stands in nobody's way")))
    return tuple(found)
