"""Taking words away: of what was stopped, called off, or taken back by the trainee. The fact remains."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from lti_tool.store.equity import FeedbackRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.meetings import CommentRow, MeetingRow
from lti_tool.store.observations import (
    AssessmentRevisionRow,
    AssessmentRow,
    CriterionResponseRow,
    ObservationRow,
    RatingRow,
    ResponseRow,
    SignedDocumentRow,
    SignOffRow,
    SignOffWithdrawalRow,
)
from lti_tool.store.supervision import SupervisionRequestRow
from rubrics.evidence import EvidenceState

PURGED = ""
"""In place of a salt: without it the digest of a signature can no longer be tied to any words."""


def take_away_what_was_said_beforehand(observation: ObservationRow) -> None:
    """What the trainee told, and the place: it is of no use any more."""
    observation.note = None
    observation.where = None


def take_words_away(session: Session, observation_ids: Sequence[UUID] | Select[UUID]) -> None:
    """Delete every word of these observations, by whomever. None of them may be final: the database refuses it."""
    assessments = select(AssessmentRow.id).where(AssessmentRow.observation_id.in_(observation_ids))
    signatures = select(SignOffRow.id).where(SignOffRow.observation_id.in_(observation_ids))
    session.execute(delete(AssessmentRevisionRow).where(AssessmentRevisionRow.assessment_id.in_(assessments)))
    session.execute(delete(RatingRow).where(RatingRow.assessment_id.in_(assessments)))
    session.execute(delete(SignedDocumentRow).where(SignedDocumentRow.sign_off_id.in_(signatures)))
    for row in (AssessmentRow, ResponseRow, CriterionResponseRow, CommentRow, MeetingRow, FeedbackRow):
        session.execute(delete(row).where(row.observation_id.in_(observation_ids)))
    session.execute(
        update(SignOffWithdrawalRow)
        .where(SignOffWithdrawalRow.sign_off_id.in_(signatures), SignOffWithdrawalRow.reason.is_not(None))
        .values(reason=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(SupervisionRequestRow)
        .where(SupervisionRequestRow.observation_id.in_(observation_ids))
        .values(proposed=None)
        .execution_options(synchronize_session=False)
    )
    _take_evidence_away(session, observation_ids)
    session.execute(
        update(ObservationRow)
        .where(ObservationRow.id.in_(observation_ids))
        .values(note=None, where=None, salt=PURGED)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _take_evidence_away(session: Session, observation_ids: Sequence[UUID] | Select[UUID]) -> None:
    """Recordings and notes of an observation go with it; their files are deleted in the next clean-up."""
    session.execute(
        update(EvidenceRow)
        .where(EvidenceRow.observation_id.in_(observation_ids))
        .values(
            title=None,
            words=None,
            address=None,
            state=EvidenceState.WITHDRAWN,
            withdrawn_at=func.coalesce(EvidenceRow.withdrawn_at, EvidenceRow.moved_at),
        )
        .execution_options(synchronize_session=False)
    )
