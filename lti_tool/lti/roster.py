"""Names and Role Provisioning Services 2.0: who is in a course."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Posted
from lti_tool.lti.errors import PlatformProblem, PlatformUnavailable
from lti_tool.lti.line_items import next_page
from lti_tool.lti.names import ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.lti.service import Service

MOST_PAGES = 500
LONGEST_ID, LONGEST_TEXT = 255, 255


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the platform lists them; only `sub` and `roles` are always there (section 2.2)."""

    sub: str
    name: str | None
    email: str | None
    roles: tuple[str, ...]
    active: bool
    """Also where the platform says nothing of it; False for Inactive and Deleted."""


def read_roster(service: Service, memberships_url: str) -> Iterator[Member]:
    """Everyone in the course, page by page (section 2.4.2). Raises `PlatformUnavailable`."""
    page: str | None = memberships_url
    for _ in range(MOST_PAGES):
        if page is None:
            return
        answer = service.call("GET", page, ROSTER_SCOPE, {"Accept": ROSTER_TYPE})
        if isinstance(answer, Posted) or answer.status != 200:
            raise _no_roster()
        yield from _members(answer.body)
        page = next_page(page, answer.headers.get("link", ""))
        if page is not None and origin(page) != origin(memberships_url):
            raise _no_roster()  # a token would go to a stranger
    raise _no_roster()  # so many pages are a circle


def _members(body: bytes) -> Iterator[Member]:
    try:
        listed = json.loads(body)["members"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise _no_roster() from None
    if not isinstance(listed, list):
        raise _no_roster()
    for entry in listed:
        if isinstance(entry, dict) and (member := _member(entry)) is not None:
            yield member


def _member(entry: dict[str, Any]) -> Member | None:
    sub, roles = entry.get("user_id"), entry.get("roles")
    if not isinstance(sub, str) or not 0 < len(sub) <= LONGEST_ID or "\x00" in sub:
        return None
    return Member(
        sub=sub,
        name=_text(entry.get("name")) or _text(f"{entry.get('given_name', '')} {entry.get('family_name', '')}"),
        email=_text(entry.get("email")),
        roles=tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else (),
        active=entry.get("status", "Active") == "Active",
    )


def _text(value: object) -> str | None:
    cleaned = value.replace("\x00", "").strip()[:LONGEST_TEXT] if isinstance(value, str) else ""
    return cleaned or None


def _no_roster() -> PlatformUnavailable:
    return PlatformUnavailable(
        PlatformProblem.ROSTER_NOT_READ,
        "Your LMS did not give the list of people just now. Nobody was changed here. Please try again later; "
        "if it happens again, ask the administrator of the LMS to allow the service of names and roles for Attune.",
        status=502,
    )
