"""attune audit: does the record of acts still hold together?"""

import sys

import click

from lti_tool.cli.opening import session_on, settings_now
from lti_tool.services.audit import Broken
from lti_tool.services.audit import verify as verify_chains


@click.group()
def audit() -> None:
    """Check the append-only record of acts."""


@audit.command()
def verify() -> None:
    """Walk every chain; name the first entry that does not follow from the one before."""
    broken = False
    with session_on(settings_now()) as session:
        for result in verify_chains(session):
            if isinstance(result, Broken):
                broken = True
                click.echo(f"{result.organization}: entry {result.number}: {result.reason}.")
            else:
                click.echo(f"{result.organization}: {result.entries} entries, the chain holds.")
    if broken:
        sys.exit(1)
