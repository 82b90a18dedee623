"""What is next in somebody's standing: for whom it waits, and the next day on which time alone may change it."""

from collections.abc import Iterable, Iterator
from datetime import date

from grading.editions import Enrolled
from grading.evidence import Evidence, Item
from grading.lifecycle.status import Status
from grading.periods import Pause, Period
from grading.program import Who
from grading.proof import Answer, Doing, Proof
from grading.standing import Standing

SETTLED = frozenset({Answer.MET, Answer.NOT_APPLICABLE})
NEXT = Period(days=1)
_BY_A_PERSON = frozenset(Doing) - {Doing.WAIT}


def waits_for(standing: Standing) -> tuple[Who, ...]:
    """Who can do something now about what is open, each once, in the order of `Who`.

    Of what a stage asks that comes later, or is only shown, nothing is told.
    """
    found = {
        who
        for stage in standing.stages
        if stage.stage.key in standing.facts.open
        for each in stage.requirements
        if not each.requirement.shown_only
        for who in _of_proof(each.proof)
    }
    if standing.status is Status.READY_FOR_DECISION or standing.facts.appeal_since is not None:
        found.add(Who.PROGRAM)
    return tuple(who for who in Who if who in found and who is not Who.NOBODY)


def next_day(enrolled: Enrolled, standing: Standing) -> date | None:
    """The next day on which anything of it may change although nobody does anything; None: there is no such day.

    It may be too early, and is never too late: on each day before it the standing is the same, but for its day.
    """
    evidence = enrolled.evidence
    days = [
        standing.changes_on,
        enrolled.must_move_on,
        evidence.entered_on,
        *_from_then(due.on for due in standing.dates),
        *(day for item in evidence.items for day in _of_item(item)),
        *(day for each in evidence.decisions for day in (each.on, each.recorded_on)),
        *(day for each in evidence.pauses for day in _of_pause(each)),
    ]
    return min((day for day in days if day is not None and day > standing.on), default=None)


def last_new(evidence: Evidence, today: date) -> date | None:
    """The last day, up to this one, on which something was recorded, signed or decided; None: there is nothing."""
    days = [
        *(day for item in evidence.items for day in (item.on, item.recorded_on, item.stands_from)),
        *(each.recorded_on or each.on for each in evidence.decisions),
    ]
    return max((day for day in days if day is not None and day <= today), default=None)


def _of_proof(proof: Proof) -> Iterator[Who]:
    if proof.answer in SETTLED:
        return
    yield from (change.who for change in proof.changes if change.doing in _BY_A_PERSON)
    for part in proof.parts:
        yield from _of_proof(part)


def _from_then(days: Iterable[date]) -> Iterator[date]:
    """A last day belongs to what it ends: the change is on the day after it."""
    for day in days:
        yield day
        yield NEXT.after(day)


def _of_item(item: Item) -> Iterator[date | None]:
    yield from (item.on, item.recorded_on, item.stands_from, item.withdrawn_on, item.reversed_on)
    if item.until is not None:
        yield from _from_then([item.until])


def _of_pause(pause: Pause) -> Iterator[date]:
    yield pause.since
    if pause.until is not None:
        yield from _from_then([pause.until])
