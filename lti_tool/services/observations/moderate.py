"""Holding a meeting about a difference: what is looked at together, its record, and closing it.

The observers meet before anything is shared; the lanes meet before anyone else signs. Nobody overrides anybody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Field, Who
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.courses.readers import people_around
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.assessments import narrative
from lti_tool.services.observations.handing_in import share_now
from lti_tool.services.observations.lines import ObservationLine, line, who_is_reading
from lti_tool.services.observations.meetings import Meeting, close_meeting, meetings_of, open_row
from lti_tool.services.observations.moves import held, move_on
from lti_tool.services.observations.views import View, views_of
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.store.courses import ActivityRow
from lti_tool.store.meetings import MeetingKind
from lti_tool.store.observations import ObservationRow
from rubrics.agreement import Difference, differences
from rubrics.assessment import still_needed
from rubrics.observation import Move
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

AHEAD = timedelta(days=1)
"""Somewhere else it is tomorrow already."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who may have been there."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a meeting when it is closed."""

    present: tuple[UUID, ...]
    on: date
    record: str


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    """A meeting that is still to be held, for somebody who takes part in it."""

    line: ObservationLine
    rubric: Rubric
    meeting: Meeting
    views: tuple[View, ...]
    differences: tuple[Difference, ...]
    """Where the views are further apart than was agreed, as they stand now."""
    unfinished: tuple[str, ...]
    """Who changed their view and has something still to come in it, by name."""
    participants: tuple[Participant, ...]
    is_observer: bool


def open_meeting_of(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> OpenMeeting | None:
    """The open meeting about the observation; None where there is none any more. The read log has it.

    Raises `NotHere` for anyone who takes no part in such a meeting.
    """
    seen = line(session, visitor.organization_id, observation_id)
    who = _taking_part(session, visitor, seen)
    meeting = next((one for one in meetings_of(session, seen.id) if one.held_at is None), None)
    if meeting is None:
        return None
    if meeting.kind is MeetingKind.MODERATION and Who.OBSERVER not in who:
        raise NotHere
    observation = session.get_one(ObservationRow, seen.id)
    rubric = rubric_of(session, observation.rubric_version_id).rubric
    views = views_of(session, seen)
    threshold = session.scalars(select(ActivityRow.threshold).where(ActivityRow.id == seen.activity_id)).one()
    read = {Field.MEETING, Field.DRAFT if meeting.kind is MeetingKind.MODERATION else Field.ASSESSMENT}
    log_reading(session, visitor, trainee_id=seen.trainee_id, seen={seen.id: read}, now=now)
    return OpenMeeting(
        line=seen,
        rubric=rubric,
        meeting=meeting,
        views=views,
        differences=differences([view.assessment for view in views], threshold),
        unfinished=tuple(view.observer_name for view in views if still_needed(view.assessment, rubric)),
        participants=_participants(session, seen, meeting.kind),
        is_observer=Who.OBSERVER in who,
    )


def save_record(session: Session, visitor: Visitor, observation_id: UUID, words: str, now: datetime) -> datetime:
    """Keep what is written of the record so far; those who meet see it. Raises `NotHere`, `Refused`."""
    observation, _ = _held(session, visitor, observation_id)
    row = open_row(session, observation.id)
    if row is None:
        raise _closed()
    row.record = narrative(words)
    session.flush()
    return now


def close(session: Session, visitor: Visitor, observation_id: UUID, held_: Held, now: datetime) -> MeetingKind:
    """Keep the record, and go on: the observers' views are shared, or signing goes on. Raises `Refused`."""
    observation, seen = _held(session, visitor, observation_id)
    row = open_row(session, observation.id)
    if row is None:
        raise _closed()
    if held_.on > (now + AHEAD).date():
        raise Refused("not_held_yet", "Please give the day on which you met. It cannot lie ahead.")
    known = {person.id for person in _participants(session, seen, row.kind)}
    if not set(held_.present) <= known:
        raise Refused("not_taking_part", "Please choose who was there from the list.")
    if row.kind is MeetingKind.MODERATION:
        _check_complete(session, seen, observation)
    kind = close_meeting(
        session, observation, by=visitor.person_id, present=held_.present, record=held_.record,
        held_at=datetime.combine(held_.on, time(12), tzinfo=UTC), now=now,
    )  # fmt: skip
    if kind is MeetingKind.MODERATION:
        share_now(session, observation, by=visitor.person_id, now=now)
    else:
        move_on(session, observation, Move.SETTLE, person_id=visitor.person_id, now=now)
        _tell(session, observation, known | {observation.trainee_id}, visitor.person_id, now)
    return kind


def _held(session: Session, visitor: Visitor, observation_id: UUID) -> tuple[ObservationRow, ObservationLine]:
    """The observation, locked, for somebody who takes part in its open meeting."""
    observation = held(session, visitor, observation_id)
    seen = line(session, visitor.organization_id, observation_id)
    who = _taking_part(session, visitor, seen)
    row = open_row(session, observation.id)
    if row is not None and row.kind is MeetingKind.MODERATION and Who.OBSERVER not in who:
        raise NotHere
    return observation, seen


def _taking_part(session: Session, visitor: Visitor, seen: ObservationLine) -> frozenset[Who]:
    who = who_is_reading(session, visitor, seen)
    if not who & {Who.OBSERVER, Who.SUPERVISOR}:
        raise NotHere
    standing_of(session, visitor.person_id, seen.course_id)
    return who


def _participants(session: Session, seen: ObservationLine, kind: MeetingKind) -> tuple[Participant, ...]:
    found = {one.person_id: one.name for one in seen.taking_part}
    if kind is MeetingKind.RECONCILIATION:
        around = people_around(session, seen.course_id, seen.activity_id, seen.trainee_id)
        found |= {person.id: person.name for person in around if person.who is Who.SUPERVISOR}
    return tuple(Participant(person_id, name) for person_id, name in found.items())


def _check_complete(session: Session, seen: ObservationLine, observation: ObservationRow) -> None:
    rubric = rubric_of(session, observation.rubric_version_id).rubric
    names = [view.observer_name for view in views_of(session, seen) if still_needed(view.assessment, rubric)]
    if names:
        raise Refused(
            "view_unfinished",
            "Something is still to come in what %(names)s changed. Then it can be shared; all is kept.",
            names=", ".join(names),
        )


def _tell(session: Session, observation: ObservationRow, people: Collection[UUID], by: UUID, now: datetime) -> None:
    for person_id in sorted(set(people) - {by}):
        notify.of_observation(session, observation, person_id, now, by=by)


def _closed() -> Refused:
    return Refused("no_meeting", "No meeting is open about this observation. Its record can be read on its page.")
