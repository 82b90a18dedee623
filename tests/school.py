"""A school with what comes with Attune, as `organizations.organization_named` makes it, and a key that signs.

Taking in the rubrics, examples and frameworks is half of an ordinary test's beginning, and making a key takes longer.
The services make these rows once in a process; each test writes them down again.
"""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.orm import Session

from lti_tool.services import organizations
from lti_tool.services.connecting import tool_keys
from lti_tool.store.base import Base, new_id
from lti_tool.store.engine import open_engine
from lti_tool.store.organizations import OrganizationRow
from tests.databases import SECRET, set_up

NAME = "School"
BEGUN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OF_THE_FIRST = {"tool_key", "audit_entry", "audit_head", "periodic_turn"}
"""Tables whose rows are not copied for a further organization."""
Written = Sequence[tuple[Table, Sequence[Mapping[str, Any]]]]


def school(session: Session) -> UUID:
    """The organization "School", made if it is not there; it began on a Monday morning."""
    known = organizations.organization_if_any(session, NAME)
    if known is not None:
        return known
    organization_id, written = _recorded()
    another = session.scalars(select(OrganizationRow.id).limit(1)).first()
    for table, rows in written:
        if table.name != "periodic_turn" or another is None:  # of the whole database, and written with its first one
            session.execute(insert(table), list(rows))
    return organization_id


def school_named(session: Session, name: str, now: datetime) -> UUID:
    """The organization of that name: if it is not there, the same rows as of "School" with ids of their own.

    Its audit begins with what happens to it; entries hold ids in their digests and cannot be copied.
    """
    known = organizations.organization_if_any(session, name)
    if known is not None:
        return known
    school_id, written = _recorded()
    ids = {row["id"]: new_id() for _table, rows in written for row in rows if isinstance(row.get("id"), UUID)}
    own = {school_id: {"name": name, "created_at": now}}
    for table, rows in written:
        if table.name not in OF_THE_FIRST:
            copies = [
                {column: ids.get(value, value) if isinstance(value, UUID) else value for column, value in row.items()}
                | own.get(row.get("id"), {})
                for row in rows
            ]
            session.execute(insert(table), copies)
    return ids[school_id]


@cache
def _recorded() -> tuple[UUID, Written]:
    with tempfile.TemporaryDirectory(prefix="attune-school-") as folder:
        url = f"sqlite:///{Path(folder) / 'school.db'}"
        set_up(url)
        engine = open_engine(url, (SECRET,))
        try:
            with Session(engine) as session:
                organization_id = organizations.organization_named(session, NAME, BEGUN)
                tool_keys.signing_key(session, BEGUN)
                return organization_id, _all_rows(session.connection())
        finally:
            engine.dispose()


def _all_rows(connection: Connection) -> Written:
    found = [
        (table, [dict(row) for row in connection.execute(select(table)).mappings()])
        for table in Base.metadata.sorted_tables
    ]
    return [(table, rows) for table, rows in found if rows]
