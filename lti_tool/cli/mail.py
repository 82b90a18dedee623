"""attune mail: whether mail goes out, in plain words."""

import sys

import click

from lti_tool.cli.opening import settings_now
from lti_tool.mail import Answer, Letter, is_address, mail_server
from lti_tool.settings import Settings
from lti_tool.store.base import new_id

NONE_NAMED = "No mail server is named, so no mail is sent. Set ATTUNE_SMTP_URL and ATTUNE_MAIL_FROM to change that."
SENTENCES = {
    Answer.TAKEN: "The mail server took it.",
    Answer.NO_ANSWER: "Nobody answered there. Check host and port in ATTUNE_SMTP_URL, and that a firewall lets us out.",
    Answer.NOT_ENCRYPTED: "No encrypted connection came about. Check that the server speaks STARTTLS (smtp://) or TLS "
    "(smtps://), and that its certificate is trusted: ATTUNE_CA_BUNDLE can name more authorities.",
    Answer.NOT_LET_IN: "The server does not take the name and password in ATTUNE_SMTP_URL.",
    Answer.LATER: "The server asks to come again later. Try again in a few minutes.",
    Answer.NO_SUCH_ADDRESS: "The server does not take mail for this address, or not from ATTUNE_MAIL_FROM.",
    Answer.NOT_TAKEN: "The server did not take the mail. Check that it lets ATTUNE_MAIL_FROM send.",
}


@click.group()
def mail() -> None:
    """Try whether mail goes out."""


@mail.command()
@click.argument("address")
def test(address: str) -> None:
    """Send one mail to ADDRESS now, and say what the mail server answered."""
    if not is_address(address):
        raise click.ClickException("Please give one e-mail address, such as you@school.example.")
    answer = send_one(settings_now(), address)
    click.echo(NONE_NAMED if answer is None else SENTENCES[answer])
    if answer is not Answer.TAKEN:
        sys.exit(1)


def send_one(settings: Settings, address: str) -> Answer | None:
    """What the server of these settings says to one mail; None where none is named."""
    server = mail_server(settings)
    if server is None:
        return None
    return server.send(
        Letter(str(new_id()), address, "A test", f"This is a test of Attune at {settings.public_url}.\n")
    )
