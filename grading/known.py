"""What is known of one person under one program, on one day: things by kind, and the days that rules name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from grading.evidence import Decision, Evidence, Item, Kind
from grading.lifecycle.course import REACHED, course_of, known_decisions
from grading.lifecycle.validity import valid_until
from grading.periods import Pause, earlier, later, so_far
from grading.program import Program, Requirement, Stage, StageKind
from grading.proof import Proof
from grading.requirements.selection import Anchor, Named, Which


@dataclass(frozen=True, slots=True)
class Part:
    """What one requirement gets of what counts once, by how sure it is."""

    sure: Decimal
    with_waiting: Decimal
    possible: Decimal
    changes_on: date | None
    """The next day on which time alone may divide it otherwise."""


@dataclass(slots=True)
class Known:
    """Made once for each evaluation; what was found out is kept until the evaluation is over.

    `today` says which signatures there are. `day` says what had happened: it is earlier than today only where the
    question is when something was met first.
    """

    program: Program
    evidence: Evidence
    today: date
    day: date
    requirements: Mapping[str, Requirement]
    by_kind: dict[Kind, list[Item]]
    decisions: Sequence[Decision]
    """Those that count, in the order in which they are read, each with its stage."""
    proofs: dict[str, Proof] = field(default_factory=dict)
    met_on: dict[str, date | None] = field(default_factory=dict)
    pots: dict[int, Part] = field(default_factory=dict)
    waits: frozenset[str] = frozenset()
    """The ids of what does not stand."""
    shelves: dict[object, Any] = field(default_factory=dict)
    shelves_by_word: dict[object, Any] = field(default_factory=dict)
    """What `grading.weighing.shelves` makes once."""

    def pauses(self, clock: str) -> Sequence[Pause]:
        """The pauses in which this clock stood still up to this day: none where the program does not say so."""
        return so_far(self.evidence.pauses, self.day) if clock in self.program.pausable else ()


def known(program: Program, evidence: Evidence, today: date) -> Known:
    """What is known on a day: nothing that happened or was recorded later."""
    by_kind: dict[Kind, list[Item]] = {}
    for item in sorted(evidence.items, key=_order):
        if item.is_known(today):
            by_kind.setdefault(item.kind, []).append(item)
    decisions = course_of(program, known_decisions(evidence, today), evidence, today).decisions
    requirements = {each.key: each for each in program.requirements}
    waits = frozenset(item.id for items in by_kind.values() for item in items if not item.stands(today))
    return Known(program, evidence, today, today, requirements, by_kind, decisions, waits=waits)


def as_of(found: Known, day: date) -> Known:
    """The same evidence, with today's signatures, up to what had happened on an earlier day.

    What was met first on some day was met by then, or was not yet: that is not looked for again.
    """
    by_kind = {kind: [item for item in items if item.on <= day] for kind, items in found.by_kind.items()}
    decisions = [each for each in found.decisions if each.on <= day]
    met_on = {key: met if met is not None and met <= day else None for key, met in found.met_on.items()}
    return Known(
        found.program,
        found.evidence,
        found.today,
        day,
        found.requirements,
        by_kind,
        decisions,
        met_on=met_on,
        waits=found.waits,
    )


def on_day(found: Known, day: date) -> Known:
    """The same on another day, if nothing happens until then: for days that rules name. `replace` is slower."""
    return Known(
        found.program,
        found.evidence,
        found.today,
        day,
        found.requirements,
        found.by_kind,
        found.decisions,
        met_on=found.met_on,
    )


def day_of(anchor: Anchor, found: Known) -> date | None:
    """The day that a rule names, except `MET`, which `grading.weighing.first_met` finds. None: it has not come."""
    day = _named(anchor, found)
    if day is None:
        return None
    if anchor.earlier:
        day = earlier(day, anchor.earlier, found.pauses("windows"))
    return later(day, anchor.later, found.pauses("windows")) if anchor.later else day


def day_or_today(anchor: Anchor | None, found: Known) -> date:
    """The same; today where no day is named, or it has not come: then it moves on with today."""
    return (day_of(anchor, found) if anchor else None) or found.day


def stage_began(stage: Stage, found: Known) -> date | None:
    """The day on which a stage began: with the decision on the one before, or when the person entered."""
    if not stage.after:
        return _entered(found)
    return _decided(found, stage.after, Which.FIRST)


def _entered(found: Known) -> date | None:
    day = found.evidence.entered_on
    return day if day is not None and day <= min(found.day, found.today) else None


def _named(anchor: Anchor, found: Known) -> date | None:
    match anchor.named:
        case Named.TODAY:
            return found.day
        case Named.DAY:
            return anchor.day
        case Named.ENTERED:
            return _entered(found)
        case Named.EVENT:
            return _event(found, anchor.name, anchor.which)
        case Named.CERTIFIED:
            return _decided(found, anchor.name, anchor.which)
        case Named.EXPIRY:
            return valid_until(found.program, found.decisions, found.evidence, found.day)
        case Named.STAGE:
            stage = next((each for each in found.program.stages if each.key == anchor.name), None)
            return stage_began(stage, found) if stage else None
        case Named.MET:
            return found.met_on.get(anchor.name)


def _event(found: Known, name: str, which: Which) -> date | None:
    days = [item.on for item in found.by_kind.get(Kind.EVENT, ()) if name in _names(item) and item.stands(found.today)]
    if not days:
        return None
    return min(days) if which is Which.FIRST else max(days)


def _names(item: Item) -> frozenset[str]:
    value = item.has.get("name", frozenset())
    return value if isinstance(value, frozenset) else frozenset()


def _decided(found: Known, stage: str, which: Which) -> date | None:
    reached = (each for each in found.decisions if each.outcome in REACHED)
    days = [each.on for each in reached if (each.stage == stage if stage else _is_of_itself(each, found.program))]
    if not days:
        return None
    return min(days) if which is Which.FIRST else max(days)


def _is_of_itself(decision: Decision, program: Program) -> bool:
    """An endorsement stands beside a certification: it neither begins nor renews it."""
    kinds = {stage.key: stage.kind for stage in program.stages}
    return kinds.get(decision.stage) is not StageKind.ENDORSEMENT


def _order(item: Item) -> tuple[date, str]:
    return item.on, item.id
