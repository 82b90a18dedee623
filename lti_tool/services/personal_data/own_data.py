"""A person's own data: how much of it there is, and a copy of all of it, as the data map says what is theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.leaving.plain import plain
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reads
from lti_tool.services.personal_data.theirs import in_their_copy, table
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.data_map import Mapped, data_map
from lti_tool.store.people import PersonRow

FOR_NOBODY = "nobody"
"""What the data map says of a column that is a key, or a digest of one: it is of use to nobody but a thief."""
FORM = "attune-own-data-1"


def counts(session: Session, visitor: Reads, now: datetime) -> Mapping[str, int]:
    """How many rows of theirs there are, by part of the data map; parts without any are left out."""
    ids = all_ids(session, {visitor.person_id})
    theirs = _theirs()
    asked = select(
        *(
            select(func.count()).select_from(table(name)).where(in_their_copy(name, ids, now)).scalar_subquery()
            for name, _mapped in theirs
        )
    )
    found: dict[str, int] = {}
    for (_name, mapped), number in zip(theirs, session.execute(asked).one(), strict=True):
        found[mapped.part] = found.get(mapped.part, 0) + number
    return {part: number for part, number in found.items() if number}


def copy(session: Session, visitor: Reads, now: datetime) -> dict[str, Any]:
    """All of it, as JSON can hold it: every row that is about them or by them and that they may read.

    Contents of files go beside it, see `own_copy`.
    """
    ids = all_ids(session, {visitor.person_id})
    tables = {name: _rows(session, name, mapped, ids, now) for name, mapped in _theirs()}
    return {
        "form": FORM,
        "made_at": now.isoformat(),
        "person": str(visitor.person_id),
        "people": _names(session, tables, visitor),
        "tables": {
            name: {"what": mapped.what, "columns": _words(mapped), "rows": tables[name]}
            for name, mapped in _theirs()
            if tables[name]
        },
    }


def note_copy(session: Session, visitor: Reads, now: datetime) -> None:
    """That they took a copy along, in the audit."""
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="person.copy",
        subject=f"person:{visitor.person_id}",
        now=now,
    )


def _theirs() -> tuple[tuple[str, Mapped], ...]:
    return tuple((name, mapped) for name, mapped in data_map().tables.items() if mapped.of is not None)


def _words(mapped: Mapped) -> dict[str, str]:
    return {name: words for name, words in mapped.columns.items() if mapped.sees_of.get(name) != FOR_NOBODY}


def _rows(session: Session, name: str, mapped: Mapped, ids: Mapping[UUID, UUID], now: datetime) -> list[dict[str, Any]]:
    of = table(name)
    columns = [column for column in of.c if mapped.sees_of.get(column.name) != FOR_NOBODY]
    order = list(of.primary_key.columns)
    found = session.execute(select(*columns).where(in_their_copy(name, ids, now)).order_by(*order))
    return [_row(dict(row._mapping), mapped) for row in found]


def _row(row: dict[str, Any], mapped: Mapped) -> dict[str, Any]:
    waits = {name for name, once in mapped.once_of.items() if row[once] is None}
    return {name: plain(value) for name, value in row.items() if name not in waits}


def _names(session: Session, tables: Mapping[str, list[dict[str, Any]]], visitor: Reads) -> dict[str, str]:
    """Whoever is named in it by a number, by the name that the pages show."""
    numbers = {
        UUID(row[column.name])
        for name, rows in tables.items()
        for column in table(name).c
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
        for row in rows
        if row.get(column.name)
    }
    found = session.execute(
        select(PersonRow.id, PersonRow.name).where(
            PersonRow.id.in_(numbers), PersonRow.organization_id == visitor.organization_id
        )
    )
    return {str(id_): display_name(id_, name) for id_, name in found}
