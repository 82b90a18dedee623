"""The practice LMS calls only tools on this machine."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS = 10
LIMIT = 1_000_000


class Unreachable(Exception):
    """An address that did not answer as hoped; the message says which and why."""


def on_loopback(address: str) -> bool:
    """Whether the address is http or https on this machine."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and parts.port != 0
    except ValueError:
        return False


def fetch_json(address: str) -> Any:
    """The JSON at an address on this machine; redirects are not followed. Raises `Unreachable`."""
    if not on_loopback(address):
        raise Unreachable(f"{address} is not on this machine")
    request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 - scheme checked above
    try:
        with build_opener(ProxyHandler({}), _NoRedirect()).open(request, timeout=SECONDS) as answer:
            return json.loads(answer.read(LIMIT))
    except HTTPError as problem:
        problem.close()
        raise Unreachable(f"{address} answered {problem.code}") from problem
    except (URLError, OSError) as problem:
        raise Unreachable(f"{address} did not answer: {problem}") from problem
    except ValueError as problem:
        raise Unreachable(f"{address} holds no JSON") from problem


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
