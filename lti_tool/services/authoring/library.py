"""One rubric of an organization: its versions, whether a newer one is out, and whether it is offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.documents.rubric import from_document
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.drafts import DraftRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.language import for_reader
from rubrics.rubric import Rubric

MOST = 500
"""Versions that are listed."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version, with where it belongs."""

    id: UUID
    rubric_id: UUID
    number: int
    rubric: Rubric
    digest: str
    published_at: datetime
    retired_at: datetime | None
    """Since when its rubric is not offered any more."""
    newest: int
    """The number of the rubric's newest version."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version in the list of its rubric's versions."""

    version_id: UUID
    number: int
    published_at: datetime
    reviewed: str | None
    pilot: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """One rubric with its versions, newest first, and what is being written of it."""

    rubric_id: UUID
    key: str
    title: str
    summary: str
    language: str
    editions: tuple[Edition, ...]
    draft_id: UUID | None
    retired_at: datetime | None


def version(session: Session, organization_id: UUID, version_id: UUID) -> Version:
    """A published version of the organization. Raises `NotHere`."""
    return _version(session, organization_id, RubricVersionRow.id == version_id)


def edition(session: Session, organization_id: UUID, rubric_id: UUID, number: int) -> Version:
    """The same, by its rubric and number. Raises `NotHere`."""
    return _version(
        session, organization_id, (RubricVersionRow.rubric_id == rubric_id) & (RubricVersionRow.number == number)
    )


def shelf(session: Session, organization_id: UUID, rubric_id: UUID, wanted: Sequence[str]) -> Shelf:
    """A rubric of the organization. Raises `NotHere`."""
    row = _rubric(session, organization_id, rubric_id)
    open_draft = select(DraftRow.id, DraftRow.head).where(DraftRow.rubric_id == rubric_id, DraftRow.ended_at.is_(None))
    draft = session.execute(open_draft).one_or_none()
    versions = session.scalars(
        select(RubricVersionRow)
        .where(RubricVersionRow.rubric_id == rubric_id)
        .order_by(RubricVersionRow.number.desc())
        .limit(MOST)
    ).all()
    words = next((each.document for each in versions), draft.head if draft else None)
    if words is None:
        raise NotHere
    shown = for_reader(head_of(words), wanted)
    return Shelf(
        rubric_id=row.id,
        key=row.key,
        title=shown.title,
        summary=shown.summary,
        language=shown.language,
        editions=tuple(_edition(each) for each in versions),
        draft_id=draft.id if draft else None,
        retired_at=row.retired_at,
    )


@dataclass(frozen=True, slots=True)
class Newer:
    """That a newer edition of the rubric is out than the one that is used."""

    rubric_id: UUID
    used: int
    newest: int


def newer(session: Session, version_id: UUID) -> Newer | None:
    """The newer edition that could be used in place of this one; None where there is none, or it is not offered."""
    later = aliased(RubricVersionRow)
    found = session.execute(
        select(RubricVersionRow.rubric_id, RubricVersionRow.number, func.max(later.number))
        .join(later, later.rubric_id == RubricVersionRow.rubric_id)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricVersionRow.id == version_id, RubricRow.retired_at.is_(None))
        .group_by(RubricVersionRow.rubric_id, RubricVersionRow.number)
    ).one_or_none()
    return Newer(*found) if found is not None and found[2] > found[1] else None


def retire(session: Session, by: Author, rubric_id: UUID, now: datetime) -> None:
    """Offer it for new activities no more; what was placed or rated with it goes on. Raises `NotHere`."""
    row = _rubric(session, by.organization_id, rubric_id, to_change=True)
    if row.retired_at is None:
        row.retired_at = now
        _note(session, by, "rubric.retire", rubric_id, now)


def bring_back(session: Session, by: Author, rubric_id: UUID, now: datetime) -> None:
    """Offer it again. Raises `NotHere`."""
    row = _rubric(session, by.organization_id, rubric_id, to_change=True)
    if row.retired_at is not None:
        row.retired_at = None
        _note(session, by, "rubric.bring_back", rubric_id, now)


def head_of(document: Mapping[str, Any]) -> Rubric:
    """The rubric without its criteria, in each of its languages: lists need no more, and read faster without."""
    spoken = [{**each, "criteria": []} for each in document.get("translations", ())]
    return from_document({**document, "criteria": [], "translations": spoken})


def _edition(row: RubricVersionRow) -> Edition:
    head = head_of(row.document)
    return Edition(row.id, row.number, row.published_at, head.reviewed_by_lived_experience, head.pilot)


def _version(session: Session, organization_id: UUID, which: Any) -> Version:
    other = aliased(RubricVersionRow)
    newest = select(other.number).where(other.rubric_id == RubricVersionRow.rubric_id)
    found = session.execute(
        select(RubricVersionRow, RubricRow.retired_at, newest.order_by(other.number.desc()).limit(1).scalar_subquery())
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricVersionRow.organization_id == organization_id, which)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, retired_at, latest = found
    return Version(
        id=row.id,
        rubric_id=row.rubric_id,
        number=row.number,
        rubric=from_document(row.document),
        digest=row.digest,
        published_at=row.published_at,
        retired_at=retired_at,
        newest=latest,
    )


def _rubric(session: Session, organization_id: UUID, rubric_id: UUID, *, to_change: bool = False) -> RubricRow:
    asked = select(RubricRow).where(RubricRow.id == rubric_id, RubricRow.organization_id == organization_id)
    row = session.scalars(asked.with_for_update() if to_change else asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _note(session: Session, by: Author, act: str, rubric_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"rubric:{rubric_id}",
        now=now,
    )
