"""Custom words as Moodle sends them: known variables filled in, unknown ones as they stand, some names twice."""

import re
from collections.abc import Mapping
from typing import Any

from lti_tool.practice.claims import activity_of, message_of
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import DEEP_LINKING_REQUEST
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool

BEGAN = 1_795_231_200
BEGAN_TEXT = "2026-11-21T03:20:00+00:00"
STAFF = frozenset({Role.INSTRUCTOR, Role.SUPERVISOR, Role.MANAGER, Role.DESIGNER, Role.ADMINISTRATOR})
KNOWN = (
    "Context.id", "Context.title", "Context.label", "Context.id.history", "Context.sourcedId",
    "Context.longDescription", "Context.timeFrame.begin", "CourseSection.title", "CourseSection.label",
    "CourseSection.sourcedId", "CourseSection.longDescription", "CourseSection.timeFrame.begin",
    "CourseSection.timeFrame.end", "ResourceLink.id", "ResourceLink.title", "ResourceLink.description", "User.id",
    "User.username", "Person.name.full", "Person.name.given", "Person.name.family", "Person.email.primary",
    "Person.sourcedId", "Person.name.middle", "Person.address.country", "Person.address.timezone",
    "Person.phone.primary", "Membership.role", "Moodle.Person.userGroupIds",
)  # fmt: skip


def custom_words(
    lms: Platform, tool: Tool, launch: Launch, person: Person, given: Mapping[str, Any]
) -> dict[str, str | None]:
    """Every word with its value. Only a value that is wholly a variable is filled in."""
    values = _values(lms, tool, launch, person)
    words: dict[str, str | None] = {}
    for name, said in given.items():
        text = _one_line(said)
        value = values.get(text[1:], text) if text.startswith("$") else text
        words[name] = value
        words[re.sub(r"[^a-z0-9]", "_", name.lower())] = value
    return words


def _one_line(said: Any) -> str:
    """What is left of a value that is stored as one line of text."""
    if isinstance(said, bool):
        return "1" if said else ""
    return str(said).split("\n")[0]


def username(person: Person) -> str:
    """The name a person signs in with."""
    return person.key


def sourced_id(person: Person) -> str:
    """The id that the institution's records have for a person."""
    return f"P{int(person.id):03}"


def hides_name(tool: Tool, person: Person) -> bool:
    """Whether this tool is told no name."""
    return person.nameless or tool.privacy in ("anonymous", "email_only")


def hides_email(tool: Tool, person: Person) -> bool:
    """Whether this tool is told no address."""
    return person.nameless or tool.privacy in ("anonymous", "name_only")


def _values(lms: Platform, tool: Tool, launch: Launch, person: Person) -> dict[str, str | None]:
    course = lms.state.courses[launch.course_id]
    activity = None if message_of(launch) == DEEP_LINKING_REQUEST else activity_of(lms, launch)
    section = f"{course.label}-2026"
    name, address = not hides_name(tool, person), not hides_email(tool, person)
    return {
        "Context.id": course.id,
        "Context.title": course.title,
        "Context.label": course.label,
        "Context.id.history": ",".join(course.history),
        "Context.sourcedId": section,
        "Context.longDescription": "",
        "Context.timeFrame.begin": str(BEGAN),
        "CourseSection.title": course.title,
        "CourseSection.label": course.label,
        "CourseSection.sourcedId": section,
        "CourseSection.longDescription": "",
        "CourseSection.timeFrame.begin": BEGAN_TEXT,
        "CourseSection.timeFrame.end": "",
        "ResourceLink.id": activity.id if activity else None,
        "ResourceLink.title": activity.title if activity else None,
        "ResourceLink.description": activity.text if activity else None,
        "User.id": person.id,
        "User.username": username(person),
        "Person.name.full": person.name if name else None,
        "Person.name.given": person.given if name else None,
        "Person.name.family": person.family if name else None,
        "Person.email.primary": person.email if address else None,
        "Person.sourcedId": sourced_id(person),
        "Person.name.middle": "",
        "Person.address.country": "AU",
        "Person.address.timezone": "99",
        "Person.phone.primary": "",
        "Membership.role": "Instructor" if STAFF & set(person.roles) else "Learner",
        "Moodle.Person.userGroupIds": ",".join(person.groups),
        "LineItems.url": lms.line_items_address(tool, course.id),
        "ToolProxyBinding.memberships.url": lms.roster_address(tool, course.id),
        "LtiLink.custom.url": lms.url("/mod/lti/services.php/links/{link_id}/custom"),
    }
