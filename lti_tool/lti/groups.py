"""Groups and sections of a course: the Course Groups Service 1.0, and what launches say of the person's own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.lti.lenient import shown
from lti_tool.lti.names import GROUPS_SCOPE, GROUPS_TYPE
from lti_tool.lti.pages import Calls, NotListed, Patience, pages

SECTIONS, SECTION_NAMES, GROUPS = "attune_sections", "attune_section_names", "attune_groups"
"""Custom parameters that platforms are asked for: ids with commas between, and for sections their names as JSON."""
MOST = 1_000
LONGEST_ID = 255


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group or section as the platform names it; `name` is None where it gave only an id."""

    id: str
    name: str | None


def read_groups(service: Calls, groups_url: str, patience: Patience) -> tuple[ListedGroup, ...] | None:
    """The course's groups; sets of groups play no part. None where they cannot be had: groups are never needed."""
    found: dict[str, ListedGroup] = {}
    try:
        for body in pages(service, groups_url, GROUPS_SCOPE, GROUPS_TYPE, patience):
            listed = _listed(body)
            if listed is None:
                return None
            found |= {group.id: group for group in listed}
            if len(found) > MOST:
                return None
    except NotListed:
        return None
    return tuple(found.values())


def own_sections(custom: Mapping[str, str]) -> tuple[ListedGroup, ...] | None:
    """The launching person's sections (Canvas: `$Canvas.course.sectionIds`, `$com.instructure.User.sectionNames`).

    None where the launch says nothing of sections; that is not the same as being in none. The names come in the
    order of the ids; where there are not as many of them, none is taken.
    """
    ids = _ids(custom.get(SECTIONS))
    if ids is None:
        return None
    names = _names(custom.get(SECTION_NAMES, ""))
    if len(names) != len(ids):
        return tuple(ListedGroup(one, None) for one in ids)
    return tuple(ListedGroup(one, name) for one, name in zip(ids, names, strict=True))


def own_groups(custom: Mapping[str, str]) -> tuple[ListedGroup, ...] | None:
    """The launching person's groups (Moodle: `$Moodle.Person.userGroupIds`); None where the launch says nothing."""
    ids = _ids(custom.get(GROUPS))
    return None if ids is None else tuple(ListedGroup(one, None) for one in ids)


def group_id(value: object) -> str | None:
    """An id as text, also where it came as a number; None for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if 0 < len(text) <= LONGEST_ID and text.isprintable() else None


def _listed(body: bytes) -> tuple[ListedGroup, ...] | None:
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    entries = content.get("groups") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        return None
    named = ((group_id(entry.get("id")), entry) for entry in entries if isinstance(entry, dict))
    return tuple(ListedGroup(one, shown(entry.get("name"))) for one, entry in named if one is not None)


def _ids(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(dict.fromkeys(_parts(text)))[:MOST]


def _parts(text: str) -> Iterator[str]:
    for part in text.split(","):
        found = group_id(part.strip())
        if found is not None:
            yield found


def _names(text: str) -> tuple[str | None, ...]:
    """A JSON list, also where its quotes were escaped once more on the way."""
    for spelling in (text, text.replace('\\"', '"')):
        try:
            names = json.loads(spelling)
        except (ValueError, RecursionError):
            continue
        if isinstance(names, list):
            return tuple(shown(name) for name in names)
    return ()
