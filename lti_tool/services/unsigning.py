"""A signature that does not stand any more: it is never taken out, a new record says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit, notify
from lti_tool.services.lines import TAKING_PART
from lti_tool.services.places import NotHere
from lti_tool.services.superseding import supersede
from lti_tool.store.observations import (
    ObservationRow,
    ObserverRow,
    SignOffRow,
    SignOffWithdrawalRow,
    WithdrawalKind,
)
from rubrics.observation import State
from rubrics.refusal import Refused


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
    _tell(session, observation, signature.signer_id, by, now)
    if observation.state in (State.FINAL, State.RELEASED):
        return supersede(session, observation, by=by, reason=reason, now=now)
    observation.finalize_after = None
    observation.changed_at = now
    return ()


def _standing(session: Session, observation_id: UUID, sign_off_id: UUID) -> SignOffRow:
    signature = session.get(SignOffRow, sign_off_id)
    if signature is None or signature.observation_id != observation_id:
        raise NotHere
    found = select(SignOffWithdrawalRow.id).where(SignOffWithdrawalRow.sign_off_id == sign_off_id)
    if session.scalars(found).first() is not None:
        raise Refused("already_withdrawn", "This signature does not stand any more. Nothing more is needed.")
    return signature


def _tell(session: Session, observation: ObservationRow, signer_id: UUID, by: UUID | None, now: datetime) -> None:
    """The trainee, those who observe it and those who signed it; a withdrawn one is nobody's news."""
    if observation.state is State.WITHDRAWN:
        return
    observers = select(ObserverRow.person_id).where(
        ObserverRow.observation_id == observation.id, ObserverRow.state.in_(TAKING_PART)
    )
    signers = select(SignOffRow.signer_id).where(SignOffRow.observation_id == observation.id)
    people = {observation.trainee_id, signer_id, *session.scalars(observers), *session.scalars(signers)}
    for person_id in sorted(people - {by}):
        notify.news(session, organization_id=observation.organization_id, person_id=person_id, now=now)
