"""In which status somebody is on a day, and what stands open to them.

The engine decides nothing: certified, suspended, revoked are what people decided; the rest follows from their dates.
Each last day belongs to what it ends: on the last day of a validity the certificate is valid, and it lapses on the
day after the last one for late renewal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.lifecycle.clocks import Clocks
from grading.lifecycle.course import Course
from grading.lifecycle.offers import Offer, offers
from grading.lifecycle.opening import open_stages
from grading.program import Program, StageKind
from grading.proof import Answer


class Status(StrEnum):
    """One word for where somebody is. The stage stands beside it."""

    NOT_STARTED = "not_started"
    """Nothing was recorded yet."""
    IN_PROGRESS = "in_progress"
    READY_FOR_DECISION = "ready_for_decision"
    """Everything is met that a stage asks which is open now: a person of the program can decide."""
    CERTIFIED = "certified"
    RENEWAL_OPEN = "renewal_open"
    """Certified, and the time for renewal, as the program names it, has begun and not ended."""
    IN_GRACE = "in_grace"
    """The certificate has ended; it can still be renewed late."""
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SURRENDERED = "surrendered"


@dataclass(frozen=True, slots=True)
class Facts:
    """What goes with the status."""

    holds: Status
    """The status by decisions and dates alone, without what is ready for a decision."""
    stage: str
    """The stage that the certificate is of, or the one that was reached last; "": none."""
    open: tuple[str, ...]
    """The stages that can be decided now, in the order of the program; the others are not asked yet."""
    ready: tuple[str, ...]
    """Those of them in which everything is met."""
    endorsements: tuple[str, ...]
    offers: tuple[Offer, ...]
    """What the person may ask for. Nothing of it comes by itself."""
    extensions_used: int
    extensions_left: int
    paused_since: date | None
    suspended_since: date | None
    appeal_since: date | None
    """Since when an appeal is open."""
    last_decision: Decision | None
    set_aside: tuple[Decision, ...]
    """Decisions that the rules of the program do not know, such as a renewal after the last day for it."""
    endorsements_to_come: int = 0
    """How many more the program asks of somebody who is certified."""


def status_of(facts: Facts, program: Program) -> Status:
    """The one word. What is ready goes before what is held, except where something was taken away."""
    kinds = {stage.key: stage.kind for stage in program.stages}
    is_ready = any(kinds[key] is not StageKind.ENDORSEMENT for key in facts.ready)
    return Status.READY_FOR_DECISION if is_ready else facts.holds


def facts_of(program: Program, course: Course, evidence: Evidence, day: date, answers: Mapping[str, Answer]) -> Facts:
    """What goes with the status on a day; `answers` are those of the stages, `evidence` what is known on the day."""
    clocks = Clocks(program, course, evidence, day)
    opened = open_stages(clocks)
    left = max(0, course.held.extensions - course.extensions) if course.held else 0
    return Facts(
        holds=_held(clocks),
        stage=course.held.key if course.held else (course.reached[-1] if course.reached else ""),
        open=opened,
        ready=tuple(key for key in opened if answers[key] is Answer.MET and _may_be_ready(clocks, key)),
        endorsements=course.endorsements,
        offers=offers(clocks, opened, left),
        extensions_used=course.extensions,
        extensions_left=left,
        paused_since=_paused_since(evidence, day),
        suspended_since=course.suspended_since,
        appeal_since=clocks.appeal_since,
        last_decision=course.last,
        set_aside=course.set_aside,
        endorsements_to_come=_endorsements_to_come(program, course),
    )


def _endorsements_to_come(program: Program, course: Course) -> int:
    return max(0, program.endorsements_at_least - len(course.endorsements)) if course.held else 0


def _held(clocks: Clocks) -> Status:
    course = clocks.course
    if course.ended is not None:
        return Status.REVOKED if course.ended.outcome is Outcome.REVOKED else Status.SURRENDERED
    if clocks.is_lapsed:
        return Status.LAPSED
    if course.suspended_since is not None:
        return Status.SUSPENDED
    if course.since is None:
        return Status.IN_PROGRESS if _has_begun(clocks) else Status.NOT_STARTED
    if clocks.is_in_grace:
        return Status.IN_GRACE
    return Status.RENEWAL_OPEN if clocks.renewal_opens is not None and clocks.is_renewal_open else Status.CERTIFIED


def _has_begun(clocks: Clocks) -> bool:
    """Something was recorded or decided; a day with a name alone, such as a birthday, is no beginning."""
    decided = clocks.course.last is not None
    return decided or any(item.kind is not Kind.EVENT for item in clocks.evidence.items)


def _may_be_ready(clocks: Clocks, key: str) -> bool:
    """Nothing comes back by itself, and a decision "not yet" stands until there is something new."""
    course = clocks.course
    if (clocks.is_lapsed or course.ended is not None) and not clocks.has_applied_again:
        return False
    said = [each for each in course.decisions if each.outcome is Outcome.NOT_YET and each.stage in ("", key)]
    no = [each.on for each in said if course.since is None or each.on > course.since]
    return not no or any(_is_new(item, max(no)) for item in clocks.evidence.items)


def _is_new(item: Item, than: date) -> bool:
    return any(each is not None and each > than for each in (item.on, item.recorded_on, item.stands_from))


def _paused_since(evidence: Evidence, day: date) -> date | None:
    return min((each.since for each in evidence.pauses if each.holds(day)), default=None)
