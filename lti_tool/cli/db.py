"""attune db: the database's shape."""

import os
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import click
from sqlalchemy import Connection, MetaData, Table, func, select
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.backup.restoring import NotTheSame
from lti_tool.backup.restoring import move as move_rows
from lti_tool.backup.sight import with_nobody_writing
from lti_tool.cli.opening import engine_on, now, settings_now
from lti_tool.services.exchange import bundled
from lti_tool.services.scores import delivery_health
from lti_tool.settings import read_settings
from lti_tool.store.engine import open_sessions

STOPPED_FOR = timedelta(minutes=2)
"""A worker that runs is seen every minute."""


@click.group()
def db() -> None:
    """Set the database up and bring it up to date."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version of Attune (also the first time).

    Organizations are given the rubrics and frameworks of this version that they have nothing in the place of.
    """
    with engine_on(settings_now()) as engine:
        with engine.connect() as connection:
            found = migrations.current(connection)
        if found is not None and not migrations.known(found):
            raise click.ClickException(
                f"The database is at revision {found}, which a newer version of Attune made. Nothing was changed."
            )
        migrations.upgrade(engine)
        with engine.connect() as connection:
            click.echo(f"The database is at revision {migrations.current(connection)}.")
        with open_sessions(engine).begin() as session:
            given = bundled.give_everyone(session, now=now())
        if given:
            click.echo(f"{given} rubrics, examples, frameworks and scenarios of Attune were added to the libraries.")


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do it. Without this it only says what would be lost.")
def downgrade(revision: str, yes: bool) -> None:
    """Take the database back to the REVISION of an older version, such as 0017, before that version is started.

    It says which tables and columns go, and how many rows have something in them. Stop web and worker on all machines,
    and make a backup first: what goes is in nothing else.
    """
    if not migrations.known(revision):
        raise click.ClickException(f"There is no revision {revision}. The one before the newest is in docs/operate.md.")
    with engine_on(settings_now()) as engine, engine.connect() as connection:
        if not migrations.known(migrations.current(connection) or ""):
            raise click.ClickException("Use the newest version of Attune that worked with this database for this.")
        if yes and _seen_lately(Session(connection)):
            raise click.ClickException("A worker was at work a moment ago. Stop web and worker, wait, and try again.")
        connection.rollback()
        with connection.begin() as transaction:
            before = rows_by_column(connection)
            migrations.downgrade_on(connection, revision)
            after = rows_by_column(connection)
            gone = set(before) - set(after)
            for name in sorted(
                name for name in gone if name.partition(".")[0] == name or name.partition(".")[0] not in gone
            ):
                click.echo(f"goes: {name}, in {before[name]} rows")
            if not yes:
                transaction.rollback()
                click.echo("Nothing was changed. Add --yes to do it.")
                return
    click.echo(f"The database is at revision {revision}. Start only the version that belongs to it.")


@db.command()
@click.option("--to", "named", help="The empty database, without a password; - reads its address from standard input.")
@click.option("--to-env", "variable", help="The environment variable that holds its address.")
def move(named: str | None, variable: str | None) -> None:
    """Copy everything into the empty database at --to, and prove that both hold the same.

    Stop web and worker on all machines first. The database that the settings name stays as it is. With SQLite nobody
    can write to it meanwhile. What stands on a command line can be read by everybody on the machine while it runs: an
    address with a password comes by --to-env, or by --to - from standard input.
    """
    url = _address(named, variable)
    settings = settings_now()
    target = read_settings({**os.environ, "ATTUNE_DATABASE_URL": url})
    if target.database_url == settings.database_url:
        raise click.ClickException("This is the database that the settings name already. Name a new one.")
    with engine_on(settings) as source, engine_on(target) as engine, with_nobody_writing(source) as connection:
        if _seen_lately(Session(connection)):
            raise click.ClickException("A worker was at work a moment ago. Stop web and worker, wait, and try again.")
        try:
            listed = move_rows(connection, engine)
        except NotTheSame as problem:
            raise click.ClickException(str(problem)) from None
    rows = sum(table.rows for table in listed.values())
    click.echo(f"Both hold the same: {rows} rows in {len(listed)} tables, compared row by row.")
    click.echo("Set ATTUNE_DATABASE_URL to the new one on all machines before anything is started again.")
    if settings.files_url is None and settings.files_directory != target.files_directory:
        click.echo(f"Files stay where they are: set ATTUNE_FILES={settings.files_directory}")


def _address(named: str | None, variable: str | None) -> str:
    if (named is None) == (variable is None):
        raise click.UsageError("Say where to with --to or with --to-env, one of the two.")
    if variable is not None:
        found = os.environ.get(variable, "").strip()
        if not found:
            raise click.UsageError(f"The environment has no {variable}.")
        return found
    if named == "-":
        return str(click.prompt("Address of the empty database", hide_input=True, prompt_suffix=": ", err=True)).strip()
    if urlsplit(named or "").password:
        raise click.UsageError(
            "This address has a password, which everybody on this machine can read while the command runs. "
            "Put it into an environment variable and name that with --to-env, or give it to --to - on standard input."
        )
    return named or ""


def rows_by_column(connection: Connection) -> dict[str, int]:
    """For each table and each column how many rows have something in it: `table` and `table.column`."""
    counts = {}
    for table in (table for table in _tables(connection) if table.name != "alembic_version"):
        numbers = connection.execute(select(func.count(), *(func.count(column) for column in table.c))).one()
        counts[table.name] = numbers[0]
        counts |= {f"{table.name}.{column.name}": number for column, number in zip(table.c, numbers[1:], strict=True)}
    return counts


def _tables(connection: Connection) -> Sequence[Table]:
    found = MetaData()
    found.reflect(connection)
    return found.sorted_tables


def _seen_lately(session: Session) -> bool:
    seen_at = delivery_health.workers(session).seen_at
    return seen_at is not None and seen_at > now() - STOPPED_FOR
