"""attune keys: our own LTI keys, those with which organizations issue credentials, and what the secret encrypts."""

import sys
from functools import partial
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.cli.opening import engine_on, now, refuse_unless_up_to_date, session_on, settings_now
from lti_tool.file_store import Away, EncryptedStore, Full, open_file_store
from lti_tool.services.connecting import tool_keys
from lti_tool.services.credentials import issuer_keys
from lti_tool.services.operating import encrypting_anew, files_encrypted
from lti_tool.services.operating.encrypting_anew import Done
from lti_tool.store.engine import open_sessions
from lti_tool.store.organizations import OrganizationRow


@click.group()
def keys() -> None:
    """Look after the keys that sign what Attune sends to LMSs, and what organizations issue; and what is encrypted."""


@keys.command()
def rotate() -> None:
    """Sign with a new key from now on; the former stays published for two weeks."""
    with session_on(settings_now()) as session:
        key = tool_keys.rotate(session, now())
    click.echo(f"The new key is {key.kid}. LMSs find it at our key address by themselves.")


@keys.command(name="encrypt-anew")
def encrypt_anew() -> None:
    """Encrypt with the newest secret what a former one encrypted, and files that none did yet.

    People may go on working meanwhile. Broken off, it is begun again and goes on where there is something left.
    """
    settings = settings_now()
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
        sessions, done = open_sessions(engine), []
        for of, columns in encrypting_anew.tables():
            found = encrypting_anew.text_of(sessions, of, columns, settings.secret_keys)
            if found.changed or found.unreadable:
                click.echo(f"{of.name}: {found.changed} texts encrypted anew{_unreadable(found)}.")
            done.append(found)
        readable = not any(each.unreadable for each in done)
        addresses = encrypting_anew.addresses(sessions, settings.secret_keys) if readable else 0
        if addresses:
            click.echo(f"{addresses} people are found by their address with the newest secret.")
        store = open_file_store(settings, partial(files_encrypted.may_be_plain, sessions))
        if store is not None:
            done.append(_files(store, sessions))
            if not any(each.unreadable for each in done):
                with sessions.begin() as session:
                    files_encrypted.note(session, now())
    if any(each.unreadable for each in done):
        click.echo("Put the secret that is missing behind the others in ATTUNE_SECRET_KEY, and run this again.")
        click.echo("If none is missing, attune check says what is in the way.")
        sys.exit(1)
    click.echo("Everything is encrypted with the newest secret.")


def _files(store: EncryptedStore, sessions: sessionmaker[Session]) -> Done:
    try:
        found = encrypting_anew.files(sessions, store)
    except (Full, Away):
        raise click.ClickException(
            "The store of files has no room, or does not answer. What was encrypted until then stays so: mend it, and "
            "run this again."
        ) from None
    click.echo(f"Files: {found.changed} encrypted anew{_unreadable(found)}.")
    return found


def _unreadable(found: Done) -> str:
    return f", {found.unreadable} that no secret of ours can read" if found.unreadable else ""


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
