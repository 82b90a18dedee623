"""What people's decisions made of one certification, read in the order of their days.

Decisions of one day are read by their number, where that is not known in the order of `Outcome`, then by id, so the
order in which they are given means nothing. A decision that names no stage means the only one that it can mean. Some
decisions the rules of the program do not know: a renewal after the last day for it, where the program says what follows
a lapse, or after a certification was revoked or given up. They are set aside and named, and bring nothing back by
themselves; certifying anew or reinstating does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from grading.evidence import Decision, Evidence, Kind, Outcome
from grading.lifecycle.applying import applied_on
from grading.lifecycle.ending import End, is_followed, late_end, next_end
from grading.periods import so_far
from grading.program import Program, Stage, StageKind

BEGINS = frozenset({Outcome.CERTIFIED, Outcome.REINSTATED})
REACHED = BEGINS | {Outcome.RENEWED}
_ORDER = {outcome: place for place, outcome in enumerate(Outcome)}
_ENDORSED = REACHED | {Outcome.RESUMED}
_OF_A_STAGE = REACHED | {Outcome.EXTENDED}
_KINDS = {Outcome.RENEWED: StageKind.RENEWAL, Outcome.REINSTATED: StageKind.REINSTATEMENT}
_OF_KIND = {kind: outcome for outcome, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Course:
    """Where the decisions up to a day lead."""

    reached: tuple[str, ...] = ()
    """The stages of certification that were reached since it began, in their order."""
    held: Stage | None = None
    """The stage that the certificate is of. None: there is no certificate, or no longer one."""
    since: date | None = None
    """The day of the decision that the certificate rests on: certification, renewal or reinstatement."""
    end: End | None = None
    """Its last day. None: it has no end, or there is no certificate."""
    extensions: int = 0
    suspended_since: date | None = None
    ended: Decision | None = None
    """That it was revoked or given up."""
    endorsements: tuple[str, ...] = ()
    last: Decision | None = None
    decisions: tuple[Decision, ...] = ()
    """Those that count, with their stages."""
    set_aside: tuple[Decision, ...] = ()
    """Those that the rules do not know."""


def course_of(program: Program, decisions: Iterable[Decision], evidence: Evidence, day: date) -> Course:
    """What the decisions up to a day lead to; `evidence` gives pauses, applications and the birthday."""
    events = tuple(item for item in evidence.items if item.kind is Kind.EVENT and item.is_known(day))
    there = replace(evidence, pauses=so_far(evidence.pauses, day), items=events)
    course = Course()
    for each in in_order(program, (each for each in decisions if each.on <= day)):
        course = _with(program, course, each, there)
    return course


def known_decisions(evidence: Evidence, today: date) -> tuple[Decision, ...]:
    """The decisions that were made and recorded by the end of a day."""
    return tuple(each for each in evidence.decisions if max(each.on, each.recorded_on or each.on) <= today)


def in_order(program: Program, decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Decisions in the order in which they are read, each with its stage where only one can be meant.

    "Certified" in a stage for renewal is a renewal, in one for reinstatement a reinstatement.
    """
    kinds = {stage.key: stage.kind for stage in program.stages}
    for each in sorted(decisions, key=lambda each: (each.on, each.number, _ORDER[each.outcome], each.id)):
        if not each.stage and each.outcome in _OF_A_STAGE:
            yield replace(each, stage=_only_stage(program, each.outcome))
        elif each.outcome is Outcome.CERTIFIED and kinds.get(each.stage) in _OF_KIND:
            yield replace(each, outcome=_OF_KIND[kinds[each.stage]])
        else:
            yield each


def is_step(program: Program, stage: Stage) -> bool:
    """Whether a stage is a step on the way: another one of certification follows it, and nothing is held meanwhile.

    Where a decision names a last day for it, a certificate is held until then, which is not renewed.
    """
    return stage.lasts is None and is_followed(program, stage)


def way_of(program: Program, key: str) -> str:
    """The first stage of the way that a stage lies on: stages that build on each other share it."""
    after = {stage.key: stage.after for stage in program.stages}
    seen: set[str] = set()
    while after.get(key) and key not in seen:
        seen.add(key)
        key = after[key]
    return key


def _only_stage(program: Program, outcome: Outcome) -> str:
    if outcome is Outcome.EXTENDED:
        keys = [stage.key for stage in program.stages if stage.lasts is not None]
    else:
        kind = _KINDS.get(outcome, StageKind.CERTIFICATION)
        keys = [stage.key for stage in program.stages if stage.kind is kind]
    return keys[0] if len(keys) == 1 else ""


def _with(program: Program, course: Course, decision: Decision, evidence: Evidence) -> Course:
    stage = next((each for each in program.stages if each.key == decision.stage), None)
    if stage and stage.kind is StageKind.ENDORSEMENT:
        return _endorsed(course, decision)
    if _is_unknown_to_the_rules(program, course, decision, evidence):
        return replace(course, set_aside=(*course.set_aside, decision))
    course = replace(course, last=decision, decisions=(*course.decisions, decision))
    match decision.outcome:
        case Outcome.CERTIFIED:
            return _certified(program, course, decision, evidence, stage or _last(program))
        case Outcome.REINSTATED | Outcome.RENEWED:
            return _again(program, course, decision, evidence)
        case Outcome.EXTENDED:
            end = next_end(program, course.held, decision, course.end, evidence)
            return replace(course, end=end, extensions=course.extensions + 1)
        case Outcome.SUSPENDED:
            return replace(course, suspended_since=decision.on)
        case Outcome.RESUMED:
            return replace(course, suspended_since=None)
        case Outcome.REVOKED | Outcome.SURRENDERED:
            return replace(course, held=None, since=None, end=None, extensions=0, suspended_since=None, ended=decision)
        case _:
            return course


def _certified(program: Program, course: Course, decision: Decision, evidence: Evidence, stage: Stage | None) -> Course:
    key = stage.key if stage else decision.stage
    if course.ended is not None or stage is None:
        reached: tuple[str, ...] = ()
    elif not stage.after:
        reached = tuple(each for each in course.reached if way_of(program, each) != key)
    else:
        reached = tuple(each for each in course.reached if each != key)
    course = replace(course, reached=(*reached, key), ended=None, suspended_since=None, extensions=0)
    if stage and decision.until is None and is_step(program, stage):
        return replace(course, held=None, since=None, end=None)
    end = next_end(program, stage, decision, None, evidence)
    return replace(course, held=stage, since=decision.on, end=end)


def _again(program: Program, course: Course, decision: Decision, evidence: Evidence) -> Course:
    """Renewed or reinstated. What is reinstated while it is valid keeps its end: nothing had been lost."""
    held = course.held or _last(program)
    reached = course.reached or ((held.key,) if held else ())
    end = course.end
    is_reinstated = decision.outcome is Outcome.REINSTATED
    if not (is_reinstated and course.since and (end is None or decision.on <= end.on) and decision.until is None):
        end = next_end(program, held, decision, None if is_reinstated else end, evidence)
    suspended = None if is_reinstated else course.suspended_since
    return replace(
        course, reached=reached, held=held, since=decision.on, end=end, ended=None, suspended_since=suspended
    )


def _endorsed(course: Course, decision: Decision) -> Course:
    others = tuple(each for each in course.endorsements if each != decision.stage)
    held = (*others, decision.stage) if decision.outcome in _ENDORSED else others
    held = course.endorsements if decision.outcome in (Outcome.NOT_YET, Outcome.EXTENDED) else held
    return replace(course, endorsements=tuple(sorted(held)), last=decision, decisions=(*course.decisions, decision))


def _is_unknown_to_the_rules(program: Program, course: Course, decision: Decision, evidence: Evidence) -> bool:
    match decision.outcome:
        case Outcome.RENEWED:
            return course.ended is not None or _is_too_late(program, course, decision, evidence)
        case Outcome.EXTENDED:
            return course.held is None or (course.held.extension is None and decision.until is None)
        case _:
            return False


def _is_too_late(program: Program, course: Course, decision: Decision, evidence: Evidence) -> bool:
    """Asked for after the last day for it; who asked in time is not late, whenever it is decided."""
    if program.lifecycle.lapse is None or course.end is None:
        return False
    last = late_end(program, course.held, course.end, evidence.pauses).on
    return decision.on > last and applied_on(evidence, course.since, last) is None


def _last(program: Program) -> Stage | None:
    """The stage of certification that no other one follows; of several the first."""
    stages: Sequence[Stage] = [each for each in program.stages if each.kind is StageKind.CERTIFICATION]
    followed = {each.after for each in stages}
    return next((each for each in stages if each.key not in followed), None)
