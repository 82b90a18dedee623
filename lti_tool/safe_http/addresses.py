"""Which machines may be asked: names are resolved here once, judged, and used as judged."""

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from lti_tool.safe_http.problems import address_not_allowed, address_not_understood, no_such_host, not_https

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., list[tuple[Any, ...]]]
"""Shaped like `socket.getaddrinfo(host, port, type=...)`."""

PORTS = {"https": 443, "http": 80}
PLAIN_URL = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without space and backslash: what two parsers of addresses cannot read in two ways."""
NUMBER_AT_END = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
UNICAST_6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that has been given out to the open internet."""
TUNNELS = tuple(ipaddress.ip_network(block) for block in ("2001::/32", "2002::/16"))
"""They end at an IPv4 address which cannot be judged from here."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
REMEMBERED_FOR = 30.0
"""Seconds for which a judged target is used as judged: shorter than what most names are good for."""
MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """A checked place: the name that was asked for, and the addresses it may be reached at."""

    scheme: str
    host: str
    port: int
    addresses: tuple[Address, ...]

    @property
    def host_header(self) -> str:
        """The place as the Host header names it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


class AddressBook:
    """Finds the target of a URL, or says why it may not be asked.

    A target that was judged is found again for half a minute without asking anybody; a refusal is not remembered.
    """

    def __init__(
        self,
        *,
        lab: bool,
        private_hosts: Mapping[str, str],
        resolve: Resolve,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lab = lab
        self._named = {name.lower(): _address_and_port(place) for name, place in private_hosts.items()}
        self._resolve = resolve
        self._clock = clock
        self._judged: dict[tuple[str, str, int], tuple[float, Target]] = {}

    def find(self, url: str) -> Target:
        """The target of a URL. Raises `Unreachable`."""
        place = _place(url)
        now = self._clock()
        good_until, target = self._judged.get(place, (now, None))
        if target is None or good_until <= now:
            target = self._judge(*place)
            if len(self._judged) >= MOST_REMEMBERED:
                self._judged.clear()
            self._judged[place] = now + REMEMBERED_FOR, target
        return target

    def forget(self, target: Target) -> None:
        """Nobody took the connection there: the next one who asks has the name resolved and judged anew."""
        self._judged.pop((target.scheme, target.host, target.port), None)

    def _judge(self, scheme: str, host: str, port: int) -> Target:
        if host in self._named:
            return self._named_target(scheme, host, port)
        if _is_literal(host) and not (self._lab and _is_loopback(host)):
            raise address_not_allowed(host)
        addresses = self._addresses(host, port)
        if self._lab and all(address.is_loopback for address in addresses):
            return Target(scheme, host, port, addresses)
        if scheme != "https":
            raise not_https(host)
        if port != PORTS["https"] or not all(is_public(address) for address in addresses):
            raise address_not_allowed(host)
        return Target(scheme, host, port, addresses)

    def _named_target(self, scheme: str, host: str, port: int) -> Target:
        address, named_port = self._named[host]
        if scheme != "https" and not (self._lab and address.is_loopback):
            raise not_https(host)
        if port != named_port:
            raise address_not_allowed(host)
        return Target(scheme, host, port, (address,))

    def _addresses(self, host: str, port: int) -> tuple[Address, ...]:
        try:
            found = self._resolve(host, port, type=socket.SOCK_STREAM)
            addresses = tuple(dict.fromkeys(ipaddress.ip_address(entry[4][0]) for entry in found))
        except (OSError, ValueError):
            addresses = ()
        if not addresses:
            raise no_such_host(host)
        return addresses


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also seen through mappings and tunnels."""
    if isinstance(address, ipaddress.IPv6Address):
        if inner := address.ipv4_mapped:
            return is_public(inner)
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in UNICAST_6 or any(address in tunnel for tunnel in TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@lru_cache(maxsize=256)
def _place(url: str) -> tuple[str, str, int]:
    """Scheme, name and port."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        plain = bool(PLAIN_URL.fullmatch(url)) and parts.port != 0
    except ValueError:
        raise address_not_understood("") from None
    if not plain or not host or "@" in parts.netloc or parts.scheme not in PORTS:
        raise address_not_understood(host)
    return parts.scheme, host, parts.port or PORTS[parts.scheme]


def _address_and_port(place: str) -> tuple[Address, int]:
    """Of `address`, `address:port` or `[address]:port`; the port is 443 where none is given."""
    try:
        return ipaddress.ip_address(place.strip("[]")), PORTS["https"]
    except ValueError:
        address, _, port = place.rpartition(":")
        return ipaddress.ip_address(address.strip("[]")), int(port)


def _is_literal(host: str) -> bool:
    """Whether it is an address instead of a name, in whatever spelling resolvers take for one."""
    return ":" in host or bool(NUMBER_AT_END.fullmatch(host.rstrip(".").rpartition(".")[2]))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
