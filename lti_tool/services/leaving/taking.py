"""All that an organization owns, in open formats, in one file."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from lti_tool import __version__
from lti_tool.documents.badge import Purpose
from lti_tool.documents.formats import Format
from lti_tool.file_store import CHUNK, FileStore, NotStored, Unreadable
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuer_pages
from lti_tool.services.exchange import scenario_files, taking_along
from lti_tool.services.leaving import owned, plain, read_me
from lti_tool.services.leaving.archive import README, Manifest, TableIn, Writer, written
from lti_tool.services.personal_data.theirs import table
from lti_tool.store.credentials import CredentialRow, EndorsementRow, StatusListRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.frameworks import FrameworkRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.programs import ProgramRow, ProgramVersionRow
from lti_tool.store.records import AuditHeadRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.refusal import Refused

AT_A_TIME = 500
"""So many rows are in memory."""
GOOD_FOR = timedelta(days=3650)
"""So long a status list that is handed over may be believed: nobody signs a newer one."""
ACT = "organization.export"


def take_along(
    session: Session, organization_id: UUID, path: Path, files: FileStore | None, *, revision: str, public_url: str,
    now: datetime,
) -> Manifest:  # fmt: skip
    """Write it all; what it says of itself. Words stand in it as they were written: nothing of it is encrypted.

    The session sees one moment and writes nothing. Raises `OSError`, `NotHere`, and what the store of files raises.
    """
    organization = session.get(OrganizationRow, organization_id)
    if organization is None:
        raise NotHere
    head = session.get(AuditHeadRow, organization_id)
    manifest = Manifest(
        attune=__version__,
        revision=revision,
        organization={"id": str(organization_id), "name": organization.name},
        made_at=now.isoformat(timespec="seconds"),
        audit={"number": head.number if head else 0, "digest": head.digest if head else audit.FIRST},
    )
    with written(path, manifest) as to:
        for each in owned.tables():
            manifest.tables[each.name] = _table(session, to, each, organization_id)
        _evidence(session, to, manifest, organization_id, files, path.parent)
        _documents(session, to, organization_id)
        _credentials(session, to, organization_id)
        _website(session, to, organization_id, public_url, now)
        to.write(README, [read_me.text(manifest).encode()])
    return manifest


def note(session: Session, organization_id: UUID, manifest: Manifest, now: datetime) -> bool:
    """That it was taken along, in the audit: removing the organization looks for it there.

    The answer is whether nothing else was noted there meanwhile; where something was, the file lacks it.
    """
    upto = manifest.audit["number"]
    audit.write(
        session,
        organization_id=organization_id,
        person_id=None,
        act=ACT,
        subject=f"organization:{organization_id}",
        now=now,
        digest=manifest.digest,
        upto=upto,
        rows=sum(each.rows for each in manifest.tables.values()),
    )
    return bool(session.get_one(AuditHeadRow, organization_id).number == upto + 1)


def _table(session: Session, to: Writer, of: Table, organization_id: UUID) -> TableIn:
    why = owned.left_out(of.name)
    if why is not None:
        return TableIn(0, why, (), tuple(column.name for column in of.c))
    names = tuple(column.name for column in owned.columns(of))
    counted = 0

    def found() -> Iterator[Mapping[str, Any]]:
        nonlocal counted
        asked = owned.rows(of, organization_id).execution_options(yield_per=AT_A_TIME)
        with session.connection().execute(asked) as result:
            for row in result:
                counted += 1
                yield dict(row._mapping)

    to.write(f"tables/{of.name}.csv", plain.csv_lines(names, found()))
    rows, counted = counted, 0
    to.write(f"tables/{of.name}.jsonl", plain.json_lines(found()))
    if rows != counted:
        raise LookupError(f"the table {of.name} changed while it was read")
    return TableIn(rows, None, names, tuple(column.name for column in of.c if column.name not in names))


def _evidence(
    session: Session, to: Writer, manifest: Manifest, organization_id: UUID, files: FileStore | None, folder: Path
) -> None:
    evidence = table("evidence")
    asked = select(EvidenceRow.id, EvidenceRow.stored_name, EvidenceRow.captions_name).where(
        EvidenceRow.organization_id == organization_id, owned.SHARED["evidence"](evidence)
    )
    for id_, *stored in session.execute(asked.order_by(EvidenceRow.id)).all():
        for name, kind in zip(stored, ("content", "captions"), strict=True):
            if name is None:
                continue
            with TemporaryFile(dir=folder) as whole:  # what cannot be read to its end is not begun in the archive
                try:
                    if files is None:
                        raise NotStored
                    for piece in _read(files, name):
                        whole.write(piece)
                except NotStored:
                    manifest.absent.append(f"evidence/{id_}/{kind}")
                    continue
                except Unreadable:
                    manifest.unreadable.append(f"evidence/{id_}/{kind}")
                    continue
                whole.seek(0)
                to.write(f"evidence/{id_}/{kind}", iter(lambda: whole.read(CHUNK), b""))


def _read(files: FileStore, name: str) -> Iterator[bytes]:
    try:
        yield from files.read(name)
    except OSError as problem:  # of the disk, midway
        raise Unreadable(name) from problem


def _documents(session: Session, to: Writer, organization_id: UUID) -> None:
    """As documents of their own, which another Attune, or another program, reads."""
    versions = select(RubricVersionRow.id).where(RubricVersionRow.organization_id == organization_id)
    for version_id in session.scalars(versions.order_by(RubricVersionRow.id)).all():
        file = taking_along.rubric_version(session, organization_id, version_id, Format.JSON)
        to.write(f"documents/rubrics/{version_id}-{file.name}", [file.content])
    frameworks = select(FrameworkRow.id).where(FrameworkRow.organization_id == organization_id)
    for framework_id in session.scalars(frameworks.order_by(FrameworkRow.id)).all():
        for form in (Format.JSON, Format.CASE):
            try:
                file = taking_along.framework(session, organization_id, framework_id, form)
            except Refused:  # the form cannot hold it: the other one does
                continue
            to.write(f"documents/frameworks/{framework_id}-{file.name}", [file.content])
    editions = (
        select(ProgramVersionRow.id, ProgramRow.key, ProgramVersionRow.number, ProgramVersionRow.text)
        .join(ProgramRow, ProgramRow.id == ProgramVersionRow.program_id)
        .where(ProgramVersionRow.organization_id == organization_id)
        .order_by(ProgramVersionRow.id)
    )
    for id_, key, number, text in session.execute(editions).all():
        to.write(f"documents/programs/{id_}-{key}-{number}.toml", [text.encode()])
    to.write("documents/scenarios.toml", [scenario_files.take_along(session, organization_id).content])


def _credentials(session: Session, to: Writer, organization_id: UUID) -> None:
    """Exactly as they were signed."""
    issued = select(CredentialRow).where(CredentialRow.organization_id == organization_id).order_by(CredentialRow.id)
    for row in session.scalars(issued.execution_options(yield_per=AT_A_TIME)):
        if row.document:
            to.write(f"credentials/{row.id}.jwt", [row.document.encode()])
        if row.integrity:
            to.write(f"credentials/{row.id}.json", [row.integrity.encode()])
    said = select(EndorsementRow.id, EndorsementRow.document).where(
        EndorsementRow.organization_id == organization_id, EndorsementRow.document.is_not(None),
        owned.SHARED["endorsement"](table("endorsement")),
    )  # fmt: skip
    for id_, document in session.execute(said.order_by(EndorsementRow.id)).all():
        to.write(f"credentials/endorsements/{id_}.jwt", [(document or "").encode()])


def _website(session: Session, to: Writer, organization_id: UUID, public_url: str, now: datetime) -> None:
    """What whoever checks a credential asks for, to be served at the same addresses once Attune serves it no more."""
    try:
        identity = issuer_pages.did_document(session, public_url, organization_id)
    except NotHere:
        return
    at = f"website/o/{organization_id}"
    to.write(f"{at}/did.json", [json.dumps(identity).encode()])
    to.write(f"{at}/jwks.json", [json.dumps(issuer_pages.key_set(session, organization_id)).encode()])
    numbers = select(StatusListRow.number).where(StatusListRow.organization_id == organization_id)
    for number in session.scalars(numbers.order_by(StatusListRow.number)).all():
        for purpose in Purpose:
            signed, _integrity = issuer_pages.status_list(
                session, public_url, organization_id, number=number, purpose=purpose, integrity=False, now=now,
                good_for=GOOD_FOR,
            )  # fmt: skip
            to.write(f"{at}/status/{number}/{purpose.value}", [signed.encode()])
