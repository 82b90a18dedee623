"""A server for the practice LMS: binds first, then says where it is."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

Certificate = tuple[Path | str, Path | str]


class PortInUse(Exception):
    """Another program listens there; the message says what to do."""


class QuietHandler(WSGIRequestHandler):
    """No line for each request; one connection for each, so that nothing lingers after a test."""

    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing but what went wrong in the server itself."""
        if type == "error":
            super().log(type, message, *args)


def bind(host: str, port: int) -> socket.socket:
    """Listen there (any free port for 0). Raises `PortInUse`."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as problem:
        listening.close()
        if problem.errno == errno.EADDRINUSE:
            sentence = f"Port {port} is in use: stop the program that uses it, or choose another one with --port."
            raise PortInUse(sentence) from problem
        raise
    return listening


def base_url_of(listening: socket.socket, tls: Certificate | None = None) -> str:
    """The address of a listening socket for a browser on this machine."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104 - read, not bound
    return f"{'https' if tls else 'http'}://{host}:{port}"


def server_for(app: Flask, listening: socket.socket, tls: Certificate | None = None) -> BaseWSGIServer:
    """A server with a thread for each request; it takes the socket over."""
    host, port = listening.getsockname()[:2]
    pair = (str(tls[0]), str(tls[1])) if tls else None
    with listening:
        return make_server(
            host, port, app, threaded=True, request_handler=QuietHandler, fd=listening.fileno(), ssl_context=pair
        )


@contextmanager
def serving(app: Flask, listening: socket.socket, tls: Certificate | None = None) -> Iterator[None]:
    """Serve in a thread until the block ends."""
    server = server_for(app, listening, tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="practice-lms", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
