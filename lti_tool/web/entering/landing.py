"""Where a launch lands: the trainee's path, what waits for a person, the instructor's activity page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.authoring import author, library
from lti_tool.services.cohorts import cohort, today
from lti_tool.services.courses import course_life, path
from lti_tool.services.courses.places import Place
from lti_tool.services.entering import first_steps
from lti_tool.services.hours import ledger_signing
from lti_tool.services.linking import copy_choices
from lti_tool.services.notifying import beside
from lti_tool.services.observations import came_back, guide, waiting
from lti_tool.services.personal_data import privacy
from lti_tool.services.programs import my_programs
from lti_tool.services.scores import own_cells
from lti_tool.services.supervising.supervision_waiting import of_supervision
from lti_tool.web import current
from lti_tool.web.access import in_course, signed_in
from lti_tool.web.entering.first_steps import panel
from lti_tool.web.paging import one_page
from lti_tool.web.programs.my_programs import line as in_one_line
from lti_tool.web.scores.delivery_words import about_own_cells
from lti_tool.web.tabs import Tab, TabLink, tabs
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader

bp = Blueprint("landing", __name__)


@bp.get("/a/<uuid:activity_id>")
@in_course
def landing(place: Place) -> ResponseReturnValue:
    """The visitor's first page here; `tab=` chooses another of those that are theirs."""
    mine = tabs(place)
    wanted = request.args.get("tab")
    chosen = next((link.tab for link in mine if link.tab == wanted), mine[0].tab if mine else None)
    match chosen:
        case Tab.PATH:
            return _my_path(place, mine)
        case Tab.WAITING:
            return _waiting(place, mine)
        case Tab.SHARED:
            return redirect(url_for("comments.shared", activity_id=place.activity.id), 303)
        case None:
            return render_template("landing/nothing_yet.html", place=place)
        case _:
            return _activity(place, mine)


@bp.get("/waiting")
@signed_in
def queue() -> ResponseReturnValue:
    """What waits for the visitor, over all courses."""
    return _waiting(None, ())


@bp.get("/a/<uuid:activity_id>/rubric")
@in_course
def rubric(place: Place) -> ResponseReturnValue:
    """What is looked at, in full, before anything is asked for."""
    version = author.rubric_of(current.db(), place.activity.rubric_version_id)
    spoken = for_reader(version.rubric, readers_languages())
    return render_template(
        "landing/rubric.html",
        place=place,
        version=version,
        rubric=spoken,
        competencies=guide.competencies(current.db(), place.organization_id, spoken, readers_languages()),
    )


def _my_path(place: Place, links: tuple[TabLink, ...]) -> ResponseReturnValue:
    mine = path.my_path(current.db(), current.visitor(), place, current.now())
    about_me = privacy.about_me(current.db(), current.visitor()) if current.visitor().data_asked_for else ()
    asked = [line for line in about_me if line.handled_at is None]
    return render_template(
        "landing/my_path.html",
        place=place,
        path=mine,
        gradebook=about_own_cells(own_cells.of_activity(current.db(), current.visitor().person_id, place.activity.id)),
        finished_before=course_life.finished_before(current.db(), current.visitor(), place),
        in_trial=guide.in_trial(current.db(), place.activity.rubric_version_id),
        data_asked=asked,
        came_back=came_back.came_back(current.db(), place, current.now(), trainee_id=current.visitor().person_id),
        of_supervision=of_supervision(current.db(), current.visitor()),
        first_steps=panel(first_steps.of_trainee(current.db(), current.visitor(), place)),
        programs=[in_one_line(each) for each in my_programs.mine(current.db(), current.visitor(), current.now())],
        tabs=links,
        tab=Tab.PATH,
    )


def _waiting(place: Place | None, links: tuple[TabLink, ...]) -> ResponseReturnValue:
    found = waiting.waiting(current.db(), current.visitor(), current.now())
    mine = place.capabilities if place else current.capabilities()
    return render_template(
        "landing/waiting.html",
        place=place,
        waiting=found,
        first_steps=panel(first_steps.of_observer(current.db(), current.visitor(), place, mine)),
        most_at_once=ledger_signing.MOST,
        of_supervision=of_supervision(current.db(), current.visitor()),
        beside=beside.beside(current.db(), current.visitor(), current.now()),
        tabs=links,
        tab=Tab.WAITING,
    )


def _activity(place: Place, links: tuple[TabLink, ...]) -> ResponseReturnValue:
    found = cohort.cohort(current.db(), place)
    all_observe = bool(found.observers) and not found.lanes_without_supervisor
    return render_template(
        "landing/activity.html",
        place=place,
        cohort=found,
        first_steps=panel(first_steps.of_instructor(current.db(), current.visitor(), place, all_observe=all_observe)),
        today=today.today(current.db(), place, current.now()),
        in_trial=guide.in_trial(current.db(), place.activity.rubric_version_id),
        trainees=one_page(found.trainees),
        newer=library.newer(current.db(), place.activity.rubric_version_id),
        copies_waiting=copy_choices.number_waiting(current.db(), place.course.id),
        tabs=links,
        tab=Tab.ACTIVITY,
    )
