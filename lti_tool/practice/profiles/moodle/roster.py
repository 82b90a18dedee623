"""Moodle's list of people: short role names, and whoever may not edit the course is a learner."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from flask import Blueprint, Response, request

from lti_tool.practice.answers import platform
from lti_tool.practice.enrollment import Member, members
from lti_tool.practice.names import CLAIM, RESOURCE_LINK_REQUEST, ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.practice.people import Role
from lti_tool.practice.profiles.moodle.answers import authorized, refusal
from lti_tool.practice.profiles.moodle.variables import hides_email, hides_name, sourced_id, username
from lti_tool.practice.records import Tool
from lti_tool.practice.roster import roster_answer

EDITS = frozenset({Role.INSTRUCTOR, Role.MANAGER})

blueprint = Blueprint("moodle_roster", __name__)


@blueprint.get("/mod/lti/services.php/CourseSection/<course>/bindings/<deployment>/memberships")
def memberships(course: str, deployment: str) -> Response:
    """The people who are active in a course, any course; all at once, unless a limit is asked for."""
    tool = authorized(ROSTER_SCOPE)
    if deployment not in tool.deployments:
        raise refusal(401, "Unauthorized")
    found = platform().course(course)
    if found is None:
        raise refusal(404, f"Not Found: Course {course} doesn't exist")
    if request.headers.get("Accept", "*/*") not in ("*/*", ROSTER_TYPE):
        raise refusal(400, f"No handler found for {request.path}")
    wanted = request.args.get("role", "").rsplit("#", 1)[-1]

    def picked(first: int) -> Iterator[Member]:
        if wanted not in ("Instructor", "Learner"):
            return members(platform().state, course, first=first)
        return islice((one for one in members(platform().state, course) if _role(one) == wanted), first, None)

    return roster_answer(platform().roster_address(tool, course), found, picked, partial(_row, tool))


def _role(member: Member) -> str:
    return "Instructor" if EDITS & set(member[1]) else "Learner"


def _row(tool: Tool, member: Member) -> dict[str, Any]:
    person = member[0]
    row: dict[str, Any] = {"status": "Active", "roles": [_role(member)]}
    if "rlid" in request.args:
        row["message"] = [{CLAIM + "message_type": RESOURCE_LINK_REQUEST}]
    row |= {"user_id": person.id, "lis_person_sourcedid": sourced_id(person)}
    if not hides_name(tool, person):
        row |= {"name": person.name, "given_name": person.given, "family_name": person.family}
        row["ext_user_username"] = username(person)
    if not hides_email(tool, person):
        row["email"] = person.email
    return row
