"""attune backup: everything in one file, looked at again, and put back."""

import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.backup import archive, restoring
from lti_tool.backup.archive import NotABackup
from lti_tool.backup.restoring import NotTheSame
from lti_tool.backup.sight import of_one_moment
from lti_tool.cli.opening import engine_on, now, settings_now
from lti_tool.file_store import Away, Full, open_store_as_it_is
from lti_tool.services import audit
from lti_tool.services.operating import backups
from lti_tool.services.scores import lane_acts
from lti_tool.store.engine import open_sessions
from lti_tool.store.platforms import ToolKeyRow

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def backup() -> None:
    """Keep everything in one file, look whether it is whole, and put it back."""


@backup.command()
@click.argument("file", type=FILE)
@click.option("--without-files", is_flag=True, help="Leave evidence out, where its store has backups of its own.")
def make(file: Path, *, without_files: bool) -> None:
    """Write all rows and files into FILE, all rows as of one moment; Attune may go on running.

    What people wrote and their names stay encrypted: without ATTUNE_SECRET_KEY nobody can read them, also not after a
    restore. Keep that apart. Files are in it as the store has them: encrypted.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another name: nothing is overwritten.")
    settings = settings_now()
    files = None if without_files else open_store_as_it_is(settings)
    try:
        with engine_on(settings) as engine, of_one_moment(engine) as connection:
            listed = archive.write(file, connection, files, now().isoformat(timespec="seconds"))
    except OSError as problem:
        raise click.ClickException(f"{file} cannot be written: {problem.strerror}.") from None
    except (NotABackup, Away) as problem:
        raise click.ClickException(str(problem) or "The store of files does not answer.") from None
    with engine_on(settings) as engine, open_sessions(engine).begin() as session:
        backups.note(session, now())
    kept = "without files" if listed.files is None else f"{len(listed.files)} files"
    click.echo(f"{file}: {listed.rows} rows in {len(listed.tables)} tables, {kept}, revision {listed.revision}.")


@backup.command()
@click.argument("file", type=FILE)
def verify(file: Path) -> None:
    """Read FILE through and compare every row and file with its list, without a database."""
    try:
        listed, found = archive.read_list(file), list(archive.troubles(file))
    except NotABackup as problem:
        raise click.ClickException(str(problem)) from None
    for trouble in found:
        click.echo(trouble)
    if found:
        sys.exit(1)
    files = "no files" if listed.files is None else f"{len(listed.files)} files"
    click.echo(f"It is whole: {listed.rows} rows, {files}, made at {listed.made_at} by Attune {listed.attune}.")


@backup.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put FILE into the empty database that the settings name, prove that it is the same, and look after the LMSs.

    Nothing is sent by this. Every gradebook column is compared with what its LMS shows before anything else goes to it,
    once a worker runs.
    """
    settings = settings_now()
    with engine_on(settings) as engine:
        try:
            listed = restoring.restore(file, engine, open_store_as_it_is(settings), click.echo)
        except (NotABackup, NotTheSame) as problem:
            raise click.ClickException(str(problem)) from None
        except (Full, Away):
            raise click.ClickException(
                "The rows are in the database, but the store of files took not all: make room or mend it, then begin "
                "again with a new database."
            ) from None
        if listed.revision != migrations.newest():
            migrations.upgrade(engine)
            click.echo(f"Brought from revision {listed.revision} to {migrations.newest()}.")
        with open_sessions(engine).begin() as session:
            troubles = [*_chains(session), *_secrets(session)]
            asked = lane_acts.compare_all(session, now())
    for trouble in troubles:
        click.echo(trouble)
    click.echo(f"Gradebook columns that a worker compares first: {asked}. Start Attune, then: attune check")
    if troubles:
        sys.exit(1)


def _chains(session: Session) -> list[str]:
    return [
        f"The audit of {found.organization} does not hold: entry {found.number}: {found.reason}."
        for found in audit.verify(session)
        if isinstance(found, audit.Broken)
    ]


def _secrets(session: Session) -> list[str]:
    try:
        session.query(ToolKeyRow).first()
    except LookupError:
        return ["What is encrypted cannot be read: put the secret of the time of the backup into ATTUNE_SECRET_KEY."]
    return []
