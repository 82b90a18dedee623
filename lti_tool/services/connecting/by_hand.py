"""A connection noted by hand: what an administrator typed, as a platform or as places to mend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.quirks import Quirks, Site, quirks_of
from lti_tool.services.connecting.platforms import NewPlatform

OWN = "own"
"""The choice of an installation of one's own, beside those that many schools share."""
FAMILIES = ("moodle", "canvas", "other")
FIELDS = (
    "site", "address", "issuer", "name", "client_id", "deployment_id", "auth_url", "token_url", "jwks_url",
)  # fmt: skip
ENDPOINTS = ("issuer", "auth_url", "token_url", "jwks_url")
WORD = re.compile(r"[!-~]{1,255}")
LONGEST_ADDRESS = 2_000
LONGEST_NAME = 255


class Trouble(StrEnum):
    """Why a field cannot be taken as it is."""

    NEEDED = "needed"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_ONE_WORD = "not_one_word"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Mend:
    """The fields that have to be mended, by name."""

    troubles: Mapping[str, Trouble]


def platform_noted(family: str, typed: Mapping[str, str], *, lab: bool) -> NewPlatform | Mend:
    """What was typed, as a platform. `family` is one of `FAMILIES`; `lab` allows plain http on loopback."""
    quirks = quirks_of(family)
    given = {name: typed.get(name, "").strip() for name in FIELDS}
    site = next((one for one in quirks.sites if one.key == given["site"]), None)
    endpoints = _endpoints(quirks, site, given)
    troubles = {} if site else _place_troubles(quirks, given, endpoints, lab=lab)
    troubles |= _id_troubles(given, name_needed=not quirks.name)
    if troubles:
        return Mend(MappingProxyType(troubles))
    return NewPlatform(
        name=given["name"] or quirks.name,
        family=family,
        client_id=given["client_id"],
        issuer=endpoints["issuer"],
        auth_url=endpoints["auth_url"],
        token_url=endpoints["token_url"],
        jwks_url=endpoints["jwks_url"],
        deployment_ids=(given["deployment_id"],) if given["deployment_id"] else (),
    )


def _endpoints(quirks: Quirks, site: Site | None, given: Mapping[str, str]) -> dict[str, str]:
    """Where the platform is, as far as it follows from what was typed."""
    if site is not None:
        return {name: getattr(site, name) for name in ENDPOINTS}
    if quirks.paths is None:
        return {name: given[name] for name in ENDPOINTS}
    address = _with_scheme(given["address"]).rstrip("/")
    return {
        "issuer": given["issuer"] or address,
        "auth_url": address + quirks.paths.auth,
        "token_url": address + quirks.paths.token,
        "jwks_url": address + quirks.paths.jwks,
    }


def _place_troubles(
    quirks: Quirks, given: Mapping[str, str], endpoints: Mapping[str, str], *, lab: bool
) -> dict[str, Trouble]:
    """What has to be mended of where the platform is, unless it is an installation that we know."""
    found: dict[str, Trouble] = {}
    if quirks.sites and given["site"] != OWN:
        found["site"] = Trouble.NEEDED
    elif quirks.paths is not None:
        _check(found, "address", given["address"] and endpoints["auth_url"], lab=lab)
        if given["issuer"]:
            _check(found, "issuer", given["issuer"], lab=lab)
    else:
        for name, url in endpoints.items():
            _check(found, name, url, lab=lab)
    return found


def _id_troubles(given: Mapping[str, str], *, name_needed: bool) -> dict[str, Trouble]:
    found: dict[str, Trouble] = {}
    for name in ("client_id", "deployment_id"):
        if given[name] and not WORD.fullmatch(given[name]):
            found[name] = Trouble.NOT_ONE_WORD
    for name, needed in (("client_id", True), ("name", name_needed)):
        if needed and not given[name]:
            found[name] = Trouble.NEEDED
    if len(given["name"]) > LONGEST_NAME or not given["name"].isprintable():
        found["name"] = Trouble.TOO_LONG
    return found


def _check(found: dict[str, Trouble], name: str, url: str, *, lab: bool) -> None:
    if not url:
        found[name] = Trouble.NEEDED
    elif len(url) > LONGEST_ADDRESS or "?" in url or "#" in url or not may_be_opened(url, lab=lab):
        found[name] = Trouble.NOT_AN_ADDRESS


def _with_scheme(address: str) -> str:
    return address if "://" in address or not address else f"https://{address}"
