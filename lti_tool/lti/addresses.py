"""Addresses in messages: which are ours, and which may be opened."""

from urllib.parse import SplitResult, urlsplit

LONGEST = 8_000
PORTS = {"https": 443, "http": 80}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an https or http address; None for anything else."""
    parts = _parts(url)
    if parts is None:
        return None
    return parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]


def plain(url: str) -> str:
    """The address in one spelling: case and default port of its origin do not matter, nor does its fragment."""
    parts = _parts(url)
    if parts is None:
        return ""
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path or '/'}{query}"


def may_be_opened(url: str, *, lab: bool) -> bool:
    """Whether a browser may be sent there: https, or in the lab plain http on loopback."""
    parts = _parts(url)
    if parts is None or len(url) > LONGEST:
        return False
    return parts.scheme == "https" or (lab and parts.hostname in LOOPBACK)


def _parts(url: str) -> SplitResult | None:
    if not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in PORTS and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
