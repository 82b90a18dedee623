"""attune keys: our own LTI keys, and the keys with which organizations issue credentials."""

from uuid import UUID

import click
from sqlalchemy import select

from lti_tool.cli.opening import now, session_on, settings_now
from lti_tool.services import issuer_keys, tool_keys
from lti_tool.store.organizations import OrganizationRow


@click.group()
def keys() -> None:
    """Look after the keys that sign what Attune sends to LMSs, and what organizations issue."""


@keys.command()
def rotate() -> None:
    """Sign with a new key from now on; the former stays published for two weeks."""
    with session_on(settings_now()) as session:
        key = tool_keys.rotate(session, now())
    click.echo(f"The new key is {key.kid}. LMSs find it at our key address by themselves.")


@keys.group()
def issuer() -> None:
    """Look after the keys that sign credentials. They have nothing to do with the keys for LMSs."""


@issuer.command(name="rotate")
@click.option("--organization", type=click.UUID, help="The id of one organization; without it, all that issue.")
def rotate_issuer(organization: UUID | None) -> None:
    """Sign credentials with new keys from now on; the former stay published for ever."""
    with session_on(settings_now()) as session:
        asked = select(OrganizationRow).order_by(OrganizationRow.name)
        found = session.scalars(asked.where(OrganizationRow.id == organization) if organization else asked).all()
        if organization and not found:
            raise click.ClickException(f"There is no organization with the id {organization}.")
        for each in found:
            if not organization and not issuer_keys.published(session, each.id):
                click.echo(f"{each.name}: has issued nothing yet.")
                continue
            for key in issuer_keys.rotate(session, each.id, now()):
                click.echo(f"{each.name}: the new {key.algorithm.value} key is {key.kid}.")
    click.echo("What the former keys signed stays good: they stay published.")
