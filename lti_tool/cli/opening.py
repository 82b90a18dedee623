"""What most commands begin with: settings from the environment, and a session on the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.services.connecting.connections import Connection, connections
from lti_tool.settings import Settings, read_settings
from lti_tool.store.engine import open_engine, open_sessions

DEFAULT_ORGANIZATION = "Our organization"


def settings_now() -> Settings:
    """The settings of this environment. Raises `SettingsProblem`."""
    return read_settings(os.environ)


def now() -> datetime:
    """The clock of the command line."""
    return datetime.now(UTC)


@contextmanager
def engine_on(settings: Settings) -> Iterator[Engine]:
    """An engine whose connections are closed at the end, whatever happens."""
    engine = open_engine(settings.database_url, settings.secret_keys)
    try:
        yield engine
    finally:
        engine.dispose()


def refuse_unless_up_to_date(engine: Engine) -> None:
    """Raises `ClickException`, which names the command to run, for a database that this version does not work with."""
    with engine.connect() as connection:
        if not migrations.works_with(migrations.current(connection)):
            raise click.ClickException("The database is not up to date. Run: attune db upgrade")


@contextmanager
def session_on(settings: Settings) -> Iterator[Session]:
    """A session that is committed at the end. Refuses a database that was not brought up to date."""
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
        with open_sessions(engine).begin() as session:
            yield session


def connection_named(session: Session, named: str) -> Connection:
    """The one connection of this id or issuer. Raises `ClickException` where none or several have it."""
    found = [one for one in connections(session) if named in (str(one.id), one.issuer)]
    if len(found) != 1:
        what = "Several connections have" if found else "No connection has"
        raise click.ClickException(f"{what} the id or issuer {named}. The ids: attune platforms list")
    return found[0]
