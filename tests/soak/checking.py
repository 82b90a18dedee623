"""What must be true once the day is over: everything that was typed and taken is there, word for word."""

from collections import Counter
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.services import audit
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import (
    AssessmentRow,
    ObservationRow,
    RatingRow,
    ResponseRow,
    SignedDocumentRow,
    SignOffRow,
)
from rubrics.observation import State
from tests.soak.people import Day


def lost(session: Session, day: Day) -> list[str]:
    """In sentences: each field, answer or signature that is not as people were told."""
    found = []
    for observation, fields in day.fields.items():
        there = _there(session, UUID(observation))
        for name, text in fields.items():
            if there.get(name) != text:
                found.append(f"{observation}: {name} should be {text[:40]!r} and is {str(there.get(name))[:40]!r}")
    signed = {str(found) for found in session.scalars(select(SignOffRow.observation_id))}
    found += [f"{observation}: was signed, and is not" for observation in day.signed - signed]
    released = select(ObservationRow.id).where(ObservationRow.state == State.RELEASED)
    done = {str(found) for found in session.scalars(released)}
    found += [f"{observation}: signed, and not finished" for observation in day.signed - done]
    known = set(day.fields)
    found += [
        f"{observation_id}: nobody asked for it, or twice"
        for observation_id in session.scalars(select(ObservationRow.id))
        if str(observation_id) not in known
    ]
    return found


def _there(session: Session, observation_id: UUID) -> dict[str, str | None]:
    observation = session.get(ObservationRow, observation_id)
    there: dict[str, str | None] = {"note": observation.note if observation else None}
    assessment = session.scalars(select(AssessmentRow).where(AssessmentRow.observation_id == observation_id)).first()
    if assessment is not None:
        there |= {name: getattr(assessment, name) for name in ("strength", "growth", "next_step")}
        for rating in session.scalars(select(RatingRow).where(RatingRow.assessment_id == assessment.id)):
            there[f"evidence.{rating.criterion}"] = rating.evidence
            there[f"level.{rating.criterion}"] = str(rating.level)
    response = session.scalars(select(ResponseRow).where(ResponseRow.observation_id == observation_id)).first()
    if response is not None:
        there["words"] = response.words or response.draft
    return there


def unsigned_words(session: Session, day: Day) -> list[str]:
    """What is not in the document that was signed, though it was typed before."""
    found = []
    rows = session.execute(
        select(SignOffRow.observation_id, SignedDocumentRow.document).join(
            SignedDocumentRow, SignedDocumentRow.sign_off_id == SignOffRow.id
        )
    )
    for observation_id, document in rows:
        for name, text in day.fields[str(observation_id)].items():
            if name != "note" and not name.startswith("level.") and text not in document:
                found.append(f"{observation_id}: {name} is not in what was signed")
    return found


def standing(session: Session) -> Counter[DeliveryState]:
    """How the scores stand."""
    return Counter(session.scalars(select(DeliveryRow.state)))


def chain(session: Session) -> list[str]:
    """Whether the audit is whole."""
    return [f"the audit: {found}" for found in audit.verify(session) if isinstance(found, audit.Broken)]
