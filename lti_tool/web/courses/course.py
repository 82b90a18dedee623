"""A course by itself, for launches that lead to no activity."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.courses.course import course_of
from lti_tool.services.linking import copy_choices
from lti_tool.services.scores import needing_person
from lti_tool.web import current
from lti_tool.web.access import signed_in

bp = Blueprint("courses", __name__)

OBSERVING = frozenset({Capability.OBSERVER, Capability.SUPERVISOR})


@bp.get("/courses/<uuid:course_id>")
@signed_in
def course(course_id: UUID) -> ResponseReturnValue:
    """The activities of the course that the visitor may enter."""
    found = course_of(current.db(), current.visitor(), course_id)
    instructs = Capability.INSTRUCTOR in found.capabilities
    return render_template(
        "courses/course.html",
        course=found,
        observes=bool(OBSERVING & found.capabilities),
        copies_waiting=copy_choices.number_waiting(current.db(), course_id) if instructs else 0,
        gradebooks=needing_person.in_course(current.db(), course_id) if instructs else (),
    )


@bp.get("/courses/<uuid:course_id>/start")
@signed_in
def start(course_id: UUID) -> ResponseReturnValue:
    """Where a launch of the course itself leads: to what waits for those who only observe or sign, else to the list."""
    found = course_of(current.db(), current.visitor(), course_id)
    if found.capabilities and found.capabilities <= OBSERVING:
        return redirect(url_for("landing.queue"), 303)
    return redirect(url_for("courses.course", course_id=course_id), 303)
