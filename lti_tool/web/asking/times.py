"""When and whether an observation takes place: a time proposed and agreed, consent, called off, not held, paused."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.asking import ask, replacing, times
from lti_tool.services.asking.possible_observers import PersonName, possible_observers
from lti_tool.services.asking.ways import Way, could_not
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import calendar
from lti_tool.services.observations import ending
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.services.observations.read import read
from lti_tool.store.sessions import Session
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.asking.asking_form import Typed, choices, modes, typed_consent
from lti_tool.web.editions.scope_part import acknowledge_if_ticked, scope_first
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.moment_fields import TypedTime, typed_time
from lti_tool.web.observations.record_page import RecordPage, record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from rubrics.refusal import Refused

bp = Blueprint("times", __name__)

Act = Callable[[Session, Visitor, UUID, datetime], None]


@bp.route("/o/<uuid:observation_id>/time", methods=["GET", "POST"])
@signed_in
@writes
@act
def propose(observation_id: UUID) -> ResponseReturnValue:
    """Propose a time, or another one."""
    if request.method == "GET":
        return _propose_page(observation_id, TypedTime())
    typed = typed_time(request.form, current.now(), needed=True)
    if typed.span is None or typed.problems:
        return transactions.shown_again(lambda: _propose_page(observation_id, typed))
    try:
        times.propose(current.db(), current.visitor(), observation_id, typed.span, where=typed.where, now=current.now())
    except Refused as refused:
        if refused.code == "not_now":
            raise
        typed.problems["day"] = in_words(refused)
        return transactions.shown_again(lambda: _propose_page(observation_id, typed))
    return _back(observation_id, "time_proposed")


def _propose_page(observation_id: UUID, typed: TypedTime) -> ResponseReturnValue:
    page = _page_for(observation_id, Way.PROPOSE)
    if page is None:
        return _back(observation_id)
    if not typed.day and page["times"].where and not typed.where:
        typed = TypedTime(where=page["times"].where, problems=typed.problems)
    shown = render_template("observations/time.html", time=typed, wanting=typed.problems, **page)
    return shown, 422 if typed.problems else 200


@bp.get("/o/<uuid:observation_id>/time.ics")
@signed_in
def calendar_file(observation_id: UUID) -> ResponseReturnValue:
    """The time as a calendar file with a neutral title."""
    content = calendar.calendar_file(current.db(), current.visitor(), observation_id, _("Appointment"), current.now())
    answer = Response(content, mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename="appointment.ics")
    return answer


@bp.post("/o/<uuid:observation_id>/agree")
@signed_in
@act
def agree(observation_id: UUID) -> ResponseReturnValue:
    """Say yes: to observing, to a time."""
    times.agree(current.db(), current.visitor(), observation_id, current.now())
    return _back(observation_id, "agreed")


@bp.route("/o/<uuid:observation_id>/consent", methods=["GET", "POST"])
@signed_in
@writes
@act
def consent(observation_id: UUID) -> ResponseReturnValue:
    """The trainee says how it may be seen, what somebody else proposed."""
    if request.method == "GET":
        return _consent_page(observation_id, None)
    typed = typed_consent()
    if not typed.complete or typed.mode is None or typed.recorded is None:
        return transactions.shown_again(lambda: _consent_page(observation_id, typed))
    try:
        acknowledge_if_ticked()
        ask.consent(
            current.db(), current.visitor(), observation_id,
            mode=typed.mode, recorded=typed.recorded, audience=typed.audience, now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        places = {"scope_first": "scope", "newer_edition": "scope"}
        if refused.code not in {"double_booked", "not_free_any_more", "time_is_over", *places}:
            raise
        typed.problems[places.get(refused.code, "time")] = in_words(refused)
        return transactions.shown_again(lambda: _consent_page(observation_id, typed))
    return _back(observation_id, "consented")


def _consent_page(observation_id: UUID, typed: Typed | None) -> ResponseReturnValue:
    page = _page_for(observation_id, Way.CONSENT)
    if page is None:
        return _back(observation_id)
    shown = typed or Typed()  # what was proposed stands above; to agree is a choice of one's own
    return (
        render_template(
            "observations/consent.html",
            modes=modes(),
            chosen=shown.chosen,
            wanting=shown.problems,
            scope=scope_first(),
            **page,
        ),
        422 if shown.problems else 200,
    )


@bp.route("/o/<uuid:observation_id>/call-off", methods=["GET", "POST"])
@signed_in
@writes
@act
def call_off(observation_id: UUID) -> ResponseReturnValue:
    """The trainee calls it off, or says no to what was proposed: asked once, no reason."""
    if request.method == "POST":
        ending.cancel(current.db(), current.visitor(), observation_id, current.now())
        return _back(observation_id, "called_off")
    page = _page_for(observation_id, Way.CANCEL)
    return render_template("observations/call_off.html", **page) if page else _back(observation_id)


@bp.route("/o/<uuid:observation_id>/someone-else", methods=["GET", "POST"])
@signed_in
@writes
@act
def someone_else(observation_id: UUID) -> ResponseReturnValue:
    """The trainee asks somebody else, in the place of an observer."""
    if request.method == "GET":
        return _someone_else_page(observation_id, None)
    by_id, instead_of = uuid_if_any(request.form.get("observer")), uuid_if_any(request.form.get("instead_of"))
    if by_id is None:
        problem = _("Please choose whom you would like to ask.")
        return transactions.shown_again(lambda: _someone_else_page(observation_id, problem))
    try:
        replacing.replace(
            current.db(), current.visitor(), observation_id, person_id=instead_of, by_id=by_id, now=current.now()
        )
    except Refused as refused:
        if refused.code == "not_now":
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _someone_else_page(observation_id, problem))
    return _back(observation_id, "asked")


def _someone_else_page(observation_id: UUID, problem: str | None) -> ResponseReturnValue:
    page = _page_for(observation_id, Way.REPLACE)
    if page is None:
        return _back(observation_id)
    line = page["line"]
    shown = render_template(
        "observations/someone_else.html",
        people=choices(_free(line), line.course_id),
        open_places=page["times"].wanted - len(line.taking_part),
        problem=problem,
        **page,
    )
    return shown, 422 if problem else 200


def _free(line: ObservationLine) -> list[PersonName]:
    asked = {one.person_id for one in (*line.taking_part, *could_not(line))}
    people = possible_observers(current.db(), line.trainee_id, line.course_id)
    return [person for person in people if person.id not in asked]


@bp.post("/o/<uuid:observation_id>/not-held")
@signed_in
@act
def not_held(observation_id: UUID) -> ResponseReturnValue:
    """Say that it did not take place."""
    return _done(times.not_hold, observation_id, "not_held")


@bp.post("/o/<uuid:observation_id>/pause")
@signed_in
@act
def pause(observation_id: UUID) -> ResponseReturnValue:
    """Pause it: no reason."""
    return _done(ending.pause, observation_id, "paused")


@bp.post("/o/<uuid:observation_id>/resume")
@signed_in
@act
def resume(observation_id: UUID) -> ResponseReturnValue:
    """Let it go on."""
    return _done(ending.resume, observation_id, "resumed")


@bp.route("/o/<uuid:observation_id>/end", methods=["GET", "POST"])
@signed_in
@writes
@act
def stop(observation_id: UUID) -> ResponseReturnValue:
    """Either side stops it: asked once, no reason."""
    if request.method == "POST":
        return _done(ending.stop, observation_id, "stopped")
    page = _page_for(observation_id, Way.STOP)
    return render_template("observations/stop.html", **page) if page else _back(observation_id)


def _page_for(observation_id: UUID, way: Way) -> RecordPage | None:
    """The page, if the reader can do this now; None if it is not the time for it. `NotHere` for other readers."""
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_trainee"] and not page["is_observer"]:
        raise NotHere
    if way in {Way.CONSENT, Way.CANCEL, Way.REPLACE} and not page["is_trainee"]:
        raise NotHere
    return page if way in page["times"].ways else None


def _done(do: Act, observation_id: UUID, said: str) -> ResponseReturnValue:
    do(current.db(), current.visitor(), observation_id, current.now())
    return _back(observation_id, said)


def _back(observation_id: UUID, said: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
