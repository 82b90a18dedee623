"""The practice LMS calls only tools on this machine."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from lti_tool.practice.neighbors import Neighbors

SECONDS = 10
LIMIT = 1_000_000


class Unreachable(Exception):
    """An address that did not answer as hoped; the message says which and why."""


def fetch_json(address: str, neighbors: Neighbors) -> Any:
    """The JSON at an address on this machine; redirects are not followed. Raises `Unreachable`."""
    request = Request(address, headers={"Accept": "application/json"})  # noqa: S310 - _answered checks the scheme
    try:
        return json.loads(_answered(request, neighbors))
    except ValueError as problem:
        raise Unreachable(f"{address} holds no JSON") from problem


def post_json(address: str, value: Any, neighbors: Neighbors) -> None:
    """Send JSON to an address on this machine, once. Raises `Unreachable` where it was not taken."""
    headers = {"Content-Type": "application/json"}
    request = Request(address, data=json.dumps(value).encode(), headers=headers)  # noqa: S310 - as above
    _answered(request, neighbors)


def _answered(request: Request, neighbors: Neighbors) -> bytes:
    address = request.full_url
    if not neighbors.reach(address):
        raise Unreachable(f"{address} is not on this machine")
    try:
        opener = build_opener(ProxyHandler({}), *neighbors.handlers(), _NoRedirect())
        with opener.open(request, timeout=SECONDS) as answer:
            content: bytes = answer.read(LIMIT)
            return content
    except HTTPError as problem:
        problem.close()
        raise Unreachable(f"{address} answered {problem.code}") from problem
    except (URLError, OSError) as problem:
        raise Unreachable(f"{address} did not answer: {problem}") from problem


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
