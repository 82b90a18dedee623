"""The wire itself: connections to addresses that were judged, kept open for the next request, read by a deadline."""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from functools import cache
from http.client import HTTPResponse
from typing import Any

import urllib3
from requests.adapters import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from lti_tool.safe_http.addresses import Address, Target

PLACES = 64
AT_ONCE = 32
"""So many connections to one place are kept open; no platform is asked by more of our threads at once."""
RETRY_NOTHING = urllib3.Retry(False)


class NotConnected(Exception):
    """Nothing was sent. `untrusted`: there was a machine, and TLS did not show that it is the right one."""

    def __init__(self, *, untrusted: bool) -> None:
        super().__init__()
        self.untrusted = untrusted


class Wire:
    """Connections by place: threads share them, and a connection serves one request at a time."""

    def __init__(self, ca_bundle: str | None) -> None:
        self._trust = _trust(ca_bundle)
        self._pools = urllib3.PoolManager(PLACES, maxsize=AT_ONCE, retries=RETRY_NOTHING)
        self._pools.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(
        self,
        method: str,
        target: Target,
        address: Address,
        path: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: urllib3.Timeout,
    ) -> urllib3.BaseHTTPResponse:
        """The answer with its headers read; its body waits to be read, by the same deadline.

        `NotConnected` says that nothing was sent. Whatever else is raised (`HTTPError`, `OSError`, `ValueError`),
        the request may have arrived.
        """
        # The pinned address is connected to; the certificate is checked against the name.
        by_name = {"ssl_context": self._trust, "server_hostname": target.host} if target.scheme == "https" else {}
        pool = self._pools.connection_from_host(str(address), target.port, target.scheme, by_name)
        return pool.urlopen(
            method,
            path,
            body,
            headers,
            retries=RETRY_NOTHING,
            redirect=False,
            assert_same_host=False,
            timeout=timeout,
            preload_content=False,
            decode_content=False,
        )


class _ByDeadline(io.RawIOBase):
    """What a socket says until a deadline: its own timeout would begin anew with every byte that trickles in."""

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self._wire = wire
        self._raw = wire.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._wire.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Heard:
    """As much of a socket as `http.client` reads an answer from."""

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self._wire, self._deadline = wire, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_ByDeadline(self._wire, self._deadline))


class _Connection(HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, OSError):
            raise NotConnected(untrusted=False) from None

    def response_class(self, wire: socket.socket, **named: Any) -> HTTPResponse:  # type: ignore[override]  # is called
        """What `http.client` reads an answer with; `timeout` is by now what is left of the time for all of it."""
        return HTTPResponse(_Heard(wire, time.monotonic() + float(self.timeout or 0)), **named)  # type: ignore[arg-type]  # see _Heard


_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""The other side went away: it says nothing about its certificate."""


class _TlsConnection(HTTPSConnection):
    response_class = _Connection.response_class  # type: ignore[assignment]  # as above

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLError as problem:
            raise NotConnected(untrusted=not isinstance(problem, _BROKEN_OFF)) from None
        except (HTTPError, OSError):
            raise NotConnected(untrusted=False) from None


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


@cache
def _trust(ca_bundle: str | None) -> ssl.SSLContext:
    """Made once for each bundle: to read all authorities takes longer than a page does."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle:
        context.load_verify_locations(cafile=ca_bundle)
    return context
