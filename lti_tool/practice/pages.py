"""The pages of the practice LMS: people, course, gradebook, and the administrator's page."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.practice.answers import PageProblem, platform
from lti_tool.practice.gradebook import shown_score
from lti_tool.practice.oidc import PERSON_COOKIE, login_page
from lti_tool.practice.outbound import on_loopback
from lti_tool.practice.people import PEOPLE, Person, find_person
from lti_tool.practice.platform import Launch
from lti_tool.practice.registration import registration_address
from lti_tool.practice.state import Activity, LineItem, Tool

LONGEST_TITLE = 255

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> ResponseReturnValue:
    """Choose a person, and what to try."""
    return render_template("start.html", people=PEOPLE, tools=_tools())


@blueprint.post("/choose")
def choose() -> ResponseReturnValue:
    """Be that person from now on."""
    person = find_person(request.form.get("person", ""))
    if person is None:
        return redirect(url_for("pages.start"), 303)
    answer = redirect(url_for("pages.course"), 303)
    answer.set_cookie(PERSON_COOKIE, person.id, httponly=True, samesite="Lax")
    return answer


@blueprint.get("/course")
def course() -> ResponseReturnValue:
    """The activities of the course."""
    state = platform().state
    added = [state.activities[key].title for key in request.args.get("added", "").split(",") if key in state.activities]
    return render_template("course.html", person=_person(), tools=_tools(), lms=platform(), added=added)


@blueprint.get("/course/activities/<activity_id>")
def activity(activity_id: str) -> ResponseReturnValue:
    """One activity, with the tool in a frame."""
    found, _ = _activity(activity_id)
    return render_template("activity.html", person=_person(), activity=found)


@blueprint.route("/course/add/<client_id>", methods=["GET", "POST"])
def add(client_id: str) -> ResponseReturnValue:
    """Add an activity: choose it in the tool, or make a link without choosing."""
    person, tool = _instructor(), _tool(client_id)
    title = request.form.get("title", "").strip()[:LONGEST_TITLE]
    if request.method == "POST" and title:
        added = platform().add_activity(tool, title)
        return redirect(url_for("pages.course", added=added.id), 303)
    return render_template("add.html", person=person, tool=tool)


@blueprint.get("/launch/<activity_id>")
def launch(activity_id: str) -> ResponseReturnValue:
    """The first step of a launch, in the frame or in a window of its own."""
    found, tool = _activity(activity_id)
    in_window = request.args.get("window") == "1"
    return login_page(tool, Launch(_person().id, tool.client_id, found.id, in_window=in_window))


@blueprint.get("/launch/choose/<client_id>")
def launch_to_choose(client_id: str) -> ResponseReturnValue:
    """The first step of choosing an activity in the tool."""
    tool = _tool(client_id)
    return login_page(tool, Launch(_instructor().id, tool.client_id))


@blueprint.get("/course/return")
def returned() -> ResponseReturnValue:
    """Where a tool sends people who are done; what it says is shown, as Moodle does."""
    said = [request.args[name] for name in ("lti_errormsg", "lti_msg") if request.args.get(name)]
    if not said:
        return redirect(url_for("pages.course"), 303)
    return render_template("returned.html", person=_person(), said=said)


@blueprint.get("/course/gradebook")
def gradebook() -> ResponseReturnValue:
    """The columns: everybody's for staff, one's own row for a trainee."""
    person = _person()
    rows = [other for other in PEOPLE if other.gets_scores and (other == person or not person.gets_scores)]
    items = list(platform().state.line_items.values())
    cells = {(row.id, item.id): _cell(row, item) for row in rows for item in items}
    return render_template("gradebook.html", person=person, rows=rows, items=items, cells=cells)


@blueprint.get("/admin/tools")
def tools() -> ResponseReturnValue:
    """The administrator's page: which tools are registered, and one more."""
    return render_template("tools.html", tools=_tools(), lms=platform())


@blueprint.get("/admin/tools/registration")
def register() -> ResponseReturnValue:
    """The tool's registration page in a frame, with what it needs added to its address."""
    address = request.args.get("address", "").strip()
    if not on_loopback(address):
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


def _tools() -> list[Tool]:
    return list(platform().state.tools.values())


def _person() -> Person:
    person = find_person(request.cookies.get(PERSON_COOKIE, ""))
    if person is None:
        raise PageProblem(403, "Who are you today?", "Choose a person first, then open this page again.")
    return person


def _instructor() -> Person:
    person = _person()
    if not person.instructs:
        raise PageProblem(403, "Only the instructor adds activities", "Switch to Ines Ferreira to add one.")
    return person


def _tool(client_id: str) -> Tool:
    tool = platform().state.tools.get(client_id)
    if tool is None:
        raise PageProblem(404, "This tool is not registered here", "See the administrator's page for those that are.")
    return tool


def _activity(activity_id: str) -> tuple[Activity, Tool]:
    found = platform().state.activities.get(activity_id)
    if found is None:
        raise PageProblem(
            404, "This activity is not here", "It may have been removed. The course page shows the others."
        )
    return found, _tool(found.client_id)


def _cell(person: Person, item: LineItem) -> tuple[str, str, datetime] | None:
    kept = platform().state.scores.get((item.id, person.id))
    if kept is None:
        return None
    shown = shown_score(kept, item)
    return ("" if shown is None else f"{shown:g}", kept.comment, kept.received_at)
