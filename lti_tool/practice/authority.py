"""What the institutions of one issuer have in common: its address, its keys, its tokens. Most issuers have one."""

from datetime import timedelta
from typing import TYPE_CHECKING

from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.launches import Access
from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.throttle import Throttle
from lti_tool.practice.tickets import Clock, MovableClock, SpentWords, Tickets
from lti_tool.practice.tool_keys import ToolKeys

if TYPE_CHECKING:  # the platforms know their authority
    from lti_tool.practice.platform import Platform

TOKEN_LIFETIME = timedelta(hours=1)


class Authority:
    """One issuer. Its platforms join in the order in which they are made."""

    def __init__(self, issuer: str, auth_url: str, clock: Clock, neighbors: Neighbors) -> None:
        self.issuer = issuer
        self.auth_url = auth_url
        self.clock = MovableClock(clock)
        self.neighbors = neighbors
        self.platforms: list[Platform] = []
        self.keys: list[PlatformKey] = []
        self.tokens: Tickets[Access] = Tickets(TOKEN_LIFETIME, self.clock)
        self.assertions = SpentWords(timedelta(hours=2), self.clock)
        self.tool_keys = ToolKeys(neighbors)
        self.throttle = Throttle()

    def forget(self) -> None:
        """Forget what tools were given and what was learned about them."""
        self.tokens.clear()
        self.tool_keys = ToolKeys(self.neighbors)
        self.throttle = Throttle()

    def join(self, platform: "Platform") -> None:
        """Take in an institution; the first one brings the keys."""
        self.platforms.append(platform)
        self.keys = self.keys or platform.state.keys

    def platform_of_client(self, client_id: str) -> "Platform":
        """The first institution that has this registration, or the first of all."""
        found = (platform for platform in self.platforms if client_id in platform.state.tools)
        return next(found, self.platforms[0])

    def platform_of_offer(self, token: str) -> "Platform":
        """The institution whose administrator began this registration, or the first of all."""
        found = (
            platform
            for platform in self.platforms
            if platform.offers.value(token) or token in platform.registered or token in platform.spent_offers
        )
        return next(found, self.platforms[0])

    def platform_at(self, address: object) -> "Platform":
        """The institution with this address, or the first of all."""
        return next((platform for platform in self.platforms if platform.base_url == address), self.platforms[0])
