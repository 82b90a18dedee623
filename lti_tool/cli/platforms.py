"""attune platforms: connecting an LMS."""

from pathlib import Path

import click

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, now, session_on, settings_now
from lti_tool.services import platforms as service
from lti_tool.services import registration_addresses
from lti_tool.services.organizations import organization_named


@click.group()
def platforms() -> None:
    """Connect LMSs and see which are connected."""


@platforms.command()
@click.option("--uses", default=1, show_default=True, type=click.IntRange(1, 100), help="How often it works.")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def invite(uses: int, organization: str) -> None:
    """Print a registration address for the LMS's administrator (Dynamic Registration)."""
    settings = settings_now()
    with session_on(settings) as session:
        owner = organization_named(session, organization, now())
        secret = registration_addresses.hand_out(session, owner, uses=uses, now=now())
    click.echo(f"{settings.public_url}/lti/register/{secret}")


@platforms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def add(file: Path, organization: str) -> None:
    """Connect an LMS from a JSON file, where it has no Dynamic Registration."""
    platform = service.platform_from_file(file.read_text(encoding="utf-8"), str(file))
    with session_on(settings_now()) as session:
        owner = organization_named(session, organization, now())
        service.add(session, owner, platform, now())
    click.echo(f"{platform.name} is connected: {platform.issuer}, client id {platform.client_id}.")


@platforms.command(name="list")
def list_() -> None:
    """Show the connected LMSs and their deployments."""
    with session_on(settings_now()) as session:
        found = service.platforms(session)
    if not found:
        click.echo("No LMS is connected yet. Begin with: attune platforms invite")
    for platform in found:
        click.echo(f"{platform.name} ({platform.family})  {platform.issuer}  client id {platform.client_id}")
        for deployment in platform.deployments:
            click.echo(f"  deployment {deployment.deployment_id}: {deployment.state}")
