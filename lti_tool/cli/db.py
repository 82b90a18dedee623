"""attune db: the database's shape."""

import click

from lti_tool import migrations
from lti_tool.cli.opening import engine_on, settings_now


@click.group()
def db() -> None:
    """Set the database up and bring it up to date."""


@db.command()
def upgrade() -> None:
    """Bring the database to this version of Attune (also the first time)."""
    with engine_on(settings_now()) as engine:
        migrations.upgrade(engine)
        with engine.connect() as connection:
            click.echo(f"The database is at revision {migrations.current(connection)}.")
