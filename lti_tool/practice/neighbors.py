"""Who the practice LMS may call: tools on this machine, by its own names or by names given to it for a test."""

import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Neighbors:
    """Host names, each with the address on this machine that it stands for."""

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = {name: name for name in LOOPBACK} | dict(names or {})
        if strangers := set(self._names.values()) - set(LOOPBACK):
            raise ValueError(f"not addresses of this machine: {', '.join(sorted(strangers))}")

    def reach(self, address: str) -> bool:
        """Whether the address is http or https on this machine."""
        try:
            parts = urlsplit(address)
            return parts.scheme in ("http", "https") and parts.hostname in self._names and parts.port != 0
        except ValueError:
            return False

    def handlers(self) -> tuple[BaseHandler, ...]:
        """Handlers for urllib that look names up here and nowhere else."""
        return _Plain(self._names), _Secure(self._names)


def _connected(address: str, port: int, seconds: float | None) -> socket.socket:
    connection = socket.create_connection((address, port), seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class _PlainConnection(HTTPConnection):
    names: Mapping[str, str]

    def connect(self) -> None:
        self.sock = _connected(self.names[self.host], self.port, self.timeout)


class _SecureConnection(HTTPSConnection):
    names: Mapping[str, str]

    def connect(self) -> None:
        plain = _connected(self.names[self.host], self.port, self.timeout)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False  # the address is on this machine, whatever a test's certificate says
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


class _Plain(HTTPHandler):
    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._connection: Any = type("Connection", (_PlainConnection,), {"names": names})

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)


class _Secure(HTTPSHandler):
    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._connection: Any = type("Connection", (_SecureConnection,), {"names": names})

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(self._connection, req)
