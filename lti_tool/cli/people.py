"""attune people: the way in without an LMS."""

from collections.abc import Iterator
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.cli.opening import DEFAULT_ORGANIZATION, connection_named, now, session_on, settings_now
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import handed_way_in
from lti_tool.services.entering.inviting import ROLES, invite_person
from lti_tool.services.entering.signed_in import end_all_of
from lti_tool.services.notifying.contact import person_at, same_human
from lti_tool.services.organizations import organization_named
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow


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


@people.command(name="way-in")
@click.option("--person", type=click.UUID, help="The person's id, as logs and the audit name them.")
@click.option("--platform", help="Or the LMS where they had an account, by its id or issuer,")
@click.option("--account", help="and the id of that account there.")
def way_in(person: UUID | None, platform: str | None, account: str | None) -> None:
    """Print a link and a code for somebody who has no way in any more, such as after their LMS was left.

    Hand them over on two ways, to nobody else: they open Attune as this person, once.
    """
    if (person is None) is (platform is None or account is None):
        raise click.UsageError("Say whom: --person, or --platform and --account.")
    settings = settings_now()
    with session_on(settings) as session:
        try:
            whom = person
            if whom is None and platform is not None and account is not None:
                whom = handed_way_in.person_of_account(session, connection_named(session, platform).id, account)
            invited = handed_way_in.hand_over(session, whom, now())
        except NotHere:
            raise click.ClickException("Nobody here is known by that.") from None
    click.echo(f"Link:  {settings.public_url}/invitation/{invited.link_secret}")
    click.echo(f"Code:  {invited.code[:4]} {invited.code[4:]}")
    click.echo(f"Both can be used once, until {invited.expires_at:%Y-%m-%d %H:%M} UTC.")


@people.command(name="sign-out")
@click.option("--email", help="Sign out whoever is known by this address.")
@click.option("--person", type=click.UUID, help="Sign out the person with this id, as logs and the audit name them.")
@click.option("--everybody", is_flag=True, help="Sign out everybody of this installation.")
def sign_out(email: str | None, person: UUID | None, everybody: bool) -> None:
    """End open sessions at once. People come in again from their course, or with their link."""
    if [email is not None, person is not None, everybody].count(True) != 1:
        raise click.UsageError("Say whom: --email, --person or --everybody.")
    settings, moment = settings_now(), now()
    with session_on(settings) as session:
        if everybody:
            whom: list[tuple[UUID, UUID | None]] = [
                (organization_id, None) for organization_id in session.scalars(select(OrganizationRow.id))
            ]
        else:
            whom = [(row.organization_id, row.id) for row in _known_by(session, email, person, settings.secret_keys)]
        if not whom:
            raise click.ClickException("Nobody here is known by that. The audit and the log name people by their id.")
        ended = sum(end_all_of(session, where, moment, person_id=who) for where, who in whom)
    click.echo(f"Open sessions that were ended: {ended}.")


def _known_by(
    session: Session, email: str | None, person: UUID | None, secret_keys: tuple[str, ...]
) -> Iterator[PersonRow]:
    found = session.get(PersonRow, same_human(session, person)) if person else None
    if found is not None:
        yield found
    if email is not None:
        for organization_id in session.scalars(select(OrganizationRow.id)):
            known = person_at(session, organization_id, email, secret_keys)
            if known is not None:
                yield known
