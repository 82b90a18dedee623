"""What of a person others rely on, so that it is not erased yet."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from grading.appeals import RUNNING
from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from lti_tool.services.evidence_people import all_ids
from lti_tool.services.standings import many_stands
from lti_tool.store.appeals import AppealRow
from lti_tool.store.ledger import LedgerSignatureRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.observation import OVER


class Stands(StrEnum):
    """Why something stays."""

    CERTIFICATE = "certificate"
    """it is in force, can still be renewed, or rests"""
    PROOF = "proof"
    """the program says until when what led to it has to be shown"""
    APPEAL = "appeal"
    PRACTICE = "practice"
    """an observation of theirs is under way"""
    PATH = "path"
    """they are enrolled"""
    SIGNER = "signer"
    """they signed something of somebody else's"""


HOLDS = frozenset({Status.CERTIFIED, Status.RENEWAL_OPEN, Status.IN_GRACE, Status.SUSPENDED})
WAITS_FOR = frozenset({Stands.CERTIFICATE, Stands.PROOF, Stands.APPEAL, Stands.PRACTICE})
"""Before these are over nothing that a board may ask for is erased, also where the person asks."""


def what_stands(session: Session, person_id: UUID, now: datetime) -> frozenset[Stands]:
    """All that stands of this person on this day."""
    ids = tuple(all_ids(session, {person_id}))
    return _of_programs(session, ids, now) | _of_practice(session, ids)


def _of_programs(session: Session, ids: Collection[UUID], now: datetime) -> frozenset[Stands]:
    rows = session.scalars(select(EnrollmentRow).where(EnrollmentRow.person_id.in_(ids))).all()
    found = {Stands.PATH} if any(row.ended_at is None for row in rows) else set()
    for each in many_stands(session, rows, now) if rows else ():
        if each.standing.status in HOLDS:
            found.add(Stands.CERTIFICATE)
        if any(due.name is Name.PROOF_KEPT_UNTIL and due.on >= each.today for due in each.standing.dates):
            found.add(Stands.PROOF)
    return frozenset(found)


def _of_practice(session: Session, ids: Collection[UUID]) -> frozenset[Stands]:
    signed = or_(
        exists().where(SignOffRow.signer_id.in_(ids)),
        exists().where(LedgerSignatureRow.signer_id.in_(ids)),
    )
    asked = {
        Stands.APPEAL: exists().where(AppealRow.trainee_id.in_(ids), AppealRow.state.in_(RUNNING)),
        Stands.PRACTICE: exists().where(ObservationRow.trainee_id.in_(ids), ObservationRow.state.not_in(OVER)),
        Stands.SIGNER: signed,
    }
    answers = session.execute(select(*asked.values())).one()
    return frozenset(stands for stands, answer in zip(asked, answers, strict=True) if answer)
