"""What a pause means under one program: which clocks stand still, and where each date would lie after it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from grading.evidence import Evidence
from grading.lifecycle.clocks import Clocks
from grading.lifecycle.course import course_of, known_decisions
from grading.lifecycle.dates import Due, Name, dates_of
from grading.periods import Pause, so_far
from grading.program import Program
from grading.requirements.needs import Each
from grading.requirements.selection import Window
from grading.requirements.walking import selections, walk


class Clock(StrEnum):
    """What may stand still in a pause, by the names of `Program.pausable`."""

    STAGE = "stage"
    VALIDITY = "validity"
    WINDOWS = "windows"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Moved:
    """A date to come, and where it would lie after a pause."""

    due: Due
    after: date


def clocks_of(program: Program) -> tuple[Clock, ...]:
    """The clocks that run under this program at all."""
    needs = [part for each in program.requirements for part in walk(each.need)]
    runs = {
        Clock.STAGE: any(stage.lasts is not None for stage in program.stages),
        Clock.VALIDITY: program.lifecycle.validity is not None and program.lifecycle.validity.lasts is not None,
        Clock.WINDOWS: any(
            _has_length(window) for need in needs for each in selections(need) for window in each.windows
        ),
        Clock.EACH: any(isinstance(need, Each) for need in needs),
    }
    return tuple(clock for clock, there in runs.items() if there)


def stand_still(program: Program) -> tuple[Clock, ...]:
    """Those of them that stand still in a pause."""
    return tuple(clock for clock in clocks_of(program) if clock in program.pausable)


def run_on(program: Program) -> tuple[Clock, ...]:
    """Those of them that a pause does not move."""
    return tuple(clock for clock in clocks_of(program) if clock not in program.pausable)


def after_a_pause(program: Program, evidence: Evidence, today: date, days: int) -> tuple[Moved, ...]:
    """Each date to come, with where it would lie if the next so many days, this one among them, were a pause.

    A pause that goes on today is thought to go on until then. Reminders are not among them.
    """
    last = today + timedelta(days=days - 1)
    pauses = tuple(replace(each, until=last) if each.until is None else each for each in evidence.pauses)
    paused = replace(evidence.known_on(today), pauses=(*pauses, Pause(today, last)))
    now, then = _dates(program, evidence, today, today), _dates(program, paused, today, last)
    later = {key: due.on for key, due in _numbered(then)}
    return tuple(
        Moved(due, later.get(key, due.on))
        for key, due in _numbered(now)
        if due.on >= today and due.name is not Name.REMINDER
    )


def _has_length(window: Window) -> bool:
    """Whether it is so long: from one day to another has nothing that could stand still."""
    anchors = [each for each in (window.since, window.until, window.in_force) if each is not None]
    return window.last is not None or any(each.earlier or each.later for each in anchors)


def _dates(program: Program, evidence: Evidence, known: date, day: date) -> Sequence[Due]:
    there = replace(evidence.known_on(known), pauses=so_far(evidence.pauses, day))
    return dates_of(Clocks(program, course_of(program, known_decisions(evidence, known), there, day), there, day))


def _numbered(dates: Sequence[Due]) -> list[tuple[tuple[Name, str, str, int], Due]]:
    """Each with what it is called; of several that are called the same, which one."""
    seen: Counter[tuple[Name, str, str]] = Counter()
    found = []
    for due in dates:
        name = (due.name, due.stage, due.rule)
        found.append(((*name, seen[name]), due))
        seen[name] += 1
    return found
