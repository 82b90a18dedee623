"""Rubrics that are being written: beginning a draft, reading it as a rubric, and replacing it as a whole.

A draft is a rubric like any other, only that something may still be to come; its criteria always have keys that are
made well, each its own. Each change is a step that says what stood there before, so that it can be told and taken back.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.documents.rubric import from_document, to_document
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftCriterionRow, DraftRow, DraftStepRow
from lti_tool.store.rubrics import RubricRow
from lti_tool.store.writing import insert_once
from rubrics.keys import is_key, key_for
from rubrics.refusal import Refused
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes; `person_id` is None for the command line."""

    organization_id: UUID
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Draft:
    """An open draft as it stands."""

    id: UUID
    rubric_id: UUID
    rubric: Rubric
    steps: int
    """The number of the last step."""
    based_on_id: UUID | None
    """The version that it began from; None for a new rubric."""
    changed_by: UUID | None
    changed_at: datetime
    review_asked_at: datetime | None


def author(visitor: Visitor) -> Author:
    """The visitor as an author."""
    return Author(visitor.organization_id, visitor.person_id)


def begin(session: Session, by: Author, rubric: Rubric, now: datetime, *, based_on_id: UUID | None = None) -> UUID:
    """A new draft with these words, under the rubric's key. Raises `Refused` where the rubric is being written already.

    The key of a rubric of the organization makes a draft of that rubric's next version.
    """
    rubric = with_keys(rubric)
    insert_once(session, RubricRow, id=new_id(), organization_id=by.organization_id, key=rubric.key)
    rubric_id = session.scalars(
        select(RubricRow.id)
        .where(RubricRow.organization_id == by.organization_id, RubricRow.key == rubric.key)
        .with_for_update()
    ).one()
    if open_draft_of(session, rubric_id) is not None:
        raise Refused("draft_open", "This rubric is being written already. Please go on in its draft.")
    row = DraftRow(
        id=new_id(),
        organization_id=by.organization_id,
        rubric_id=rubric_id,
        head=_head(to_document(rubric)),
        steps=0,
        based_on_id=based_on_id,
        created_by=by.person_id,
        created_at=now,
        changed_by=by.person_id,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _write_criteria(session, row, to_document(rubric))
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="draft.begin",
        subject=f"draft:{row.id}",
        now=now,
    )
    return row.id


def open_draft_of(session: Session, rubric_id: UUID) -> UUID | None:
    """The rubric's open draft; None while nobody writes it."""
    return session.scalars(
        select(DraftRow.id).where(DraftRow.rubric_id == rubric_id, DraftRow.ended_at.is_(None))
    ).one_or_none()


def draft(session: Session, organization_id: UUID, draft_id: UUID) -> Draft:
    """An open draft of the organization. Raises `NotHere`."""
    row = open_row(session, organization_id, draft_id)
    return Draft(
        id=row.id,
        rubric_id=row.rubric_id,
        rubric=from_document(document_of(session, row)),
        steps=row.steps,
        based_on_id=row.based_on_id,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        review_asked_at=row.review_asked_at,
    )


def part(session: Session, organization_id: UUID, draft_id: UUID, criterion: str | None) -> Rubric:
    """An open draft with this one criterion, or with none where it has no such. Raises `NotHere`."""
    return from_document(part_of(session, open_row(session, organization_id, draft_id), criterion))


def rewrite(session: Session, by: Author, draft_id: UUID, rubric: Rubric, now: datetime) -> bool:
    """Replace the draft's words as one step; False where it had these words already. Raises `NotHere`.

    The rubric's key stays, whatever the new words are.
    """
    row = open_row(session, by.organization_id, draft_id, to_change=True)
    before = document_of(session, row)
    rubric = with_keys(rubric)
    after = to_document(rubric) | {"key": before["key"]}
    if before == after:
        return False
    write_whole(session, row, after)
    take_step(session, row, by, place="", change={"what": "rewrite", "before": before, "after": after}, now=now)
    return True


def open_row(session: Session, organization_id: UUID, draft_id: UUID, *, to_change: bool = False) -> DraftRow:
    """The row of an open draft, held against other writers if it is to be changed. Raises `NotHere`."""
    asked = select(DraftRow).where(
        DraftRow.id == draft_id, DraftRow.organization_id == organization_id, DraftRow.ended_at.is_(None)
    )
    if to_change:
        # What this session may have read before it got its turn is read again.
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def document_of(session: Session, row: DraftRow) -> dict[str, Any]:
    """The draft in the JSON form of a rubric."""
    criteria = session.scalars(
        select(DraftCriterionRow.document)
        .where(DraftCriterionRow.draft_id == row.id)
        .order_by(DraftCriterionRow.position, DraftCriterionRow.key)
    ).all()
    return {**row.head, "criteria": list(criteria)}


def part_of(session: Session, row: DraftRow, criterion: str | None) -> dict[str, Any]:
    """The same with this one criterion, or with none: what it costs does not grow with the rubric."""
    documents = session.scalars(
        select(DraftCriterionRow.document).where(
            DraftCriterionRow.draft_id == row.id, DraftCriterionRow.key == criterion
        )
    ).all()
    return {**row.head, "criteria": list(documents)}


def write_part(session: Session, row: DraftRow, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Keep what differs between two documents with the same criteria in the same order."""
    if _head(before) != _head(after):
        row.head = _head(after)
    for old, new in zip(before["criteria"], after["criteria"], strict=True):
        if old != new:
            session.execute(
                update(DraftCriterionRow)
                .where(DraftCriterionRow.draft_id == row.id, DraftCriterionRow.key == new["key"])
                .values(document=new)
                .execution_options(synchronize_session=False)
            )


def write_whole(session: Session, row: DraftRow, after: dict[str, Any]) -> None:
    """Keep a whole document, whose criteria may be others or stand in another order."""
    if row.head != _head(after):
        row.head = _head(after)
    session.execute(
        delete(DraftCriterionRow)
        .where(DraftCriterionRow.draft_id == row.id)
        .execution_options(synchronize_session=False)
    )
    _write_criteria(session, row, after)


def take_step(
    session: Session, row: DraftRow, by: Author, *, place: str, change: dict[str, Any], now: datetime
) -> DraftStepRow:
    """Record that something was changed."""
    row.steps += 1
    row.changed_by, row.changed_at = by.person_id, now
    step = DraftStepRow(
        id=new_id(),
        organization_id=by.organization_id,
        draft_id=row.id,
        number=row.steps,
        place=place,
        change=change,
        by=by.person_id,
        at=now,
    )
    session.add(step)
    session.flush()
    return step


def with_keys(rubric: Rubric) -> Rubric:
    """The rubric, with a new key for each criterion whose key is not made well or stands there twice.

    What came from elsewhere may have any: addresses and places are made of keys.
    """
    taken = set[str]()
    criteria = []
    for criterion in rubric.criteria:
        key = criterion.key
        if not is_key(key) or key in taken:
            key = key_for(criterion.statement, taken | {each.key for each in rubric.criteria}, otherwise="c")
        taken.add(key)
        criteria.append(criterion if key == criterion.key else replace(criterion, key=key))
    return replace(rubric, criteria=tuple(criteria))


def _head(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "criteria"}


def _write_criteria(session: Session, row: DraftRow, document: dict[str, Any]) -> None:
    rows = [
        {
            "id": new_id(),
            "organization_id": row.organization_id,
            "draft_id": row.id,
            "key": criterion["key"],
            "position": position,
            "document": criterion,
        }
        for position, criterion in enumerate(document["criteria"])
    ]
    if rows:
        session.execute(insert(DraftCriterionRow), rows)
