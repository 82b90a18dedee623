"""Time for the trainee's answer: more of it, and a talk first. Dates only move later, and no reason is asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.access import Capability, Who
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import line, who_is_reading
from lti_tool.services.observations.moves import held, held_by_trainee
from lti_tool.services.observations.read import Record
from lti_tool.services.practicum.accommodations import days_to_answer
from lti_tool.store.observations import ObservationRow
from rubrics import voice
from rubrics.observation import State
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Window:
    """The time to answer, as far as it is open, and what the reader can do about it."""

    until: datetime
    days: int
    """How many days more time is."""
    later: datetime
    """Where the date would be after that."""
    taps_left: int
    """How often the trainee can still move it alone."""
    talk_asked_at: datetime | None
    talk_held_at: datetime | None
    talk_due: datetime | None
    """When the talk comes back to the instructor; None where none is waited for."""
    is_trainee: bool
    may_give_time: bool
    """The reader instructs the course, and can move the date for the trainee."""
    may_say_talked: bool


def window_of(session: Session, record: Record, now: datetime) -> Window | None:
    """The window for this reader; None where nothing waits for the trainee's words."""
    seen = record.line
    if seen.state is not State.SHARED or seen.respond_until is None:
        return None
    row = session.get_one(ObservationRow, seen.id)
    days = days_to_answer(session, row, now)
    waited_for = row.talk_asked_at is not None and row.talk_held_at is None
    back = voice.comes_back(row.talk_asked_at, row.talk_held_at, now)
    # That the trainee would like to talk is for those who talk with them; others read it once it comes back to them.
    knows = bool(record.who & {Who.TRAINEE, Who.OBSERVER}) or (back and Who.INSTRUCTOR in record.who)
    return Window(
        until=seen.respond_until,
        days=days,
        later=voice.with_more_time(seen.respond_until, now, days),
        taps_left=max(voice.MOST_EXTENSIONS - row.extensions, 0),
        talk_asked_at=row.talk_asked_at if knows else None,
        talk_held_at=row.talk_held_at if knows else None,
        talk_due=voice.talk_due(row.talk_asked_at) if row.talk_asked_at and waited_for and knows else None,
        is_trainee=Who.TRAINEE in record.who,
        may_give_time=Who.INSTRUCTOR in record.who,
        may_say_talked=waited_for and (Who.OBSERVER in record.who or (back and Who.INSTRUCTOR in record.who)),
    )


def more_time(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Move the date by as many days as there were at first.

    The trainee does so twice, instructors of the course as often as somebody asks them. Raises `Refused`.
    """
    observation = held(session, visitor, observation_id)
    own = observation.trainee_id == visitor.person_id
    if not own:
        _check_instructs(session, visitor, observation_id)
    until = _open_until(observation)
    if own:
        voice.ask_for_more_time(observation.extensions)
        observation.extensions += 1
    observation.respond_until = voice.with_more_time(until, now, days_to_answer(session, observation, now))
    # Not by how many days: that would say in the audit what is arranged for somebody.
    _audit(session, observation, "observation.more_time", visitor, now)
    if not own:
        notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def ask_to_talk(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """The trainee would like to talk before they answer: the observers read it, and nothing passes in silence."""
    observation = held_by_trainee(session, visitor, observation_id)
    until = _open_until(observation)
    if observation.talk_asked_at is not None and observation.talk_held_at is None:
        return
    observation.talk_asked_at, observation.talk_held_at = now, None
    observation.respond_until = voice.while_talk_waits(until, now, days_to_answer(session, observation, now))
    _audit(session, observation, "observation.ask_to_talk", visitor, now)
    for observer in line(session, visitor.organization_id, observation_id).taking_part:
        notify.of_observation(session, observation, observer.person_id, now, by=visitor.person_id)


def no_talk_needed(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """The trainee does not need the talk any more. The date stays as it is: nothing is taken away for that."""
    observation = held_by_trainee(session, visitor, observation_id)
    _open_until(observation)
    if observation.talk_asked_at is None or observation.talk_held_at is not None:
        return
    observation.talk_asked_at = None
    _audit(session, observation, "observation.no_talk_needed", visitor, now)


def talked(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """An observer says that they talked, or an instructor to whom it came back; the trainee has a whole window then."""
    observation = held(session, visitor, observation_id)
    who = who_is_reading(session, visitor, line(session, visitor.organization_id, observation_id))
    back = voice.comes_back(observation.talk_asked_at, observation.talk_held_at, now)
    if Who.OBSERVER not in who and not (back and Who.INSTRUCTOR in who):
        raise NotHere
    until = _open_until(observation)
    if observation.talk_asked_at is None or observation.talk_held_at is not None:
        raise Refused("no_talk", "No talk is waited for here now. The page says what comes next.")
    observation.talk_held_at = now
    observation.respond_until = voice.after_talk(until, now, days_to_answer(session, observation, now))
    _audit(session, observation, "observation.talked", visitor, now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def _check_instructs(session: Session, visitor: Visitor, observation_id: UUID) -> None:
    seen = line(session, visitor.organization_id, observation_id)
    if Capability.INSTRUCTOR not in standing_of(session, visitor.person_id, seen.course_id).capabilities:
        raise NotHere
    who_is_reading(session, visitor, seen)


def _open_until(observation: ObservationRow) -> datetime:
    if observation.state is not State.SHARED or observation.respond_until is None:
        raise Refused(
            "not_to_answer",
            "Nothing waits for an answer here now, so there is no date to move. All that was said is kept.",
        )
    return observation.respond_until


def _audit(session: Session, observation: ObservationRow, act: str, visitor: Visitor, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
    )
