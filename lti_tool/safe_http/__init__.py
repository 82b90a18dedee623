"""The only way out to the network.

https only, the address resolved, checked and pinned, no redirects, limits on size and time, nothing taken from
the environment. Private addresses only where the operator named them exactly; plain http only on loopback in the
lab. What the answer's reason phrase says is not kept: some platforms echo in it what was posted.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests
import urllib3
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError

from lti_tool.safe_http.addresses import Address, AddressBook, Resolve, Target
from lti_tool.safe_http.problems import (
    Unreachable,
    UnreachableProblem,
    address_not_understood,
    no_answer,
    too_large,
    wrong_certificate,
)

__all__ = ["LIMIT", "TIMEOUT", "HttpAnswer", "Resolve", "SafeHttp", "Unreachable", "UnreachableProblem"]

TIMEOUT = 5.0
LIMIT = 1_000_000
PIECE = 65_536


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
        self._adapter = _PinningAdapter(_trust(ca_bundle))

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

        A redirect is an answer like any other. Raises `Unreachable`.
        """
        target = self._book.find(url)
        prepared = _Pinned(target)
        ours = {"Host": target.host_header, "Accept-Encoding": "identity"}
        try:
            prepared.prepare(method, url, headers={"User-Agent": "Attune", **(headers or {}), **ours}, data=body)
        except (ValueError, requests.RequestException):
            raise address_not_understood(target.host) from None
        deadline = time.monotonic() + timeout
        response = self._send(prepared, deadline)
        return HttpAnswer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=_body(response, target.host, deadline, limit),
        )

    def _send(self, prepared: "_Pinned", deadline: float) -> requests.Response:
        target = prepared.target
        for left, address in zip(range(len(target.addresses), 0, -1), target.addresses, strict=True):
            prepared.address = address
            wait = _until(deadline)
            try:
                return self._adapter.send(prepared, stream=True, timeout=(wait / left, wait))
            except ConnectTimeoutError:  # also a connection that was not taken: the next address may do
                continue
            except requests.exceptions.SSLError:
                raise wrong_certificate(target.host) from None
            except (requests.RequestException, HTTPError, OSError):
                break
        raise no_answer(target.host)


class _Pinned(requests.PreparedRequest):
    """A request that goes to `address`, whatever its URL's name resolves to by now."""

    address: Address

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


class _Connection(HTTPConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        with _cut(self.timeout, lambda: _hang_up(self.sock)):
            return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]  # as in urllib3 itself
        with _cut(self.timeout, lambda: _hang_up(self.sock)):
            return super().getresponse()


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _PinningAdapter(HTTPAdapter):
    """Connects to the checked address; TLS and the Host header still speak of the name."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        super().__init__(max_retries=urllib3.Retry(False))
        self._trust = trust
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """The pool for the pinned address; for TLS it checks the certificate against the name."""
        target = request.target
        place = {"scheme": target.scheme, "host": str(request.address), "port": target.port}
        if target.scheme != "https":
            return place, {}
        return place, {"ssl_context": self._trust, "server_hostname": target.host}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to set: the context of `__init__` verifies, and its authorities are loaded already."""


@cache
def _trust(ca_bundle: str | None) -> ssl.SSLContext:
    """Made once for each bundle: to read all authorities takes longer than a page does."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle:
        context.load_verify_locations(cafile=ca_bundle)
    return context


def _body(response: requests.Response, host: str, deadline: float, limit: int) -> bytes:
    raw, body = response.raw, bytearray()
    try:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise no_answer(host)  # plain bytes were asked for; what is packed could unpack to any size
        with _cut(_until(deadline), lambda: _stop_reading(raw)):
            while piece := raw.read1(PIECE):
                body += piece
                if len(body) > limit:
                    raise too_large(host)
        if time.monotonic() >= deadline:
            raise no_answer(host)
    except (HTTPError, OSError, ValueError):
        raw.close()
        raise no_answer(host) from None
    except Unreachable:
        raw.close()
        raise
    raw.release_conn()
    return bytes(body)


def _until(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.001)


@contextmanager
def _cut(seconds: Any, hang_up: Callable[[], object]) -> Iterator[None]:
    """Hang up when this takes longer: a socket's own timeout begins anew with every byte that trickles in."""
    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)


def _stop_reading(raw: urllib3.HTTPResponse) -> None:
    with suppress(OSError, RuntimeError, ValueError):  # the last two: it was read to its end meanwhile
        raw.shutdown()
