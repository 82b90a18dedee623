"""Trainings of a course: met from results of the LMS where it gives them, or noted by who instructs the course."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.noting import AskedThing
from grading.telling.words import ONE
from lti_tool.access import Capability, Field
from lti_tool.lti.answers import Answer
from lti_tool.lti.pages import Patience
from lti_tool.queue import Kind
from lti_tool.services.courses.places import Place
from lti_tool.services.qualifications import attestations, lms_results, lms_results_reading
from lti_tool.services.qualifications.attestations import Typed
from lti_tool.services.qualifications.lms_results import Chosen, CourseProgram
from lti_tool.web import current, transactions
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.qualifications.attestations import about, spaced
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import comma, gettext
from rubrics.refusal import Refused

bp = Blueprint("lms_results", __name__)


@bp.get("/a/<uuid:activity_id>/results")
@needs(Capability.INSTRUCTOR)
def everything(place: Place) -> ResponseReturnValue:
    """The columns that say something, and what can be noted by hand."""
    session = current.db()
    return render_template(
        "lms_results/results.html",
        rules=[(rule, _said(rule.said), _problem(rule.problem)) for rule in lms_results.rules(session, place)],
        programs=[
            (one, [(thing, about(thing)) for thing in one.things]) for one in lms_results.programs(session, place)
        ],
        **_around(place),
    )


@bp.route("/a/<uuid:activity_id>/results/new", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def new(place: Place) -> ResponseReturnValue:
    """Choose a column of the LMS for one thing that a program asks (`program=`, `what=`)."""
    here, thing = _chosen(place)
    if request.method == "GET":
        return _new_page(place, here, thing)
    form = request.form
    url, _, label = form.get("column", "").partition(" ")
    words = {field.name: form.get(f"is-{field.name}", "") for field in thing.fields}
    chosen = Chosen(url, label or url, words, form.get("amount", ""), form.get("at_least", ""))
    try:
        course = lms_results_reading.course_service(current.db(), place.course.id, current.now())
        if not lms_results_reading.is_of(course, url):
            raise Refused("column", "Please choose a column.")
        rule_id = lms_results.make_rule(current.db(), current.visitor(), place, here, thing, chosen, current.now())
    except Refused as refused:
        transactions.give_up()
        return _new_page(place, here, thing, {refused.code: in_words(refused)}), 422
    current.look_at(Kind.RESULTS, rule_id)
    return _back(place, "results_chosen")


@bp.route("/a/<uuid:activity_id>/results/note", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def note(place: Place) -> ResponseReturnValue:
    """Note of several people of the course that they finished one thing (`program=`, `what=`)."""
    here, thing = _chosen(place)
    if request.method == "GET":
        return _note_page(place, here, thing)
    form = request.form
    chosen = [id_ for id_ in map(uuid_if_any, form.getlist("who")) if id_ is not None]
    try:
        typed = Typed(
            _day(form.get("on")),
            {field.name: form.get(f"is-{field.name}", "") for field in thing.fields},
            form.get("amount", ""),
        )
        lms_results.note_for_several(current.db(), current.visitor(), place, here, thing, typed, chosen, current.now())
    except Refused as refused:
        transactions.give_up()
        return _note_page(place, here, thing, {refused.code: in_words(refused)}), 422
    return _back(place, "noted_for_several")


@bp.post("/a/<uuid:activity_id>/results/<uuid:rule_id>/read")
@needs(Capability.INSTRUCTOR)
@act
def read_now(place: Place, rule_id: UUID) -> ResponseReturnValue:
    """Have the column read now."""
    lms_results.read_again(current.db(), place, rule_id)
    current.look_at(Kind.RESULTS, rule_id)
    return _back(place, "results_read")


@bp.post("/a/<uuid:activity_id>/results/<uuid:rule_id>/end")
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place, rule_id: UUID) -> ResponseReturnValue:
    """Read the column no more."""
    lms_results.end_rule(current.db(), current.visitor(), place, rule_id, current.now())
    return _back(place, "results_ended")


def _chosen(place: Place) -> tuple[CourseProgram, AskedThing]:
    here = lms_results.program(current.db(), place, uuid_if_any(request.values.get("program", "")))
    return here, here.thing(request.values.get("what", ""))


def _new_page(place: Place, here: CourseProgram, thing: AskedThing, problems: Mapping[str, str] | None = None) -> str:
    columns, why = _columns(place)
    return render_template(
        "lms_results/new.html", columns=columns, why=why, **_form(here, thing, problems), **_around(place)
    )


def _note_page(place: Place, here: CourseProgram, thing: AskedThing, problems: Mapping[str, str] | None = None) -> str:
    people = lms_results.people(current.db(), current.visitor(), place, here.id)
    return render_template(
        "lms_results/note.html",
        people=people,
        chosen=request.form.getlist("who"),
        **_form(here, thing, problems),
        **_around(place),
    )


def _form(here: CourseProgram, thing: AskedThing, problems: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "here": here,
        "thing": thing,
        "about": about(thing),
        "kind": gettext(ONE[thing.kind]),
        "fields": [
            (field, spaced(field.name), [(word, spaced(word)) for word in field.words]) for field in thing.fields
        ],
        "typed": request.form,
        "problems": problems or {},
        "readers": attestations.readers(Field.ATTESTATION, ""),
    }


def _columns(place: Place) -> tuple[list[tuple[str, str]], str]:
    """The columns that the LMS lets us read, with their names; beside none, why. Nothing is held open meanwhile."""
    session, now = current.db(), current.now()
    course = lms_results_reading.course_service(session, place.course.id, now)
    known = lms_results.known_columns(session, place)
    transactions.keep()
    patience = Patience(clock=lambda: now, pause=lambda _seconds: None)
    found = lms_results_reading.columns(current.joined().sessions.writing, current.http(), course, patience)
    if isinstance(found, Answer):
        offered = found is not Answer.COLUMN_NOT_OFFERED
        return (list(known) if offered else []), _why(found)
    return [(one.url, one.label) for one in found], ""


def _day(text: str | None) -> Any:
    try:
        return day_of(text)
    except ValueError:
        raise Refused("on", "Please check this day.") from None


def _said(said: Mapping[str, Any]) -> str:
    return comma().join(spaced(comma().join(value)) for value in said.values() if isinstance(value, list))


def _problem(code: str | None) -> str:
    return _why(Answer(code)) if code in set(Answer) else ""


def _why(answer: Answer) -> str:
    match answer:
        case Answer.COLUMN_NOT_OFFERED:
            return gettext("The LMS lets Attune read no results in this course.")
        case Answer.SCOPE_NOT_GRANTED | Answer.NOT_ALLOWED | Answer.TOKEN_REFUSED:
            return gettext("The LMS does not let Attune read results. Its administrator can allow it.")
        case Answer.COLUMN_GONE:
            return gettext("The LMS does not know this column any more. What it showed so far stays noted.")
        case _:
            return gettext("The LMS did not give its results this time. Attune asks again every night.")


def _around(place: Place) -> dict[str, Any]:
    return {"place": place, "tabs": tabs(place), "tab": None}


def _back(place: Place, said: str) -> ResponseReturnValue:
    return redirect(url_for("lms_results.everything", activity_id=place.activity.id, said=said), 303)
