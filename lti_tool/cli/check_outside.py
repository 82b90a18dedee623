"""What `attune check --online` asks over the network: our own address as browsers reach it, and each LMS."""

import socket
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lti_tool.cli.finding import Finding
from lti_tool.safe_http import HttpAnswer, Resolve, SafeHttp, Unreachable
from lti_tool.settings import Settings
from lti_tool.web.health import SCHEME_HEADER

CLOCK_OFF_BY = 30
"""Seconds. A launch may be off by 60, and the LMS has a clock, too."""


def own_address(settings: Settings, now: datetime, resolve: Resolve = socket.getaddrinfo) -> Iterator[Finding]:
    """Whether browsers reach us by https, whether the proxy says so, and what its clock shows."""
    address = settings.public_url
    try:
        answer = _ours(settings, resolve).request("GET", f"{address}/health")
    except (Unreachable, OSError) as problem:
        yield Finding("own address", f"{address} does not answer: {problem}", "Start web and proxy, then look again.")
        return
    if answer.status != 200 or b'"ok"' not in answer.body:
        yield Finding(
            "own address",
            f"at {address}/health something else answers (status {answer.status}).",
            "Let the proxy lead there to `attune serve`.",
        )
        return
    yield Finding(
        "own address", f"{address} answers, and its certificate is trusted" if settings.secure else f"{address} answers"
    )
    yield _scheme(settings, answer)
    yield from clock("proxy", answer, now)


def _scheme(settings: Settings, answer: HttpAnswer) -> Finding:
    seen, wanted = answer.headers.get(SCHEME_HEADER.lower(), "nothing"), urlsplit(settings.public_url).scheme
    if seen == wanted:
        return Finding("scheme", f"web processes see {seen}, as browsers do")
    return Finding(
        "scheme",
        f"browsers come by {wanted}, and web processes see {seen}.",
        "Let the proxy set X-Forwarded-Proto, -For and -Host itself, and ATTUNE_PROXY_HOPS to the number of proxies.",
    )


def clock(whose: str, answer: HttpAnswer, now: datetime) -> Iterator[Finding]:
    """How far the clock of who answered is from ours, by the header `Date`; nothing where it has none."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
        apart = round((theirs - now).total_seconds())
    except (TypeError, ValueError):
        return
    if abs(apart) > CLOCK_OFF_BY:
        ahead = "ahead of" if apart > 0 else "behind"
        yield Finding(
            f"clock ({whose})",
            f"it is {abs(apart)} seconds {ahead} ours.",
            "Let a time server set the clock of every machine.",
        )
    else:
        yield Finding(f"clock ({whose})", "within half a minute of ours")


def clock_of(http: SafeHttp, name: str, address: str, now: datetime) -> Iterator[Finding]:
    """The clock of an LMS, as its key set's answer shows it."""
    try:
        answer = http.request("GET", address)
    except Unreachable:
        return  # the test of the connection says more
    yield from clock(name, answer, now)


def _ours(settings: Settings, resolve: Resolve) -> SafeHttp:
    """Our own address may well be a private one, seen from here."""
    parts = urlsplit(settings.public_url)
    host, port = parts.hostname or "", parts.port or (443 if settings.secure else 80)
    hosts = dict(settings.private_hosts)
    if host not in hosts and not settings.lab:
        found = resolve(host, port, type=socket.SOCK_STREAM)
        address = str(found[0][4][0])
        hosts[host] = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return SafeHttp(lab=settings.lab, private_hosts=hosts, ca_bundle=settings.ca_bundle)
