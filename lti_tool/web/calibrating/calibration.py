"""Rating the same example alone, revealing together, coming to the end."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.agreement.reasons import SAID
from lti_tool.access import Capability
from lti_tool.services.calibrating import calibration, calibration_lists, calibration_people, calibration_reading
from lti_tool.services.calibrating.calibration_access import own_readers, readers
from lti_tool.services.calibrating.calibration_agreement import together
from lti_tool.services.calibrating.calibration_items import Item
from lti_tool.services.calibrating.calibration_qualifying import note_qualified
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.web import current
from lti_tool.web.access import needs, needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.calibrating import calibration_beginning as beginning
from lti_tool.web.calibrating.calibration_fields import people_in
from lti_tool.web.form_values import day_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import readers_languages
from lti_tool.web.transactions import give_up
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("calibration", __name__)

LEADS = Capability.PROGRAM_LEAD


@bp.get("/calibrations")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own: to rate, to talk about, done; and for program leads those of the organization."""
    session, visitor = current.db(), current.visitor()
    leads = LEADS in current.capabilities()
    return render_template(
        "calibration/mine.html",
        found=calibration_lists.of_person(session, visitor.person_id),
        led=calibration_lists.of_organization(session, visitor.person_id, visitor.organization_id) if leads else (),
        leads=leads,
    )


@bp.get("/a/<uuid:activity_id>/calibrations")
@needs(Capability.INSTRUCTOR)
def of_course(place: Place) -> ResponseReturnValue:
    """Those of the course."""
    found = calibration_lists.of_course(current.db(), current.visitor().person_id, place.course.id)
    return render_template("calibration/of_course.html", place=place, found=found, tabs=tabs(place), tab=None)


@bp.route("/a/<uuid:activity_id>/calibrations/new", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def new_in_course(place: Place) -> ResponseReturnValue:
    """Begin one for the course, with the rubric of the activity."""
    return _new(place.activity.rubric_version_id, place)


@bp.route("/calibrations/new", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def new() -> ResponseReturnValue:
    """Begin one for the organization, with the edition that `rubric=` names; without it, choose the edition first."""
    version_id = request.values.get("rubric", type=UUID)
    if version_id is None:
        if request.method == "POST":
            raise NotHere
        return render_template("calibration/which_rubric.html", editions=beginning.editions())
    return _new(version_id, None)


def _new(version_id: UUID, place: Place | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _new_page(version_id, place)
    try:
        calibration_id = calibration.begin(
            current.db(), current.visitor(), course_id=place.course.id if place else None, version_id=version_id,
            wanted=beginning.wanted(), now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return _new_page(version_id, place, in_words(refused)), 422
    return redirect(url_for("calibration.read", calibration_id=calibration_id, said="calibration_begun"), 303)


def _new_page(version_id: UUID, place: Place | None, problem: str | None = None) -> str:
    return render_template(
        "calibration/new.html",
        place=place,
        **beginning.page(version_id, place.course.id if place else None),
        problem=problem,
        typed=request.form,
        tabs=tabs(place) if place else (),
        tab=None,
    )


@bp.get("/calibrations/<uuid:calibration_id>")
@signed_in
def read(calibration_id: UUID) -> ResponseReturnValue:
    """How far it is, and what the reader can do now; once it is closed, their own report."""
    return _page(calibration_id)


@bp.post("/calibrations/<uuid:calibration_id>/ask")
@signed_in
@act
def ask(calibration_id: UUID) -> ResponseReturnValue:
    """Ask further people."""
    return _done(
        calibration_id, "calibration_asked",
        lambda: calibration_people.ask_more(
            current.db(), current.visitor(), calibration_id, people_in(request.form), current.now()
        ),
    )  # fmt: skip


@bp.post("/calibrations/<uuid:calibration_id>/reveal")
@signed_in
@act
def reveal(calibration_id: UUID) -> ResponseReturnValue:
    """Show everybody's ratings to those who took part."""
    return _done(
        calibration_id, "calibration_revealed",
        lambda: calibration.show_all(current.db(), current.visitor(), calibration_id, current.now()),
    )  # fmt: skip


@bp.post("/calibrations/<uuid:calibration_id>/close")
@signed_in
@act
def close(calibration_id: UUID) -> ResponseReturnValue:
    """Come to the end; each can read their own report from then on."""
    words = request.form.get("words", "")
    return _done(
        calibration_id, "calibration_closed",
        lambda: calibration.end(current.db(), current.visitor(), calibration_id, words, current.now()),
    )  # fmt: skip


@bp.post("/calibrations/<uuid:calibration_id>/put-away")
@signed_in
@act
def put_away(calibration_id: UUID) -> ResponseReturnValue:
    """Put it away before its end."""
    try:
        calibration.put_away(current.db(), current.visitor(), calibration_id, current.now())
    except Refused as refused:
        give_up()
        return _page(calibration_id, in_words(refused)), 422
    return redirect(url_for("calibration.mine", said="calibration_put_away"), 303)


@bp.post("/calibrations/<uuid:calibration_id>/qualified")
@signed_in
@act
def qualified(calibration_id: UUID) -> ResponseReturnValue:
    """Note that people are calibrated until a day: by name, and never by itself."""
    try:
        until = day_of(request.form.get("until"))
    except ValueError:
        return _page(calibration_id, _("Please write each day as year, month and day: 2026-03-31.")), 422
    return _done(
        calibration_id, "calibration_noted",
        lambda: note_qualified(
            current.db(), current.visitor(), calibration_id, people=people_in(request.form),
            kind=request.form.get("kind", ""), until=until, now=current.now(),
        ),
    )  # fmt: skip


def _done(calibration_id: UUID, said: str, do: Callable[[], None]) -> ResponseReturnValue:
    try:
        do()
    except Refused as refused:
        give_up()
        return _page(calibration_id, in_words(refused)), 422
    return redirect(url_for("calibration.read", calibration_id=calibration_id, said=said), 303)


def _page(calibration_id: UUID, problem: str | None = None) -> str:
    session, visitor = current.db(), current.visitor()
    found = calibration_reading.whole(session, visitor, calibration_id)
    asks = found.leads and found.row.state == "rating"
    return render_template(
        "calibration/calibration.html",
        found=found,
        rubric=for_reader(found.rubric, readers_languages()),
        next_item=_next_to_rate(found),
        to_ask=calibration_people.can_be_asked(session, found.row) if asks else (),
        report=calibration_reading.report(session, visitor, calibration_id),
        together=together(session, visitor, calibration_id),
        reasons=SAID,
        readers=readers(found.names),
        own_readers=own_readers(),
        typed=request.form,
        problem=problem,
    )


def _next_to_rate(found: calibration_reading.Whole) -> Item | None:
    """The first example of which something is not rated yet."""
    criteria = len(found.rubric.criteria)
    return next((one for one in found.items if one.example and found.rated.get(one.id, 0) < criteria), None)
