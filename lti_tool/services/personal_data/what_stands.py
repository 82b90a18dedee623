"""What of a person others rely on, so that it is not erased yet."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CompoundSelect, literal, select, true, union
from sqlalchemy.orm import Session

from grading.appeals import RUNNING
from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.standings import many_stands
from lti_tool.store.appeals import AppealRow
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.ledger import LedgerSignatureRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.observation import OVER


class Stands(StrEnum):
    """Why something stays."""

    CERTIFICATE = "certificate"
    """it is in force, can still be renewed, or rests; or a credential of any stage can be shown to somebody"""
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


def what_stands(session: Session, person_id: UUID, now: datetime, *, own: bool = False) -> frozenset[Stands]:
    """All that stands of this person on this day.

    `own`: as they read it themselves, without decisions that are released to them later.
    """
    return what_many_stand(session, {person_id}, now, own=own)[person_id]


def what_many_stand(
    session: Session, person_ids: Collection[UUID], now: datetime, *, own: bool = False
) -> dict[UUID, frozenset[Stands]]:
    """The same of several: as many questions to the database as for one."""
    people = all_ids(session, person_ids)
    found: dict[UUID, set[Stands]] = {each: set() for each in person_ids}
    rows = session.scalars(select(EnrollmentRow).where(EnrollmentRow.person_id.in_(people))).all()
    for row in rows:
        if row.ended_at is None:
            found[people[row.person_id]].add(Stands.PATH)
    for each in many_stands(session, rows, now, own=own) if rows else ():
        theirs = found[people[each.person_id]]
        if each.standing.facts.holds in HOLDS:  # the status itself may say that a next stage is ready
            theirs.add(Stands.CERTIFICATE)
        if any(due.name is Name.PROOF_KEPT_UNTIL and due.on >= each.today for due in each.standing.dates):
            theirs.add(Stands.PROOF)
    for stands, person_id in session.execute(_of_practice(people, now.date())):
        found[people[person_id]].add(Stands(stands))
    return {person_id: frozenset(all_of_it) for person_id, all_of_it in found.items()}


def _of_practice(ids: Collection[UUID], today: date) -> CompoundSelect[str, UUID]:
    good = CredentialRow.valid_until.is_(None) | (CredentialRow.valid_until >= today)
    asked = (
        (Stands.APPEAL, AppealRow.trainee_id, AppealRow.state.in_(RUNNING)),
        (Stands.PRACTICE, ObservationRow.trainee_id, ObservationRow.state.not_in(OVER)),
        # Also of a stage on the way, which is not what the standing holds in the end.
        (Stands.CERTIFICATE, CredentialRow.person_id, CredentialRow.withdrawn_at.is_(None) & good),
        (Stands.SIGNER, SignOffRow.signer_id, true()),
        (Stands.SIGNER, LedgerSignatureRow.signer_id, true()),
    )
    return union(*(select(literal(stands.value), of).where(of.in_(ids), which) for stands, of, which in asked))
