"""attune keys: our own LTI keys."""

import click

from lti_tool.cli.opening import now, session_on, settings_now
from lti_tool.services import tool_keys


@click.group()
def keys() -> None:
    """Look after the keys that sign what Attune sends to LMSs."""


@keys.command()
def rotate() -> None:
    """Sign with a new key from now on; the former stays published for two weeks."""
    with session_on(settings_now()) as session:
        key = tool_keys.rotate(session, now())
    click.echo(f"The new key is {key.kid}. LMSs find it at our key address by themselves.")
