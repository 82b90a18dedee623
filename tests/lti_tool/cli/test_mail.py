"""attune mail test, and what attune check says of the mail server."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from lti_tool.cli import attune
from tests.living import HOST, free_port
from tests.mail_server import SENDER, Mailbox, mail_server

Run = Callable[..., Result]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def run(sqlite_url: str) -> Run:
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": "a-secret-key-that-is-long-enough-for-tests",
        "ATTUNE_LAB": None,
        "ATTUNE_MAIL_FROM": SENDER,
    }
    return lambda *arguments, **changes: CliRunner().invoke(attune, arguments, env=environment | changes)


def test_one_mail_is_sent_and_what_the_server_said_is_told(run: Run, mailbox: Mailbox) -> None:
    sent = run("mail", "test", "you@school.example", ATTUNE_SMTP_URL=f"{mailbox.url}?starttls=no")
    assert (sent.exit_code, sent.output) == (0, "The mail server took it.\n")
    assert mailbox.received[0].to == ["you@school.example"]


def test_a_server_that_offers_no_encryption_gets_nothing(run: Run, mailbox: Mailbox) -> None:
    said = run("mail", "test", "you@school.example", ATTUNE_SMTP_URL=mailbox.url)
    assert said.exit_code == 1
    assert "STARTTLS" in said.output
    assert mailbox.received == []


def test_an_address_that_the_server_does_not_know_is_told(run: Run, mailbox: Mailbox) -> None:
    said = run("mail", "test", "nobody@school.example", ATTUNE_SMTP_URL=f"{mailbox.url}?starttls=no")
    assert "does not take mail for this address" in said.output


def test_without_a_server_in_the_settings_it_says_how_to_name_one(run: Run) -> None:
    said = run("mail", "test", "you@school.example")
    assert said.exit_code == 1
    assert "ATTUNE_SMTP_URL" in said.output


def test_what_is_no_address_is_asked_for_again(run: Run) -> None:
    assert "one e-mail address" in run("mail", "test", "you").output


def test_check_says_whether_the_mail_server_lets_us_in(run: Run, mailbox: Mailbox) -> None:
    assert "mail: none is sent" in run("check").output
    assert "lets us in" in run("check", ATTUNE_SMTP_URL=f"{mailbox.url}?starttls=no").output
    down = run("check", ATTUNE_SMTP_URL=f"smtp://{HOST}:{free_port()}?starttls=no")
    assert down.exit_code == 1
    assert "Nobody answered there" in down.output
