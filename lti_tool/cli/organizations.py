"""attune organizations: taking along what one owns, and removing it with proof."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.backup.sight import of_one_moment
from lti_tool.cli.file_export import organization_kept
from lti_tool.cli.opening import engine_on, now, refuse_unless_up_to_date, session_on, settings_now
from lti_tool.cli.removal_proof import differs, proof_of, still_stored, to_write, write
from lti_tool.file_store import Away, open_file_store
from lti_tool.services.courses.places import NotHere
from lti_tool.services.leaving import checking, removing, taking
from lti_tool.services.leaving.archive import Manifest
from lti_tool.services.leaving.checking import NotTakenAlong
from lti_tool.services.operating import files_encrypted
from lti_tool.store.engine import open_sessions
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import RegistrationRow

FILE = click.Path(path_type=Path, dir_okay=False)
LOUD = "KEEP IT WHERE ONLY YOU CAN READ IT: nothing in it is encrypted, names and words of people stand in it."

NOT_DELETED = (
    "Files that the store did not delete (the worker's clean-up deletes them in a night after a day, "
    "where it has the same store and can delete there):"
)
MEANWHILE = (
    "Something happened in the organization meanwhile, and is not in the file. Removing it asks for another export, "
    "made while nothing happens."
)


@click.group()
def organizations() -> None:
    """See who shares this Attune; take along what one owns, and remove it with proof."""


@organizations.command(name="list")
def list_() -> None:
    """Show the organizations, with their ids and how many people and LMSs they have."""
    with session_on(settings_now()) as session:
        for row in session.scalars(select(OrganizationRow).order_by(OrganizationRow.id)):
            people, lmss = (
                session.scalars(
                    select(func.count()).select_from(kind).where(kind.organization_id == row.id)
                ).one()
                for kind in (PersonRow, RegistrationRow)
            )  # fmt: skip
            click.echo(f"{row.name}  id {row.id}  {people} people, {lmss} connected LMSs")


@organizations.command()
@click.argument("organization")
@click.argument("file", type=FILE)
def export(organization: str, file: Path) -> None:
    """Write all that ORGANIZATION (its name) owns into FILE, a ZIP in open formats; Attune may go on running.

    Nothing in FILE is encrypted. What was promised to one person alone is not in it: each takes along their own.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another name: nothing is overwritten.")
    settings, at = settings_now(), now()
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
        try:
            with of_one_moment(engine) as connection, Session(connection) as session:
                id_ = organization_kept(session, organization)
                manifest = taking.take_along(
                    session, id_, file,
                    open_file_store(settings, partial(files_encrypted.may_be_plain, open_sessions(engine))),
                    revision=migrations.newest(), public_url=settings.public_url, now=at,
                )  # fmt: skip
        except OSError as problem:
            raise click.ClickException(f"{file} cannot be written: {problem.strerror}.") from None
        except Away as problem:
            raise click.ClickException(str(problem) or "The store of files does not answer.") from None
        with open_sessions(engine).begin() as session:
            alone = taking.note(session, id_, manifest, at)
    for sentence in _taken(file, manifest):
        click.echo(sentence)
    if not alone:
        click.echo(MEANWHILE)


@organizations.command()
@click.argument("file", type=FILE)
def verify(file: Path) -> None:
    """Look through FILE, which an organization took along, without a database.

    Ends with 0 where all of it holds, with 1 where something does not, and with 2 where it is no such file.
    """
    sys.exit(said_of(file))


def said_of(file: Path) -> int:
    """Say what came of looking through it; the answer is the status to end with."""
    try:
        found = checking.check(file)
    except NotTakenAlong as problem:
        click.echo(str(problem), err=True)
        return 2
    for trouble in found.troubles:
        click.echo(trouble)
    if found.troubles:
        return 1
    click.echo(
        f"It is whole: {found.rows} rows and {found.files} files of {found.organization}, as of {found.made_at}."
    )
    click.echo(f"Its list of acts holds: {found.acts} entries. Signed credentials that hold: {found.signatures}.")
    click.echo(f"Digest of its manifest: {found.digest}")
    return 0


@organizations.command()
@click.argument("organization")
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.option("--export", "digest", metavar="DIGEST", help="The digest that the export said.")
@click.option("--without-export", is_flag=True, help="It takes nothing along.")
@click.option("--certificate", type=FILE, help="Where the proof is written; else it is printed.")
@click.option("--by", default=None, help="Who decided it, for the proof alone: Attune does not keep it.")
def remove(
    organization: str, *, dry_run: bool, digest: str | None, without_export: bool, certificate: Path | None,
    by: str | None,
) -> None:  # fmt: skip
    """Remove ORGANIZATION (its name) for good: all its rows and files, in one transaction.

    Nothing brings it back but a backup. End its connections, export it, and check the export before.
    """
    settings = settings_now()
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
        with of_one_moment(engine) as connection, Session(connection) as session:
            id_ = organization_kept(session, organization)
            rows, files = removing.counts(session, id_), removing.files_of(session, id_)
        for name, number in sorted(rows.items()):
            click.echo(f"  {name}: {number}")
        click.echo(f"{sum(rows.values())} rows in {len(rows)} tables and {len(files)} files are of {organization}.")
        if dry_run:
            click.echo("Nothing was removed.")
            return
        if (digest is None) is not without_export:
            raise click.ClickException("Say either --export DIGEST, as the export said it, or --without-export.")
        if certificate is not None and certificate.exists():
            raise click.ClickException(f"{certificate} is there already. Choose another name: nothing is overwritten.")
        if click.prompt("This cannot be undone. Type the name of the organization to remove it") != organization:
            raise click.ClickException("That is another name. Nothing was removed.")
        at, store = now(), open_file_store(settings)
        with to_write(certificate) as to:
            with open_sessions(engine).begin() as session:
                removed = removing.remove(session, id_, digest, at)
            left = removed.files if store is None else removing.delete_files(store, removed.files)
            proof = proof_of(removed, left, by, at.isoformat(timespec="seconds"))
            write(proof, to)
    click.echo(f"{organization} is removed. To look again on any day: attune organizations verify-removed {id_}")
    if left:
        click.echo(f"{NOT_DELETED} {', '.join(left)}")
    if removed.found or left:
        sys.exit(1)


@organizations.command(name="verify-removed")
@click.argument("organization", type=click.UUID)
@click.option("--certificate", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The proof of then.")
def verify_removed(organization: UUID, certificate: Path | None) -> None:
    """Look whether anything is left of an organization that was removed, by its id; ends with 1 where it is."""
    settings = settings_now()
    with session_on(settings) as session:
        with _known():
            stayed = removing.what_stayed(session, organization)
        left = removing.counts(session, organization)
        named = removing.still_named(session.connection(), organization)
    click.echo(f"Removed at {stayed.ended_at}: {sum(stayed.rows_before.values())} rows, {stayed.files_before} files.")
    click.echo(f"Its list of acts ended with {stayed.audit_number}:{stayed.audit_digest or 'nothing'}.")
    click.echo(f"It took along: {stayed.export_digest or 'nothing'}.")
    troubles = [f"{name}: {number} rows are left." for name, number in left.items()]
    troubles += [f"{name}: its id stands there {number} times." for name, number in named.items()]
    if certificate is not None:
        proof = json.loads(certificate.read_text(encoding="utf-8"))
        troubles += differs(proof, stayed)
        troubles += still_stored(open_file_store(settings), proof.get("files_left", ()))
    for trouble in troubles:
        click.echo(trouble)
    if troubles:
        sys.exit(1)
    click.echo("Nothing of it is left: no row in any table, and its id in no other row.")


def _taken(file: Path, manifest: Manifest) -> Iterator[str]:
    rows = sum(table.rows for table in manifest.tables.values())
    out = sum(table.left_out is not None for table in manifest.tables.values())
    yield f"{file}: {rows} rows, {len(manifest.files)} files. {LOUD}"
    yield f"Tables of which nothing is in it: {out}. READ-ME.txt in it says which, and why."
    if manifest.absent:
        yield f"Files that the store does not have: {len(manifest.absent)}. The manifest names them."
    if manifest.unreadable:
        yield f"Files that cannot be read: {len(manifest.unreadable)}. The manifest names them."
    yield f"Digest of its manifest: {manifest.digest}"
    yield f"Now look whether it is whole: attune organizations verify {file}"


@contextmanager
def _known() -> Iterator[None]:
    try:
        yield
    except NotHere:
        raise click.ClickException("No organization of this id was removed here.") from None
