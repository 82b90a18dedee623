"""A signature that does not stand any more: it is never taken out, a new record says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.moves import held
from lti_tool.services.observations.superseding import reason_in, supersede, tell_all
from lti_tool.store.observations import (
    ObservationRow,
    SignOffRow,
    SignOffWithdrawalRow,
    WithdrawalKind,
)
from rubrics.observation import UNCHANGEABLE, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane


def withdraw_signature(
    session: Session,
    observation: ObservationRow,
    sign_off_id: UUID,
    kind: WithdrawalKind,
    *,
    by: UUID | None,
    reason: str | None,
    now: datetime,
) -> tuple[UUID, ...]:
    """Say that the signature does not stand; the observation is locked by the caller.

    Before it is final the lane opens again, and the other lane's signature stays. After that the observation
    is superseded, and the answer names the scores to look at. Raises `NotHere` for a signature of another
    observation, `Refused` (already_withdrawn) the second time.
    """
    signature = _standing(session, observation.id, sign_off_id)
    session.add(
        SignOffWithdrawalRow(
            organization_id=observation.organization_id,
            sign_off_id=sign_off_id,
            kind=kind,
            by=by,
            reason=reason,
            at=now,
        )
    )
    session.flush()
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=by,
        act="observation.unsign",
        subject=f"observation:{observation.id}",
        now=now,
        lane=signature.lane.value,
        attempt=signature.attempt,
        kind=kind.value,
    )
    if kind is not WithdrawalKind.UNDONE:  # nobody was told of what could still be undone
        tell_all(session, observation, by, now)
    if observation.state in (State.FINAL, State.RELEASED):
        return supersede(session, observation, by=by, reason=reason, now=now)
    if observation.state is not State.WITHDRAWN:  # from when it was taken back counts when its words go
        observation.changed_at = now
    return ()


def take_back(
    session: Session, visitor: Visitor, observation_id: UUID, lane: Lane, *, reason: str, now: datetime
) -> None:
    """The visitor takes back their own signature in this lane, with a reason, before it is final.

    Raises `NotHere` where they have none, `Refused` (reason_needed, complete) otherwise.
    """
    observation = held(session, visitor, observation_id)
    signature = own_signature(session, visitor, observation_id, lane)
    if observation.state in UNCHANGEABLE:
        raise Refused(
            "complete",
            "This observation is complete, so a single signature cannot be taken back any more. You can say that the "
            "record no longer stands: its page leads there.",
        )
    words = reason_in(reason)
    by = visitor.person_id
    withdraw_signature(session, observation, signature.id, WithdrawalKind.TAKEN_BACK, by=by, reason=words, now=now)


def own_signature(session: Session, visitor: Visitor, observation_id: UUID, lane: Lane) -> SignOffRow:
    """The visitor's signature that stands in this lane. Raises `NotHere`."""
    found = session.scalars(
        select(SignOffRow)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(
            SignOffRow.observation_id == observation_id,
            SignOffRow.organization_id == visitor.organization_id,
            SignOffRow.lane == lane,
            SignOffRow.signer_id == visitor.person_id,
            SignOffWithdrawalRow.id.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def _standing(session: Session, observation_id: UUID, sign_off_id: UUID) -> SignOffRow:
    signature = session.get(SignOffRow, sign_off_id)
    if signature is None or signature.observation_id != observation_id:
        raise NotHere
    found = select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == sign_off_id)
    if session.scalars(found).first() is not None:
        raise Refused("already_withdrawn", "This signature does not stand any more. Nothing more is needed.")
    return signature
