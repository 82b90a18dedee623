"""attune platforms: connecting an LMS, and looking after the connection."""

from pathlib import Path

import click

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, connection_named, now, session_on, settings_now
from lti_tool.cli.platforms_move import move
from lti_tool.services.connecting import connection_ending, connections, registration_addresses
from lti_tool.services.connecting import platforms as service
from lti_tool.services.connecting.connections import Connection, DeploymentLine, Operator
from lti_tool.services.organizations import organization_named


@click.group()
def platforms() -> None:
    """Connect LMSs, see which are connected, and look after them."""


@platforms.command()
@click.option("--uses", default=1, show_default=True, type=click.IntRange(1, 100), help="How often it works.")
@click.option("--issuer", default=None, help="The only LMS that may use it, such as https://moodle.school.example.")
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def invite(uses: int, issuer: str | None, organization: str) -> None:
    """Print a registration address for the LMS's administrator (Dynamic Registration)."""
    settings = settings_now()
    with session_on(settings) as session:
        owner = organization_named(session, organization, now())
        secret = registration_addresses.hand_out(session, owner, uses=uses, issuer=issuer, now=now())
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
    """Show the connected LMSs, their deployments and the machines of their services."""
    with session_on(settings_now()) as session:
        found = connections.connections(session)
    if not found:
        click.echo("No LMS is connected yet. Begin with: attune platforms invite")
    for one in found:
        off = "" if one.active else f"  ENDED {one.ended_at:%Y-%m-%d}" if one.ended_at else "  SWITCHED OFF"
        click.echo(f"{one.name} ({one.family})  {one.issuer}  client id {one.client_id}{off}")
        click.echo(f"  id {one.id}")
        for deployment in one.deployments:
            school = f"  {deployment.platform_name}" if deployment.platform_name else ""
            click.echo(f"  deployment {deployment.deployment_id}: {_state(deployment)}{school}")
        for host in one.hosts:
            click.echo(f"  services at {host.host}: {'accepted' if host.accepted else 'waits for you'}")


@platforms.command()
@click.argument("platform")
def off(platform: str) -> None:
    """Switch a connection off, named by its id or its issuer: nobody comes in, nothing is sent."""
    _switch(platform, on=False)
    click.echo(
        "It is switched off: within ten seconds nobody comes in from there, and whoever did is signed out. "
        "Scores wait, and are kept."
    )


@platforms.command()
@click.argument("platform")
@click.option("--dry-run", is_flag=True, help="Only count what hangs on it.")
def end(platform: str, *, dry_run: bool) -> None:
    """End the connection with an LMS that is left for good, named by its id or its issuer. Records stay as they are.

    To go on in another LMS: attune platforms move, before or after.
    """
    with session_on(settings_now()) as session:
        one = connection_named(session, platform)
        hangs = connection_ending.what_hangs(session, _operator(one), one.id, now())
        click.echo(f"{hangs.courses} courses, {hangs.people} people with an account there.")
        click.echo(f"Without another way in: {hangs.no_other_way}. For one of them: attune people way-in")
        click.echo(
            f"{hangs.columns} gradebook columns; scores shown there: {hangs.accepted}, not yet: {hangs.waiting}."
        )
        if dry_run:
            return
        ended = connection_ending.end(session, _operator(one), one.id, now())
    click.echo(
        f"It is ended. Sessions that ended with it: {ended}. To take it up again: attune platforms on {platform}"
    )


@platforms.command()
@click.argument("platform")
def on(platform: str) -> None:
    """Switch a connection on again."""
    _switch(platform, on=True)
    click.echo("It is on again. What waited is sent now.")


platforms.add_command(move)


@platforms.group()
def deployments() -> None:
    """Decide about deployments that wait."""


@deployments.command(name="accept")
@click.argument("platform")
@click.argument("deployment")
def accept_deployment(platform: str, deployment: str) -> None:
    """Let people come in from a deployment of a platform (its id or issuer)."""
    with session_on(settings_now()) as session:
        one = connection_named(session, platform)
        line = next((line for line in one.deployments if line.deployment_id == deployment), None)
        if line is None:
            raise click.ClickException(f"{one.name} has no deployment {deployment}. See: attune platforms list")
        connections.accept_deployment(session, _operator(one), line.id, now())
    click.echo(f"Accepted. People can open Attune from deployment {deployment} now.")


@platforms.group()
def hosts() -> None:
    """Decide about machines at which an LMS offers its services."""


@hosts.command(name="accept")
@click.argument("platform")
@click.argument("host")
def accept_host(platform: str, host: str) -> None:
    """Let Attune send to a machine that a platform (its id or issuer) named."""
    with session_on(settings_now()) as session:
        one = connection_named(session, platform)
        line = next((line for line in one.hosts if line.host == host.lower()), None)
        if line is None:
            raise click.ClickException(f"{one.name} did not name {host}. See: attune platforms list")
        connections.accept_host(session, _operator(one), line.id, now())
    click.echo(f"Accepted. Attune sends what belongs to that LMS to {host} now.")


def _switch(platform: str, *, on: bool) -> None:
    with session_on(settings_now()) as session:
        one = connection_named(session, platform)
        connections.switch(session, _operator(one), one.id, on=on, now=now())


def _operator(one: Connection) -> Operator:
    return Operator(one.organization_id, None)


def _state(deployment: DeploymentLine) -> str:
    if deployment.waits:
        return "waits for you"
    if deployment.refused_at is not None:
        return "not ours"
    return "active, new" if deployment.is_new else "active"
