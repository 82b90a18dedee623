"""The trainee's voice: their own words on what was shared, before anything is final."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.moves import held_by_trainee, move_on
from lti_tool.services.observe import NARRATIVE_LIMIT
from lti_tool.services.read import SILENT
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.observations import ObservationRow, ResponseRow
from rubrics.observation import Move, State
from rubrics.refusal import Refused


def save_answer_draft(session: Session, visitor: Visitor, observation_id: UUID, words: str, now: datetime) -> datetime:
    """Keep what was typed; nobody else sees it until it is given. Raises `Refused` once it was."""
    observation = held_by_trainee(session, visitor, observation_id)
    _refuse_unless_open(observation)
    _keep(session, observation, words, now)
    return now


def answer(session: Session, visitor: Visitor, observation_id: UUID, *, words: str | None, now: datetime) -> None:
    """Answer with words, or with none: both are an answer.

    After the window passed in silence, words are kept beside what was signed, with their date.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    _refuse_unless_open(observation)
    _keep(session, observation, words or "", now)
    observation.answered_at = now
    if observation.state is State.SHARED:
        move_on(session, observation, Move.ANSWER, person_id=visitor.person_id, now=now)
        return
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.answer_late",
        subject=f"observation:{observation.id}",
        now=now,
    )


def _keep(session: Session, observation: ObservationRow, words: str, now: datetime) -> None:
    if len(words) > NARRATIVE_LIMIT:
        raise Refused(
            "too_long",
            "This text is longer than %(limit)s characters. Please shorten it; what was saved before is kept.",
            limit=NARRATIVE_LIMIT,
        )
    row = session.scalars(
        select(ResponseRow).where(ResponseRow.observation_id == observation.id)
    ).one_or_none() or ResponseRow(
        id=new_id(), organization_id=observation.organization_id, observation_id=observation.id
    )
    row.words = words.replace("\x00", "").strip() or None
    row.saved_at = now
    session.add(row)
    session.flush()


def _refuse_unless_open(observation: ObservationRow) -> None:
    silent = observation.answered_at is None and observation.state in SILENT
    if observation.state is not State.SHARED and not silent:
        raise Refused("not_to_answer", "There is nothing to answer here now. What you gave before is kept.")
