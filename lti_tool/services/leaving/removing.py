"""An organization is removed for good, with proof: what there was, that nothing is left, and what it took along."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, func, select
from sqlalchemy.orm import Session

from lti_tool.backup import tables as all_tables
from lti_tool.file_store import Away, FileStore
from lti_tool.services.audit import FIRST
from lti_tool.services.courses.places import NotHere
from lti_tool.services.leaving import owned
from lti_tool.services.leaving.taking import ACT
from lti_tool.services.personal_data.theirs import table
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.exports import ExportRow
from lti_tool.store.organizations import OrganizationRow, RemovedOrganizationRow
from lti_tool.store.records import AuditEntryRow, AuditHeadRow
from rubrics.refusal import Refused

STAYS = RemovedOrganizationRow.__tablename__
FIRST_TO_GO = ("kept_mark", "kept_answer", "kept_standing")
"""What is worked out: while it is there, each row that goes leaves a mark in it."""
_ID = re.compile(
    rb"(?<![0-9a-f])([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})(?![0-9a-f])"
)


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed, and how it was looked whether something is left."""

    organization_id: UUID
    name: str
    rows: Mapping[str, int]
    """Before, by table; tables without a row are left out."""
    files: tuple[str, ...]
    """By their names in the store: to be deleted once this is committed."""
    audit_number: int
    audit_digest: str | None
    export_digest: str | None
    ids: int
    """So many ids of rows were looked for in all that is left."""
    found: Mapping[str, int]
    """In which tables some of them still stand, and how many. Nothing, where all is well."""


def counts(session: Session, organization_id: UUID) -> dict[str, int]:
    """How many rows it has, by table; tables without any are left out."""
    found = {
        of.name: session.execute(select(func.count()).select_from(of).where(_its(of, organization_id))).scalar_one()
        for of in _tables()
    }
    return {name: number for name, number in found.items() if number}


def files_of(session: Session, organization_id: UUID) -> tuple[str, ...]:
    """Its files by their names in the store."""
    named = (EvidenceRow.stored_name, EvidenceRow.captions_name, ExportRow.stored_key)
    return tuple(
        name
        for column in named
        for name in session.scalars(
            select(column).where(column.is_not(None), column.class_.organization_id == organization_id)
        )
        if name
    )


def remove(session: Session, organization_id: UUID, export_digest: str | None, now: datetime) -> Removed:
    """All of its rows, in this transaction; nobody of it can write meanwhile, and nothing is committed here.

    Without a digest nothing was taken along. Raises `NotHere`; `Refused`: "not_taken_along" where the digest is not
    that of its last export, "changed_since" where an act was noted after the moment that the export is of.
    """
    organization = session.scalars(
        select(OrganizationRow).where(OrganizationRow.id == organization_id).with_for_update()
    ).one_or_none()
    if organization is None:
        raise NotHere
    if export_digest is not None:
        _refuse_unless_taken(session, organization_id, export_digest)
    name, before, files = organization.name, counts(session, organization_id), files_of(session, organization_id)
    head = session.get(AuditHeadRow, organization_id)
    stays = RemovedOrganizationRow(
        id=organization_id,
        begun_at=now,
        rows_before=before,
        files_before=len(files),
        audit_number=head.number if head else 0,
        audit_digest=head.digest if head and head.digest != FIRST else None,
        export_digest=export_digest,
    )
    session.add(stays)
    session.flush()  # from here on the database lets go what was signed, decided and audited
    ids = _ids(session, organization_id)
    for of in reversed(_tables()):
        session.execute(delete(of).where(_its(of, organization_id)))
    session.expunge_all()
    if left := counts(session, organization_id):
        raise LookupError(f"rows are left after the organization was removed: {left}")
    found = _found(session.connection(), ids)
    stays = session.get_one(RemovedOrganizationRow, organization_id)
    stays.ended_at = now
    session.flush()
    return Removed(
        organization_id, name, before, files, stays.audit_number, stays.audit_digest, export_digest, len(ids), found
    )


def delete_files(store: FileStore, names: Iterable[str]) -> tuple[str, ...]:
    """Delete them; the names of those that the store did not take away, which `evidence_clean` finds later."""
    left = []
    for name in names:
        try:
            store.delete(name)
        except Away:
            left.append(name)
    return tuple(left)


def what_stayed(session: Session, organization_id: UUID) -> RemovedOrganizationRow:
    """What is kept of one that was removed. Raises `NotHere`."""
    row = session.get(RemovedOrganizationRow, organization_id)
    if row is None:
        raise NotHere
    return row


def still_named(connection: Connection, organization_id: UUID) -> Mapping[str, int]:
    """In which tables its own id stands, and how often; apart from what stays of it."""
    return _found(connection, {organization_id.int})


def _tables() -> tuple[Table, ...]:
    """Each after those that it refers to, and what goes first at the end."""
    found = [each for each in owned.tables() if each.name not in FIRST_TO_GO]
    return (*found, *(table(name) for name in reversed(FIRST_TO_GO)))


def _its(of: Table, organization_id: UUID) -> ColumnElement[bool]:
    if owned.OWNER in of.c or of.name == owned.ORGANIZATION:
        return owned.of(of, organization_id)
    there = table("kept_standing")  # of `kept_mark`, the only one without an owner of its own
    return of.c.enrollment_id.in_(select(there.c.enrollment_id).where(owned.of(there, organization_id)))


def _refuse_unless_taken(session: Session, organization_id: UUID, digest: str) -> None:
    last = session.scalars(
        select(AuditEntryRow)
        .where(AuditEntryRow.organization_id == organization_id, AuditEntryRow.act == ACT)
        .order_by(AuditEntryRow.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.facts.get("digest") != digest:
        raise Refused(
            "not_taken_along",
            "This is not the digest of the last export of this organization. Nothing was removed. "
            "Please export it again, or say that it takes nothing along.",
        )
    head = session.get_one(AuditHeadRow, organization_id)
    if (head.number, last.facts.get("upto")) != (last.number, last.number - 1):
        raise Refused(
            "changed_since",
            "Something happened in this organization during its last export or after it. Nothing was removed. "
            "Please end its connections, export it again, and remove it then.",
        )


def _ids(session: Session, organization_id: UUID) -> set[int]:
    found = {organization_id.int}
    for of in owned.tables():
        if "id" in of.c:
            asked = (
                select(of.c.id).where(owned.of(of, organization_id)).execution_options(yield_per=all_tables.AT_A_TIME)
            )
            found.update(id_.int for id_ in session.execute(asked).scalars())
    return found


def _found(connection: Connection, ids: set[int]) -> dict[str, int]:
    """Where one of these ids stands in a row that is left, as a value or inside a text."""
    found: dict[str, int] = {}
    for of in all_tables.tables(connection):
        if of.name == STAYS:
            continue
        number = sum(
            int(b"".join(match.groups()), 16) in ids
            for line in all_tables.lines(connection, of)
            for match in _ID.finditer(line)
        )
        if number:
            found[of.name] = number
    return found
