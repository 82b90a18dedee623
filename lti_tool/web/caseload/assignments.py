"""Who observes, supervises and mentors whom: everyone, one trainee, a group."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload import assigning, board
from lti_tool.services.caseload.assignments import What, can_take_on
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.caseload.standing_people import carrying
from lti_tool.services.courses import course_groups
from lti_tool.services.courses.people_list import Search
from lti_tool.services.courses.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.caseload import assigned_words
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("assignments", __name__)

LONGEST_NAME = 100


@bp.get("/a/<uuid:activity_id>/assignments")
@needs(Capability.INSTRUCTOR)
def assignments(place: Place) -> ResponseReturnValue:
    """Every trainee with who is assigned to them; those without somebody first."""
    search = Search(uuid_if_any(request.args.get("group")), request.args.get("name", "").strip()[:LONGEST_NAME])
    found = board.board(current.db(), place, search)
    return render_template(
        "assignments/assignments.html",
        place=place,
        search=search,
        groups=course_groups.groups_of(current.db(), place.course.id),
        board=found,
        trainees=one_page(found.trainees),
        what_words=assigned_words.what_words,
        tabs=tabs(place),
        tab=Tab.ASSIGNMENTS,
    )


@bp.route("/a/<uuid:activity_id>/assignments/<uuid:person_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def trainee(place: Place, person_id: UUID) -> ResponseReturnValue:
    """One trainee: who is assigned, and assigning somebody."""
    if request.method == "GET":
        return _trainee_page(place, person_id)
    chosen, what, problems = _typed()
    if chosen is not None and what is not None:
        try:
            assigning.assign(
                current.db(),
                current.visitor(),
                place,
                trainee_id=person_id,
                person_id=chosen,
                what=what,
                now=current.now(),
            )
        except Refused as refused:
            give_up()
            problems["person"] = in_words(refused)
        else:
            return redirect(_to_trainee(place, person_id, said="assigned"), 303)
    return _trainee_page(place, person_id, problems), 422


@bp.post("/a/<uuid:activity_id>/assignments/end")
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place) -> ResponseReturnValue:
    """End an assignment; assigning the same person again undoes it."""
    assignment_id = uuid_of(request.form.get("assignment"))
    trainee_id = assigning.end(current.db(), current.visitor(), place, assignment_id, current.now())
    return redirect(_to_trainee(place, trainee_id, said="assignment_ended"), 303)


@bp.route("/a/<uuid:activity_id>/assignments/group", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def group(place: Place) -> ResponseReturnValue:
    """Assign somebody to everyone who is in a group or section now."""
    if request.method == "GET":
        return _group_page(place, uuid_if_any(request.args.get("group")))
    group_id = uuid_of(request.form.get("group"))
    chosen, what, problems = _typed()
    if chosen is not None and what is not None:
        try:
            assigning.assign_group(
                current.db(), current.visitor(), place, group_id=group_id, person_id=chosen, what=what,
                now=current.now(),
            )  # fmt: skip
        except Refused as refused:
            give_up()
            problems["person"] = in_words(refused)
        else:
            return redirect(
                url_for("assignments.assignments", activity_id=place.activity.id, group=group_id, said="assigned"), 303
            )
    return _group_page(place, group_id, problems), 422


def _typed() -> tuple[UUID | None, What | None, dict[str, str]]:
    """Whom and what the form says, and what is still needed."""
    problems = {}
    chosen = uuid_if_any(request.form.get("person"))
    what = assigned_words.what_of(request.form.get("as", ""), backup="backup" in request.form)
    if chosen is None:
        problems["person"] = _("Please choose somebody.")
    if what is None:
        problems["as"] = _("Please choose what they are to this trainee.")
    return chosen, what, problems


def _trainee_page(place: Place, person_id: UUID, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "assignments/trainee.html",
        place=place,
        trainee=board.on_board(current.db(), place, person_id),
        people=_people(place, but_not=conflicts_of(current.db(), person_id) | {person_id}),
        whats=assigned_words.choices(),
        what_words=assigned_words.what_words,
        typed=request.form,
        wanting=problems or {},
        tabs=tabs(place),
        tab=Tab.ASSIGNMENTS,
    )


def _group_page(place: Place, group_id: UUID | None, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "assignments/group.html",
        place=place,
        groups=course_groups.groups_of(current.db(), place.course.id),
        group_id=group_id,
        members=len(assigning.in_group(current.db(), place, group_id)) if group_id else None,
        people=_people(place, but_not=frozenset()),
        whats=assigned_words.choices(),
        typed=request.form,
        wanting=problems or {},
        tabs=tabs(place),
        tab=Tab.ASSIGNMENTS,
    )


def _people(place: Place, *, but_not: frozenset[UUID]) -> list[tuple[str, str]]:
    """Who may be chosen, each with their room and when they are away."""
    room = can_take_on(current.db(), place.course.id, current.now().date())
    found = []
    for person in carrying(current.db(), place.course.id):
        if person.id not in but_not:
            about = assigned_words.room_words(room.get(person.id))
            found.append((str(person.id), f"{person.name} ({about})" if about else person.name))
    return found


def _to_trainee(place: Place, person_id: UUID, *, said: str) -> str:
    return url_for("assignments.trainee", activity_id=place.activity.id, person_id=person_id, said=said)
