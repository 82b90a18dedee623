"""Canvas's list of people: fifty a page, whole role addresses, and only those who are active."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import json_answer, platform
from lti_tool.practice.enrollment import OUTSIDE, Member, members
from lti_tool.practice.names import CLAIM, MEMBERSHIP, RESOURCE_LINK_REQUEST, ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.practice.people import Role
from lti_tool.practice.platform import Platform
from lti_tool.practice.profiles.canvas.answers import authorized, course_at, refusal
from lti_tool.practice.profiles.canvas.claims import IN_COURSE, about_person, context
from lti_tool.practice.profiles.canvas.ids import hexadecimal
from lti_tool.practice.profiles.canvas.pages_of import page_address
from lti_tool.practice.profiles.canvas.variables import filled, of_person, sourced_id
from lti_tool.practice.records import Tool
from lti_tool.practice.roster import whole

LARGEST = 50
ABSENT = OUTSIDE | {Role.TEST_TRAINEE}
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
    address, rows = lms.roster_address(tool, course), _picked(lms, course, (number - 1) * size)
    page = [_row(lms, tool, member) for member in islice(rows, size)]
    about = {name: value for name, value in context(lms, course).items() if name != "type"}
    answer = json_answer({"id": request.url, "context": about, "members": page}, media_type=ROSTER_TYPE)
    if next(rows, None) is not None:
        answer.headers["Link"] = f'<{page_address(address, number + 1, size)}>; rel="next"'
    return answer


def _check_link(lms: Platform, tool: Tool, course: str) -> None:
    """rlid is the course, or a link of this tool in it."""
    wanted = request.args.get("rlid")
    if wanted in (None, lms.profile.ids.course(lms, lms.state.courses[course])):
        return
    activity = lms.activity_named(str(wanted), tool.client_id)
    if activity is None or activity.course_id != course:
        raise refusal(400, "Tool does not have access to rlid or rlid does not exist")


def _picked(lms: Platform, course: str, first: int) -> Iterator[Member]:
    """The active members from a place on; with a role only those who have it, by its whole address."""
    wanted = request.args.get("role")
    if wanted is None:
        return members(lms.state, course, outside=ABSENT, first=first)
    return islice((one for one in members(lms.state, course, outside=ABSENT) if wanted in _named(one)), first, None)


def _named(member: Member) -> list[str]:
    return sorted({MEMBERSHIP + end for role in member[1] for end in IN_COURSE.get(role, ())})


def _row(lms: Platform, tool: Tool, member: Member) -> dict[str, Any]:
    person = member[0]
    about = about_person(lms, tool, person)
    row: dict[str, Any] = {"status": "Active"}
    row |= {name: about[name] for name in ("name", "picture", "given_name", "family_name", "email") if name in about}
    if CLAIM + "lis" in about and sourced_id(person):
        row["lis_person_sourcedid"] = sourced_id(person)
    row |= {
        "user_id": about["sub"],
        "lti11_legacy_user_id": hexadecimal(lms, f"opaque {person.id}"),
        "roles": _named(member),
    }
    if "rlid" in request.args:
        values = {name: value for name, value in of_person(lms, person).items() if name in EXPANDED}
        custom = {name: filled(text, values) for name, text in tool.custom.items()}
        message = {CLAIM + "message_type": RESOURCE_LINK_REQUEST, "locale": "en", CLAIM + "custom": custom}
        row["message"] = [message]
    return row
