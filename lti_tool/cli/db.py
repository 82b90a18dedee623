"""attune db: the database's shape."""

import os
from datetime import timedelta

import click
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.backup.restoring import NotTheSame
from lti_tool.backup.restoring import move as move_rows
from lti_tool.backup.sight import with_nobody_writing
from lti_tool.cli.opening import engine_on, now, settings_now
from lti_tool.services import bundled, delivery_health
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
        migrations.upgrade(engine)
        with engine.connect() as connection:
            click.echo(f"The database is at revision {migrations.current(connection)}.")
        with open_sessions(engine).begin() as session:
            given = bundled.give_everyone(session, now=now())
        if given:
            click.echo(f"{given} rubrics, examples, frameworks and scenarios of Attune were added to the libraries.")


@db.command()
@click.option("--to", "url", required=True, help="The empty database: postgresql://user:password@host/attune")
def move(url: str) -> None:
    """Copy everything into the empty database at --to, and prove that both hold the same.

    Stop web and worker on all machines first. The database that the settings name stays as it is. With SQLite nobody
    can write to it meanwhile.
    """
    settings = settings_now()
    target = read_settings({**os.environ, "ATTUNE_DATABASE_URL": url})
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


def _seen_lately(session: Session) -> bool:
    seen_at = delivery_health.workers(session).seen_at
    return seen_at is not None and seen_at > now() - STOPPED_FOR
