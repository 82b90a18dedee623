"""The trainee's words on one observation: what was given, and what they are writing."""

from collections.abc import Mapping
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

    @property
    def without_words(self) -> bool:
        """Whether there is not one word anywhere."""
        return not self.words and not self.by_criterion


def voice_of(session: Session, observation_id: UUID) -> Voice:
    """What was given: no words while nothing was. Who may read it, the caller checks."""
    whole, given_at, rows = _rows(session, observation_id)
    by_criterion = {row.criterion: row.words for row in rows if row.words}
    return Voice(whole.words, MappingProxyType(by_criterion), given_at)


def written_so_far(session: Session, observation_id: UUID) -> Voice:
    """What the trainee is writing, which begins with what they gave. For their own eyes alone."""
    whole, given_at, rows = _rows(session, observation_id)
    by_criterion = {row.criterion: text for row in rows if (text := _latest(row))}
    return Voice(_latest(whole), MappingProxyType(by_criterion), given_at)


def _latest(row: Any) -> str | None:
    return (row.words if row.draft is None else row.draft) or None


def _rows(session: Session, observation_id: UUID) -> tuple[Any, datetime | None, list[Any]]:
    whole = session.execute(
        select(ObservationRow.answered_at, ResponseRow.words, ResponseRow.draft)
        .outerjoin(ResponseRow, ResponseRow.observation_id == ObservationRow.id)
        .where(ObservationRow.id == observation_id)
    ).one()
    rows = session.execute(
        select(CriterionResponseRow.criterion, CriterionResponseRow.words, CriterionResponseRow.draft)
        .where(CriterionResponseRow.observation_id == observation_id)
        .order_by(CriterionResponseRow.criterion)
    ).all()
    return whole, whole.answered_at, list(rows)
