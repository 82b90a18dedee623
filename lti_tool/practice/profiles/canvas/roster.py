"""Canvas's list of people: fifty a page, whole role addresses, and only those who are active."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform
from lti_tool.practice.enrollment import members
from lti_tool.practice.names import CLAIM, MEMBERSHIP, RESOURCE_LINK_REQUEST, ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.practice.people import Person, Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.answers import authorized, course_at, refusal
from lti_tool.practice.profiles.canvas.claims import IN_COURSE, about_person, context
from lti_tool.practice.profiles.canvas.ids import hexadecimal
from lti_tool.practice.profiles.canvas.pages_of import page_address
from lti_tool.practice.profiles.canvas.variables import filled, of_person, sourced_id
from lti_tool.practice.records import Tool
from lti_tool.practice.roster import whole

LARGEST = 50
EXPANDED = frozenset({
    "Person.name.full", "Person.name.family", "Person.name.given", "User.id", "Canvas.user.id",
    "Canvas.user.loginId", "Person.sourcedId", "Message.locale", "Person.email.primary", "Person.address.timezone",
})  # fmt: skip
"""The variables that are filled in for each person; sections are not among them."""

blueprint = Blueprint("canvas_roster", __name__)


@blueprint.get("/api/lti/courses/<course>/names_and_roles")
def memberships(course: str) -> Response:
    """A page of the people of a course. With rlid also what a launch would say about each."""
    lms, tool = platform(), authorized(ROSTER_SCOPE)
    course_at(course)
    _check_link(lms, tool, course)
    size, number = min(whole("limit") or whole("per_page") or LARGEST, LARGEST), max(whole("page") or 1, 1)
    first, address = (number - 1) * size, lms.roster_address(tool, course)
    page, more = [], False
    for place, row in enumerate(_rows(lms, tool, course)):
        if place >= first + size:
            more = True
            break
        if place >= first:
            page.append(row)
    about = {name: value for name, value in context(lms, course).items() if name != "type"}
    answer = json_answer({"id": request.url, "context": about, "members": page}, media_type=ROSTER_TYPE)
    if more:
        answer.headers["Link"] = f'<{page_address(address, number + 1, size)}>; rel="next"'
    return answer


def _check_link(lms: Platform, tool: Tool, course: str) -> None:
    """rlid is the course, or a link of this tool in it."""
    wanted = request.args.get("rlid")
    if wanted in (None, lms.profile.ids.course(lms, lms.state.courses[course])):
        return
    activity = lms.activity_named(str(wanted), tool.client_id)
    if activity is None or activity.course_id != course:
        raise _bad("Tool does not have access to rlid or rlid does not exist")


def _rows(lms: Platform, tool: Tool, course: str) -> Iterator[dict[str, Any]]:
    wanted = request.args.get("role")
    for person, roles, _ in members(lms.state, course):
        named = sorted({MEMBERSHIP + end for role in roles for end in IN_COURSE.get(role, ())})
        if Role.TEST_TRAINEE not in roles and (wanted is None or wanted in named):
            yield _member(lms, tool, person, named)


def _member(lms: Platform, tool: Tool, person: Person, roles: list[str]) -> dict[str, Any]:
    about = about_person(lms, tool, person)
    row: dict[str, Any] = {"status": "Active"}
    row |= {name: about[name] for name in ("name", "picture", "given_name", "family_name", "email") if name in about}
    if CLAIM + "lis" in about and sourced_id(person):
        row["lis_person_sourcedid"] = sourced_id(person)
    row |= {
        "user_id": about["sub"],
        "lti11_legacy_user_id": hexadecimal(lms, f"opaque {person.id}"),
        "roles": roles,
    }
    if "rlid" in request.args:
        values = {name: value for name, value in of_person(lms, person).items() if name in EXPANDED}
        custom = {name: filled(text, values) for name, text in tool.custom.items()}
        message = {CLAIM + "message_type": RESOURCE_LINK_REQUEST, "locale": "en", CLAIM + "custom": custom}
        row["message"] = [message]
    return row


def _bad(message: str) -> ServiceProblem:
    return refusal(400, message)
