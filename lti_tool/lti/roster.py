"""Names and Role Provisioning Services 2.0: who is in a course, as many at a time as the platform gives."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from lti_tool.lti.answers import Answer
from lti_tool.lti.errors import PlatformProblem, PlatformUnavailable
from lti_tool.lti.groups import group_id
from lti_tool.lti.lenient import shown
from lti_tool.lti.line_items import with_query
from lti_tool.lti.names import ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.lti.pages import Calls, NotListed, Patience, pages
from rubrics.refusal import _N

AT_ONCE = 500
"""How many are asked for at a time, and handed on at most. Canvas gives 50, and some platforms everybody."""
LONGEST_ID = 255

PROBLEMS: Mapping[Answer, PlatformProblem] = MappingProxyType(
    {
        Answer.SCOPE_NOT_GRANTED: PlatformProblem.ROSTER_NOT_ALLOWED,
        Answer.NOT_ALLOWED: PlatformProblem.ROSTER_NOT_ALLOWED,
        Answer.TOKEN_REFUSED: PlatformProblem.NOT_RECOGNIZED,
        Answer.PLATFORM_UNREACHABLE: PlatformProblem.ROSTER_NOT_NOW,
        Answer.PLATFORM_TROUBLED: PlatformProblem.ROSTER_NOT_NOW,
        Answer.NAME_NOT_FOUND: PlatformProblem.ROSTER_NOT_NOW,
        Answer.CERTIFICATE_NOT_TRUSTED: PlatformProblem.ROSTER_NOT_NOW,
        Answer.TOKEN_NOT_GIVEN: PlatformProblem.ROSTER_NOT_NOW,
        Answer.BUSY: PlatformProblem.ROSTER_NOT_NOW,
        Answer.ADDRESS_NOT_KNOWN: PlatformProblem.ROSTER_ELSEWHERE,
        Answer.SWITCHED_OFF: PlatformProblem.SWITCHED_OFF,
    }
)
"""Any other answer: what came is no list."""

SENTENCES: Mapping[PlatformProblem, str] = MappingProxyType(
    {
        PlatformProblem.ROSTER_NOT_READ: _N(
            "What your LMS sent is not a list of people that Attune can read. Please try again later; if it happens "
            "again, tell the administrator of your LMS."
        ),
        PlatformProblem.ROSTER_NOT_ALLOWED: _N(
            "Your LMS does not let Attune read the list. Please ask its administrator to allow Attune the service "
            "“Names and Role Provisioning” (in Moodle: “IMS LTI Names and Role Provisioning”; in Canvas: "
            "“Can retrieve user data associated with the context the tool is installed in”)."
        ),
        PlatformProblem.ROSTER_NOT_NOW: _N(
            "Your LMS did not answer just now, or asked Attune to wait. Please try again in a while."
        ),
        PlatformProblem.ROSTER_ELSEWHERE: _N(
            "The list is at a machine that does not belong to this connection, so Attune did not ask there. "
            "Please ask Attune's operator to look at the addresses of the connection."
        ),
        PlatformProblem.ROSTER_STOPPED: _N("Attune was interrupted while it read the list. Please read it again."),
        PlatformProblem.NOT_RECOGNIZED: _N(
            "Your LMS did not recognize Attune. Please ask its administrator to look at the connection: "
            "whether it is switched on, and whether the LMS can read Attune's key address."
        ),
        PlatformProblem.SWITCHED_OFF: _N(
            "The connection to your LMS is switched off in Attune. Please ask Attune's operator to switch it on."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the platform lists them; only `sub` and `roles` are always there (section 2.2)."""

    sub: str
    name: str | None
    email: str | None
    roles: tuple[str, ...]
    active: bool
    """Also where the platform says nothing of it; False for Inactive and Deleted."""
    groups: tuple[str, ...] | None = None
    """Ids of groups of the course (Course Groups Service 1.0); None where the platform said nothing of them."""


def sentence(problem: PlatformProblem) -> str:
    """What happened to a reading and what to do, for an instructor; to be translated where it is shown."""
    return SENTENCES[problem]


def read_roster(
    service: Calls, memberships_url: str, patience: Patience, *, groups: bool = False
) -> Iterator[tuple[Member, ...]]:
    """Everyone in the course, some at a time; within these nobody is named twice. `groups` asks for groups too.

    Raises `PlatformUnavailable`; who was handed on until then was listed all the same.
    """
    try:
        for body in pages(service, _wished(memberships_url, groups=groups), ROSTER_SCOPE, ROSTER_TYPE, patience):
            listed = merged(_members(body))
            for start in range(0, len(listed), AT_ONCE):
                yield listed[start : start + AT_ONCE]
    except NotListed as problem:
        raise _no_roster(PROBLEMS.get(problem.answer, PlatformProblem.ROSTER_NOT_READ)) from None


def merged(members: Iterable[Member]) -> tuple[Member, ...]:
    """Everyone once: who is named several times has all these roles and groups, and is active if one of them is."""
    found: dict[str, Member] = {}
    for member in members:
        known = found.get(member.sub)
        found[member.sub] = _both(known, member) if known else member
    return tuple(found.values())


def _both(one: Member, other: Member) -> Member:
    if one.active != other.active:  # a place that was left gives nothing beside one that was not
        return one if one.active else other
    groups = None if one.groups is None and other.groups is None else united(one.groups or (), other.groups or ())
    return replace(
        one,
        name=one.name or other.name,
        email=one.email or other.email,
        roles=united(one.roles, other.roles),
        groups=groups,
    )


def united(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """What stands in either, in this order, each once."""
    return tuple(dict.fromkeys((*one, *other)))


def _wished(url: str, *, groups: bool) -> str:
    """The list's address, with how many at a time and with groups, unless it says so itself."""
    for name, value in (("limit", str(AT_ONCE)), ("groups", "true" if groups else "")):
        if value and f"{name}=" not in url.partition("?")[2]:
            url = with_query(url, **{name: value})
    return url


def _members(body: bytes) -> Iterator[Member]:
    try:
        listed = json.loads(body)["members"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise _no_roster(PlatformProblem.ROSTER_NOT_READ) from None
    if not isinstance(listed, list):
        raise _no_roster(PlatformProblem.ROSTER_NOT_READ)
    for entry in listed:
        if isinstance(entry, dict) and (member := _member(entry)) is not None:
            yield member


def _member(entry: dict[str, Any]) -> Member | None:
    sub, roles = entry.get("user_id"), entry.get("roles")
    if not isinstance(sub, str) or not 0 < len(sub) <= LONGEST_ID or not sub.isprintable():
        return None
    return Member(
        sub=sub,
        name=shown(entry.get("name")) or shown(f"{entry.get('given_name') or ''} {entry.get('family_name') or ''}"),
        email=shown(entry.get("email")),
        roles=tuple(role for role in roles if isinstance(role, str)) if isinstance(roles, list) else (),
        active=entry.get("status", "Active") == "Active",
        groups=_groups(entry.get("group_enrollments")),
    )


def _groups(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    found = (group_id(entry.get("group_id")) for entry in value if isinstance(entry, dict))
    return united((one for one in found if one is not None), ())


def _no_roster(problem: PlatformProblem) -> PlatformUnavailable:
    return PlatformUnavailable(problem, SENTENCES[problem], status=502)
