"""What somebody keeps in Attune to show for a qualification: their own choice, and theirs to take away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.evidence import EvidenceRow
from rubrics.evidence import EvidenceState

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnEvidence:
    """Something of the visitor's own, by its title."""

    id: UUID
    title: str | None
    made_at: datetime


def own_evidence(session: Session, visitor: Visitor) -> tuple[OwnEvidence, ...]:
    """What the visitor could show, newest first."""
    rows = session.scalars(
        select(EvidenceRow)
        .where(
            EvidenceRow.owner_id == visitor.person_id,
            EvidenceRow.organization_id == visitor.organization_id,
            EvidenceRow.state == EvidenceState.READY,
            EvidenceRow.from_journal.is_(False),
        )
        .order_by(EvidenceRow.made_at.desc())
        .limit(MOST)
    )
    return tuple(OwnEvidence(row.id, row.title, row.made_at) for row in rows)


def show(session: Session, visitor: Visitor, qualification_id: UUID, evidence_id: UUID | None, now: datetime) -> None:
    """The owner of a qualification says what they keep to show for it; None: nothing. Raises `NotHere`.

    Who may open it, the evidence itself says: this opens it to nobody.
    """
    row = session.scalars(
        select(QualificationRow)
        .where(
            QualificationRow.id == qualification_id,
            QualificationRow.person_id == visitor.person_id,
            QualificationRow.ended_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if evidence_id is not None and evidence_id not in {one.id for one in own_evidence(session, visitor)}:
        raise NotHere
    if row.evidence_id == evidence_id:
        return
    row.evidence_id = evidence_id
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="qualification.show",
        subject=f"person:{row.person_id}",
        now=now,
        qualification=str(row.id),
        evidence=str(evidence_id) if evidence_id else None,
    )
