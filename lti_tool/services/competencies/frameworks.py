"""Competency frameworks of an organization: keeping one as its source has it, and finding competencies.

Identifiers say what is the same, never codes. What a framework does not have any more is kept and says since when:
rubrics and evidence may name it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from grading.competency import Competency, Framework, Link
from lti_tool.documents.framework import from_document, to_document
from lti_tool.services import audit
from lti_tool.services.competencies.framework_rows import links_of, save_competencies, save_links
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a framework did; all 0 and False where it stood there already."""

    framework_id: UUID
    about: bool = False
    """Its title, rights or source are new, or the framework is."""
    new: int = 0
    changed: int = 0
    gone: int = 0
    links: bool = False

    @property
    def anything(self) -> bool:
        """Whether anything was written."""
        return self.about or self.links or self.new + self.changed + self.gone > 0


@dataclass(frozen=True, slots=True)
class Known:
    """A framework of the organization, without its competencies and links."""

    id: UUID
    framework: Framework
    bundled: bool
    changed_at: datetime
    competencies: int
    """How many it has; those that are gone are not counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """A competency that fits what somebody looks for."""

    framework_id: UUID
    framework_key: str
    competency: Competency

    @property
    def named(self) -> str:
        """As rubrics name it; empty for one without a code."""
        return f"{self.framework_key}:{self.competency.code}" if self.competency.code else ""


def save(session: Session, organization_id: UUID, framework: Framework, *, bundled: bool, now: datetime) -> Saved:
    """Keep the framework as it is given. What stands there already is not written again.

    Raises `Refused` where two competencies have the same identifier, or another framework has the key.
    """
    if len({each.identifier for each in framework.competencies}) < len(framework.competencies):
        raise Refused(
            "competency_twice", "Two competencies have the same identifier. Please give each its own, or leave it out."
        )
    document = to_document(without_repeats(framework))
    competencies, links = document.pop("competencies", []), document.pop("links", [])
    row, about = _head(session, organization_id, framework, document, bundled=bundled, now=now)
    counts = save_competencies(session, row, framework, competencies, now.date())
    saved = Saved(row.id, about, *counts, links=save_links(session, row, links))
    if saved.anything:
        row.changed_at = now
        session.flush()
        audit.write(
            session,
            organization_id=organization_id,
            person_id=None,
            act="framework.save",
            subject=f"framework:{row.id}",
            now=now,
            new=saved.new,
            changed=saved.changed,
            gone=saved.gone,
        )
    return saved


def without_repeats(framework: Framework) -> Framework:
    """The framework with each line of a crosswalk once, as the first one says it."""
    links: dict[tuple[str, str, str], Link] = {}
    for link in framework.links:
        links.setdefault((link.origin, link.relation.value, link.destination), link)
    return replace(framework, links=tuple(links.values()))


def _head(
    session: Session,
    organization_id: UUID,
    framework: Framework,
    document: dict[str, Any],
    *,
    bundled: bool,
    now: datetime,
) -> tuple[FrameworkRow, bool]:
    mine = FrameworkRow.organization_id == organization_id
    same = or_(FrameworkRow.identifier == framework.identifier, FrameworkRow.key == framework.key)
    rows = session.scalars(select(FrameworkRow).where(mine, same).with_for_update()).all()
    if any(row.identifier != framework.identifier for row in rows):
        raise Refused(
            "framework_key", "Another framework has the key %(key)s. Please choose another one.", key=framework.key
        )
    if not rows:
        row = FrameworkRow(
            id=new_id(),
            organization_id=organization_id,
            identifier=framework.identifier,
            key=framework.key,
            document=document,
            bundled=bundled,
            changed_at=now,
        )
        session.add(row)
        session.flush()
        return row, True
    row = rows[0]
    stands = (row.key, row.document, row.bundled, row.removed_at)
    if stands == (framework.key, document, bundled, None):
        return row, False
    row.key, row.document, row.bundled, row.removed_at = framework.key, document, bundled, None
    return row, True


def framework_of(session: Session, organization_id: UUID, framework_id: UUID) -> Framework:
    """The framework as it was saved, with those competencies that it does not have any more. Raises `NotHere`."""
    row = session.scalars(
        select(FrameworkRow).where(
            FrameworkRow.id == framework_id,
            FrameworkRow.organization_id == organization_id,
            FrameworkRow.removed_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    competencies = session.scalars(
        select(CompetencyRow.document)
        .where(CompetencyRow.framework_id == row.id)
        .order_by(CompetencyRow.position, CompetencyRow.id)
    ).all()
    return from_document({**row.document, "competencies": list(competencies), "links": links_of(session, row.id)})


def frameworks(session: Session, organization_id: UUID) -> tuple[Known, ...]:
    """The frameworks of the organization, by title."""
    count = (
        select(func.count())
        .where(CompetencyRow.framework_id == FrameworkRow.id, CompetencyRow.deprecated_on.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(FrameworkRow, count).where(
            FrameworkRow.organization_id == organization_id, FrameworkRow.removed_at.is_(None)
        )
    ).all()
    known = (
        Known(row.id, from_document({**row.document, "competencies": []}), row.bundled, row.changed_at, competencies)
        for row, competencies in rows
    )
    return tuple(sorted(known, key=lambda each: (each.framework.title.casefold(), each.framework.key)))


def framework_named(session: Session, organization_id: UUID, named: str) -> UUID | None:
    """The framework with this key or identifier; None where there is none."""
    return session.scalars(
        select(FrameworkRow.id).where(
            FrameworkRow.organization_id == organization_id,
            FrameworkRow.removed_at.is_(None),
            or_(FrameworkRow.key == named, FrameworkRow.identifier == named),
        )
    ).first()


def find_competencies(session: Session, organization_id: UUID, words: str, *, most: int = 20) -> tuple[Found, ...]:
    """Competencies whose code begins like this, such as `A2` or `starter:A2`, or that have all of these words."""
    looked_for = words.split()
    if not looked_for:
        return ()
    key, colon, code = words.strip().partition(":")
    by_code = _begins(CompetencyRow.code, code.strip() if colon else words.strip())
    if colon:
        by_code = and_(by_code, func.lower(FrameworkRow.key) == key.strip().lower())
    by_words = and_(*(_has(CompetencyRow.statement, word) for word in looked_for))
    rows = session.execute(
        select(FrameworkRow.id, FrameworkRow.key, CompetencyRow.document)
        .join(FrameworkRow, FrameworkRow.id == CompetencyRow.framework_id)
        .where(
            CompetencyRow.organization_id == organization_id,
            CompetencyRow.deprecated_on.is_(None),
            FrameworkRow.removed_at.is_(None),
            or_(by_code, by_words),
        )
        .order_by(case((by_code, 0), else_=1), FrameworkRow.key, CompetencyRow.position)
        .limit(most)
    ).all()
    return tuple(Found(framework_id, key, _competency(document)) for framework_id, key, document in rows)


def _begins(column: Any, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).startswith(words.lower(), autoescape=True)
    return found


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.lower(column).contains(word.lower(), autoescape=True)
    return found


def _competency(document: Mapping[str, Any]) -> Competency:
    bare = Framework(identifier="", key="", title="", language="")
    return from_document({**to_document(bare), "competencies": [document]}).competencies[0]
