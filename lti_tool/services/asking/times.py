"""When an observation takes place: proposed, agreed to by everybody, and whether it did."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.asking.parts import parts_of
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import ObservationLine, display_name
from lti_tool.services.observations.moves import held, held_by_observer, move_on, takes_part
from lti_tool.services.observations.words_away import take_away_what_was_said_beforehand
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import PersonRow
from rubrics.observation import BEFORE, UNDER_WAY, Move, State, move
from rubrics.refusal import Refused
from rubrics.times import Span, has_come, may_propose

TRAINEE, OBSERVER = aliased(PersonRow), aliased(PersonRow)

_AGREED_OBSERVER = exists(
    select(ObserverRow.id).where(
        ObserverRow.observation_id == ObservationRow.id,
        ObserverRow.person_id == bindparam("person_id"),
        ObserverRow.state == ObserverState.AGREED,
    )
)
_APPOINTMENTS: Any = (
    select(
        ObservationRow.starts_at, ObservationRow.ends_at, ObservationRow.trainee_id, TRAINEE.name,
        ObservationRow.observer_id, OBSERVER.name,
    )
    .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
    .join(OBSERVER, OBSERVER.id == ObservationRow.observer_id)
    .where(
        ObservationRow.id != bindparam("but_not"),
        ObservationRow.state.in_(BEFORE | UNDER_WAY),
        ObservationRow.starts_at < bindparam("ends_at", type_=ObservationRow.ends_at.type),
        ObservationRow.ends_at > bindparam("starts_at", type_=ObservationRow.starts_at.type),
        or_(
            _AGREED_OBSERVER,
            and_(ObservationRow.trainee_id == bindparam("person_id"), ObservationRow.proposed_by.is_(None)),
        ),
    )
    .order_by(ObservationRow.starts_at)
    .limit(1)
)  # fmt: skip
"""The first appointment of one person, as trainee or as observer, that runs into a time."""


def propose(
    session: Session, visitor: Visitor, observation_id: UUID, span: Span, *, where: str | None, now: datetime
) -> None:
    """Propose this time, by either side, as long as it has not begun. The others are asked whether it suits them.

    A time that was agreed before no longer holds. Raises `Refused`: for a time that cannot be (`may_propose`), and
    where the visitor has another appointment then (double_booked).
    """
    observation = held_by_either(session, visitor, observation_id)
    move(observation.state, Move.PROPOSE)
    may_propose(span, now)
    one_at_a_time(session, _everybody(session, observation))
    check_free(session, visitor.person_id, span, observation, visitor)
    observation.starts_at, observation.ends_at, observation.proposed_by = (
        span.starts_at,
        span.ends_at,
        visitor.person_id,
    )
    observation.where = where or None
    for row in parts_of(session, observation.id):
        own = row.person_id == visitor.person_id
        row.state = ObserverState.AGREED if own else ObserverState.ASKED
        row.answered_at = now if own else None
        row.asked_at = row.asked_at if own else now
    session.flush()
    move_on(session, observation, Move.PROPOSE, person_id=visitor.person_id, now=now)
    tell_others(session, observation, visitor, now)


def agree(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Say yes to observing, and to the time if there is one; or, as the trainee, to the time that was proposed.

    When everybody has said so the time is agreed. Raises `Refused` where the visitor has another appointment then
    (double_booked), where somebody else has got one meanwhile (not_free_any_more), where the time is over, and where
    the trainee has not consented yet (consent_first).
    """
    observation = held_by_either(session, visitor, observation_id)
    if observation.state not in BEFORE:
        move(observation.state, Move.AGREE)
    one_at_a_time(session, _everybody(session, observation))
    span = span_of(observation)
    if span is not None and observation.proposed_by is not None:
        may_propose(span, now)
        check_free(session, visitor.person_id, span, observation, visitor)
    if observation.trainee_id == visitor.person_id:
        _agree_as_trainee(session, observation)
    else:
        _agree_as_observer(session, observation, visitor, now)
    settle(session, observation, visitor, now)
    tell_others(session, observation, visitor, now)


def settle(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> None:
    """Move it on as far as everybody has agreed. Whoever calls holds the observation."""
    if observation.state is not State.REQUESTED:
        return
    consented = _consented(session, observation.id)
    span = span_of(observation)
    if span is None:
        if consented:
            move_on(session, observation, Move.CONSENT, person_id=visitor.person_id, now=now)
        return
    people = parts_of(session, observation.id)
    everybody = bool(people) and all(row.state is ObserverState.AGREED for row in people)
    if not (everybody and consented and observation.proposed_by == observation.trainee_id):
        return
    for person_id in (observation.trainee_id, *(row.person_id for row in people)):
        check_free(session, person_id, span, observation, visitor)
    observation.proposed_by = None
    move_on(session, observation, Move.AGREE, person_id=visitor.person_id, now=now)
    move_on(session, observation, Move.CONSENT, person_id=visitor.person_id, now=now)


def not_hold(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> None:
    """Say that it did not take place; no reason is asked. By either side or an instructor of the course.

    Raises `Refused` ("not_yet") before its time has come.
    """
    observation = held(session, visitor, observation_id)
    if not _is_either(session, visitor, observation) and not _instructs(session, visitor, observation):
        raise NotHere
    move(observation.state, Move.NOT_HOLD)
    span = span_of(observation)
    if span is None or not has_come(span, now):
        raise Refused(
            "not_yet", "Its time has not come yet. You can propose another time, or call it off, with no reason."
        )
    take_away_what_was_said_beforehand(observation)
    move_on(session, observation, Move.NOT_HOLD, person_id=visitor.person_id, now=now)
    tell_others(session, observation, visitor, now)


def span_of(row: ObservationRow | ObservationLine) -> Span | None:
    """The time that is proposed or agreed; None where there is none."""
    if row.starts_at is None or row.ends_at is None:
        return None
    return Span(row.starts_at, row.ends_at)


def tell_others(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> None:
    """Have everybody else told who has a part in it."""
    for person_id in _everybody(session, observation) - {visitor.person_id}:
        notify.of_observation(session, observation, person_id, now, by=visitor.person_id)


def _agree_as_trainee(session: Session, observation: ObservationRow) -> None:
    if not _consented(session, observation.id):
        raise Refused("consent_first", "Please say first how it may be seen. Nothing is agreed until you do.")
    if observation.starts_at is not None and observation.proposed_by is not None:
        observation.proposed_by = observation.trainee_id  # the time is theirs too now


def _agree_as_observer(session: Session, observation: ObservationRow, visitor: Visitor, now: datetime) -> None:
    for row in parts_of(session, observation.id):
        if row.person_id == visitor.person_id and row.state is ObserverState.ASKED:
            row.state, row.answered_at = ObserverState.AGREED, now
            session.flush()
            audit.write(
                session,
                organization_id=observation.organization_id,
                person_id=visitor.person_id,
                act="observation.observer_agree",
                subject=f"observation:{observation.id}",
                now=now,
            )


def _consented(session: Session, observation_id: UUID) -> bool:
    return session.scalars(select(ConsentRow.id).where(ConsentRow.observation_id == observation_id)).first() is not None


def check_free(session: Session, person_id: UUID, span: Span, observation: ObservationRow, visitor: Visitor) -> None:
    """Only somebody's own other appointment is ever named."""
    found = session.execute(
        _APPOINTMENTS,
        {
            "person_id": person_id, "but_not": observation.id, "starts_at": span.starts_at, "ends_at": span.ends_at,
        },
    ).first()  # fmt: skip
    if found is None:
        return
    if person_id != visitor.person_id:
        raise Refused(
            "not_free_any_more",
            "This time does not suit everybody any more. Please propose another one; nothing else changes.",
        )
    _starts_at, _ends_at, trainee_id, trainee, observer_id, observer = found
    other = display_name(observer_id, observer) if person_id == trainee_id else display_name(trainee_id, trainee)
    raise Refused(
        "double_booked",
        "You already have an appointment with %(name)s at that time. Please propose another time.",
        name=other,
    )


def one_at_a_time(session: Session, people: Iterable[UUID]) -> None:
    """From here on, until the transaction ends, nobody else agrees to a time of any of these people.

    In one order, so that two who wait for each other's people never stand still; and before anything is written in
    the audit, for which everybody queues.
    """
    session.execute(
        select(PersonRow.id)
        .where(PersonRow.id.in_(list(people)))
        .order_by(PersonRow.id)
        .with_for_update(key_share=True)  # rows that only refer to a person are not held up
    ).all()


def _everybody(session: Session, observation: ObservationRow) -> set[UUID]:
    return {observation.trainee_id, *(row.person_id for row in parts_of(session, observation.id))}


def held_by_either(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationRow:
    """The observation of which the visitor is the trainee or observes it, locked. Raises `NotHere`."""
    row = held(session, visitor, observation_id)
    if row.trainee_id == visitor.person_id:
        return row
    return held_by_observer(session, visitor, observation_id)


def _is_either(session: Session, visitor: Visitor, observation: ObservationRow) -> bool:
    return observation.trainee_id == visitor.person_id or takes_part(session, observation.id, visitor.person_id)


def _instructs(session: Session, visitor: Visitor, observation: ObservationRow) -> bool:
    course_id = session.scalars(select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id)).one()
    return Capability.INSTRUCTOR in standing_of(session, visitor.person_id, course_id).capabilities
