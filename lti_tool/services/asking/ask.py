"""A trainee asks for an observation and consents to it, or takes it back; or others propose one to them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.asking import second_drawing
from lti_tool.services.asking.parts import add_part, parts_of
from lti_tool.services.asking.possible_observers import possible_observers
from lti_tool.services.asking.times import agree, check_free, one_at_a_time, settle, tell_others
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.editions import scope
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.observations.moves import held_by_trainee, move_on
from lti_tool.services.observations.words_away import take_words_away
from lti_tool.services.practicum.placing import set_where
from lti_tool.store.base import new_id
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverState
from lti_tool.store.people import PersonRow
from rubrics.consent import Audience
from rubrics.observation import Mode, Move, State, move
from rubrics.refusal import Refused
from rubrics.times import Span, may_propose

NOBODY: frozenset[Audience] = frozenset()


@dataclass(frozen=True, slots=True)
class Further:
    """What a request may say besides: other observers, who else may read it, when and where."""

    observers: tuple[UUID, ...] = ()
    audience: frozenset[Audience] = NOBODY
    time: Span | None = None
    where: str | None = None
    placement_id: UUID | None = None
    """At which of the trainee's placements it takes place."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes to a trainee. How it is seen is a suggestion: the trainee decides it."""

    trainee_id: UUID
    observers: tuple[UUID, ...]
    mode: Mode
    recorded: bool
    time: Span | None = None
    where: str | None = None
    placement_id: UUID | None = None
    """At which of the trainee's placements it takes place."""


NOTHING_FURTHER = Further()


def request(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    observer_id: UUID,
    mode: Mode,
    recorded: bool,
    note: str | None,
    now: datetime,
    further: Further = NOTHING_FURTHER,
) -> UUID:
    """Ask one or more people to observe, agreeing to how it will be seen. Raises `Refused`.

    With a time, everybody who was asked has to agree to it first.
    """
    scope.check(session, visitor.organization_id, visitor.person_id)
    observers = (observer_id, *further.observers)
    _check_observers(session, place, visitor.person_id, observers)
    observation = _observation(place, visitor.person_id, observers, now)
    observation.note = note or None
    if further.time is not None:
        _check_time(session, visitor, observation, further.time, now)
        _set_time(observation, further.time, visitor.person_id)
    observation.where = further.where or None
    set_where(session, place.course.id, observation, further.placement_id, now.date())
    _add(session, observation, observers, now, visitor.person_id)
    _add_consent(session, observation, mode=mode, recorded=recorded, audience=further.audience, now=now)
    _write(
        session, observation, "observation.request", visitor, now,
        observer=str(observer_id), mode=mode.value, recorded=recorded,
    )  # fmt: skip
    settle(session, observation, visitor, now)
    second_drawing.draw(session, observation, visitor, now)
    return observation.id


def propose(session: Session, visitor: Visitor, place: Place, proposal: Proposal, now: datetime) -> UUID:
    """Propose an observation to a trainee: by an instructor, or by who observes or supervises the trainee.

    Nothing is agreed until the trainee consents; they may also say no, without a reason. Raises `NotHere` for
    others, and for somebody who is no trainee of the course; `Refused` as `request` does.
    """
    check_may_propose(session, visitor, place, proposal.trainee_id)
    _check_observers(session, place, proposal.trainee_id, proposal.observers)
    observation = _observation(place, proposal.trainee_id, proposal.observers, now)
    observation.asked_by = visitor.person_id
    observation.proposed_mode, observation.proposed_recorded = proposal.mode, proposal.recorded
    if proposal.time is not None:
        _check_time(session, visitor, observation, proposal.time, now)
        _set_time(observation, proposal.time, visitor.person_id)
    observation.where = proposal.where or None
    set_where(session, place.course.id, observation, proposal.placement_id, now.date())
    _add(session, observation, proposal.observers, now, visitor.person_id)
    for row in parts_of(session, observation.id):
        if row.person_id == visitor.person_id:
            row.state, row.answered_at = ObserverState.AGREED, now
    _write(session, observation, "observation.propose_to_trainee", visitor, now, mode=proposal.mode.value)
    notify.of_observation(session, observation, proposal.trainee_id, now, by=visitor.person_id)
    second_drawing.draw(session, observation, visitor, now)
    return observation.id


def check_may_propose(session: Session, visitor: Visitor, place: Place, trainee_id: UUID) -> str:
    """The trainee's name, for who may propose an observation to them: an instructor, or who is assigned to them.

    Raises `NotHere` for others, and for somebody who is no trainee of the course.
    """
    relations = relations_of(session, visitor.person_id, place.course.id)
    assigned = relations.observes | {person_id for person_id, _lane in relations.supervises}
    if trainee_id in relations.conflicts or trainee_id == visitor.person_id:
        raise NotHere
    if Capability.INSTRUCTOR not in place.capabilities and trainee_id not in assigned:
        raise NotHere
    if Capability.TRAINEE not in standing_of(session, trainee_id, place.course.id).capabilities:
        raise NotHere
    return display_name(trainee_id, session.get_one(PersonRow, trainee_id).name)


def may_propose_to(session: Session, visitor: Visitor, place: Place, trainee_id: UUID) -> bool:
    """Whether the visitor may propose an observation to this person."""
    try:
        check_may_propose(session, visitor, place, trainee_id)
    except NotHere:
        return False
    return True


def consent(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    *,
    mode: Mode,
    recorded: bool,
    audience: frozenset[Audience] = NOBODY,
    now: datetime,
) -> None:
    """The trainee says how it may be seen, and agrees to the time that was proposed, if any.

    Raises `Refused` where there is nothing to consent to (not_now, consented_already), where the scope of practice
    comes first (scope_first), or the time does not suit.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    move(observation.state, Move.CONSENT)
    scope.check(session, visitor.organization_id, visitor.person_id)
    if session.scalars(select(ConsentRow.id).where(ConsentRow.observation_id == observation.id)).first() is not None:
        raise Refused("consented_already", "You agreed to this already. You can take it back at any time.")
    _add_consent(session, observation, mode=mode, recorded=recorded, audience=audience, now=now)
    agree(session, visitor, observation_id, now)
    _write(session, observation, "observation.consent_given", visitor, now, mode=mode.value, recorded=recorded)


def withdraw(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take consent back: the observation is hidden from everyone else at once. No reason is asked.

    Signatures that were given no longer stand.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    tell_others(session, observation, visitor, now)
    move_on(session, observation, Move.WITHDRAW, person_id=visitor.person_id, now=now)
    row = session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation.id)).one_or_none()
    if row is not None:
        row.withdrawn_at = now


def take_away_now(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Take the words of what was taken back away at once, without the day that they are kept. Raises `Refused`."""
    observation = held_by_trainee(session, visitor, observation_id)
    if observation.state is not State.WITHDRAWN:
        raise Refused("not_taken_back", "This was not taken back, so its words are kept. Please open it again.")
    _write(session, observation, "observation.take_words_away", visitor, now)
    session.flush()
    take_words_away(session, [observation.id])


def _check_observers(session: Session, place: Place, trainee_id: UUID, observers: Sequence[UUID]) -> None:
    possible = {person.id for person in possible_observers(session, trainee_id, place.course.id)}
    if not set(observers) <= possible:
        raise Refused(
            "not_an_observer", "This person does not observe in this course. Please choose someone from the list."
        )
    if len(set(observers)) != place.activity.observers or len(observers) != place.activity.observers:
        raise Refused(
            "observers_needed",
            "Each observation of this activity is watched by %(number)s people. Please choose as many.",
            number=place.activity.observers,
        )


def _check_time(session: Session, visitor: Visitor, observation: ObservationRow, span: Span, now: datetime) -> None:
    may_propose(span, now)
    one_at_a_time(session, {visitor.person_id})
    check_free(session, visitor.person_id, span, observation, visitor)


def _set_time(observation: ObservationRow, span: Span, proposed_by: UUID) -> None:
    observation.starts_at, observation.ends_at, observation.proposed_by = span.starts_at, span.ends_at, proposed_by


def _observation(place: Place, trainee_id: UUID, observers: Sequence[UUID], now: datetime) -> ObservationRow:
    return ObservationRow(
        id=new_id(),
        organization_id=place.organization_id,
        activity_id=place.activity.id,
        rubric_version_id=place.activity.rubric_version_id,
        trainee_id=trainee_id,
        observer_id=observers[0],
        needed_observers=len(observers),
        state=State.REQUESTED,
        salt=secrets.token_urlsafe(16),
        requested_at=now,
        changed_at=now,
    )


def _add(
    session: Session, observation: ObservationRow, observers: Sequence[UUID], now: datetime, asked_by: UUID
) -> None:
    session.add(observation)
    session.flush()
    for person_id in observers:
        add_part(session, observation, person_id, now, asked_by)


def _add_consent(
    session: Session,
    observation: ObservationRow,
    *,
    mode: Mode,
    recorded: bool,
    audience: frozenset[Audience],
    now: datetime,
) -> None:
    session.add(
        ConsentRow(
            id=new_id(),
            organization_id=observation.organization_id,
            observation_id=observation.id,
            mode=mode,
            recorded=recorded,
            audience=sorted(audience),
            agreed_at=now,
        )
    )
    session.flush()


def _write(
    session: Session, observation: ObservationRow, act: str, visitor: Visitor, now: datetime, **facts: str | bool
) -> None:
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
        **facts,
    )
