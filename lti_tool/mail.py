"""The only way to a mail server: plain text, encrypted on the way, time limits, an answer in our own words.

What the server says in words is not kept: some echo addresses in it.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit

from lti_tool.settings import Settings

TIMEOUT = 15.0
"""Seconds for each step of the conversation."""
LONGEST_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3, without the brackets."""


class Answer(StrEnum):
    """What came of one attempt, as a code that may be logged and kept."""

    TAKEN = "taken"
    NO_ANSWER = "no_answer"
    """nobody answered there, or not in time"""
    NOT_ENCRYPTED = "not_encrypted"
    """the server offers no encryption, or its certificate is not one that we trust"""
    NOT_LET_IN = "not_let_in"
    """the server does not take our name and password"""
    LATER = "later"
    """the server asks to come again"""
    NO_SUCH_ADDRESS = "no_such_address"
    """the server says that nobody is reached at this address"""
    NOT_TAKEN = "not_taken"
    """the server does not take this mail"""


LASTING = frozenset({Answer.NO_SUCH_ADDRESS, Answer.NOT_TAKEN})
"""Answers after which nothing is tried again by itself."""

NOBODY_THERE = frozenset({550, 551, 553})
"""Replies to RCPT that speak of the address (RFC 5321, section 4.2.3)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail."""

    name: str
    """The same for each attempt at the same mail, so that one which was taken twice is shown once."""
    to: str
    subject: str
    text: str
    stop_url: str | None = None
    """Where one POST stops mail of this kind (RFC 8058); None for what was asked for."""
    language: str = "en"
    """Of subject and text (RFC 3282)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server that the operator named."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encrypted_at_once: bool = False
    plain: bool = False
    ca_bundle: str | None = None

    def send(self, letter: Letter) -> Answer:
        """One attempt; never raises for what a server does."""
        return _answer(lambda: self._send(letter))

    def greet(self) -> Answer:
        """Whether the server answers, encrypts and lets us in, without sending anything."""
        return _answer(self._greet)

    def _send(self, letter: Letter) -> None:
        message = self._message(letter)
        with self._connected() as connection:
            connection.send_message(message, self.sender, [letter.to])

    def _greet(self) -> None:
        with self._connected() as connection:
            connection.noop()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        me = self.sender.rpartition("@")[2]  # finding this machine's own name could take long, and tells it
        connection = (
            smtplib.SMTP_SSL(self.host, self.port, me, timeout=TIMEOUT, context=self._trust())
            if self.encrypted_at_once
            else smtplib.SMTP(self.host, self.port, me, timeout=TIMEOUT)
        )
        with connection:
            if not (self.encrypted_at_once or self.plain):
                connection.starttls(context=self._trust())
            if self.user is not None:
                connection.login(self.user, self.password or "")
            yield connection

    def _trust(self) -> ssl.SSLContext:
        trust = ssl.create_default_context()
        if self.ca_bundle:
            trust.load_verify_locations(self.ca_bundle)
        return trust

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        domain = self.sender.rpartition("@")[2]
        message["From"] = from_address(self.sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Message-ID"] = f"<{letter.name}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nothing answers it by itself
        if letter.stop_url is not None:
            message["List-Unsubscribe"] = f"<{letter.stop_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        # Not every server takes eight bits; letters beyond ASCII are written so that all do.
        message.set_content(letter.text, cte="7bit" if letter.text.isascii() else "quoted-printable")
        message["Content-Language"] = letter.language  # last: setting the content takes away what it was called before
        return message


def _answer(attempt: Callable[[], None]) -> Answer:
    """What came of it, in our own words."""
    try:
        attempt()
    except smtplib.SMTPRecipientsRefused as refused:
        return _not_for(*next(iter(refused.recipients.values())))
    except (smtplib.SMTPNotSupportedError, ssl.SSLError):
        return Answer.NOT_ENCRYPTED
    except smtplib.SMTPAuthenticationError:
        return Answer.NOT_LET_IN
    except smtplib.SMTPConnectError:
        return Answer.NO_ANSWER
    except smtplib.SMTPResponseException as refused:
        return _not_taken(refused.smtp_code, refused.smtp_error)
    except (smtplib.SMTPException, OSError):
        return Answer.NO_ANSWER
    except (ValueError, MessageError, UnicodeError):
        return Answer.NOT_TAKEN
    return Answer.TAKEN


def _not_for(code: int, said: bytes) -> Answer:
    """Of an answer to the address. What only the server's rules say (RFC 3463: X.7) is not about the address."""
    if code < 500:
        return Answer.LATER
    about_rules = said.startswith((b"5.7.", b"5.2.2", b"5.3."))
    return Answer.NO_SUCH_ADDRESS if code in NOBODY_THERE and not about_rules else Answer.NOT_TAKEN


def _not_taken(code: int, said: bytes | str) -> Answer:
    """Of an answer to the mail: some servers look for the address only once they have all of it."""
    if code < 500:
        return Answer.LATER
    words = said if isinstance(said, bytes) else said.encode()
    return Answer.NO_SUCH_ADDRESS if words.startswith(b"5.1.1") else Answer.NOT_TAKEN


def from_address(sender: str) -> Address:
    """From whom mail comes, as its reader sees it; `sender` is the operator's address."""
    return Address("Attune", addr_spec=sender)


def mail_server(settings: Settings) -> MailServer | None:
    """The server of these settings; None where none is named: then no mail is sent."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    parts = urlsplit(settings.smtp_url)
    at_once = parts.scheme == "smtps"
    plain = not at_once and (settings.lab or parse_qs(parts.query).get("starttls") == ["no"])
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or (465 if at_once else 587),
        sender=settings.mail_from,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        encrypted_at_once=at_once,
        plain=plain,
        ca_bundle=settings.ca_bundle,
    )


def is_address(text: str) -> bool:
    """Whether a mail can be sent there: one address, of letters that every mail server understands."""
    if len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        address = Address(addr_spec=text)
    except (ValueError, MessageError, IndexError):
        return False
    return bool(address.username) and "." in address.domain.strip(".")
