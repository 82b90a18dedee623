"""People of a course: what they may do, who said so, and giving or taking it back."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services import people as course_people
from lti_tool.services import roster
from lti_tool.services.people import GrantLine, PersonLine
from lti_tool.services.places import NotHere, Place
from lti_tool.web import current
from lti_tool.web.access import needs, repeatable
from lti_tool.web.acts import act
from lti_tool.web.paging import one_page
from lti_tool.web.tabs import Tab, tabs
from rubrics.sign_off import Lane

bp = Blueprint("people", __name__)

GRANTS: dict[str, tuple[Capability, Lane | None]] = {
    "observer": (Capability.OBSERVER, None),
    "peer": (Capability.SUPERVISOR, Lane.PEER),
    "clinical": (Capability.SUPERVISOR, Lane.CLINICAL),
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with what can still be given to them."""

    line: PersonLine
    is_me: bool
    may_get: tuple[str, ...]


@bp.get("/a/<uuid:activity_id>/people")
@needs(Capability.INSTRUCTOR)
def people(place: Place) -> ResponseReturnValue:
    """Everyone in the course: those who observe or sign first, then all, a page at a time."""
    everyone = [_view(line) for line in course_people.people(current.db(), place)]
    return render_template(
        "people/people.html",
        place=place,
        carrying=[person for person in everyone if _observes_or_signs(person.line)],
        everyone=one_page(everyone),
        tabs=tabs(place),
        tab=Tab.PEOPLE,
    )


def _view(line: PersonLine) -> PersonView:
    held = {(grant.capability, grant.lane) for grant in line.grants}
    if line.launch_capability is Capability.OBSERVER:
        held.add((Capability.OBSERVER, None))
    may_get = tuple(name for name, given in GRANTS.items() if given not in held)
    return PersonView(line, line.person_id == current.visitor().person_id, may_get)


def _observes_or_signs(line: PersonLine) -> bool:
    return line.launch_capability is Capability.OBSERVER or bool(line.grants)


@bp.post("/a/<uuid:activity_id>/people/grant")
@needs(Capability.INSTRUCTOR)
@act
def grant(place: Place) -> ResponseReturnValue:
    """Give a person what the button said."""
    given = GRANTS.get(request.form.get("grant", ""))
    if given is None:
        abort(400)
    capability, lane = given
    person_id = _uuid(request.form.get("person", ""))
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
        grant_id = _uuid(request.form.get("grant", ""))
        course_people.revoke(current.db(), current.visitor(), place, grant_id, current.now())
        return redirect(_back(place, said="grant_taken_back"), 303)
    person, grant_line = _find(place, _uuid(request.args.get("grant", "")))
    return render_template(
        "people/revoke.html", place=place, person=person, grant=grant_line, tabs=tabs(place), tab=Tab.PEOPLE
    )


@bp.post("/a/<uuid:activity_id>/people/refresh")
@needs(Capability.INSTRUCTOR)
@repeatable
def refresh(place: Place) -> ResponseReturnValue:
    """Have the list of people read from the LMS, so that nobody has to come here before they can be granted something."""
    read_id = roster.ask(current.db(), current.visitor(), place, current.now())
    if read_id is not None:
        current.look_at(Kind.ROSTER_READ, read_id)
    return redirect(url_for("people.people", activity_id=place.activity.id), 303)


def _find(place: Place, grant_id: UUID) -> tuple[PersonLine, GrantLine]:
    for person in course_people.people(current.db(), place):
        for grant_line in person.grants:
            if grant_line.id == grant_id:
                return person, grant_line
    raise NotHere


def _back(place: Place, *, said: str) -> str:
    page = request.form.get("page", "1")
    return url_for("people.people", activity_id=place.activity.id, page=page if page.isdecimal() else "1", said=said)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(400)
