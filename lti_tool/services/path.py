"""The trainee's path through one activity: what is done, and what is next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from lti_tool.services.lines import ObservationLine, lines, listing
from lti_tool.services.places import Place
from lti_tool.services.visitors import Visitor
from lti_tool.store.observations import ObservationRow
from rubrics.observation import OVER, State

MOST = 100
STILL_OPEN = frozenset(State) - OVER


class StepKind(StrEnum):
    """What comes next for a trainee."""

    READ = "read"
    """read what was shared, and answer"""
    ASK = "ask"
    """ask for an observation"""
    WAIT = "wait"
    """someone else is next"""
    DONE = "done"
    """all that was asked for is finished"""


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
    finished = sum(line.state is State.RELEASED for line in own)
    to_read = [line for line in own if line.state is State.SHARED]
    with_others = [line for line in own if line.state in STILL_OPEN and line.state is not State.SHARED]
    return MyPath(
        required=required,
        finished=finished,
        waiting_for_me=len(to_read),
        waiting_for_others=len(with_others),
        observations=own,
        next_steps=_next_steps(to_read, with_others, required - finished),
    )


def _next_steps(
    to_read: list[ObservationLine], with_others: list[ObservationLine], still_to_show: int
) -> tuple[NextStep, ...]:
    steps = [NextStep(StepKind.READ, line.id, line.observer_name, line.state, line.respond_until) for line in to_read]
    if still_to_show > len(to_read) + len(with_others):
        steps.append(NextStep(StepKind.ASK))
    steps += [NextStep(StepKind.WAIT, line.id, line.observer_name, line.state) for line in with_others]
    return tuple(steps) or (NextStep(StepKind.DONE),)
