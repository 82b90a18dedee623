"""What the panel of an appeal has in front of it without anybody telling it again: what is on file of its matter."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.certification.appeal_matters import Matter
from lti_tool.services.observations.lines import line
from lti_tool.services.observations.views import views_of
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import CriterionResponseRow, ObservationRow, ResponseRow
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Seen:
    """What one observer noted of one criterion."""

    observer_name: str
    statement: str
    level: str | None
    """None: not seen, or nothing was said."""
    evidence: str
    own_words: str | None
    """What the trainee said of it."""


@dataclass(frozen=True, slots=True)
class OnFile:
    """Of a decision its reasons, what was named next and the rules; of an observation what was seen and answered."""

    reasons: str = ""
    what_next: str = ""
    rules: tuple[str, ...] = ()
    language: str = ""
    strengths: tuple[tuple[str, str], ...] = ()
    """Each with the name of who wrote it."""
    seen: tuple[Seen, ...] = ()
    own_words: str | None = None


def on_file(session: Session, organization_id: UUID, matter: Matter) -> OnFile:
    """What is there of it. Who may read it, the caller asks."""
    if matter.about.decision_id is not None:
        return _of_decision(session, matter.about.decision_id)
    if matter.about.observation_id is not None:
        return _of_observation(session, organization_id, matter.about.observation_id, matter.about.criterion)
    return OnFile()


def _of_decision(session: Session, decision_id: UUID) -> OnFile:
    text = session.scalars(select(DecisionRow.notice).where(DecisionRow.id == decision_id)).one()
    kept = json.loads(text or "{}")  # empty: its words went with its person's data
    rules = tuple(str(rule.get("title", "")) for rule in kept.get("rules", ()))
    return OnFile(reasons=str(kept.get("reasons", "")), what_next=str(kept.get("what_next", "")), rules=rules)


def _of_observation(session: Session, organization_id: UUID, observation_id: UUID, criterion: str | None) -> OnFile:
    row = session.get_one(ObservationRow, observation_id)
    rubric = rubric_of(session, row.rubric_version_id).rubric
    views = views_of(session, line(session, organization_id, observation_id))
    said = _said(session, observation_id)
    words = select(ResponseRow.words).where(ResponseRow.observation_id == observation_id)
    return OnFile(
        language=rubric.language,
        strengths=tuple((view.observer_name, view.assessment.strength) for view in views if view.assessment.strength),
        seen=tuple(
            _seen(rubric, view.observer_name, rating.criterion, rating.level, rating.evidence, said)
            for view in views
            for rating in view.assessment.ratings
            if criterion in (None, rating.criterion)
        ),
        own_words=session.scalars(words).first() if criterion is None else None,
    )


def _seen(rubric: Rubric, name: str, key: str, level: int | None, evidence: str, said: dict[str, str | None]) -> Seen:
    criterion = next(one for one in rubric.criteria if one.key == key)
    named = criterion.level(level) if level else None
    return Seen(name, criterion.statement, named.label if named else None, evidence, said.get(key))


def _said(session: Session, observation_id: UUID) -> dict[str, str | None]:
    rows = session.execute(
        select(CriterionResponseRow.criterion, CriterionResponseRow.words).where(
            CriterionResponseRow.observation_id == observation_id
        )
    )
    return {row[0]: row[1] for row in rows}
