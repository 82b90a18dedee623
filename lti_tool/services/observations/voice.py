"""The trainee's words on one observation: what was given, and what they are writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.store.observations import CriterionResponseRow, ObservationRow, ResponseRow


@dataclass(frozen=True, slots=True)
class Voice:
    """What the trainee wrote, on the whole and criterion by criterion."""

    words: str | None
    by_criterion: Mapping[str, str]
    """By the criterion's key; those without words are not in here."""
    given_at: datetime | None
    """When it was given; None: nothing was given yet."""
    talked_at: datetime | None = None
    """When a talk about it was noted as held: an answer without words is then what was said there."""

    @property
    def without_words(self) -> bool:
        """Whether there is not one word anywhere."""
        return not self.words and not self.by_criterion


def voice_of(session: Session, observation_id: UUID) -> Voice:
    """What was given: no words while nothing was. Who may read it, the caller checks."""
    rows = _rows(session, observation_id)
    by_criterion = {row.criterion: row.on_it for row in rows if row.on_it}
    return Voice(rows[0].words, MappingProxyType(by_criterion), rows[0].answered_at, rows[0].talk_held_at)


def written_so_far(session: Session, observation_id: UUID) -> Voice:
    """What the trainee is writing, which begins with what they gave. For their own eyes alone."""
    rows = _rows(session, observation_id)
    by_criterion = {row.criterion: text for row in rows if (text := _latest(row.on_it, row.draft_on_it))}
    words = _latest(rows[0].words, rows[0].draft)
    return Voice(words, MappingProxyType(by_criterion), rows[0].answered_at, rows[0].talk_held_at)


def _latest(given: str | None, draft: str | None) -> str | None:
    return (given if draft is None else draft) or None


def _rows(session: Session, observation_id: UUID) -> Sequence[Any]:
    """A row for each criterion that there are words on, and one without a criterion where there are none."""
    return session.execute(
        select(
            ObservationRow.answered_at,
            ObservationRow.talk_held_at,
            ResponseRow.words,
            ResponseRow.draft,
            CriterionResponseRow.criterion,
            CriterionResponseRow.words.label("on_it"),
            CriterionResponseRow.draft.label("draft_on_it"),
        )
        .outerjoin(ResponseRow, ResponseRow.observation_id == ObservationRow.id)
        .outerjoin(CriterionResponseRow, CriterionResponseRow.observation_id == ObservationRow.id)
        .where(ObservationRow.id == observation_id)
        .order_by(CriterionResponseRow.criterion)
    ).all()
