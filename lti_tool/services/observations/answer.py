"""The trainee's voice: their own words on what was shared, before anything is final."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import line
from lti_tool.services.observations.moves import held_by_trainee, move_on
from lti_tool.services.observations.observe import NARRATIVE_LIMIT
from lti_tool.services.observations.read import SILENT
from lti_tool.store.base import new_id
from lti_tool.store.observations import CriterionResponseRow, ObservationRow, ResponseRow
from rubrics.observation import Move, State
from rubrics.refusal import Refused

NONE: Mapping[str, str] = MappingProxyType({})


def save_answer_draft(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    words: str | None,
    now: datetime,
    *,
    by_criterion: Mapping[str, str] = NONE,
) -> datetime:
    """Keep what was typed; nobody else sees it until it is given. What is not among it stays as it was.

    Raises `Refused` where nothing can be answered any more.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    _refuse_unless_open(observation)
    if words is not None:
        whole = _whole(session, observation, now)
        whole.draft, whole.saved_at = _text(words), now
    rows = _rows(session, observation, by_criterion)
    for criterion, text in by_criterion.items():
        rows[criterion].draft = _text(text)
    session.flush()
    return now


def answer(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    *,
    words: str | None,
    now: datetime,
    by_criterion: Mapping[str, str] = NONE,
) -> None:
    """Answer with these words, or with none: both are an answer, and all of it.

    After the window passed in silence, words are kept beside what was signed, with their date.
    """
    observation = held_by_trainee(session, visitor, observation_id)
    _refuse_unless_open(observation)
    whole = _whole(session, observation, now)
    whole.words, whole.draft, whole.saved_at = _text(words or "") or None, None, now
    for criterion, row in _rows(session, observation, by_criterion).items():
        row.words, row.draft = _text(by_criterion.get(criterion, "")) or None, None
    session.flush()  # words that were given to something final never change, so they come before the date
    observation.answered_at = now
    for observer in line(session, visitor.organization_id, observation.id).taking_part:
        notify.of_observation(session, observation, observer.person_id, now, by=visitor.person_id)
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


def _whole(session: Session, observation: ObservationRow, now: datetime) -> ResponseRow:
    row = session.scalars(
        select(ResponseRow).where(ResponseRow.observation_id == observation.id)
    ).one_or_none() or ResponseRow(
        id=new_id(), organization_id=observation.organization_id, observation_id=observation.id, saved_at=now
    )
    session.add(row)
    return row


def _rows(session: Session, observation: ObservationRow, wanted: Mapping[str, str]) -> dict[str, CriterionResponseRow]:
    """The rows there are, and new ones for what is wanted. Raises `Refused` for what is not in the rubric."""
    kept = session.scalars(
        select(CriterionResponseRow).where(CriterionResponseRow.observation_id == observation.id)
    ).all()
    rows = {row.criterion: row for row in kept}
    if new := sorted(wanted.keys() - rows.keys()):
        rubric = rubric_of(session, observation.rubric_version_id).rubric
        if any(rubric.criterion(key) is None for key in new):
            raise Refused("not_in_rubric", "This form no longer fits its rubric. Please open the observation again.")
    for key in new:
        rows[key] = CriterionResponseRow(
            observation_id=observation.id, criterion=key, organization_id=observation.organization_id
        )
        session.add(rows[key])
    return rows


def _text(words: str) -> str:
    if len(words) > NARRATIVE_LIMIT:
        raise Refused(
            "too_long",
            "This text is longer than %(limit)s characters. Please shorten it; what was saved before is kept.",
            limit=NARRATIVE_LIMIT,
        )
    return words.replace("\x00", "").strip()


def _refuse_unless_open(observation: ObservationRow) -> None:
    silent = observation.answered_at is None and observation.state in SILENT
    if observation.state is not State.SHARED and not silent:
        raise Refused("not_to_answer", "There is nothing to answer here now. What you gave before is kept.")
