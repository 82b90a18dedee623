"""What one reader can do about when and whether an observation takes place, and what there is to know about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services.asking.times import span_of
from lti_tool.services.observations.lines import ObservationLine, ObserverLine, display_name
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverState
from lti_tool.store.people import PersonRow
from rubrics.observation import BEFORE, UNDER_WAY, Mode, State
from rubrics.times import Span, has_come, wants_an_answer


class Way(StrEnum):
    """Something that the reader can do now."""

    CONSENT = "consent"
    AGREE = "agree"
    PROPOSE = "propose"
    NOT_HOLD = "not_hold"
    CALENDAR = "calendar"
    CANCEL = "cancel"
    DECLINE = "decline"
    REPLACE = "replace"
    """ask somebody else in the place of an observer"""
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Times:
    """When and whether it takes place, for one reader."""

    span: Span | None
    agreed: bool
    """Whether everybody has agreed to the time."""
    where: str | None
    proposed_by: str | None
    """By name: who proposed the time that is not agreed yet."""
    asked_by: str | None
    """By name, where somebody else than the trainee asked for it."""
    proposed_mode: Mode | None
    proposed_recorded: bool | None
    waits_for: tuple[str, ...]
    """Whose yes is still to come."""
    answer_by: datetime | None
    """When it comes back to the trainee and the instructors, if it is not answered until then."""
    did_it: bool
    """Its time passed a day ago, and nobody has said whether it took place."""
    paused_at: datetime | None
    """Since when it is paused; None where it is not."""
    wanted: int
    """How many observe one observation of the activity."""
    ways: frozenset[Way]


_MORE: Any = (
    select(
        ObservationRow.where, ObservationRow.asked_by, ObservationRow.proposed_mode, ObservationRow.proposed_recorded,
        ObservationRow.paused_at, PersonRow.name, ActivityRow.request_days, ActivityRow.observers,
    )
    .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
    .outerjoin(PersonRow, PersonRow.id == ObservationRow.asked_by)
    .where(ObservationRow.id == bindparam("observation_id"))
)  # fmt: skip


def times_of(session: Session, line: ObservationLine, *, who: frozenset[Who], person_id: UUID, now: datetime) -> Times:
    """For a reader who stands so to the observation."""
    row = session.execute(_MORE, {"observation_id": line.id}).one()
    where, asked_by, mode, recorded, paused_at, asker, days, wanted = row
    span = span_of(line)
    return Times(
        span=span,
        agreed=span is not None and line.proposed_by is None and line.state is not State.REQUESTED,
        where=where,
        proposed_by=_name_of(line, line.proposed_by) or (_asker(asked_by, asker) if line.proposed_by else None),
        asked_by=_asker(asked_by, asker),
        proposed_mode=mode,
        proposed_recorded=recorded,
        waits_for=waits_for(line) if line.state in BEFORE else (),
        answer_by=answer_by(line, days),
        did_it=span is not None and line.state in BEFORE and wants_an_answer(span, now),
        paused_at=paused_at if line.state is State.PAUSED else None,
        wanted=wanted,
        ways=frozenset(ways_of(line, who=who, person_id=person_id, now=now)),
    )


def waits_for(line: ObservationLine) -> tuple[str, ...]:
    """By name: whose yes is still to come before it can begin."""
    observers = [one.name for one in line.taking_part if one.state is ObserverState.ASKED]
    return (line.trainee_name, *observers) if trainee_is_asked(line) else tuple(observers)


def trainee_is_asked(line: ObservationLine) -> bool:
    """Whether the trainee has something to say yes to: that it is seen at all, or a time."""
    if line.state is not State.REQUESTED:
        return False
    return line.mode is None or (line.starts_at is not None and line.proposed_by != line.trainee_id)


def answer_by(line: ObservationLine, request_days: int) -> datetime | None:
    """The day until which those who were asked have; None where nobody is asked."""
    asked = any(one.state is ObserverState.ASKED for one in line.taking_part)
    return line.changed_at + timedelta(days=request_days) if asked and line.state in BEFORE else None


def ways_of(line: ObservationLine, *, who: frozenset[Who], person_id: UUID, now: datetime) -> Iterator[Way]:
    """What the reader can do now; the services check it again."""
    either = bool(who & {Who.TRAINEE, Who.OBSERVER})
    span = span_of(line)
    if line.state in BEFORE:
        yield from _before_as_trainee(line) if Who.TRAINEE in who else ()
        yield from _before_as_observer(line, person_id) if Who.OBSERVER in who else ()
        if span is not None and line.state is not State.REQUESTED and has_come(span, now):
            yield from (Way.NOT_HOLD,) if either or Who.INSTRUCTOR in who else ()
        if span is not None and line.state is not State.REQUESTED and either:
            yield Way.CALENDAR
    if line.state in UNDER_WAY and either:
        yield from (Way.PAUSE if line.state is State.IN_PROGRESS else Way.RESUME, Way.STOP)


def _before_as_trainee(line: ObservationLine) -> Iterator[Way]:
    yield from (Way.PROPOSE, Way.CANCEL, Way.REPLACE) if line.taking_part else (Way.CANCEL, Way.REPLACE)
    if line.mode is None:
        yield Way.CONSENT
    elif trainee_is_asked(line):
        yield Way.AGREE


def _before_as_observer(line: ObservationLine, person_id: UUID) -> Iterator[Way]:
    yield from (Way.PROPOSE, Way.DECLINE)
    if any(one.person_id == person_id and one.state is ObserverState.ASKED for one in line.taking_part):
        yield Way.AGREE


def _name_of(line: ObservationLine, person_id: UUID | None) -> str | None:
    if person_id == line.trainee_id:
        return line.trainee_name
    return next((one.name for one in line.observers if one.person_id == person_id), None)


def _asker(person_id: UUID | None, name: str | None) -> str | None:
    return display_name(person_id, name) if person_id is not None else None


def could_not(line: ObservationLine) -> tuple[ObserverLine, ...]:
    """Who said that they could not, or has no part in it any more."""
    return tuple(one for one in line.observers if one not in line.taking_part)
