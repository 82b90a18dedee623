"""The pages of the practice LMS: people, course, gradebook, and the administrator's page."""

from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.practice.answers import PageProblem, platform
from lti_tool.practice.courses import add_activity, change_line_item, grade_by_hand
from lti_tool.practice.enrollment import everybody, find_person, gets_scores_in
from lti_tool.practice.oidc import PERSON_COOKIE
from lti_tool.practice.people import Person
from lti_tool.practice.records import Activity, Course, LineItem, Tool
from lti_tool.practice.registration import registration_address

LONGEST_TITLE = 255
MOST_ROWS = 200


blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Choose a person, and what to try."""
    return render_template("start.html", people=platform().state.people.values(), tools=_tools(), lms=platform())


@blueprint.post("/choose")
def choose() -> ResponseReturnValue:
    """Be that person from now on."""
    person = find_person(platform().state, request.form.get("person", ""))
    if person is None:
        return redirect(url_for("pages.start"), 303)
    answer = redirect(url_for("pages.course"), 303)
    secure = platform().base_url.startswith("https:")
    answer.set_cookie(PERSON_COOKIE, person.id, httponly=True, secure=secure, samesite="None" if secure else "Lax")
    return answer


@blueprint.get("/course")
def course() -> ResponseReturnValue:
    """The activities of a course."""
    state, here = platform().state, course_asked_for()
    added = [state.activities[key].title for key in request.args.get("added", "").split(",") if key in state.activities]
    return render_template(
        "course.html", person=person_chosen(), tools=_tools(), lms=platform(), added=added, course=here
    )


@blueprint.get("/course/activities/<activity_id>")
def activity(activity_id: str) -> ResponseReturnValue:
    """One activity, with the tool in a frame."""
    found, tool = activity_at(activity_id)
    where = url_for("trying.launch", activity_id=found.id)
    here = platform().state.courses[found.course_id]
    return render_template(
        "activity.html", person=person_chosen(), title=found.title, where=where, course=here, lms=platform(), tool=tool
    )


@blueprint.post("/course/activities/<activity_id>/publish")
def publish(activity_id: str) -> ResponseReturnValue:
    """Let trainees have a column that the LMS made as a draft."""
    instructor_chosen()
    found, _tool = activity_at(activity_id)
    for item in platform().line_items_of(found):
        change_line_item(platform(), replace(item, published=True))
    return redirect(url_for("pages.course", course=found.course_id), 303)


@blueprint.get("/course/navigation/<client_id>")
def navigation(client_id: str) -> ResponseReturnValue:
    """The tool's own place in a course, in a frame."""
    tool, here = tool_at(client_id), course_asked_for()
    where = url_for("trying.launch_from_navigation", client_id=client_id, course=here.id)
    return render_template(
        "activity.html", person=person_chosen(), title=tool.name, where=where, course=here, lms=platform(), tool=tool
    )


@blueprint.get("/course/review/<item_id>")
def review(item_id: str) -> ResponseReturnValue:
    """The tool's review of one person's work, in a frame."""
    item = platform().state.line_items.get(item_id)
    if item is None:
        raise PageProblem(404, "This column is not here", "The gradebook shows those that are.")
    found, tool = activity_at(item.activity_id)
    where = url_for("trying.launch_review", item_id=item.id, person=request.args.get("person", ""))
    here = platform().state.courses[found.course_id]
    return render_template(
        "activity.html", person=person_chosen(), title=item.label, where=where, course=here, lms=platform(), tool=tool
    )


@blueprint.route("/course/add/<client_id>", methods=["GET", "POST"])
def add(client_id: str) -> ResponseReturnValue:
    """Add an activity: choose it in the tool, or make a link without choosing."""
    person, tool, here = instructor_chosen(), tool_at(client_id), course_asked_for()
    title = request.form.get("title", "").strip()[:LONGEST_TITLE]
    if request.method == "POST" and title:
        added = add_activity(platform(), tool, title, course_id=here.id)
        return redirect(url_for("pages.course", course=here.id, added=added.id), 303)
    return render_template("add.html", person=person, tool=tool, course=here, lms=platform())


@blueprint.get("/course/return")
def returned() -> ResponseReturnValue:
    """Where a tool sends people who are done; what it says is shown, as Moodle does."""
    said = [request.args[name] for name in ("lti_errormsg", "lti_msg") if request.args.get(name)]
    if not said:
        return redirect(url_for("pages.course"), 303)
    return render_template("returned.html", person=person_chosen(), said=said)


@blueprint.get("/course/gradebook")
def gradebook() -> ResponseReturnValue:
    """The columns: everybody's for staff, one's own row for a trainee."""
    person, here, state = person_chosen(), course_asked_for(), platform().state
    own = [person] if person.gets_scores else everybody(state)
    rows = list(islice((one for one in own if gets_scores_in(state, one, here.id)), MOST_ROWS))
    items = [item for item in state.line_items.values() if item.course_id == here.id and not item.secondary]
    cells = {(row.id, item.id): _cell(row, item) for row in rows for item in items}
    return render_template(
        "gradebook.html", person=person, rows=rows, items=items, cells=cells, course=here, lms=platform()
    )


@blueprint.post("/course/gradebook/<item_id>/<person_id>")
def by_hand(item_id: str, person_id: str) -> ResponseReturnValue:
    """What an instructor writes into a cell; nothing empties it."""
    instructor_chosen()
    item, person = platform().state.line_items.get(item_id), find_person(platform().state, person_id)
    if item is None or person is None:
        raise PageProblem(404, "This cell is not here", "The gradebook shows the others.")
    written = request.form.get("score", "").strip()
    if written and not written.replace(".", "", 1).isdecimal():
        raise PageProblem(400, "Please check this", "A score is a number; nothing empties the cell.")
    grade_by_hand(platform(), item, person, float(written) if written else None)
    return redirect(url_for("pages.gradebook", course=item.course_id), 303)


@blueprint.get("/admin/tools")
def tools() -> ResponseReturnValue:
    """The administrator's page: which tools are registered, and one more."""
    return render_template("tools.html", tools=_tools(), lms=platform())


@blueprint.get("/admin/tools/registration")
def register() -> ResponseReturnValue:
    """The tool's registration page in a frame, with what it needs added to its address."""
    address = request.args.get("address", "").strip()
    if not platform().authority.neighbors.reach(address):
        raise PageProblem(
            400,
            "Please check this address",
            "The practice LMS registers only tools on this machine: an address like "
            "http://127.0.0.1:8400/lti/register/... is needed.",
        )
    full, _ = registration_address(platform(), address)
    return render_template("registration.html", address=full, host=urlsplit(address).netloc)


@blueprint.post("/admin/tools/<client_id>/remove")
def remove(client_id: str) -> ResponseReturnValue:
    """Forget a tool with everything it made here."""
    platform().remove_tool(client_id)
    return redirect(url_for("pages.tools"), 303)


def person_chosen() -> Person:
    """The person this browser is."""
    person = find_person(platform().state, request.cookies.get(PERSON_COOKIE, ""))
    if person is None:
        raise PageProblem(403, "Who are you today?", "Choose a person first, then open this page again.")
    return person


def instructor_chosen() -> Person:
    """The same, for what only instructors do."""
    person = person_chosen()
    if not person.instructs:
        raise PageProblem(403, "Only the instructor adds activities", "Switch to Ines Ferreira to add one.")
    return person


def course_asked_for() -> Course:
    """The course in the query; the first one, if there is none."""
    found = platform().course(request.args.get("course", "2"))
    if found is None:
        raise PageProblem(404, "This course is not here", "The page of the first course shows the others.")
    return found


def tool_at(client_id: str) -> Tool:
    """A registered tool."""
    tool = platform().state.tools.get(client_id)
    if tool is None:
        raise PageProblem(404, "This tool is not registered here", "See the administrator's page for those that are.")
    return tool


def activity_at(activity_id: str) -> tuple[Activity, Tool]:
    """A link and its tool."""
    found = platform().state.activities.get(activity_id)
    if found is None:
        raise PageProblem(
            404, "This activity is not here", "It may have been removed. The course page shows the others."
        )
    return found, tool_at(found.client_id)


def _tools() -> list[Tool]:
    return list(platform().state.tools.values())


def _cell(person: Person, item: LineItem) -> tuple[str, str, datetime] | None:
    kept = platform().state.scores.get((item.id, person.id))
    if kept is None:
        return None
    shown = platform().profile.shown(kept, item)
    comment = " / ".join(kept.comments) or kept.comment
    return ("" if shown is None else f"{shown:g}", comment, kept.received_at)
