"""People of a course: what they may do, who said so, and giving or taking it back."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.lti.roster import sentence
from lti_tool.queue import Kind
from lti_tool.services.courses import course_groups, people_list, roster
from lti_tool.services.courses import people as course_people
from lti_tool.services.courses.people import PersonLine
from lti_tool.services.courses.people_list import Search
from lti_tool.services.courses.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs, repeatable
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.paging import page_of
from lti_tool.web.tabs import Tab, tabs
from rubrics.sign_off import Lane

bp = Blueprint("people", __name__)

GRANTS: dict[str, tuple[Capability, Lane | None]] = {
    "observer": (Capability.OBSERVER, None),
    "peer": (Capability.SUPERVISOR, Lane.PEER),
    "clinical": (Capability.SUPERVISOR, Lane.CLINICAL),
}
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with what can still be given to them."""

    line: PersonLine
    is_me: bool
    may_get: tuple[str, ...]


@bp.get("/a/<uuid:activity_id>/people")
@needs(Capability.INSTRUCTOR)
def people(place: Place) -> ResponseReturnValue:
    """Everyone in the course: those who observe or sign first, then all, a page at a time; at wish only some."""
    search = Search(uuid_if_any(request.args.get("group")), request.args.get("name", "").strip()[:LONGEST_NAME])
    found = people_list.find(current.db(), place, search)
    return render_template(
        "people/people.html",
        place=place,
        search=search,
        groups=course_groups.groups_of(current.db(), place.course.id),
        carrying=[_view(line) for line in people_list.carrying(current.db(), place)],
        everyone=page_of(
            found.count,
            lambda first, most: [
                _view(line) for line in people_list.lines(current.db(), place, search, found, first=first, most=most)
            ],
        ),
        in_order=found.in_order,
        test_users=people_list.test_users(current.db(), place),
        gone=people_list.gone(current.db(), place),
        reading=roster.progress(current.db(), place),
        problem_of=sentence,
        tabs=tabs(place),
        tab=Tab.PEOPLE,
    )


@bp.get("/a/<uuid:activity_id>/people/reading")
@needs(Capability.INSTRUCTOR)
def reading(place: Place) -> ResponseReturnValue:
    """How far the reading of the LMS's list is: the part of the page that says so, for `progress.js`."""
    found = roster.progress(current.db(), place)
    return render_template("people/_reading.html", place=place, reading=found, problem_of=sentence)


def _view(line: PersonLine) -> PersonView:
    held = {(grant.capability, grant.lane) for grant in line.grants}
    if line.launch_capability is Capability.OBSERVER:
        held.add((Capability.OBSERVER, None))
    may_get = tuple(name for name, given in GRANTS.items() if given not in held)
    return PersonView(line, line.person_id == current.visitor().person_id, may_get)


@bp.post("/a/<uuid:activity_id>/people/grant")
@needs(Capability.INSTRUCTOR)
@act
def grant(place: Place) -> ResponseReturnValue:
    """Give a person what the button said."""
    given = GRANTS.get(request.form.get("grant", ""))
    if given is None:
        abort(400)
    capability, lane = given
    person_id = uuid_of(request.form.get("person", ""))
    course_people.grant(
        current.db(),
        current.visitor(),
        place,
        person_id=person_id,
        capability=capability,
        lane=lane,
        now=current.now(),
    )
    return redirect(_back(place, said="granted"), 303)


@bp.route("/a/<uuid:activity_id>/people/revoke", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def revoke(place: Place) -> ResponseReturnValue:
    """Take back what was given: asked once."""
    if request.method == "POST":
        grant_id = uuid_of(request.form.get("grant", ""))
        course_people.revoke(current.db(), current.visitor(), place, grant_id, current.now())
        return redirect(_back(place, said="grant_taken_back"), 303)
    person, grant_line = people_list.holder(current.db(), place, uuid_of(request.args.get("grant", "")))
    return render_template(
        "people/revoke.html", place=place, person=person, grant=grant_line, tabs=tabs(place), tab=Tab.PEOPLE
    )


@bp.post("/a/<uuid:activity_id>/people/refresh")
@needs(Capability.INSTRUCTOR)
@repeatable
def refresh(place: Place) -> ResponseReturnValue:
    """Have the list of people read from the LMS, so that nobody has to come here before they are granted something."""
    read_id = roster.ask(current.db(), current.visitor(), place, current.now())
    if read_id is not None:
        current.look_at(Kind.ROSTER_READ, read_id)
    return redirect(url_for("people.people", activity_id=place.activity.id, _anchor="list"), 303)


def _back(place: Place, *, said: str) -> str:
    """The same part of the list again."""
    page = request.form.get("page", "1")
    return url_for(
        "people.people",
        activity_id=place.activity.id,
        page=page if page.isdecimal() else "1",
        group=uuid_if_any(request.form.get("group")),
        name=request.form.get("name") or None,
        said=said,
    )
