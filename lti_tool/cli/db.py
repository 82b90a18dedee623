"""attune db: the database's shape."""

import click

from lti_tool import migrations
from lti_tool.cli.opening import settings_now
from lti_tool.store.engine import open_engine


@click.group()
def db() -> None:
    """Set the database up and bring it up to date."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version of Attune (also the first time)."""
    settings = settings_now()
    engine = open_engine(settings.database_url, settings.secret_keys)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        click.echo(f"The database is at revision {migrations.current(connection)}.")
