"""The first step of every kind of launch, in a frame or in a window of its own."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.practice.answers import PageProblem, platform
from lti_tool.practice.enrollment import find_person, roles_in
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import DEEP_LINKING_REQUEST, PRIVACY_REQUEST, RESOURCE_LINK_REQUEST, REVIEW_REQUEST
from lti_tool.practice.oidc import login_page
from lti_tool.practice.pages import activity_at, course_asked_for, instructor_chosen, person_chosen, tool_at
from lti_tool.practice.people import Person, Role

blueprint = Blueprint("trying", __name__)


@blueprint.get("/launch/<activity_id>")
def launch(activity_id: str) -> ResponseReturnValue:
    """Open a link. `deployment` names another deployment than the tool's first, `anonymous` nobody at all."""
    found, tool = activity_at(activity_id)
    anonymous = request.args.get("anonymous") == "1"
    person = None if anonymous else _member(found.course_id)
    return login_page(
        tool,
        Launch(
            person.id if person else "",
            tool.client_id,
            found.id,
            in_window=request.args.get("window") == "1",
            course_id=found.course_id,
            deployment_id=request.args.get("deployment", ""),
        ),
    )


@blueprint.get("/launch/choose/<client_id>")
def launch_to_choose(client_id: str) -> ResponseReturnValue:
    """Choose an activity in the tool."""
    tool, placement = tool_at(client_id), request.args.get("placement", "assignment_selection")
    person, course = instructor_chosen(), course_asked_for()
    chosen = Launch(
        person.id,
        tool.client_id,
        message=DEEP_LINKING_REQUEST,
        course_id=course.id,
        placement=placement,
        deployment_id=request.args.get("deployment", ""),
    )
    return login_page(tool, chosen)


@blueprint.get("/launch/navigation/<client_id>")
def launch_from_navigation(client_id: str) -> ResponseReturnValue:
    """Open the tool from the navigation of a course, where it has a place there."""
    tool, course = tool_at(client_id), course_asked_for()
    if not platform().profile.navigation:
        raise PageProblem(404, "This LMS has no such place", "Here the tool is opened through its activities.")
    anonymous = request.args.get("anonymous") == "1"
    person = None if anonymous else _member(course.id)
    opened = Launch(
        person.id if person else "",
        tool.client_id,
        message=RESOURCE_LINK_REQUEST,
        course_id=course.id,
        placement="course_navigation",
        deployment_id=request.args.get("deployment", ""),
    )
    return login_page(tool, opened)


@blueprint.get("/launch/review/<item_id>")
def launch_review(item_id: str) -> ResponseReturnValue:
    """Review somebody's work from the gradebook; `person` is whose, `unchecked` leaves Moodle's check out."""
    lms = platform()
    item = lms.state.line_items.get(item_id)
    if item is None or not item.activity_id or not lms.profile.reviews:
        raise PageProblem(404, "There is nothing to review here", "This column leads nowhere.")
    found, tool = activity_at(item.activity_id)
    person, about = _member(found.course_id), find_person(lms.state, request.args.get("person", ""))
    learns = person.gets_scores and not person.instructs
    checked = lms.profile.checks_reviewer or request.args.get("unchecked") != "1"
    if checked and learns and (about is None or about.id != person.id):
        raise PageProblem(403, "This is not yours to review", "The gradebook shows your own row.")
    review = Launch(
        person.id,
        tool.client_id,
        found.id,
        message=REVIEW_REQUEST,
        course_id=found.course_id,
        for_user=lms.user_id(about) if about else "",
        line_item_id=item.id,
    )
    return login_page(tool, review)


@blueprint.get("/launch/privacy/<client_id>")
def launch_privacy(client_id: str) -> ResponseReturnValue:
    """Ask the tool about one person's data, as an administrator."""
    lms, tool, person = platform(), tool_at(client_id), person_chosen()
    if not lms.profile.asks_about_data:
        raise PageProblem(404, "This LMS has no such question", "It asks tools about nobody's data.")
    about = find_person(lms.state, request.args.get("person", ""))
    if Role.ADMINISTRATOR not in person.roles or about is None:
        raise PageProblem(403, "Only an administrator asks this", "And the question is about one person.")
    return login_page(tool, Launch(person.id, tool.client_id, message=PRIVACY_REQUEST, for_user=lms.user_id(about)))


def _member(course_id: str) -> Person:
    """The chosen person, who is in the course or administers the institution."""
    person = person_chosen()
    if not roles_in(platform().state, person, course_id) and Role.ADMINISTRATOR not in person.roles:
        raise PageProblem(403, "You are not in this course", "Its instructor can add you.")
    return person
