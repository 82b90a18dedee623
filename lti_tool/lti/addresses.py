"""Addresses in messages: which are ours, and which may be opened."""

import re

LONGEST = 8_000
PORTS = {"https": "443", "http": "80"}
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
WEB = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^\x00-\x20\x7f\\?#]*)?(?P<query>\?[^\x00-\x20\x7f\\#]*)?(#[^\x00-\x20\x7f\\]*)?",
    re.IGNORECASE,
)
"""What every reader takes for the same web address: no user, no backslash, no blank, nothing before the scheme."""


def origin(url: str) -> str | None:
    """Scheme, host and port of a web address, in one spelling; None for anything else."""
    match = WEB.fullmatch(url)
    return _origin(match) if match else None


def plain(url: str) -> str | None:
    """A web address in one spelling: case and default port of its origin do not matter, nor does its fragment."""
    match = WEB.fullmatch(url)
    return f"{_origin(match)}{match['path'] or '/'}{match['query'] or ''}" if match else None


def may_be_opened(url: str, *, lab: bool) -> bool:
    """Whether a browser may be sent there: https, or in the lab plain http on loopback."""
    match = WEB.fullmatch(url) if len(url) <= LONGEST else None
    if match is None:
        return False
    return match["scheme"].lower() == "https" or (lab and match["host"].lower() in LOOPBACK)


def _origin(match: re.Match[str]) -> str:
    scheme = match["scheme"].lower()
    return f"{scheme}://{match['host'].lower()}:{match['port'] or PORTS[scheme]}"
