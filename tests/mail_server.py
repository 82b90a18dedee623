"""A real mail server on a free port, and ones that are busy, refuse, hang or are not there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import create_server
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.living import HOST, PATIENCE, free_port

SENDER = "attune@school.example"


@dataclass
class Received:
    """One mail as the server took it."""

    to: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        return str(self.message.get_content())

    def path(self, begins: str) -> str:
        """The first link that begins so, without the host."""
        at = self.text.index(begins)
        return self.text[at:].split()[0]


@dataclass
class Mailbox:
    """A running mail server and what it took."""

    port: int
    received: list[Received] = field(default_factory=list)
    answer: str | None = None
    """What it says instead of taking mail, such as "451 busy"; None: it takes all."""
    to_address: str | None = None
    """What it says to every address, such as "550 5.1.1 unknown"; None: it takes all but `nobody@`."""

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    def to(self, address: str) -> list[Received]:
        return [one for one in self.received if address in one.to]

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.to_address is not None:
            return self.to_address
        if address.startswith("nobody@"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer is not None:
            return self.answer
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(Received(list(envelope.rcpt_tos), message))
        return "250 OK"


@contextmanager
def mail_server(**options: Any) -> Iterator[Mailbox]:
    """A server; `options` are those of aiosmtpd."""
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname=HOST, port=mailbox.port, ready_timeout=PATIENCE, **options)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and says nothing; the answer is its port."""
    with create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


def lets_in(name: str, password: str) -> Callable[..., AuthResult]:
    """Knows one name and one password."""

    def check(server: SMTP, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        good = given.login == name.encode() and given.password == password.encode()
        return AuthResult(success=good, handled=good)

    return check


__all__ = ["SENDER", "Mailbox", "Received", "lets_in", "mail_server", "silent_server"]
