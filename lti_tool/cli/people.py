"""attune people: the way in without an LMS."""

import click

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, now, session_on, settings_now
from lti_tool.services.invitations import ROLES, invite_person
from lti_tool.services.organizations import organization_named


@click.group()
def people() -> None:
    """Invite people who sign in without an LMS."""


@people.command()
@click.option("--name", required=True, help="The person's name, as others will see it.")
@click.option("--email", required=True, help="Their address; the same address is always the same person.")
@click.option("--role", default="operator", show_default=True, type=click.Choice(sorted(ROLES)))
@click.option("--organization", default=DEFAULT_ORGANIZATION, show_default=True)
def invite(name: str, email: str, role: str, organization: str) -> None:
    """Print a link and a code; hand them over on two ways. Run it again for a new code."""
    settings = settings_now()
    with session_on(settings) as session:
        invited = invite_person(
            session,
            organization_named(session, organization, now()),
            name=name,
            email=email,
            role=role,
            secret_keys=settings.secret_keys,
            now=now(),
        )
    click.echo(f"Link:  {settings.public_url}/invitation/{invited.link_secret}")
    click.echo(f"Code:  {invited.code[:4]} {invited.code[4:]}")
    click.echo(f"Both can be used once, until {invited.expires_at:%Y-%m-%d %H:%M} UTC.")
