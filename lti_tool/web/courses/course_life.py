"""The end of a term: a course that goes on in another, and one that is kept for reading only."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses import carrying_over, course_life
from lti_tool.services.courses.carrying_over import Fate
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.web import current, transactions
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import gettext as _
from rubrics.refusal import Refused

bp = Blueprint("course_life", __name__)

LEAVE, CALL_OFF = "leave", "call_off"


@bp.get("/a/<uuid:activity_id>/term")
@needs(Capability.INSTRUCTOR)
def term(place: Place) -> ResponseReturnValue:
    """Where the course goes on, and whether it is kept for reading only."""
    return _page(place)


@bp.post("/a/<uuid:activity_id>/term/goes-on")
@needs(Capability.INSTRUCTOR)
@act
def goes_on(place: Place) -> ResponseReturnValue:
    """Say in which course this one goes on."""
    if not request.form.get("course"):
        return _page(place, {"course": _("Please choose a course.")}), 422
    try:
        course_life.goes_on(current.db(), current.visitor(), place, uuid_of(request.form.get("course")), current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(place, {"course": problem})), 422
    return _back(place, "course_goes_on")


@bp.post("/a/<uuid:activity_id>/term/goes-on/end")
@needs(Capability.INSTRUCTOR)
@act
def goes_on_no_more(place: Place) -> ResponseReturnValue:
    """It does not go on there after all."""
    course_id = uuid_of(request.form.get("course"))
    course_life.goes_on_no_more(current.db(), current.visitor(), place, course_id, current.now())
    return _back(place, "course_goes_on_no_more")


@bp.route("/a/<uuid:activity_id>/term/carry/<uuid:course_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def carry(place: Place, course_id: object) -> ResponseReturnValue:
    """What trainees of both courses take along: row by row first, then in one step."""
    later_course = next(
        (one for one in course_life.later_than(current.db(), place.course.id) if one.id == course_id), None
    )
    if later_course is None:
        raise NotHere
    later = carrying_over.there(current.db(), current.visitor(), later_course.id)
    if Capability.INSTRUCTOR not in later.capabilities:
        raise NotHere
    if request.method == "POST":
        carrying_over.carry(current.db(), current.visitor(), place, later, current.now())
        here = url_for("course_life.carry", activity_id=place.activity.id, course_id=course_id, said="carried_over")
        return redirect(here, 303)
    rows = carrying_over.plan(current.db(), place, later, current.now().date())
    taken = [row for row in rows if row.fate is Fate.TAKEN]
    return render_template(
        "course_life/carry.html",
        place=place,
        later=later_course,
        taken=taken,
        left=[row for row in rows if row.fate is not Fate.TAKEN],
        tabs=tabs(place),
    )


@bp.post("/a/<uuid:activity_id>/term/archive")
@needs(Capability.INSTRUCTOR)
@act
def archive(place: Place) -> ResponseReturnValue:
    """Keep the course for reading only."""
    found = course_life.term_of(current.db(), place)
    chosen = request.form.get("open")
    if found.not_begun and chosen not in (LEAVE, CALL_OFF):
        problem = _("Please choose what becomes of what has not begun.")
        return _page(place, {"open": problem}), 422
    course_life.archive(current.db(), current.visitor(), place, call_off=chosen == CALL_OFF, now=current.now())
    return _back(place, "course_archived")


@bp.post("/a/<uuid:activity_id>/term/bring-back")
@needs(Capability.INSTRUCTOR)
@act
def bring_back(place: Place) -> ResponseReturnValue:
    """Open the course again."""
    for delivery_id in course_life.bring_back(current.db(), current.visitor(), place, current.now()):
        current.look_at(Kind.DELIVERY, delivery_id)
    return _back(place, "course_brought_back")


def _back(place: Place, said: str) -> ResponseReturnValue:
    return redirect(url_for("course_life.term", activity_id=place.activity.id, said=said), 303)


def _page(place: Place, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "course_life/term.html",
        place=place,
        term=course_life.term_of(current.db(), place),
        choices=course_life.choices(current.db(), current.visitor(), place),
        problems=problems or {},
        tabs=tabs(place),
    )
