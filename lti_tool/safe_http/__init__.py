"""The only way out to the network.

https only, the address resolved, checked and pinned, no redirects, limits on size and time, nothing taken from
the environment. Private addresses only where the operator named them exactly; plain http only on loopback in the
lab. What the answer's reason phrase says is not kept: some platforms echo in it what was posted.
"""

import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import urllib3
from urllib3.exceptions import HTTPError

from lti_tool.safe_http.addresses import AddressBook, Resolve, Target
from lti_tool.safe_http.problems import (
    Unreachable,
    UnreachableProblem,
    address_not_understood,
    no_answer,
    no_answer_after_sending,
    too_large,
    wrong_certificate,
)
from lti_tool.safe_http.wire import NotConnected, Wire

__all__ = ["LIMIT", "TIMEOUT", "HttpAnswer", "Resolve", "SafeHttp", "Unreachable", "UnreachableProblem"]

TIMEOUT = 5.0
LIMIT = 1_000_000
PIECE = 65_536
PLAIN_HEADER = re.compile(r"[A-Za-z0-9-]+:([!-~]([\t -~]*[!-~])?)?")
"""Name and value of a header in one line of printable ASCII: what two readers cannot read in two ways."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, whatever its status. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SafeHttp:
    """Asks other machines; one object serves a whole process and all its threads.

    `private_hosts` maps a host's name to the address (and port, else 443) at which it may be reached, whatever
    the resolver says. `ca_bundle` is a file of certificate authorities to be trusted beside the usual ones.
    """

    def __init__(
        self,
        *,
        lab: bool = False,
        private_hosts: Mapping[str, str] | None = None,
        ca_bundle: str | None = None,
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self._book = AddressBook(lab=lab, private_hosts=private_hosts or {}, resolve=resolve)
        self._wire = Wire(ca_bundle)

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
        """Ask, and read at most `limit` bytes within `timeout` seconds (resolving the name comes on top).

        A redirect is an answer like any other. Raises `Unreachable`, whose code says whether what was asked may
        have arrived (`UnreachableProblem.may_have_arrived`).
        """
        target = self._book.find(url)
        ours = {"Host": target.host_header, "Accept-Encoding": "identity"}
        all_headers = {"User-Agent": "Attune", **(headers or {}), **ours}
        if not all(PLAIN_HEADER.fullmatch(f"{name}:{value}") for name, value in all_headers.items()):
            raise address_not_understood(target.host)
        deadline = time.monotonic() + timeout
        response = self._send(method, url, target, all_headers, body, deadline)
        return HttpAnswer(
            status=response.status,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=_body(response, target.host, deadline, limit),
        )

    def _send(
        self, method: str, url: str, target: Target, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> urllib3.BaseHTTPResponse:
        for left, address in zip(range(len(target.addresses), 0, -1), target.addresses, strict=True):
            wait = max(deadline - time.monotonic(), 0.001)
            time_out = urllib3.Timeout(total=wait, connect=wait / left)
            try:
                return self._wire.send(
                    method, target, address, _path(url), headers=headers, body=body, timeout=time_out
                )
            except NotConnected as problem:
                if problem.untrusted:
                    raise wrong_certificate(target.host) from None
            except (HTTPError, OSError, ValueError):
                raise no_answer_after_sending(target.host) from None
        self._book.forget(target)
        raise no_answer(target.host)


@lru_cache(maxsize=256)
def _path(url: str) -> str:
    """What is asked for at the host, written in the one way that servers agree on."""
    return urllib3.util.parse_url(url).request_uri


def _body(response: urllib3.BaseHTTPResponse, host: str, deadline: float, limit: int) -> bytes:
    body = bytearray()
    try:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise no_answer_after_sending(host)  # plain bytes were asked for; what is packed could unpack to any size
        while piece := response.read1(PIECE):
            body += piece
            if len(body) > limit:
                raise too_large(host)
        if time.monotonic() >= deadline:
            raise no_answer_after_sending(host)
    except (HTTPError, OSError, ValueError):
        response.close()
        raise no_answer_after_sending(host) from None
    except Unreachable:
        response.close()
        raise
    response.release_conn()
    return bytes(body)
