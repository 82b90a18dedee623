"""Claims that only show something or offer a service: where one is not understood, it counts as absent.

Nobody should be kept out of their course by a title. What identifies is read strictly, in `message`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.claims import AgsEndpoint, NoticesEndpoint, Platform

LONGEST = 255
MANY = 1_000
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")
VARIABLE = re.compile(r"\$[A-Za-z][A-Za-z0-9_.]*")
TARGETS = ("iframe", "frame", "window")


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the platform shows us (LTI Core 1.3, section 5.4.4)."""

    return_url: str | None = None
    locale: str | None = None
    document_target: str | None = None


def storable(text: str) -> str:
    """The text without what a database refuses: NUL, and halves of surrogate pairs."""
    return text if text.isprintable() else text.replace("\0", "").encode("utf-8", "replace").decode()


def shown(value: object) -> str | None:
    """A text for display, at most 255 characters, or None."""
    return storable(value)[:LONGEST].strip() or None if isinstance(value, str) else None


def roles(value: object) -> tuple[str, ...]:
    """A list of texts, of which empty, endless and unprintable ones are dropped. Raises ValueError for other kinds.

    What a role means is decided by `roles.capability`.
    """
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise ValueError("roles are a list of texts")
    return tuple(role for role in value[:MANY] if role and len(role) <= LONGEST and role.isprintable())


def mentees(value: object) -> tuple[str, ...]:
    """Ids of people, of which those that no person can have are dropped."""
    if not isinstance(value, list):
        return ()
    texts = [one for one in value[:MANY] if isinstance(one, str) and one.isprintable() and 0 < len(one) <= LONGEST]
    return tuple(dict.fromkeys(texts))


def custom(value: object) -> Mapping[str, str]:
    """Custom parameters, without those that the platform left unresolved (LTI Core 1.3, 5.4.6 and appendix B)."""
    if not isinstance(value, dict):
        return {}
    return {storable(name): text for name, one in value.items() if (text := _custom_text(one)) is not None}


def _custom_text(value: object) -> str | None:
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool | int | float) else None
    return None if value[:1] == "$" and VARIABLE.fullmatch(value) else storable(value)


def gradebook(value: object) -> AgsEndpoint | None:
    """The gradebook service (AGS 2.0, section 3.1); an empty address is none."""
    if not isinstance(value, dict):
        return None
    scopes = value.get("scope")
    return AgsEndpoint(
        line_item=_service_address(value.get("lineitem")),
        line_items=_service_address(value.get("lineitems")),
        scopes=tuple(filter(_is_scope, scopes[:MANY])) if isinstance(scopes, list) else (),
    )


def _is_scope(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and " " not in value


def groups(value: object) -> str | None:
    """The address of the course's groups, if the service speaks version 1.0 (Course Groups Service 1.0)."""
    if not isinstance(value, dict):
        return None
    versions = value.get("service_versions")
    speaks = isinstance(versions, list) and "1.0" in versions
    return _service_address(value.get("context_groups_url")) if speaks else None


def notices(value: object) -> NoticesEndpoint | None:
    """The notification service, if it speaks version 1.0 (Platform Notification Service 1.0)."""
    if not isinstance(value, dict):
        return None
    versions, types = value.get("service_versions"), value.get("notice_types_supported")
    url = _service_address(value.get("platform_notification_service_url"))
    if url is None or not isinstance(versions, list) or "1.0" not in versions:
        return None
    known = types[:MANY] if isinstance(types, list) else []
    return NoticesEndpoint(url, tuple(one for one in known if isinstance(one, str) and 0 < len(one) <= LONGEST))


def platform(value: object) -> Platform:
    """What the platform says of itself, as far as it is text."""
    said = value if isinstance(value, dict) else {}
    return Platform(guid=shown(said.get("guid")), name=shown(said.get("name")) or shown(said.get("description")))


def memberships(value: object) -> str | None:
    """The roster's address, if it speaks version 2.0 (NRPS 2.0, section 2.1)."""
    if not isinstance(value, dict):
        return None
    versions = value.get("service_versions")
    speaks = isinstance(versions, list) and "2.0" in versions
    return _service_address(value.get("context_memberships_url")) if speaks else None


def _service_address(value: object) -> str | None:
    """Any web address: whether it is one of the platform's is decided where it is asked."""
    return value if isinstance(value, str) and may_be_opened(value, lab=True) else None


def flag(value: object) -> bool | None:
    """A yes or no, also where it came as a text."""
    return {"true": True, "false": False}.get(str(value).lower())


def locale(value: object) -> str | None:
    """The shape of a language tag; whether there is such a language is not asked."""
    return value if isinstance(value, str) and LOCALE.fullmatch(value) else None


def presentation(value: object) -> Presentation:
    """How the platform shows us. The return address is not yet checked."""
    if not isinstance(value, dict):
        return Presentation()
    return_url, target = value.get("return_url"), value.get("document_target")
    return Presentation(
        return_url=return_url if isinstance(return_url, str) else None,
        locale=locale(value.get("locale")),
        document_target=target if target in TARGETS else None,
    )
