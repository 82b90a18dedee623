"""Handing in what was seen: each observer for themselves, and what follows once all have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.assessments import assessment_of, found_assessment, ratings_of
from lti_tool.services.observations.lines import TAKING_PART, ObservationLine, line
from lti_tool.services.observations.meetings import open_meeting
from lti_tool.services.observations.moves import held, held_by_observer, move_on
from lti_tool.services.practicum.accommodations import days_to_answer
from lti_tool.store.courses import ActivityRow
from lti_tool.store.meetings import MeetingKind
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState
from rubrics.agreement import differences
from rubrics.assessment import share as check_complete
from rubrics.observation import Move, State
from rubrics.refusal import Refused
from rubrics.voice import window_opens


@dataclass(frozen=True, slots=True)
class Wait:
    """Who is waited for, for someone who may go on without them."""

    line: ObservationLine
    still_to_come: tuple[tuple[UUID, str], ...]
    """Observers who have not handed in, by id and name."""
    to_be_asked: int
    """How many more observers the activity wants than have a part in this one."""


def hand_in(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Give in what the visitor saw; the last one to do so has it shared, or has the observers meet.

    Raises `Refused` while something is needed, and where it was given in already.
    """
    observation = held_by_observer(session, visitor, observation_id)
    row = found_assessment(session, observation.id, visitor.person_id)
    if observation.state is not State.IN_PROGRESS or row is None or row.submitted_at is not None:
        raise Refused(
            "form_closed",
            "This form is closed: it was shared, stopped, or not begun yet. Nothing that was saved is lost.",
        )
    rubric = rubric_of(session, observation.rubric_version_id).rubric
    check_complete(assessment_of(row, ratings_of(session, row.id)), rubric)
    row.submitted_at = now
    session.flush()
    _audit(session, observation, "assessment.hand_in", visitor.person_id, now)
    go_on(session, observation, by=visitor.person_id, now=now)


def take_up_again(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Open the visitor's own form once more, as long as others have not all handed in. Raises `Refused`."""
    observation = held_by_observer(session, visitor, observation_id)
    row = found_assessment(session, observation.id, visitor.person_id)
    if row is None or row.submitted_at is None or observation.state is not State.IN_PROGRESS:
        raise Refused("not_to_take_up", "It cannot be changed in this way now. Its page says what comes next.")
    row.submitted_at = None
    session.flush()
    _audit(session, observation, "assessment.take_up_again", visitor.person_id, now)


def go_on(session: Session, observation: ObservationRow, *, by: UUID | None, now: datetime) -> None:
    """What follows once nobody is waited for: shared, or a meeting where the views differ. Else nothing.

    To be called after an observer handed in, and after one has no part in it any more.
    """
    if observation.state is not State.IN_PROGRESS:
        return
    parts = _parts(session, observation.id)
    views = [view for _, view in parts if view is not None and view.submitted_at is not None]
    if len(views) < max(observation.needed_observers, len(parts), 1):
        return
    move_on(session, observation, Move.HAND_IN, person_id=by, now=now)
    threshold = session.scalars(select(ActivityRow.threshold).where(ActivityRow.id == observation.activity_id)).one()
    seen = [assessment_of(view, ratings_of(session, view.id)) for view in views]
    if not differences(seen, threshold):
        share_now(session, observation, by=by, now=now)
        return
    move_on(session, observation, Move.MODERATE, person_id=None, now=now)
    open_meeting(session, observation, MeetingKind.MODERATION, by=None, reason=None, now=now)
    for part, _ in parts:
        notify.of_observation(session, observation, part.person_id, now, by=None)


def share_now(session: Session, observation: ObservationRow, *, by: UUID | None, now: datetime) -> None:
    """Give what was seen to the trainee, and open their window to answer."""
    days = days_to_answer(session, observation, now)
    observation.shared_at = now
    observation.respond_until = window_opens(now, days)
    move_on(session, observation, Move.SHARE, person_id=by, now=now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=by)


def wait(session: Session, visitor: Visitor, observation_id: UUID) -> Wait:
    """Who is waited for, for the one who leads once they have handed in, and for instructors. Raises `NotHere`."""
    seen = line(session, visitor.organization_id, observation_id)
    _check_may_go_on(session, visitor, seen)
    rest = tuple((one.person_id, one.name) for one in seen.taking_part if not one.handed_in)
    return Wait(seen, rest, max(seen.needed_observers - len(seen.taking_part), 0))


def go_on_without(
    session: Session, visitor: Visitor, observation_id: UUID, people: Collection[UUID], now: datetime
) -> None:
    """Wait no longer for these observers, nor for ones who were never asked.

    Raises `NotHere`, and `Refused` where nobody is chosen or would be left, or one of them has handed in meanwhile.
    """
    observation = held(session, visitor, observation_id)
    _check_may_go_on(session, visitor, line(session, visitor.organization_id, observation_id))
    parts = _parts(session, observation.id)
    rest = {part.person_id: part for part, view in parts if view is None or view.submitted_at is None}
    left = [part for part, _ in parts if part.person_id not in people]
    if not people and rest and len(parts) >= observation.needed_observers:
        raise Refused("nobody_chosen", "Please choose for whom you wait no longer, or go on waiting.")
    if not set(people) <= set(rest):
        raise Refused("handed_in", "One of them has handed in meanwhile. Please look at the page again.")
    if not left:
        raise Refused("nobody_left", "Somebody has to observe. To end it instead, it can be stopped.")
    for person_id in people:
        rest[person_id].state, rest[person_id].answered_at = ObserverState.REPLACED, now
        _audit(session, observation, "observation.go_on_without", visitor.person_id, now, observer=str(person_id))
    observation.needed_observers = len(left)
    if observation.observer_id in people:
        observation.observer_id = left[0].person_id
    observation.changed_at = now
    session.flush()
    go_on(session, observation, by=visitor.person_id, now=now)


def _check_may_go_on(session: Session, visitor: Visitor, seen: ObservationLine) -> None:
    standing = standing_of(session, visitor.person_id, seen.course_id)
    mine = next((one for one in seen.taking_part if one.person_id == visitor.person_id), None)
    instructs = Capability.INSTRUCTOR in standing.capabilities and visitor.person_id != seen.trainee_id
    blind = mine is not None and not mine.handed_in
    leads = mine is not None and seen.observer_id == visitor.person_id
    if blind or not (instructs or leads):
        raise NotHere
    if seen.state is not State.IN_PROGRESS:
        raise Refused("no_wait", "Nobody is waited for here now. Its page says what comes next.")


def _parts(session: Session, observation_id: UUID) -> Sequence[tuple[ObserverRow, AssessmentRow | None]]:
    """Those who have a part in it, first asked first, each with what they wrote."""
    rows = session.execute(
        select(ObserverRow, AssessmentRow)
        .outerjoin(
            AssessmentRow,
            (AssessmentRow.observation_id == ObserverRow.observation_id)
            & (AssessmentRow.observer_id == ObserverRow.person_id),
        )
        .where(ObserverRow.observation_id == observation_id, ObserverRow.state.in_(TAKING_PART))
        .order_by(ObserverRow.asked_at, ObserverRow.id)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def _audit(
    session: Session, observation: ObservationRow, act: str, by: UUID, now: datetime, **facts: str | int | bool | None
) -> None:
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=by,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
        **facts,
    )
