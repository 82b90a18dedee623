"""Which dates somebody is told of on a day: few, and what still matters on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from grading.evidence import Evidence, Outcome
from grading.lifecycle.applying import applied_on
from grading.lifecycle.course import REACHED
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.status import Status
from grading.periods import Period
from grading.program import Program
from grading.standing import Standing

MOST = 3
"""So many reminders come before one date, however many the program names."""
VALID = frozenset({Status.CERTIFIED, Status.RENEWAL_OPEN})
DAYS_OF_A_MONTH = 30
_ENDS = (Name.VALID_UNTIL, Name.STAGE_ENDS)
_OF_THE_PROGRAM = frozenset({Name.DECISION_DUE})


@dataclass(frozen=True, slots=True)
class Notice:
    """That somebody is to know of a date."""

    about: Name
    on: date
    ahead: int
    """How many days before it, a month counted as 30; 0: that it has come."""

    @property
    def is_for_leads(self) -> bool:
        """Whether it is theirs who decide: what they promised has not come yet."""
        return self.about in _OF_THE_PROGRAM


def notices(program: Program, evidence: Evidence, found: Standing) -> tuple[Notice, ...]:
    """All that are due on the day of a standing and still matter, whether they were told before or not.

    Nothing reminds in a pause, nor of what was applied for already. What is over gives way to what followed from it.
    """
    late = _decision_due(found)
    if found.facts.paused_since is not None or found.facts.suspended_since is not None:
        return late
    return (*late, *_of_the_certificate(program, evidence, found))


def began(evidence: Evidence, day: date) -> date | None:
    """Since when the certificate or stage holds of which is told: what was told before that was of an earlier one."""
    reached = REACHED | {Outcome.EXTENDED}
    days = (each.on for each in evidence.decisions if each.outcome in reached and each.on <= day)
    return max(days, default=None)


def chosen(reminders: Sequence[Period]) -> tuple[Period, ...]:
    """At most three of them: the first, the last, and one between."""
    ordered = sorted(set(reminders), key=days_of, reverse=True)
    return tuple(ordered) if len(ordered) <= MOST else (ordered[0], ordered[len(ordered) // 2], ordered[-1])


def days_of(period: Period) -> int:
    """About how many days it is: the same wherever it lies."""
    return period.months * DAYS_OF_A_MONTH + period.days


def _decision_due(found: Standing) -> tuple[Notice, ...]:
    return tuple(
        Notice(each.name, each.on, 0) for each in found.dates if each.name in _OF_THE_PROGRAM and each.on < found.on
    )


def _of_the_certificate(program: Program, evidence: Evidence, found: Standing) -> Iterator[Notice]:
    end = next((each for each in found.dates if each.name in _ENDS), None)
    if end is None or _waits_for_a_decision(evidence, found):
        return
    if found.facts.holds in VALID:
        yield from _before(program, end, found)
    elif found.facts.holds is Status.IN_GRACE:
        yield Notice(end.name, end.on, 0)
    elif found.facts.holds is Status.LAPSED:
        late = next((each for each in found.dates if each.name is Name.LATE_UNTIL), end)
        yield Notice(late.name, late.on, 0)


def _before(program: Program, end: Due, found: Standing) -> Iterator[Notice]:
    for period in chosen(program.lifecycle.reminders):
        if period.before(end.on) <= found.on <= end.on:
            yield Notice(end.name, end.on, days_of(period))
    opens = next((each for each in found.dates if each.name is Name.RENEWAL_OPENS), None)
    if opens is not None and not program.lifecycle.reminders and opens.on <= found.on:
        yield Notice(opens.name, opens.on, 0)


def _waits_for_a_decision(evidence: Evidence, found: Standing) -> bool:
    applied = applied_on(evidence, began(evidence, found.on), found.on)
    last = found.facts.last_decision
    return applied is not None and (last is None or last.on < applied)
