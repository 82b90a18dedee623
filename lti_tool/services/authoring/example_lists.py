"""The examples of an organization, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.authoring import library
from lti_tool.store.rubrics import ExampleRow, RubricRow, RubricVersionRow
from rubrics.example import Medium
from rubrics.language import for_reader

MOST = 500
"""Examples that are listed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An example, as a list shows it."""

    id: UUID
    title: str
    language: str
    medium: Medium
    minutes: int | None
    content_note: str
    group: str
    agreed_at: datetime | None
    put_away_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfEdition:
    """An edition of a rubric with its examples."""

    version_id: UUID
    rubric_id: UUID
    title: str
    language: str
    """Of the title."""
    number: int
    newest: int
    """The number of the rubric's newest edition."""
    examples: tuple[Listed, ...]
    put_away: tuple[Listed, ...]


def listed(
    session: Session,
    organization_id: UUID,
    wanted: Sequence[str],
    *,
    since: datetime,
    version_id: UUID | None = None,
) -> tuple[OfEdition, ...]:
    """Editions with their examples, those put away since then too; by title in the first of the wanted languages.

    Of one edition where `version_id` says which; then also if it has no example.
    """
    asked = (
        select(ExampleRow)
        .where(
            ExampleRow.organization_id == organization_id,
            or_(ExampleRow.put_away_at.is_(None), ExampleRow.put_away_at >= since),
        )
        .order_by(ExampleRow.id)
        .limit(MOST)
    )
    if version_id is not None:
        asked = asked.where(ExampleRow.rubric_version_id == version_id)
    by_version: dict[UUID, list[Listed]] = {} if version_id is None else {version_id: []}
    for row in session.scalars(asked):
        by_version.setdefault(row.rubric_version_id, []).append(_listed(row))
    newest = (
        select(func.max(RubricVersionRow.number))
        .where(RubricVersionRow.rubric_id == RubricRow.id)
        .correlate(RubricRow)
        .scalar_subquery()
    )
    rows = session.execute(
        select(RubricVersionRow, newest)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricVersionRow.organization_id == organization_id, RubricVersionRow.id.in_(by_version))
    )
    editions = [_edition(row, number, wanted, by_version[row.id]) for row, number in rows]
    return tuple(sorted(editions, key=lambda each: (each.title.casefold(), each.rubric_id, -each.number)))


def _edition(row: RubricVersionRow, newest: int, wanted: Sequence[str], every: list[Listed]) -> OfEdition:
    shown = for_reader(library.head_of(row.document), wanted)
    return OfEdition(
        version_id=row.id,
        rubric_id=row.rubric_id,
        title=shown.title,
        language=shown.language,
        number=row.number,
        newest=newest,
        examples=tuple(each for each in every if each.put_away_at is None),
        put_away=tuple(each for each in every if each.put_away_at is not None),
    )


def _listed(row: ExampleRow) -> Listed:
    document = row.document
    return Listed(
        id=row.id,
        title=document["title"],
        language=document["language"],
        medium=Medium(document["medium"]),
        minutes=document.get("minutes"),
        content_note=document.get("content_note", ""),
        group=document.get("group", ""),
        agreed_at=row.agreed_at,
        put_away_at=row.put_away_at,
    )
