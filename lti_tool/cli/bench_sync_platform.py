"""The LMS of the benchmark of scores, in a process of its own: it takes every score at once, or after a while."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import HTTPConnection
from typing import Any

HOST = "127.0.0.1"
SCORE = "/scores"


@dataclass
class Seen:
    """What arrived since it was last asked to forget."""

    after: float = 0.0
    """Seconds that it thinks about each score."""
    posts: int = 0
    most_at_once: int = 0
    at_once: int = 0
    first: float = 0.0
    last: float = 0.0
    users: dict[str, int] = field(default_factory=dict)
    """How often a score of each person came."""

    def told(self) -> dict[str, Any]:
        """What came, in figures."""
        twice = sum(1 for count in self.users.values() if count > 1)
        return {
            "posts": self.posts,
            "people": len(self.users),
            "people_twice": twice,
            "most_at_once": self.most_at_once,
            "first": self.first,
            "last": self.last,
        }


class Platform(asyncio.Protocol):
    """One connection, kept open: HTTP/1.1 as far as a tool speaks it to a gradebook."""

    seen = Seen()

    def __init__(self) -> None:
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came."""
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = self._waiting[:end].decode("latin-1")
            length = next((int(line[15:]) for line in head.lower().split("\r\n") if line[:15] == "content-length:"), 0)
            if len(self._waiting) < end + 4 + length:
                return
            body, self._waiting = self._waiting[end + 4 : end + 4 + length], self._waiting[end + 4 + length :]
            self._answer(head.split(" ", 2)[1], body)

    def _answer(self, path: str, body: bytes) -> None:
        if path.endswith(SCORE):
            self._score(body)
        elif path.endswith("/token"):
            scopes = "https://purl.imsglobal.org/spec/lti-ags/scope/"
            names = ("score", "lineitem", "lineitem.readonly", "result.readonly")
            granted = " ".join(scopes + name for name in names)
            self._say({"access_token": "t" * 300, "token_type": "Bearer", "expires_in": 3600, "scope": granted})
        elif path == "/seen":
            self._say(Platform.seen.told())
        elif path.startswith("/forget/"):
            Platform.seen = Seen(after=float(path.rpartition("/")[2]))
            self._say({})
        else:
            self._say([])

    def _score(self, body: bytes) -> None:
        seen, now = Platform.seen, time.time()
        person = json.loads(body)["userId"]
        seen.users[person] = seen.users.get(person, 0) + 1
        seen.posts, seen.first, seen.last = seen.posts + 1, seen.first or now, now
        seen.at_once += 1
        seen.most_at_once = max(seen.most_at_once, seen.at_once)
        if seen.after:
            asyncio.get_running_loop().call_later(seen.after, self._took, seen, person)
        else:
            self._took(seen, person)

    def _took(self, seen: Seen, person: str) -> None:
        seen.at_once -= 1
        self._say({"resultUrl": f"http://{HOST}/results/{person}"})

    def _say(self, value: object) -> None:
        body = json.dumps(value).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nDate: {formatdate(usegmt=True)}\r\nServer: bench\r\n"
            f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        if not self._transport.is_closing():
            self._transport.write(head.encode() + body)


@dataclass(frozen=True, slots=True)
class Running:
    """A platform that runs in another process."""

    port: int

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    def forget(self, after: float) -> None:
        """Begin to count anew, and think so many seconds about each score."""
        self._ask(f"/forget/{after}")

    def seen(self) -> dict[str, Any]:
        """What came since."""
        told: dict[str, Any] = self._ask("/seen")
        return told

    def _ask(self, path: str) -> Any:
        connection = HTTPConnection(HOST, self.port, timeout=20)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def running() -> Iterator[Running]:
    """The platform, until the block ends."""
    command = [sys.executable, "-P", __file__]  # by its path: it needs nothing else of Attune
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own command
        try:
            assert process.stdout is not None  # noqa: S101 - a pipe was asked for
            yield Running(int(process.stdout.readline()))
        finally:
            process.terminate()


def serve() -> None:
    """Say at which port, and serve until told to stop."""
    asyncio.run(_serve())


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Platform, HOST, 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    serve()
