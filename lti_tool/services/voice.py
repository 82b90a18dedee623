"""The trainee's words on one observation, for whoever may read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
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
    """None: a draft, which is for the trainee's own eyes alone."""

    @property
    def without_words(self) -> bool:
        """Whether there is not one word anywhere."""
        return not self.words and not self.by_criterion


def voice_of(session: Session, observation_id: UUID) -> Voice:
    """The words as they are kept now, given or not. Whose eyes they are for, the caller checks."""
    found = session.execute(
        select(ObservationRow.answered_at, ResponseRow.words)
        .outerjoin(ResponseRow, ResponseRow.observation_id == ObservationRow.id)
        .where(ObservationRow.id == observation_id)
    ).one()
    rows = session.execute(
        select(CriterionResponseRow.criterion, CriterionResponseRow.words)
        .where(CriterionResponseRow.observation_id == observation_id)
        .order_by(CriterionResponseRow.criterion)
    )
    by_criterion = {criterion: words for criterion, words in rows if words}
    return Voice(words=found.words, by_criterion=MappingProxyType(by_criterion), given_at=found.answered_at)
