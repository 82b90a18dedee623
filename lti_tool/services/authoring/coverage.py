"""How far the rubrics of an organization cover principles and competencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased

from grading.competency import Framework
from grading.coverage import Coverage, OfFramework, coverage
from lti_tool.documents.framework import from_document
from lti_tool.documents.rubric import from_document as rubric_from_document
from lti_tool.services.competencies.frameworks import framework_of
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.rubric import Alignment, Rubric


@dataclass(frozen=True, slots=True)
class OfRubric:
    """What one rubric covers, with the frameworks that it names."""

    coverage: Coverage
    framework_ids: tuple[UUID, ...]
    """In the order of `coverage.frameworks`."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A published rubric that is offered, by its newest edition."""

    version_id: UUID
    rubric: Rubric


@dataclass(frozen=True, slots=True)
class ByRubrics:
    """Which offered rubrics show the competencies of a framework. Columns are criteria; `rubrics` says whose."""

    of: OfFramework
    rubrics: tuple[Offered, ...]
    """Only those that show something of it."""
    rubric_of_column: tuple[int, ...]
    """For each column, the place in `rubrics`; -1 for those that show nothing of it."""


def of_rubric(session: Session, organization_id: UUID, rubric: Rubric) -> OfRubric:
    """What the rubric covers of the principles, and of those frameworks of the organization that it names."""
    found = _named_frameworks(session, organization_id, rubric)
    return OfRubric(coverage(rubric.criteria, [one for _, one in found]), tuple(id_ for id_, _ in found))


def by_rubrics(session: Session, organization_id: UUID, framework_id: UUID) -> ByRubrics:
    """Which of the rubrics that are offered show what of a framework. Raises `NotHere`."""
    framework = framework_of(session, organization_id, framework_id)
    offered = _offered(session, organization_id)
    criteria = [(place, criterion) for place, one in enumerate(offered) for criterion in one.rubric.criteria]
    (of,) = coverage([criterion for _, criterion in criteria], [framework]).frameworks
    shows = {criteria[column][0] for area in of.areas for column in area.shown_by}
    kept = sorted(shows)
    return ByRubrics(
        of,
        tuple(offered[place] for place in kept),
        tuple(kept.index(place) if place in shows else -1 for place, _ in criteria),
    )


def _named_frameworks(session: Session, organization_id: UUID, rubric: Rubric) -> Sequence[tuple[UUID, Framework]]:
    alignments = [alignment for criterion in rubric.criteria for alignment in criterion.alignments]
    if not alignments:
        return ()
    rows = session.scalars(
        select(FrameworkRow)
        .where(
            FrameworkRow.organization_id == organization_id,
            FrameworkRow.removed_at.is_(None),
            or_(
                FrameworkRow.key.in_({alignment.competency.partition(":")[0] for alignment in alignments}),
                FrameworkRow.id.in_(_with_one_of(organization_id, alignments)),
            ),
        )
        .order_by(FrameworkRow.key)
    ).all()
    competencies: dict[UUID, list[object]] = {row.id: [] for row in rows}
    for framework_id, document in session.execute(
        select(CompetencyRow.framework_id, CompetencyRow.document)
        .where(CompetencyRow.framework_id.in_(competencies))
        .order_by(CompetencyRow.position, CompetencyRow.id)
    ):
        competencies[framework_id].append(document)
    return [(row.id, from_document({**row.document, "competencies": competencies[row.id]})) for row in rows]


def _with_one_of(organization_id: UUID, alignments: Sequence[Alignment]) -> Select[UUID]:
    return select(CompetencyRow.framework_id).where(
        CompetencyRow.organization_id == organization_id,
        CompetencyRow.identifier.in_({each.identifier for each in alignments if each.identifier}),
    )


def _offered(session: Session, organization_id: UUID) -> tuple[Offered, ...]:
    newer = aliased(RubricVersionRow)
    rows = session.execute(
        select(RubricVersionRow.id, RubricVersionRow.document)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(
            RubricVersionRow.organization_id == organization_id,
            RubricRow.retired_at.is_(None),
            ~exists().where(newer.rubric_id == RubricVersionRow.rubric_id, newer.number > RubricVersionRow.number),
        )
        .order_by(RubricRow.key)
    )
    return tuple(Offered(version_id, rubric_from_document(document)) for version_id, document in rows)
