"""Custom words as Canvas sends them: known variables filled in, ids as numbers, all others as they stand."""

from collections.abc import Mapping
from typing import Any

from lti_tool.practice.claims import activity_of
from lti_tool.practice.launches import Launch
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.ids import hexadecimal
from lti_tool.practice.records import Activity, Course

KNOWN = (
    "ResourceLink.id", "ResourceLink.title", "Context.id", "Context.id.history", "Context.title", "User.id",
    "Canvas.user.id", "Canvas.user.loginId", "Canvas.course.id", "Canvas.course.name",
    "Canvas.course.workflowState", "Canvas.course.sectionIds", "Canvas.assignment.id", "Canvas.assignment.title",
    "Canvas.assignment.pointsPossible", "Canvas.assignment.published", "Canvas.api.domain",
    "Canvas.enrollment.enrollmentState", "Person.name.full", "Person.name.given", "Person.name.family",
    "Person.email.primary", "Person.sourcedId", "Person.address.timezone", "Message.locale",
    "com.instructure.PostMessageToken", "com.instructure.User.observees",
)  # fmt: skip
WITHOUT_SOURCED_ID = frozenset({Role.TEST_TRAINEE, Role.ADMINISTRATOR})
SECTION = "301"


def custom_words(lms: Platform, launch: Launch, person: Person | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every word with its value."""
    course, activity = lms.state.courses[launch.course_id], activity_of(lms, launch)
    values = _of_course(lms, course) | _of_link(lms, activity) | (of_person(lms, person) if person else {})
    return {name: filled(text, values) for name, text in given.items()}


def filled(text: Any, values: Mapping[str, Any]) -> Any:
    """A value, where the text is a variable that has one; else the text as it stands."""
    return values.get(text[1:], text) if isinstance(text, str) and text.startswith("$") else text


def sourced_id(person: Person) -> str | None:
    """The id that the institution's records have for a person, if any."""
    return None if WITHOUT_SOURCED_ID & set(person.roles) else f"sis_user_{person.id}"


def of_person(lms: Platform, person: Person) -> dict[str, Any]:
    """What is known of a person."""
    found: dict[str, Any] = {
        "User.id": lms.user_id(person),
        "Canvas.user.id": int(person.id),
        "Canvas.user.loginId": person.key,
        "Canvas.enrollment.enrollmentState": "active",
        "Canvas.course.sectionIds": "" if Role.ADMINISTRATOR in person.roles else SECTION,
        "Person.name.full": person.name,
        "Person.name.given": person.given,
        "Person.name.family": person.family,
        "Person.address.timezone": "America/Denver",
        "com.instructure.User.observees": ",".join(_observed(lms, person)),
    }
    if Role.TEST_TRAINEE not in person.roles:
        found["Person.email.primary"] = person.email
    if sourced_id(person):
        found["Person.sourcedId"] = sourced_id(person)
    return found


def _observed(lms: Platform, person: Person) -> list[str]:
    return [lms.user_id(lms.state.people[key]) for key in person.observes]


def _of_course(lms: Platform, course: Course) -> dict[str, Any]:
    history = [hexadecimal(lms, f"course {former}") for former in course.history]
    return {
        "Context.id": lms.profile.ids.course(lms, course),
        "Context.id.history": ",".join(history),
        "Context.title": course.title,
        "Canvas.course.id": int(course.id),
        "Canvas.course.name": course.title,
        "Canvas.course.workflowState": {"unpublished": "claimed", "concluded": "completed"}.get(
            course.state, course.state
        ),
        "Canvas.api.domain": lms.base_url.split("//")[1],
        "Message.locale": "en",
        "com.instructure.PostMessageToken": "practice",
    }


def _of_link(lms: Platform, activity: Activity | None) -> dict[str, Any]:
    if activity is None:
        return {}
    found: dict[str, Any] = {
        "ResourceLink.id": lms.profile.ids.link(lms, activity),
        "ResourceLink.title": activity.title,
    }
    for item in lms.line_items_of(activity)[:1]:
        found |= {
            "Canvas.assignment.id": int(item.id),
            "Canvas.assignment.title": item.label,
            "Canvas.assignment.pointsPossible": item.maximum,
            "Canvas.assignment.published": item.published,
        }
    return found
