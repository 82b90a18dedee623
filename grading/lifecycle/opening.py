"""Which stages can be decided on a day.

Work is never lost to a window: what somebody did before a stage opens counts as its rules say, and the answers to its
requirements are there all along. Only the decision waits.
"""

from collections.abc import Iterable

from grading.evidence import Outcome
from grading.lifecycle.clocks import Clocks
from grading.lifecycle.course import way_of
from grading.lifecycle.rules import AfterLapse
from grading.program import Stage, StageKind


def open_stages(clocks: Clocks) -> tuple[str, ...]:
    """The stages that can be decided now, in the order of the program."""
    chosen = set(_open(clocks))
    return tuple(stage.key for stage in clocks.program.stages if stage.key in chosen)


def _open(clocks: Clocks) -> Iterable[str]:
    course = clocks.course
    if course.ended is not None:
        return () if course.ended.outcome is Outcome.REVOKED else _first(clocks)
    if clocks.is_lapsed:
        return _after_lapse(clocks)
    if course.suspended_since is not None:
        return ()
    return [*_next(clocks), *(_renewal(clocks) if clocks.is_renewal_open else ()), *_endorsements(clocks)]


def _after_lapse(clocks: Clocks) -> Iterable[str]:
    """Who asked in time is not late; else what the program says follows, and where it says nothing, what came next."""
    lapse = clocks.program.lifecycle.lapse
    if lapse is None or clocks.has_applied_in_time:
        return [*_next(clocks), *_renewal(clocks)]
    back = _waiting_for_none(clocks, StageKind.REINSTATEMENT)
    if lapse.then is AfterLapse.REINSTATE and back and clocks.may_be_reinstated:
        return back
    return _first(clocks)


def _first(clocks: Clocks) -> list[str]:
    return [stage.key for stage in _of(clocks, StageKind.CERTIFICATION) if not stage.after]


def _next(clocks: Clocks) -> list[str]:
    """The stages of certification that were not reached and wait for no other.

    On one way nobody goes back behind the last one that was reached. Stages that do not build on each other are each a
    way of their own; only one for a limited time, such as the first year, is behind every later one.
    """
    reached = [stage for stage in clocks.program.stages if stage.key in clocks.course.reached]
    keys = [stage.key for stage in clocks.program.stages]

    def is_behind(stage: Stage) -> bool:
        there = [each for each in reached if stage.lasts is not None or _same_way(clocks, stage, each)]
        return any(keys.index(each.key) >= keys.index(stage.key) for each in there)

    return [
        stage.key
        for stage in _of(clocks, StageKind.CERTIFICATION)
        if not is_behind(stage) and (not stage.after or stage.after in clocks.course.reached)
    ]


def _same_way(clocks: Clocks, one: Stage, other: Stage) -> bool:
    return way_of(clocks.program, one.key) == way_of(clocks.program, other.key)


def _renewal(clocks: Clocks) -> list[str]:
    return _waiting_for_none(clocks, StageKind.RENEWAL) if clocks.is_renewable else []


def _endorsements(clocks: Clocks) -> list[str]:
    there = clocks.course.endorsements
    return [key for key in _waiting_for_none(clocks, StageKind.ENDORSEMENT) if key not in there]


def _waiting_for_none(clocks: Clocks, kind: StageKind) -> list[str]:
    return [stage.key for stage in _of(clocks, kind) if not stage.after or stage.after in clocks.course.reached]


def _of(clocks: Clocks, kind: StageKind) -> list[Stage]:
    return [stage for stage in clocks.program.stages if stage.kind is kind]
