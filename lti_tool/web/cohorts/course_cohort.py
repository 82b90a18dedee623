"""The trainees of a course at a glance, for its instructors: by activities or competencies; states, never ratings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.cohorts import cohort_choices, cohort_course, course_week, saved_views
from lti_tool.services.cohorts.cohort_course import Activity, Cell, Line, Looking, Waits
from lti_tool.services.cohorts.saved_views import Of
from lti_tool.services.courses.places import Place
from lti_tool.services.observations import guide
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.cohorts.cohort_fields import PAGES, address, most_of
from lti_tool.web.cohorts.cohort_words import known_by
from lti_tool.web.cohorts.course_cohort_fields import COMPETENCIES, looking_of, query_of
from lti_tool.web.observations.came_back import HEADINGS
from lti_tool.web.paging import page_of
from lti_tool.web.texts import _N, comma, gettext, readers_languages

bp = Blueprint("course_cohort", __name__)

WAITS = {
    Waits.OBSERVER: _N("waits for an observer"),
    Waits.TRAINEE: _N("waits for the trainee's words"),
    Waits.SIGNATURE: _N("waits for a signature"),
}


@dataclass(frozen=True, slots=True)
class CellWords:
    """One cell: finished of required, and what waits."""

    address: str
    shape: str
    word: str
    numbers: str


@dataclass(frozen=True, slots=True)
class LineWords:
    """One trainee."""

    line: Line
    address: str
    cells: tuple[CellWords, ...]


@bp.get("/a/<uuid:activity_id>/cohort")
@needs(Capability.INSTRUCTOR)
def matrix(place: Place) -> ResponseReturnValue:
    """Trainees down; across, the activities of the course, or with `across=competencies` what was observed."""
    session, visitor = current.db(), current.visitor()
    looking, most = looking_of(request.args), most_of(request.args)
    found = cohort_course.find(session, place, looking)
    paged = page_of(
        found.count,
        lambda first, count: cohort_course.lines(session, place, looking, found, first=first, most=count),
        most=most,
    )
    path = url_for("course_cohort.matrix", activity_id=place.activity.id)
    query = query_of(request.args)
    activities = cohort_course.activities(session, place)
    choices = cohort_choices.of_course(session, place.organization_id, place.course.id)
    by_competency = request.args.get("across") == COMPETENCIES
    seen = (
        cohort_course.competencies(session, place, [line.person_id for line in paged.shown]) if by_competency else None
    )
    statements = guide.statements(session, place.organization_id, seen.columns, readers_languages()) if seen else {}
    named = {"name": [looking.name]} if looking.name else {}
    views = saved_views.mine(session, visitor, Of(course_id=place.course.id))
    return render_template(
        "cohort/course.html",
        place=place,
        paged=paged,
        lines=list(_lines(place, paged.shown, activities)),
        activities=activities,
        seen=seen,
        statements=statements,
        looking=looking,
        most=most,
        pages=PAGES,
        path=path,
        query=query,
        address=address(path, {**query, **named}),
        views=[(view, address(path, view.query)) for view in views],
        choices=choices,
        waits=[(waits.value, gettext(text)) for waits, text in WAITS.items()],
        left_out=_left_out(looking, activities, choices),
        too_many=not found.in_order,
    )


@bp.get("/a/<uuid:activity_id>/cohort/week")
@needs(Capability.INSTRUCTOR)
def week(place: Place) -> ResponseReturnValue:
    """Who needs the instructor this week, and the one thing to do for each."""
    return render_template(
        "cohort/course_week.html",
        place=place,
        week=course_week.week(current.db(), place, current.now()),
        headings={why: gettext(text) for why, text in HEADINGS.items()},
    )


def _lines(place: Place, lines: Sequence[Line], activities: Sequence[Activity]) -> Iterator[LineWords]:
    for line in lines:
        cells = tuple(
            _cell(f"/a/{each.id}/trainees/{line.person_id}", line.cells.get(each.id, Cell()), each)
            for each in activities
        )
        yield LineWords(line, f"/a/{place.activity.id}/trainees/{line.person_id}", cells)


def _cell(path: str, cell: Cell, activity: Activity) -> CellWords:
    waits = [gettext(WAITS[each]) for each in Waits if cell.waits.get(each)]
    if cell.finished >= activity.required:
        shape, word = "met", gettext("finished")
    elif waits:
        shape, word = "waiting", comma().join(waits)
    elif cell.finished:
        shape, word = "open", gettext("in progress")
    else:
        shape, word = "none", gettext("not started")
    said = _N("%(part)s of %(whole)s") if cell.finished <= activity.required else _N("%(part)s; asked for: %(whole)s")
    numbers = gettext(said, part=cell.finished, whole=activity.required)
    return CellWords(path, shape, word, numbers)


def _left_out(looking: Looking, activities: Sequence[Activity], choices: cohort_choices.Choices) -> list[str]:
    found = [
        known_by(looking.group_id, choices.groups),
        known_by(looking.site_id, choices.sites),
        known_by(looking.supervisor_id, choices.supervisors),
    ]
    if looking.waits_for:
        found.append(gettext(WAITS[looking.waits_for]))
    title = next((each.title for each in activities if each.id == looking.activity_id), "")
    if title:
        found.append(gettext("“%(title)s” is not finished yet", title=title))
    if looking.name:
        found.append(gettext("name has “%(name)s”", name=looking.name))
    return [each for each in found if each]
