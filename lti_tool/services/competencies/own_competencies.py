"""Which competencies somebody showed so far: from released observations, by what their rubrics' criteria stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from grading.profile import Profile, Seen, occasions, profile
from lti_tool.access import Capability
from lti_tool.documents.rubric import from_document
from lti_tool.services.authoring import coverage
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.language import for_reader
from rubrics.observation import State
from rubrics.practice import Setting
from rubrics.rubric import Criterion, Principle, Rubric

MOST = 10_000
"""Ratings that are looked at, the newest first."""


class _Row(NamedTuple):
    observation_id: UUID
    version_id: UUID
    setting: Setting | None
    submitted_at: datetime | None
    criterion: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Worded:
    """A criterion in the reader's language."""

    criterion: Criterion
    language: str


@dataclass(frozen=True, slots=True)
class OwnCompetencies:
    """What the visitor showed of the principles, and of each framework that their rubrics name."""

    principles: Mapping[Principle, int]
    """On how many occasions; empty where no rubric is used."""
    profiles: tuple[Profile, ...]
    criteria: tuple[Worded, ...]
    """By the numbers that profiles call them by."""
    observations: int
    since: date | None
    """The day of the first of them; None where there is none."""


def own_competencies(session: Session, visitor: Visitor, wanted: Sequence[str]) -> OwnCompetencies:
    """The visitor's own, from what was released to them, with words in the first of these languages that there is."""
    people = all_ids(session, [visitor.person_id])
    rows = _ratings(session, people)
    rubrics = _rubrics(session, visitor, {row.version_id for row in rows})
    places = {
        (version_id, criterion.key): number
        for number, (version_id, criterion) in enumerate(
            (version_id, criterion) for version_id, rubric in rubrics.items() for criterion in rubric.criteria
        )
    }
    seen = [
        Seen(
            places[row.version_id, row.criterion],
            str(row.observation_id),
            row.submitted_at.date(),
            row.setting.value if row.setting else "",
            row.level,
        )
        for row in rows
        if (row.version_id, row.criterion) in places and row.submitted_at is not None
    ]
    spoken = [for_reader(rubric, wanted) for rubric in rubrics.values()]
    principles, profiles = _shown(session, visitor.organization_id, list(rubrics.values()), seen)
    return OwnCompetencies(
        principles=principles,
        profiles=profiles,
        criteria=tuple(Worded(criterion, rubric.language) for rubric in spoken for criterion in rubric.criteria),
        observations=len({row.observation_id for row in rows}),
        since=min((each.on for each in seen), default=None),
    )


def _ratings(session: Session, people: Mapping[UUID, UUID]) -> Sequence[_Row]:
    rows = session.execute(
        select(
            ObservationRow.id,
            ObservationRow.rubric_version_id,
            ObservationRow.setting,
            AssessmentRow.submitted_at,
            RatingRow.criterion,
            RatingRow.level,
        )
        .join(AssessmentRow, AssessmentRow.observation_id == ObservationRow.id)
        .join(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(
            ObservationRow.trainee_id.in_(people),
            ObservationRow.state == State.RELEASED,
            AssessmentRow.of_oneself.is_(False),
            AssessmentRow.submitted_at.is_not(None),
        )
        .order_by(ObservationRow.released_at.desc(), ObservationRow.id, RatingRow.criterion)
        .limit(MOST)
    )
    return [_Row(*row) for row in rows]


def _rubrics(session: Session, visitor: Visitor, version_ids: set[UUID]) -> dict[UUID, Rubric]:
    """Those that were used, and those of activities in which the visitor is a trainee now."""
    here = (
        select(ActivityRow.rubric_version_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .where(
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            CourseRow.archived_at.is_(None),
        )
    )
    used = select(RubricVersionRow.id).where(RubricVersionRow.id.in_(version_ids))
    rows = session.execute(
        select(RubricVersionRow.id, RubricVersionRow.document)
        .where(
            RubricVersionRow.organization_id == visitor.organization_id,
            RubricVersionRow.id.in_(union(here, used)),
        )
        .order_by(RubricVersionRow.id)
    )
    return {version_id: from_document(document) for version_id, document in rows}


def _shown(
    session: Session, organization_id: UUID, rubrics: Sequence[Rubric], seen: Sequence[Seen]
) -> tuple[Mapping[Principle, int], tuple[Profile, ...]]:
    if not rubrics:
        return {}, ()
    # One rubric of all their criteria, in the order of `places`: it is covered as a whole.
    together = replace(rubrics[0], criteria=tuple(criterion for rubric in rubrics for criterion in rubric.criteria))
    covered = coverage.of_rubric(session, organization_id, together).coverage
    return occasions(covered.principles, seen), tuple(profile(of, seen) for of in covered.frameworks)
