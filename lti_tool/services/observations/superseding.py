"""What was final and no longer stands: the record stays as it was signed, says so, and may have a successor."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import TAKING_PART, display_name, line, who_is_reading
from lti_tool.services.observations.moves import held, move_on, takes_part
from lti_tool.services.scores import deliver
from lti_tool.store.base import Base, new_id
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    CriterionResponseRow,
    ObservationRow,
    ObserverRow,
    ObserverState,
    RatingRow,
    ResponseRow,
    SignOffRow,
    SignOffWithdrawalRow,
    SupersessionRow,
)
from lti_tool.store.people import PersonRow
from rubrics.observation import Move, State
from rubrics.refusal import Refused

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Superseded:
    """That a record no longer stands, as its page says it."""

    by_name: str | None
    reason: str | None
    at: datetime
    successor_id: UUID | None
    """The record in its place; None: it counts no more, and nothing is in its place."""


@dataclass(frozen=True, slots=True)
class Done:
    """What superseding led to."""

    successor_id: UUID | None
    to_look_at: tuple[UUID, ...]


def supersede(
    session: Session, observation: ObservationRow, *, by: UUID | None, reason: str | None, now: datetime
) -> tuple[UUID, ...]:
    """The observation, locked by the caller, counts no more. The answer names the scores to look at.

    Raises `Refused` where it is not final.
    """
    move_on(session, observation, Move.SUPERSEDE, person_id=by, now=now)
    session.add(
        SupersessionRow(
            organization_id=observation.organization_id, observation_id=observation.id, by=by, reason=reason, at=now
        )
    )
    session.flush()
    return deliver.desire(session, observation.activity_id, observation.trainee_id, now)


def say_so(
    session: Session, visitor: Visitor, observation_id: UUID, *, reason: str, correct: bool, now: datetime
) -> Done:
    """A signer or an observer says why a final record no longer stands; with `correct` its successor is begun.

    The successor begins with everything that was agreed, seen and answered: the observers correct it, the trainee
    reads it again, and it is signed again. Raises `NotHere` for everybody else, `Refused` (reason_needed, too_long,
    not_now).
    """
    observation = held(session, visitor, observation_id)
    if not may_say_so(session, visitor, observation_id):
        raise NotHere
    words = reason_in(reason)
    if correct and not _who_can_correct(session, observation):
        raise Refused(
            "nobody_corrects",
            "Nobody who observed this can correct it now. You can say that it no longer counts, and a new observation "
            "can be asked for.",
        )
    to_look_at = supersede(session, observation, by=visitor.person_id, reason=words, now=now)
    successor_id = _successor(session, observation, visitor.person_id, now) if correct else None
    tell_all(session, observation, visitor.person_id, now)
    return Done(successor_id, to_look_at)


def may_say_so(session: Session, visitor: Visitor, observation_id: UUID) -> bool:
    """Whether the visitor signed it or observes it, and still reads it. Raises `NotHere` for a stranger."""
    seen = line(session, visitor.organization_id, observation_id)
    who = who_is_reading(session, visitor, seen)
    if not who & {Who.OBSERVER, Who.SUPERVISOR}:
        return False
    return takes_part(session, observation_id, visitor.person_id) or signed_by(
        session, observation_id, visitor.person_id
    )


def signed_by(session: Session, observation_id: UUID, person_id: UUID) -> bool:
    """Whether a signature of this person stands under it."""
    found = (
        select(SignOffRow.id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(
            SignOffRow.observation_id == observation_id,
            SignOffRow.signer_id == person_id,
            SignOffWithdrawalRow.id.is_(None),
        )
    )
    return session.scalars(found).first() is not None


def reason_in(text: str) -> str:
    """The reason as it is kept. Raises `Refused` (reason_needed, too_long)."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise Refused(
            "reason_needed", "Please say why, in a sentence or two. The trainee and those who signed read it."
        )
    if len(words) > LONGEST_REASON:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST_REASON)
    return words


def superseded(session: Session, observation_id: UUID) -> Superseded | None:
    """Why and by whom, and what stands in its place; None where it was not superseded."""
    found = session.execute(
        select(SupersessionRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == SupersessionRow.by)
        .where(SupersessionRow.observation_id == observation_id)
    ).one_or_none()
    if found is None:
        return None
    row, name = found
    successor = select(ObservationRow.id).where(
        ObservationRow.supersedes_id == observation_id, ObservationRow.state != State.WITHDRAWN
    )
    return Superseded(
        by_name=display_name(row.by, name) if row.by else None,
        reason=row.reason,
        at=row.at,
        successor_id=session.scalars(successor).one_or_none(),
    )


def tell_all(session: Session, observation: ObservationRow, by: UUID | None, now: datetime) -> None:
    """The trainee, those who observe it and those who signed it; a withdrawn one is nobody's news."""
    if observation.state is State.WITHDRAWN:
        return
    observers = select(ObserverRow.person_id).where(
        ObserverRow.observation_id == observation.id, ObserverRow.state.in_(TAKING_PART)
    )
    signers = select(SignOffRow.signer_id).where(SignOffRow.observation_id == observation.id)
    people = {observation.trainee_id, *session.scalars(observers), *session.scalars(signers)}
    for person_id in sorted(people - {by}):
        notify.of_observation(session, observation, person_id, now, by=by)


def _successor(session: Session, observation: ObservationRow, by: UUID, now: datetime) -> UUID:
    successor_id = new_id()
    fresh = {
        "id": successor_id,
        "state": State.AMENDING,
        "supersedes_id": observation.id,
        "salt": secrets.token_urlsafe(16),
        "released_at": None,
        "finalize_after": None,
        "changed_at": now,
    }
    session.add(ObservationRow(**(_values(observation) | fresh)))
    session.flush()
    for kind in (ConsentRow, ObserverRow, ResponseRow, CriterionResponseRow):
        _copy_all(session, kind, observation.id, successor_id)
    _leave_out(session, observation, successor_id, now)
    for assessment in session.scalars(
        select(AssessmentRow).where(AssessmentRow.observation_id == observation.id)
    ).all():
        copy = AssessmentRow(**(_values(assessment) | {"id": new_id(), "observation_id": successor_id}))
        session.add(copy)
        session.flush()
        for rating in session.scalars(select(RatingRow).where(RatingRow.assessment_id == assessment.id)).all():
            session.add(RatingRow(**(_values(rating) | {"assessment_id": copy.id})))
    session.flush()
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=by,
        act="observation.succeed",
        subject=f"observation:{successor_id}",
        now=now,
        supersedes=str(observation.id),
    )
    return successor_id


def _who_can_correct(session: Session, observation: ObservationRow) -> list[UUID]:
    """Its observers, first asked first, but for those with whom a conflict was declared since."""
    apart = conflicts_of(session, observation.trainee_id)
    asked = session.scalars(
        select(ObserverRow.person_id)
        .where(ObserverRow.observation_id == observation.id, ObserverRow.state.in_(TAKING_PART))
        .order_by(ObserverRow.asked_at, ObserverRow.id)
    )
    return [person_id for person_id in asked if person_id not in apart]


def _leave_out(session: Session, observation: ObservationRow, successor_id: UUID, now: datetime) -> None:
    """Whom a conflict keeps apart from the trainee has no part in the successor; their view stays in it."""
    free = _who_can_correct(session, observation)
    successor = session.get_one(ObservationRow, successor_id)
    if successor.observer_id not in free:
        successor.observer_id = free[0]
    successor.needed_observers = min(successor.needed_observers, len(free))
    for row in session.scalars(
        select(ObserverRow).where(
            ObserverRow.observation_id == successor_id,
            ObserverRow.state.in_(TAKING_PART),
            ObserverRow.person_id.not_in(free),
        )
    ):
        row.state, row.answered_at = ObserverState.RECUSED, now
    session.flush()


def _copy_all(session: Session, kind: Any, observation_id: UUID, successor_id: UUID) -> None:
    for row in session.scalars(select(kind).where(kind.observation_id == observation_id)).all():
        own = {"id": new_id()} if hasattr(kind, "id") else {}
        session.add(kind(**(_values(row) | own | {"observation_id": successor_id})))


def _values(row: Base) -> dict[str, Any]:
    """Every column of the row: one that is added later goes along."""
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}
