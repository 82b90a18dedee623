"""attune db: the database's shape."""

import click

from lti_tool import migrations
from lti_tool.cli.opening import engine_on, now, settings_now
from lti_tool.services import bundled
from lti_tool.store.engine import open_sessions


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
