"""The only way out to the network.

https only, the address resolved, checked and pinned, no redirects, limits on size and time, nothing taken from
the environment. Private addresses only where the operator named them exactly; plain http only on loopback in the
lab. What the answer's reason phrase says is not kept: some platforms echo what was posted in it.
"""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Resolve = Callable[..., list[tuple[Any, ...]]]
"""Shaped like `socket.getaddrinfo(host, port, type=...)`."""

TIMEOUT = 5.0
LIMIT = 1_000_000


class UnreachableProblem(StrEnum):
    """Why there is no answer."""

    ADDRESS_NOT_UNDERSTOOD = "address_not_understood"
    NOT_HTTPS = "not_https"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    NO_SUCH_HOST = "no_such_host"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    TOO_LARGE = "too_large"


class Unreachable(Exception):
    """An address that was not asked, or did not answer as it should; `host` is for the log."""

    def __init__(self, code: UnreachableProblem, sentence: str, *, host: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.host = host


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, whatever its status. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SafeHttp:
    """Asks other machines; one object serves a whole process and all its threads."""

    def __init__(
        self,
        *,
        lab: bool = False,
        private_hosts: Mapping[str, str] | None = None,
        ca_bundle: str | None = None,
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        raise NotImplementedError

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = TIMEOUT,
        limit: int = LIMIT,
    ) -> HttpAnswer:
        """Ask, and read at most `limit` bytes within `timeout` seconds. A redirect is an answer like any other.

        Raises `Unreachable`.
        """
        raise NotImplementedError
