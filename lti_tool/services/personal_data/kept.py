"""What is kept about a person, in kinds and counts, never in contents."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.store.base import Base
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ResponseRow, SignOffRow
from lti_tool.store.people import GrantRow, LmsAccountRow, MembershipRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow


class Kept(StrEnum):
    """The kinds of what is kept about a person."""

    ACCOUNTS = "accounts"
    COURSES = "courses"
    GRANTS = "grants"
    PRACTICE = "practice"
    """observations of their practice"""
    ANSWERS = "answers"
    """their own words about what was seen"""
    OBSERVED = "observed"
    """observations of others that they were asked for"""
    SIGNATURES = "signatures"
    SCORES = "scores"
    READINGS = "readings"
    """that someone opened their record, or they someone else's"""
    ACTS = "acts"
    """entries in the audit"""


_PERSON: ColumnElement[UUID] = bindparam("person_id")
_ROWS: Mapping[Kept, tuple[type[Base], ColumnElement[bool]]] = {
    Kept.ACCOUNTS: (LmsAccountRow, LmsAccountRow.person_id == _PERSON),
    Kept.COURSES: (MembershipRow, MembershipRow.person_id == _PERSON),
    Kept.GRANTS: (GrantRow, GrantRow.person_id == _PERSON),
    Kept.PRACTICE: (ObservationRow, ObservationRow.trainee_id == _PERSON),
    Kept.ANSWERS: (
        ResponseRow,
        ResponseRow.observation_id.in_(select(ObservationRow.id).where(ObservationRow.trainee_id == _PERSON)),
    ),
    Kept.OBSERVED: (ObserverRow, ObserverRow.person_id == _PERSON),
    Kept.SIGNATURES: (SignOffRow, SignOffRow.signer_id == _PERSON),
    Kept.SCORES: (DeliveryRow, DeliveryRow.person_id == _PERSON),
    Kept.READINGS: (ReadLogRow, or_(ReadLogRow.trainee_id == _PERSON, ReadLogRow.reader_id == _PERSON)),
    Kept.ACTS: (AuditEntryRow, AuditEntryRow.person_id == _PERSON),
}


def _counts() -> Any:
    """One statement with a column for each kind, built once."""
    counted = (select(func.count()).select_from(row).where(theirs).scalar_subquery() for row, theirs in _ROWS.values())
    return select(*counted)


_COUNTS = _counts()


def kept(session: Session, person_id: UUID) -> Mapping[Kept, int]:
    """How much of each kind is kept about the person."""
    return dict(zip(_ROWS, session.execute(_COUNTS, {"person_id": person_id}).one(), strict=True))
