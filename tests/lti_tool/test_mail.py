import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool import mail
from lti_tool.mail import Answer, Letter, MailServer, is_address, mail_server
from lti_tool.settings import read_settings
from tests.living import HOST, free_port
from tests.mail_server import SENDER, Mailbox, lets_in, silent_server
from tests.mail_server import mail_server as running

LETTER = Letter("one", "ana@school.example", "You have an update", "A line.\n", "https://attune.example/mail/stop/x")
ENVIRONMENT = {
    "ATTUNE_DATABASE_URL": "sqlite:////tmp/x.db",
    "ATTUNE_PUBLIC_URL": "https://attune.example",
    "ATTUNE_SECRET_KEY": "x" * 40,
    "ATTUNE_MAIL_FROM": SENDER,
}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running() as mailbox:
        yield mailbox


def server(port: int, **changes: object) -> MailServer:
    usual: dict[str, object] = {"host": HOST, "port": port, "sender": SENDER, "plain": True}
    return MailServer(**(usual | changes))  # type: ignore[arg-type]


def test_a_letter_arrives_with_the_link_that_stops_such_mail(mailbox: Mailbox) -> None:
    assert server(mailbox.port).send(LETTER) is Answer.TAKEN
    message = mailbox.received[0].message
    assert message["To"] == "ana@school.example"
    assert message["List-Unsubscribe"] == "<https://attune.example/mail/stop/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"


def test_the_same_letter_sent_twice_has_the_same_name(mailbox: Mailbox) -> None:
    server(mailbox.port).send(LETTER)
    server(mailbox.port).send(LETTER)
    assert len({one.message["Message-ID"] for one in mailbox.received}) == 1


def test_nobody_there_is_no_answer() -> None:
    assert server(free_port()).send(LETTER) is Answer.NO_ANSWER


def test_a_server_that_hangs_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    with silent_server() as port:
        assert server(port).send(LETTER) is Answer.NO_ANSWER


def test_an_address_that_the_server_does_not_know_is_a_lasting_answer(mailbox: Mailbox) -> None:
    letter = Letter("two", "nobody@school.example", "You have an update", "A line.\n")
    assert server(mailbox.port).send(letter) is Answer.NO_SUCH_ADDRESS


@pytest.mark.parametrize(("said", "answer"), [("451 busy", Answer.LATER), ("554 not this", Answer.NOT_TAKEN)])
def test_what_the_server_says_is_told_in_our_own_words(mailbox: Mailbox, said: str, answer: Answer) -> None:
    mailbox.answer = said
    assert server(mailbox.port).send(LETTER) is answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("550 5.1.1 unknown", Answer.NO_SUCH_ADDRESS),
        ("551 moved", Answer.NO_SUCH_ADDRESS),
        ("553 5.1.3 no such form", Answer.NO_SUCH_ADDRESS),
        ("550 5.7.1 our rules", Answer.NOT_TAKEN),
        ("552 5.2.2 full", Answer.NOT_TAKEN),
        ("554 not here", Answer.NOT_TAKEN),
        ("450 4.2.0 come again", Answer.LATER),
    ],
)
def test_only_what_is_said_of_the_address_makes_it_one_where_nobody_is(
    mailbox: Mailbox, said: str, answer: Answer
) -> None:
    mailbox.to_address = said
    assert server(mailbox.port).send(LETTER) is answer


def test_a_server_may_look_for_the_address_only_once_it_has_the_mail(mailbox: Mailbox) -> None:
    mailbox.answer = "550 5.1.1 unknown"
    assert server(mailbox.port).send(LETTER) is Answer.NO_SUCH_ADDRESS


def test_every_server_can_take_letters_beyond_ascii_and_the_language_is_said(mailbox: Mailbox) -> None:
    letter = Letter("three", "ana@school.example", "Su código", "Aquí está, cuando le venga bien.\n", language="es")
    assert server(mailbox.port).send(letter) is Answer.TAKEN
    message = mailbox.received[0].message
    assert message["Content-Language"] == "es"
    assert message["Content-Transfer-Encoding"] == "quoted-printable"
    assert message["Subject"] == "Su código"
    assert message.get_content().strip() == "Aquí está, cuando le venga bien."


def test_a_server_without_encryption_gets_nothing(mailbox: Mailbox) -> None:
    assert server(mailbox.port, plain=False).send(LETTER) is Answer.NOT_ENCRYPTED
    assert mailbox.received == []


def test_encryption_is_begun_and_the_certificate_is_checked_against_our_own_authorities(tmp_path: Path) -> None:
    context, bundle = _certificate(tmp_path)
    with running(tls_context=context, require_starttls=True) as mailbox:
        known = server(mailbox.port, plain=False, ca_bundle=bundle)
        assert known.send(LETTER) is Answer.TAKEN
        assert server(mailbox.port, plain=False).send(LETTER) is Answer.NOT_ENCRYPTED
        assert len(mailbox.received) == 1


def test_name_and_password_are_given_only_over_an_encrypted_connection(tmp_path: Path) -> None:
    context, bundle = _certificate(tmp_path)
    with running(tls_context=context, authenticator=lets_in("attune", "p@ss"), auth_required=True) as mailbox:
        asked = {"plain": False, "ca_bundle": bundle, "user": "attune"}
        assert server(mailbox.port, **asked, password="p@ss").send(LETTER) is Answer.TAKEN
        assert server(mailbox.port, **asked, password="other").send(LETTER) is Answer.NOT_LET_IN


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@school.example", "Hello\nX: y"])
def test_nobody_can_add_a_line_to_the_head_of_a_mail(mailbox: Mailbox, subject: str) -> None:
    assert server(mailbox.port).send(Letter("x", "ana@school.example", subject, "A line.\n")) is Answer.NOT_TAKEN
    assert mailbox.received == []


@pytest.mark.parametrize("text", ["ana@school.example", "a.b+c@x.y.example"])
def test_an_address_is_one_address(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["", "ana", "ana@", "@school.example", "ana@school", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example",
     "Ana <a@b.example>", "a@b.example\x00", f"{'a' * 250}@b.example", "ána@school.example"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert not is_address(text)


def test_without_a_server_in_the_settings_no_mail_is_sent() -> None:
    assert mail_server(read_settings(ENVIRONMENT)) is None


@pytest.mark.parametrize(
    ("url", "host", "port", "at_once", "plain"),
    [
        ("smtp://mail.example", "mail.example", 587, False, False),
        ("smtp://u:p%40ss@mail.example:25", "mail.example", 25, False, False),
        ("smtps://mail.example", "mail.example", 465, True, False),
        ("smtp://localhost:25?starttls=no", "localhost", 25, False, True),
    ],
)
def test_the_settings_name_the_server(url: str, host: str, port: int, at_once: bool, plain: bool) -> None:
    found = mail_server(read_settings(ENVIRONMENT | {"ATTUNE_SMTP_URL": url}))
    assert found is not None
    assert (found.host, found.port, found.encrypted_at_once, found.plain) == (host, port, at_once, plain)
    if "@" in url:
        assert (found.user, found.password) == ("u", "p@ss")


def _certificate(folder: Path) -> tuple[ssl.SSLContext, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.school.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return context, str(certificate)
