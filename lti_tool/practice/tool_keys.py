"""Checking what a tool signed, with the key set that it publishes."""

import threading
from datetime import datetime
from typing import Any

import jwt

from lti_tool.practice.neighbors import Neighbors
from lti_tool.practice.outbound import Unreachable, fetch_json
from lti_tool.practice.records import Tool

LONGEST_LIFE = 3600
SMALLEST_KEY = 2048


class NotTrusted(Exception):
    """A JWT that is not what it should be; the message names the first thing wrong."""


class ToolKeys:
    """The key sets of tools, fetched when first needed and once more for a kid not seen before."""

    def __init__(self, neighbors: Neighbors) -> None:
        self._neighbors = neighbors
        self._key_sets: dict[str, dict[str, jwt.PyJWK]] = {}
        self._lock = threading.Lock()

    def verified(
        self, tool: Tool, token: str, *, audience: str, now: datetime, required: tuple[str, ...]
    ) -> dict[str, Any]:
        """The claims of a JWT that this tool signed for this audience. Raises `NotTrusted`.

        There is no leeway for clocks: exp is later than now, iat and nbf are not.
        """
        options = {"require": ["iss", "aud", "iat", "exp", *required]}
        claims = self._decoded(tool, token, options, audience=audience, issuer=tool.client_id)
        _check_times(claims, now.timestamp())
        return claims

    def signed(self, tool: Tool, token: str, *, fresh: bool = False) -> dict[str, Any]:
        """The claims of a JWT that this tool signed, whatever they say. Raises `NotTrusted`.

        `fresh` fetches the key set even where it is known.
        """
        if fresh:
            with self._lock:
                self._key_sets.pop(tool.client_id, None)
        return self._decoded(tool, token, {"verify_aud": False, "verify_iss": False, "verify_jti": False})

    def _decoded(
        self, tool: Tool, token: str, options: dict[str, Any], *, audience: str | None = None, issuer: str | None = None
    ) -> dict[str, Any]:
        times = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
        rules: Any = options | times
        try:
            key = self._key(tool, jwt.get_unverified_header(token))
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=["RS256"], options=rules, audience=audience, issuer=issuer
            )
        except jwt.PyJWTError as problem:
            raise NotTrusted(str(problem)) from problem
        return claims

    def _key(self, tool: Tool, header: dict[str, Any]) -> jwt.PyJWK:
        if header.get("alg") != "RS256":
            raise NotTrusted(f"alg is {header.get('alg')}, not RS256")
        kid = header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise NotTrusted("the header has no kid")
        with self._lock:
            key_set = self._key_sets.get(tool.client_id, {})
        if kid not in key_set:
            key_set = _fetch(tool, self._neighbors)
            with self._lock:
                self._key_sets[tool.client_id] = key_set
        if kid not in key_set:
            raise NotTrusted(f"kid {kid} is not in the tool's key set")
        return key_set[kid]


def _fetch(tool: Tool, neighbors: Neighbors) -> dict[str, jwt.PyJWK]:
    try:
        found = fetch_json(tool.key_set_address, neighbors)
    except Unreachable as problem:
        raise NotTrusted(f"the tool's key set: {problem}") from problem
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise NotTrusted(f"{tool.key_set_address} holds no key set")
    return {entry["kid"]: jwt.PyJWK(entry, "RS256") for entry in entries if _usable(entry)}


def _usable(entry: Any) -> bool:
    """A public RSA key that is meant for signatures and long enough."""
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
        return False
    if entry.get("use", "sig") != "sig" or entry.get("alg", "RS256") != "RS256" or "d" in entry:
        return False
    return bool(jwt.PyJWK(entry, "RS256").key.key_size >= SMALLEST_KEY)


def _check_times(claims: dict[str, Any], now: float) -> None:
    for name in ("iat", "exp", "nbf"):
        value = claims.get(name, now)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotTrusted(f"{name} is not a number")
    if claims["iat"] > now:
        raise NotTrusted("iat is later than now (this LMS has no leeway, as Moodle has none)")
    if claims.get("nbf", now) > now:
        raise NotTrusted("nbf is later than now")
    if claims["exp"] <= now:
        raise NotTrusted("exp is not later than now")
    if claims["exp"] - claims["iat"] > LONGEST_LIFE:
        raise NotTrusted("it lives longer than an hour")
