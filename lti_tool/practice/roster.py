"""The people and groups of a course, as the specifications have them: also those who are no longer active."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, stream_with_context

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, wants
from lti_tool.practice.enrollment import Member, members
from lti_tool.practice.names import GROUPS_SCOPE, GROUPS_TYPE, MEMBERSHIP, ROSTER_SCOPE, ROSTER_TYPE
from lti_tool.practice.people import GROUPS
from lti_tool.practice.places import course_at
from lti_tool.practice.records import Course
from lti_tool.practice.tokens import authorized

AT_ONCE = 500

blueprint = Blueprint("roster", __name__)


@blueprint.get("/services/courses/<course>/memberships")
def memberships(course: str) -> Response:
    """The people of the course, also those who left it; with groups=true also their groups."""
    tool = authorized(ROSTER_SCOPE)
    found = course_at(tool, course)
    wants(ROSTER_TYPE)
    role = request.args.get("role", "")
    role = role if not role or "#" in role else f"{MEMBERSHIP}#{role}"

    def picked(first: int) -> Iterator[Member]:
        state = platform().state
        if not role:
            return members(state, course, gone_too=True, first=first)
        having = (one for one in members(state, course, gone_too=True) if role in [kind.address for kind in one[1]])
        return islice(having, first, None)

    return roster_answer(platform().roster_address(tool, course), found, picked, _member)


@blueprint.get("/services/courses/<course>/groups")
def groups(course: str) -> Response:
    """The groups of the course; with user_id only those of one person."""
    tool = authorized(GROUPS_SCOPE)
    course_at(tool, course)
    wants(GROUPS_TYPE)
    person = platform().user(request.args["user_id"]) if "user_id" in request.args else None
    if "user_id" in request.args and person is None:
        raise ServiceProblem(404, "user_id is nobody here", code="not_found")
    shown = GROUPS if person is None else {key: GROUPS[key] for key in person.groups}
    return json_answer(
        {"id": request.base_url, "groups": [{"id": key, "name": name} for key, name in shown.items()]},
        media_type=GROUPS_TYPE,
    )


def roster_answer(
    address: str, course: Course, picked: Callable[[int], Iterator[Member]], shown: Callable[[Member], dict[str, Any]]
) -> Response:
    """The roster as far as it is asked for (`limit`, `from`), written as it is read.

    `picked` gives the members from a place on, `shown` makes a row of one. The way to the next page is in
    the Link header.
    """
    size, first = whole("limit"), whole("from") or 0
    rows, headers = picked(first), {}
    if size:
        page = list(islice(rows, size))
        if next(rows, None) is not None:
            headers["Link"] = f'<{next_address(address, limit=size, **{"from": first + size})}>; rel="next"'
        rows = iter(page)
    about = {"id": course.id, "label": course.label, "title": course.title}
    text = stream_with_context(_written({"id": address, "context": about}, map(shown, rows)))
    return Response(text, headers=headers, content_type=ROSTER_TYPE)


def next_address(address: str, **changes: int) -> str:
    """This call's address with other numbers in its query, and whatever else it asked for."""
    query = {**request.args.to_dict(), **{name: str(value) for name, value in changes.items()}}
    return f"{address.split('?')[0]}?{urlencode(query)}"


def whole(name: str) -> int | None:
    """A whole number of 0 or more from the query; None where there is none."""
    given = request.args.get(name, "")
    return int(given) if given.isdecimal() else None


def _written(around: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    kept, between = iter(rows), ""
    yield json.dumps(around)[:-1] + ', "members": ['
    while some := list(islice(kept, AT_ONCE)):
        yield between + ", ".join(map(json.dumps, some))
        between = ", "
    yield "]}"


def _member(member: Member) -> dict[str, Any]:
    person, roles, status = member
    about = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
    }
    row: dict[str, Any] = {
        "status": status,
        "user_id": platform().user_id(person),
        "roles": [role.address for role in roles],
    }
    if request.args.get("groups") == "true":
        row["group_enrollments"] = [{"group_id": key} for key in person.groups]
    return row if person.nameless else row | about
