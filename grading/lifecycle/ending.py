"""The last day of a certificate, and how far pauses moved it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from grading.evidence import Decision, Evidence, Outcome
from grading.lifecycle.anchors import birthday, ends_on
from grading.lifecycle.rules import RunsFrom
from grading.periods import Pause, Period, later
from grading.program import Program, Stage, StageKind


@dataclass(frozen=True, slots=True)
class End:
    """A last day, with the rule that it comes from."""

    on: date
    rule: str
    """Where the document of the program says it: "lifecycle.valid_for", "stages.provisional.lasts"."""
    counted_from: date
    moved: int = 0
    """By how many days pauses moved it."""


def next_end(
    program: Program, stage: Stage | None, decision: Decision, before: End | None, evidence: Evidence
) -> End | None:
    """The end that a decision makes, or None for no end; `before` is the end of what it renews or extends.

    A day that the decision itself names goes before the rules. An extension runs on from the end of what it makes
    longer. A renewal runs from the end of the last validity, or from its own day where the program says so, and where
    it would be over by then: nobody is renewed into the past.
    """
    if decision.until is not None:
        return End(decision.until, "decision", decision.on)
    found = _by_rule(program, stage, decision, before, evidence)
    if decision.outcome is Outcome.RENEWED and found is not None and found.on < decision.on:
        return _by_rule(program, stage, decision, None, evidence)
    return found


def is_followed(program: Program, stage: Stage) -> bool:
    """Whether another stage of certification comes after it."""
    return any(each.kind is StageKind.CERTIFICATION and each.after == stage.key for each in program.stages)


def is_limited(program: Program, stage: Stage | None) -> bool:
    """Whether it gives a status for a limited time, which leads to another stage and is not renewed."""
    return stage is not None and (stage.lasts is not None or is_followed(program, stage))


def late_end(program: Program, stage: Stage | None, end: End, pauses: Sequence[Pause]) -> End:
    """The last day on which it can be renewed: after its end there may be a time for late renewal.

    A status for a limited time is not renewed and has none.
    """
    grace = program.lifecycle.grace
    if grace is None or is_limited(program, stage):
        return end
    return counted(end.on, grace.lasts, "lifecycle.grace", pauses if "validity" in program.pausable else (), end.moved)


def counted(day: date, period: Period, rule: str, pauses: Sequence[Pause] = (), moved: int = 0) -> End:
    """So long after a day, with what pauses moved; `moved` is how far they had moved that day."""
    end = later(day, period, pauses)
    return End(end, rule, day, moved + (end - period.after(day)).days)


def _by_rule(
    program: Program, stage: Stage | None, decision: Decision, before: End | None, evidence: Evidence
) -> End | None:
    if stage is not None and stage.lasts is not None:
        return _of_stage(program, stage, decision, before, evidence)
    return _of_validity(program, decision, before, evidence)


def _of_stage(program: Program, stage: Stage, decision: Decision, before: End | None, evidence: Evidence) -> End | None:
    pauses = evidence.pauses if "stage" in program.pausable or "validity" in program.pausable else ()
    start, moved = (before.on, before.moved) if before else (decision.on, 0)
    if decision.outcome is Outcome.EXTENDED:
        if stage.extension is None:
            return before
        return counted(start, stage.extension, f"stages.{stage.key}.extension", pauses, moved)
    if stage.lasts is None:
        return None
    return counted(start, stage.lasts, f"stages.{stage.key}.lasts", pauses, moved)


def _of_validity(program: Program, decision: Decision, before: End | None, evidence: Evidence) -> End | None:
    validity = program.lifecycle.validity
    if validity is None:
        return None
    born = birthday(evidence)
    last = before.on if before else None
    pauses = evidence.pauses if "validity" in program.pausable else ()
    end, still = (ends_on(validity, decision.on, last, each, born) for each in (pauses, ()))
    if end is None or still is None:
        return None
    runs_on = last is not None and validity.runs_from is RunsFrom.EXPIRY
    start = last if runs_on and last is not None else decision.on
    moved = before.moved if runs_on and before else 0
    return End(end, "lifecycle.valid_for", start, moved + (end - still).days)
