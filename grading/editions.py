"""On which edition of a program somebody is.

A person enters an edition by an act with a date and stays on it until renewal, or until they choose to move. What a
later edition says of people of the one before it (`Transition`) may differ: stay for good, or move by a day. Nobody is
moved silently: `Enrolled` says since when, by which rule, and what has to be shown again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

from grading.evidence import Decision, Evidence, Outcome
from grading.lifecycle.course import course_of, known_decisions
from grading.periods import Period
from grading.program import Move, Program, Requirement, Transition
from grading.requirements.needs import Need
from grading.requirements.selection import Selection, Where
from rubrics.refusal import Refused

_MOVES = frozenset({Outcome.RENEWED, Outcome.REINSTATED})
_MAKES_AN_END = _MOVES | {Outcome.CERTIFIED, Outcome.EXTENDED}
EDITION = "edition"
"""What evidence says of itself where an edition asks for its own: `is = { edition = "2026" }`."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The edition that somebody is on."""

    program: Program
    """With evidence of its own asked for where the transition says so."""
    evidence: Evidence
    """What decides on standing in it: certificates of an earlier edition keep the last day that it gave them."""
    since: date | None
    """Since when they are on it. None: since nobody knows when."""
    came_by: Transition | None = None
    """How they came from another edition. None: they entered this one."""
    must_move_on: date | None = None
    """The day on which they go on under the next edition, where it names one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody chose to go on under an edition, on this day."""

    edition: str
    on: date


def edition_for(editions: Sequence[Program], entered_on: date | None, named: str | None = None) -> Program:
    """The edition that somebody enters: the one they name, or else the one in force on the day of entering.

    The first and last day of an edition belong to it. Where several are in force, it is the one that began last; of
    those the one that stands last in the document. Without a day it is the newest. Raises `Refused` with the remedy
    where there is no such edition, or none was in force on that day.
    """
    if not editions:
        raise Refused("no_editions", "This program has no edition yet. Please add one to its document.")
    if named is not None:
        return _named(editions, named)
    if entered_on is None:
        return max(enumerate(editions), key=_newest)[1]
    there = [each for each in enumerate(editions) if _is_in_force(each[1], entered_on)]
    if not there:
        raise Refused(
            "no_edition_on_day",
            "No edition of this program was in force on %(day)s. The editions are: %(known)s. "
            "Please check the day of entering, or name the edition.",
            day=entered_on.isoformat(),
            known=_list(editions),
        )
    return max(there, key=_newest)[1]


def enrolled(editions: Sequence[Program], evidence: Evidence, today: date, chosen: Iterable[Chosen] = ()) -> Enrolled:
    """The edition that somebody is on today, who entered as the evidence says, and chose others since.

    A renewal is decided by the edition that they were on; from that day on they are on the one that is in force then,
    as far as its transitions lead there. Who must move by a day is on the old edition up to that day, and from the
    next one on the new one, unless they were certified by then: they move with their renewal. Raises `Refused` as
    `edition_for` does.
    """
    entered = evidence.entered_on if evidence.entered_on and evidence.entered_on <= today else None
    here = Enrolled(edition_for(editions, entered, evidence.edition), evidence, entered)
    for each in sorted((each for each in chosen if each.on <= today), key=lambda each: each.on):
        here = _by_rules(editions, here, each.on)
        if each.edition != here.program.edition:
            here = go_on(editions, here, each.edition, each.on)
    here = _by_rules(editions, here, today)
    return replace(here, must_move_on=_to_come(editions, here, today))


def move(editions: Sequence[Program], evidence: Evidence, to: str, chosen_on: date) -> Enrolled:
    """What it would be to move to an edition by choice, with what it asks anew. Raises `Refused` where it is not there.

    Kept, it is one of the `chosen` of `enrolled`.
    """
    return go_on(editions, enrolled(editions, evidence, chosen_on), to, chosen_on)


def go_on(editions: Sequence[Program], here: Enrolled, to: str, chosen_on: date) -> Enrolled:
    """The same for somebody of whom it is known on which edition they are that day."""
    program = _named(editions, to)
    transition = next((each for each in program.transitions if each.edition == here.program.edition), None)
    return _moved(here, program, transition, chosen_on)


def asking_again(program: Program, transition: Transition) -> Program:
    """The edition for people who came from another one: what has to be shown again must be of this edition.

    Evidence says of which edition it is; where it says nothing, that cannot be known and is asked for.
    """
    again = frozenset(transition.again)
    own = Where(EDITION, frozenset({program.edition}))
    return replace(
        program,
        requirements=tuple(_narrowed(each, own) if each.key in again else each for each in program.requirements),
    )


def _by_rules(editions: Sequence[Program], here: Enrolled, until: date) -> Enrolled:
    """Where the transitions lead by this day."""
    for _ in editions:
        following = _next(editions, here, until)
        if following is None:
            break
        here = following
    return here


def _next(editions: Sequence[Program], here: Enrolled, today: date) -> Enrolled | None:
    for program, transition in _from(editions, here.program.edition):
        day = _moves_on(program, transition, here, today)
        if day is not None and day <= today:
            return _moved(here, program, transition, day)
    return None


def _moved(here: Enrolled, program: Program, transition: Transition | None, day: date) -> Enrolled:
    asked = asking_again(program, transition) if transition else program
    return Enrolled(asked, _with_its_end(here, day), day, transition)


def _with_its_end(here: Enrolled, day: date) -> Evidence:
    """The last certificate before a day with its last day, as the edition gave it."""
    before = Period(days=1).before(day)
    course = course_of(here.program, known_decisions(here.evidence, before), here.evidence, before)
    made = next((each for each in reversed(course.decisions) if each.outcome in _MAKES_AN_END), None)
    if made is None or course.end is None:
        return here.evidence
    end = course.end.on
    kept = (
        replace(each, until=end) if (each.id, each.on) == (made.id, made.on) else each
        for each in here.evidence.decisions
    )
    return replace(here.evidence, decisions=tuple(kept))


def _moves_on(program: Program, transition: Transition, here: Enrolled, today: date) -> date | None:
    """The day on which somebody goes on under this edition, as far as it is known."""
    decisions = course_of(here.program, known_decisions(here.evidence, today), here.evidence, today).decisions
    if transition.move is Move.MOVE_BY and transition.by is not None:
        by = transition.by
        if not any(each.outcome is Outcome.CERTIFIED and each.on <= by for each in decisions):
            return max(Period(days=1).after(by), here.since or by)
    if transition.move is Move.STAY:
        return None
    renewals = (each.on for each in decisions if each.outcome in _MOVES and _is_after(each, here))
    return min((day for day in renewals if _has_begun(program, day)), default=None)


def _to_come(editions: Sequence[Program], here: Enrolled, today: date) -> date | None:
    days = (
        _moves_on(program, transition, here, today)
        for program, transition in _from(editions, here.program.edition)
        if transition.move is Move.MOVE_BY
    )
    return min((day for day in days if day is not None and day > today), default=None)


def _is_after(decision: Decision, here: Enrolled) -> bool:
    """A renewal moves once: the next edition needs the next renewal, unless it was entered on the day itself."""
    return here.since is None or decision.on > here.since


def _from(editions: Sequence[Program], edition: str) -> Iterator[tuple[Program, Transition]]:
    for program in editions:
        for transition in program.transitions:
            if transition.edition == edition:
                yield program, transition


def _named(editions: Sequence[Program], named: str) -> Program:
    for each in editions:
        if each.edition == named:
            return each
    raise Refused(
        "unknown_edition",
        "There is no edition “%(found)s”. The editions are: %(known)s.",
        found=named,
        known=_list(editions),
    )


def _is_in_force(program: Program, day: date) -> bool:
    until = program.effective_until
    return _has_begun(program, day) and (until is None or day <= until)


def _has_begun(program: Program, day: date) -> bool:
    return program.effective_from is None or program.effective_from <= day


def _newest(each: tuple[int, Program]) -> tuple[date, int]:
    place, program = each
    return program.effective_from or date.min, place


def _list(editions: Iterable[Program]) -> str:
    return ", ".join(each.edition for each in editions)


def _narrowed(requirement: Requirement, own: Where) -> Requirement:
    need: Need = _with_where(requirement.need, own)
    return replace(requirement, need=need)


def _with_where(value: Any, own: Where) -> Any:
    """The same need, with one thing more asked of everything that it looks at."""
    if isinstance(value, Selection):
        return replace(value, where=(*value.where, own))
    if isinstance(value, tuple):
        return tuple(_with_where(each, own) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {each.name: _with_where(getattr(value, each.name), own) for each in fields(value) if each.init}
    return replace(value, **changed)
