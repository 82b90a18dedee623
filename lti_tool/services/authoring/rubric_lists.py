"""Lists of rubrics: what is published, and what is being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lti_tool.services.authoring.library import head_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.drafts import DraftRow, DraftStepRow, ReviewRow
from lti_tool.store.people import PersonRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.language import for_reader, languages

MOST = 500
"""Rubrics and drafts that are listed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A rubric's newest version, as a list shows it."""

    rubric_id: UUID
    version_id: UUID
    number: int
    title: str
    summary: str
    language: str
    """Of the title and the summary."""
    languages: tuple[str, ...]
    criteria_count: int
    reviewed: str | None
    pilot: bool
    published_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """A rubric that is being written, as a list shows it."""

    draft_id: UUID
    rubric_id: UUID
    title: str
    language: str
    changed_at: datetime
    changed_by: str | None
    """None where the command line did it."""
    review_asked_at: datetime | None
    mine: bool
    """The asking person took part in writing it."""
    answered: bool
    """The asking person reviewed it since that was last asked for."""

    @property
    def waits_for_review(self) -> bool:
        """Whether the asking person, as a reviewer, is waited for."""
        return self.review_asked_at is not None and not self.mine and not self.answered


def published(session: Session, organization_id: UUID, wanted: Sequence[str]) -> tuple[Listed, ...]:
    """The newest version of each rubric, by title in the first of the wanted languages; retired ones too."""
    newer = aliased(RubricVersionRow)
    rows = session.execute(
        select(RubricVersionRow, RubricRow.retired_at)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(
            RubricVersionRow.organization_id == organization_id,
            ~exists().where(newer.rubric_id == RubricVersionRow.rubric_id, newer.number > RubricVersionRow.number),
        )
        .order_by(RubricVersionRow.id.desc())
        .limit(MOST)
    )
    found = (_listed(row, retired_at, wanted) for row, retired_at in rows)
    return tuple(sorted(found, key=lambda each: (each.title.casefold(), each.rubric_id)))


def being_written(session: Session, organization_id: UUID, person_id: UUID) -> tuple[Written, ...]:
    """The open drafts, latest changed first, and what this person has to do with each."""
    took_a_step = exists().where(DraftStepRow.draft_id == DraftRow.id, DraftStepRow.by == person_id)
    reviewed = exists().where(
        ReviewRow.draft_id == DraftRow.id,
        ReviewRow.reviewer_id == person_id,
        ReviewRow.reviewed_at >= DraftRow.review_asked_at,
    )
    rows = session.execute(
        select(DraftRow, PersonRow.name, took_a_step, reviewed)
        .outerjoin(PersonRow, PersonRow.id == DraftRow.changed_by)
        .where(DraftRow.organization_id == organization_id, DraftRow.ended_at.is_(None))
        .order_by(DraftRow.changed_at.desc(), DraftRow.id)
        .limit(MOST)
    )
    return tuple(
        Written(
            draft_id=row.id,
            rubric_id=row.rubric_id,
            title=row.head["title"],
            language=row.head["language"],
            changed_at=row.changed_at,
            changed_by=display_name(row.changed_by, name) if row.changed_by else None,
            review_asked_at=row.review_asked_at,
            mine=stepped or row.created_by == person_id,
            answered=answered,
        )
        for row, name, stepped, answered in rows
    )


def _listed(row: RubricVersionRow, retired_at: datetime | None, wanted: Sequence[str]) -> Listed:
    head = head_of(row.document)
    shown = for_reader(head, wanted)
    return Listed(
        rubric_id=row.rubric_id,
        version_id=row.id,
        number=row.number,
        title=shown.title,
        summary=shown.summary,
        language=shown.language,
        languages=languages(head),
        criteria_count=len(row.document["criteria"]),
        reviewed=head.reviewed_by_lived_experience,
        pilot=head.pilot,
        published_at=row.published_at,
        retired_at=retired_at,
    )
