"""The trainee's path through one activity: what is done, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from lti_tool.services.asking.times import span_of
from lti_tool.services.asking.ways import answer_by, trainee_is_asked
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, lines, listing
from lti_tool.store.observations import ObservationRow
from rubrics.observation import BEFORE, NEVER_SEEN, OVER, State
from rubrics.times import wants_an_answer

MOST = 100
STILL_OPEN = frozenset(State) - OVER
COUNTS_NEITHER_WAY = NEVER_SEEN | {State.WITHDRAWN}


class StepKind(StrEnum):
    """What comes next for a trainee."""

    DID_IT = "did_it"
    """say whether it took place"""
    READ = "read"
    """read what was shared, and answer"""
    DECIDE = "decide"
    """say yes or no to what somebody else proposed"""
    AGREE = "agree"
    """say whether a time suits"""
    ASK_ANOTHER = "ask_another"
    """nobody is there to observe it any more"""
    ASK = "ask"
    """ask for an observation"""
    WAIT = "wait"
    """someone else is next"""
    DONE = "done"
    """all that was asked for is finished"""
    KEPT = "kept"
    """the course is kept for reading only: nothing is needed"""


ORDER = tuple(StepKind)
"""What waits for the trainee comes first, and of that what is about something that took place."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One next step; `who` and `until` where they are known."""

    kind: StepKind
    observation_id: UUID | None = None
    who: str | None = None
    state: State | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MyPath:
    """Where a trainee stands in one activity, in counts of observations."""

    required: int
    finished: int
    waiting_for_me: int
    waiting_for_others: int
    observations: tuple[ObservationLine, ...]
    """Those that go on or were signed, newest first."""
    ended: tuple[ObservationLine, ...]
    """Those that count neither way: not taken on, called off, stopped, taken back."""
    next_steps: tuple[NextStep, ...]


_OWN = listing(
    ObservationRow.activity_id == bindparam("activity_id"),
    ObservationRow.trainee_id == bindparam("person_id"),
    limit=MOST,
    newest_first=True,
)


def my_path(session: Session, visitor: Visitor, place: Place, now: datetime) -> MyPath:
    """The visitor's own path, newest observation first."""
    own = lines(session, _OWN, activity_id=place.activity.id, person_id=visitor.person_id)
    required = place.activity.required_observations
    if place.archived:
        return _kept(own, required)
    finished = sum(line.state is State.RELEASED for line in own)
    steps = sorted(
        (_step(line, place.activity.request_days, now) for line in own if line.state in STILL_OPEN),
        key=lambda step: ORDER.index(step.kind),
    )
    for_me = [step for step in steps if step.kind is not StepKind.WAIT]
    with_others = [step for step in steps if step.kind is StepKind.WAIT]
    asking = [NextStep(StepKind.ASK)] if required > finished + len(steps) else []
    return MyPath(
        required=required,
        finished=finished,
        waiting_for_me=len(for_me),
        waiting_for_others=len(with_others),
        observations=tuple(line for line in own if line.state not in COUNTS_NEITHER_WAY),
        ended=tuple(line for line in own if line.state in COUNTS_NEITHER_WAY),
        next_steps=(*for_me, *asking, *with_others) or (NextStep(StepKind.DONE),),
    )


def _kept(own: Sequence[ObservationLine], required: int) -> MyPath:
    """In a course that is kept for reading only nothing waits."""
    return MyPath(
        required=required,
        finished=sum(line.state is State.RELEASED for line in own),
        waiting_for_me=0,
        waiting_for_others=0,
        observations=tuple(line for line in own if line.state not in COUNTS_NEITHER_WAY),
        ended=tuple(line for line in own if line.state in COUNTS_NEITHER_WAY),
        next_steps=(NextStep(StepKind.KEPT),),
    )


def _step(line: ObservationLine, request_days: int, now: datetime) -> NextStep:
    """What comes next in one that is still open."""
    span, who = span_of(line), ", ".join(line.observer_names)
    if line.state is State.SHARED:
        return NextStep(StepKind.READ, line.id, who, line.state, line.respond_until)
    if line.state not in BEFORE:
        return NextStep(StepKind.WAIT, line.id, who, line.state)
    if not line.taking_part:
        return NextStep(StepKind.ASK_ANOTHER, line.id, who, line.state)
    if span is not None and wants_an_answer(span, now):
        return NextStep(StepKind.DID_IT, line.id, who, line.state, span.starts_at)
    if trainee_is_asked(line):
        return NextStep(StepKind.DECIDE if line.mode is None else StepKind.AGREE, line.id, who, line.state)
    return NextStep(StepKind.WAIT, line.id, who, line.state, answer_by(line, request_days))
