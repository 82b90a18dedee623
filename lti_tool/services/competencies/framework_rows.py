"""The rows of a framework: competencies and links, written in a few statements however many they are."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from grading.competency import Competency, Framework
from lti_tool.store.base import new_id
from lti_tool.store.frameworks import CompetencyLinkRow, CompetencyRow, FrameworkRow


def save_competencies(
    session: Session,
    row: FrameworkRow,
    framework: Framework,
    documents: Sequence[dict[str, Any]],
    today: date,
) -> tuple[int, int, int]:
    """How many are new, changed and gone."""
    columns = (CompetencyRow.id, CompetencyRow.identifier, CompetencyRow.position, CompetencyRow.document)
    stands = {
        found.identifier: found
        for found in session.execute(
            select(*columns, CompetencyRow.deprecated_on).where(CompetencyRow.framework_id == row.id)
        )
    }
    new, moved, changed = [], [], 0
    for position, (competency, document) in enumerate(zip(framework.competencies, documents, strict=True)):
        found = stands.pop(competency.identifier, None)
        values = _columns(competency, position, document)
        if found is None:
            shared = {"id": new_id(), "organization_id": row.organization_id, "framework_id": row.id}
            new.append({**shared, "identifier": competency.identifier, **values})
        elif (found.position, found.document) != (position, document):
            moved.append({"id": found.id, **values})
            changed += found.document != document
    gone = [
        {
            "id": found.id,
            "deprecated_on": today,
            "document": {**found.document, "deprecated_on": today.isoformat()},
        }
        for found in stands.values()
        if found.deprecated_on is None
    ]
    if new:
        session.execute(insert(CompetencyRow), new)
    for rows in (moved, gone):
        if rows:
            session.execute(update(CompetencyRow), rows)
    return len(new), changed, len(gone)


def _columns(competency: Competency, position: int, document: dict[str, Any]) -> dict[str, Any]:
    own_parent = competency.parent == competency.identifier
    return {
        "parent": None if own_parent else competency.parent,
        "position": position,
        "code": competency.code,
        "statement": competency.statement,
        "kind": competency.kind,
        "observable": competency.observable,
        "document": document,
        "deprecated_on": competency.deprecated_on,
    }


def save_links(session: Session, row: FrameworkRow, documents: Sequence[dict[str, Any]]) -> bool:
    """Keep the lines of a crosswalk in their order; False where they stood there already."""
    if links_of(session, row.id) == list(documents):
        return False
    session.execute(delete(CompetencyLinkRow).where(CompetencyLinkRow.framework_id == row.id))
    ids = sorted(new_id() for _ in documents)  # their order is the order of the links
    rows = [
        {
            "id": link_id,
            "organization_id": row.organization_id,
            "framework_id": row.id,
            "identifier": document["identifier"],
            "origin": document["origin"],
            "relation": document["relation"],
            "destination": document["destination"],
            "document": document,
        }
        for link_id, document in zip(ids, documents, strict=True)
    ]
    if rows:
        session.execute(insert(CompetencyLinkRow), rows)
    return True


def links_of(session: Session, framework_id: UUID) -> list[dict[str, Any]]:
    """The lines of a crosswalk, in their order."""
    asked = select(CompetencyLinkRow.document).where(CompetencyLinkRow.framework_id == framework_id)
    return list(session.scalars(asked.order_by(CompetencyLinkRow.id)))
