"""How observers rate beside each other, from released observations: to each their own, of a rubric in sum."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from grading.agreement.catalog import STATISTICS
from grading.agreement.estimates import Estimate, estimate
from grading.agreement.ratings import Level, ratings_of
from grading.observers import ENOUGH, FEWEST_OBSERVERS, Beside, Figures, Levels, OfMany, figures, of_many
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART
from lti_tool.store.observations import (
    AssessmentRevisionRow,
    AssessmentRow,
    ObservationRow,
    ObserverRow,
    RatingRow,
)
from rubrics.observation import State
from rubrics.rubric import Criterion, Rubric

MOST = 300
"""Observations that are told of, the newest first."""
LOOKED_AT = 5_000
"""Of so many of the newest those are taken that two or more rated: the page stays as quick in its tenth year."""
DRAWS = 200
SHOWN = ("percent", "within-one", "alpha", "ac1")
WITH_INTERVAL = frozenset({"alpha", "ac1"})
_HANDED_IN: tuple[Any, ...] = (AssessmentRow.of_oneself.is_(False), AssessmentRow.submitted_at.is_not(None))
"""What trainees say of themselves is not among it."""


@dataclass(frozen=True, slots=True)
class Own:
    """One's own figures."""

    observations: int
    """That the person rated and that were released."""
    ratings: int
    """That they gave in these, with those that were not observed."""
    not_observed: int
    without_words: int
    """Levels without a sentence of what was seen."""
    figures: Figures
    """From those of the observations that somebody else rated too."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far observers agree on one criterion."""

    criterion: Criterion
    observations: int
    """In which two or more gave it a level."""
    observers: int
    estimates: Mapping[str, Estimate] | None
    """By the names of `STATISTICS`; None: too few observations or observers to tell."""


@dataclass(frozen=True, slots=True)
class OfRubric:
    """How far observers of an edition agree."""

    observations: int
    """Two or more rated each of them."""
    observers: int
    agreed: tuple[Agreed, ...]
    """By criterion; nothing below `FEWEST_OBSERVERS`."""
    pattern: OfMany | None
    """None: too few observers to tell."""

    @property
    def enough(self) -> bool:
        """Whether there are enough observers to tell anything."""
        return self.observers >= FEWEST_OBSERVERS


@dataclass(frozen=True, slots=True)
class _Given:
    """One rating as it stands now."""

    observation_id: UUID
    assessment_id: UUID
    observer_id: UUID
    criterion: str
    level: int | None
    not_observed: bool
    without_words: bool


def own(session: Session, visitor: Visitor) -> Own:
    """The visitor's own figures. There is no way to anybody else's."""
    recent = _observed_by(visitor)
    given = _given(session, recent)
    mine = [each for each in given if each.observer_id == visitor.person_id]
    seen = _seen(session, recent, given)
    return Own(
        observations=len({each.observation_id for each in mine}),
        ratings=sum(each.not_observed or each.level is not None for each in mine),
        not_observed=sum(each.not_observed for each in mine),
        without_words=sum(each.level is not None and each.without_words for each in mine),
        figures=_figures(seen, visitor.person_id),
    )


def of_rubric(session: Session, version_id: UUID, rubric: Rubric) -> OfRubric:
    """How far the observers of this edition agree. Whose rubric it is, the caller asks."""
    recent = _rated_by_several(version_id)
    seen = _seen(session, recent, _given(session, recent))
    people = {observer for views in seen.values() for observer in views}
    if len(people) < FEWEST_OBSERVERS:
        return OfRubric(len(seen), len(people), (), None)
    return OfRubric(
        observations=len(seen),
        observers=len(people),
        agreed=tuple(_agreed(version_id, criterion, seen.values()) for criterion in rubric.criteria),
        pattern=of_many(_figures(seen, observer) for observer in people),
    )


_Seen = Mapping[UUID, Mapping[UUID, Levels]]
"""By observation and observer, the levels that each gave before anybody talked about them."""


def _figures(seen: _Seen, observer_id: UUID) -> Figures:
    return figures(
        Beside(views[observer_id], tuple(levels for other, levels in views.items() if other != observer_id))
        for views in seen.values()
        if observer_id in views
    )


def _agreed(version_id: UUID, criterion: Criterion, seen: Iterable[Mapping[UUID, Levels]]) -> Agreed:
    units: list[list[int]] = []
    observers: set[UUID] = set()
    for views in seen:
        there = {observer: levels[criterion.key] for observer, levels in views.items() if criterion.key in levels}
        if len(there) > 1:
            units.append(sorted(there.values()))
            observers.update(there)
    if len(units) < ENOUGH or len(observers) < FEWEST_OBSERVERS:
        return Agreed(criterion, len(units), len(observers), None)
    return Agreed(criterion, len(units), len(observers), _estimates(version_id, criterion, units))


def _estimates(version_id: UUID, criterion: Criterion, units: list[list[int]]) -> Mapping[str, Estimate]:
    """Observers are slots without a name: who gave which level makes no difference to these statistics."""
    slots = max(len(unit) for unit in units)
    rows = [[*unit, *[None] * (slots - len(unit))] for unit in units]
    scale = range(1, max([*(level.number for level in criterion.levels), *(max(unit) for unit in units)]) + 1)
    ratings = ratings_of(rows, Level.ORDINAL, scale)
    # The same intervals each time the page is opened: its chance begins at the edition itself.
    return {
        name: estimate(
            STATISTICS[name].work_out,
            ratings,
            chance=random.Random(version_id.int),  # noqa: S311
            draws=DRAWS if name in WITH_INTERVAL else 0,
        )
        for name in SHOWN
    }


def _observed_by(visitor: Visitor) -> Subquery:
    return (
        select(ObservationRow.id)
        .join(ObserverRow, ObserverRow.observation_id == ObservationRow.id)
        .join(
            AssessmentRow,
            (AssessmentRow.observation_id == ObservationRow.id) & (AssessmentRow.observer_id == ObserverRow.person_id),
        )
        .where(
            ObserverRow.person_id == visitor.person_id,
            ObserverRow.state.in_(TAKING_PART),
            ObservationRow.organization_id == visitor.organization_id,
            ObservationRow.state == State.RELEASED,
            *_HANDED_IN,
        )
        .order_by(ObservationRow.released_at.desc(), ObservationRow.id)
        .limit(MOST)
        .subquery()
    )


def _rated_by_several(version_id: UUID) -> Subquery:
    latest = (
        select(ObservationRow.id, ObservationRow.released_at)
        .where(ObservationRow.rubric_version_id == version_id, ObservationRow.state == State.RELEASED)
        .order_by(ObservationRow.released_at.desc(), ObservationRow.id)
        .limit(LOOKED_AT)
        .subquery()
    )
    views = select(func.count()).where(AssessmentRow.observation_id == latest.c.id, *_HANDED_IN).scalar_subquery()
    return (
        select(latest.c.id).where(views > 1).order_by(latest.c.released_at.desc(), latest.c.id).limit(MOST).subquery()
    )


def _given(session: Session, recent: Subquery) -> list[_Given]:
    rows = session.execute(
        select(
            AssessmentRow.observation_id,
            AssessmentRow.id,
            AssessmentRow.observer_id,
            RatingRow.criterion,
            RatingRow.level,
            RatingRow.not_observed,
            RatingRow.evidence.is_(None),
        )
        .join(recent, recent.c.id == AssessmentRow.observation_id)
        .join(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(*_HANDED_IN)
        .order_by(AssessmentRow.observation_id, AssessmentRow.id)
    )
    return [_Given(*row) for row in rows]


def _seen(session: Session, recent: Subquery, given: Iterable[_Given]) -> _Seen:
    """As each rated alone: what was changed after a talk, or after the trainee's words, stands as it was before."""
    found: dict[UUID, dict[UUID, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    first = _first(session, recent)
    for each in given:
        views = found[each.observation_id][each.observer_id]
        if each.assessment_id in first:
            views.update(first[each.assessment_id])
        elif each.level is not None:
            views[each.criterion] = each.level
    return found


def _first(session: Session, recent: Subquery) -> dict[UUID, dict[str, int]]:
    rows = session.execute(
        select(AssessmentRow.id, AssessmentRevisionRow.document)
        .join(AssessmentRevisionRow, AssessmentRevisionRow.assessment_id == AssessmentRow.id)
        .join(recent, recent.c.id == AssessmentRow.observation_id)
        .where(AssessmentRevisionRow.number == 1, *_HANDED_IN)
    )
    return {
        assessment_id: {
            each["criterion"]: each["level"] for each in json.loads(document)["ratings"] if each["level"] is not None
        }
        for assessment_id, document in rows
    }
