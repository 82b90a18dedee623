"""Supervision sessions that were held."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.supervising import session_lines, sessions_held
from lti_tool.services.supervising.session_choices import Choice, choices
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_if_any, number_typed, uuid_if_any, uuid_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import _N
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from lti_tool.web.words import word
from rubrics.refusal import Refused
from rubrics.supervision import Held, Part, SessionKind

bp = Blueprint("sessions", __name__)

FIELD_OF = {
    "not_yet_held": "held_on", "minutes": "minutes", "one_part": "there", "no_trainee": "there",
    "no_supervisor": "there", "both_lanes": "there", "one_trainee": "there", "not_there": "there",
    "not_together": "there", "agenda": "agenda", "goals": "goals",
}  # fmt: skip
"""At which field each refusal stands."""
FIELDS = ("kind", "held", "held_on", "minutes", "agenda", "goals")
LIKELY_MINUTES = "50"
HINTS = {
    SessionKind.INDIVIDUAL: _N("One trainee, with one supervisor or more. It counts in the lane of who supervised."),
    SessionKind.GROUP: _N("Several trainees together."),
    SessionKind.JOINT: _N("With a supervisor of the peer lane and one of the clinical lane. It counts in both."),
    SessionKind.DEBRIEF: _N("Talking after something that was heavy. It can be short."),
}


@bp.route("/a/<uuid:activity_id>/supervision/sessions/new", methods=["GET", "POST"])
@needs(Capability.TRAINEE, Capability.SUPERVISOR)
@act
def new(place: Place) -> ResponseReturnValue:
    """Record a session in which the visitor was."""
    if request.method == "GET":
        return _form(place, {"minutes": LIKELY_MINUTES}, _likely(place))
    there = request.form.getlist("there")
    told, problems = _told(request.form, there)
    if told is None:
        return _form(place, request.form.to_dict(), there, problems), 422
    team = team_of(current.db(), place.course.id, current.now().date())
    try:
        session_id = sessions_held.record(current.db(), current.visitor(), place, team, told, current.now())
    except Refused as refused:
        give_up()
        return _form(
            place, request.form.to_dict(), there, {FIELD_OF.get(refused.code, "there"): in_words(refused)}
        ), 422
    return redirect(_address(place, session_id, "session_recorded"), 303)


@bp.get("/a/<uuid:activity_id>/supervision/sessions/<uuid:session_id>")
@needs(Capability.TRAINEE, Capability.SUPERVISOR, Capability.OBSERVER, Capability.INSTRUCTOR)
def session(place: Place, session_id: UUID) -> ResponseReturnValue:
    """The record, for everybody who was there."""
    return _page(place, session_id)


@bp.post("/a/<uuid:activity_id>/supervision/sessions/<uuid:session_id>/say")
@needs(Capability.TRAINEE, Capability.SUPERVISOR, Capability.OBSERVER, Capability.INSTRUCTOR)
@act
def say(place: Place, session_id: UUID) -> ResponseReturnValue:
    """It was so, or something was otherwise."""
    typed = request.form.get("differs", "")
    differs = typed if request.form.get("so") == "differs" else None
    if differs is None and typed.strip():
        both = _(
            "You wrote words, too. Please put them beside the record, or empty the field and confirm that it was so."
        )
        return _page(place, session_id, both, typed), 422
    try:
        sessions_held.say(current.db(), current.visitor(), place, session_id, differs=differs, now=current.now())
    except Refused as refused:
        give_up()
        return _page(place, session_id, in_words(refused), differs or ""), 422
    return redirect(_address(place, session_id, "session_confirmed" if differs is None else "session_differs"), 303)


@bp.post("/a/<uuid:activity_id>/supervision/sessions/<uuid:session_id>/take-back")
@needs(Capability.TRAINEE, Capability.SUPERVISOR, Capability.OBSERVER, Capability.INSTRUCTOR)
@act
def take_back(place: Place, session_id: UUID) -> ResponseReturnValue:
    """Whoever recorded it says that it was not so."""
    sessions_held.take_back(current.db(), current.visitor(), place, session_id, current.now())
    return redirect(_address(place, session_id, "session_taken_back"), 303)


def _page(place: Place, session_id: UUID, problem: str | None = None, typed: str = "") -> str:
    me = current.visitor().person_id
    record = session_lines.read(current.db(), current.visitor(), place, session_id)
    return render_template(
        "supervision/session.html", place=place, me=me, record=record, problem=problem, typed=typed,
        tabs=tabs(place), tab=None,
    )  # fmt: skip


def _form(
    place: Place, typed: Mapping[str, str], there: Sequence[str], problems: Mapping[str, str] | None = None
) -> str:
    team = team_of(current.db(), place.course.id, current.now().date())
    also = [one for text in there if (one := uuid_if_any(text.partition(":")[0]))]
    offered = choices(current.db(), current.visitor(), place, team, also=also)
    return render_template(
        "supervision/record_session.html",
        place=place,
        kinds=[(kind.value, word(kind), _(HINTS[kind])) for kind in SessionKind],
        ways=[(way.value, word(way), None) for way in Held],
        people=[(_value(one), f"{one.name}, {word(one.part)}", None) for one in offered],
        there=there,
        typed={**dict.fromkeys(FIELDS, ""), **typed},
        today=current.now().date(),
        problems=problems or {},
        readers=session_lines.readers_of(),
        tabs=tabs(place),
        tab=None,
    )


def _likely(place: Place) -> list[str]:
    """The visitor, where they can have been there in one way only; and whom the address names."""
    with_whom, me = uuid_if_any(request.args.get("person")), current.visitor().person_id
    team = team_of(current.db(), place.course.id, current.now().date())
    offered = choices(current.db(), current.visitor(), place, team, also=[with_whom] if with_whom else [])
    if with_whom and with_whom not in {one.person_id for one in offered}:
        raise NotHere
    found = []
    for person_id in dict.fromkeys((me, with_whom)):
        ways = [one for one in offered if one.person_id == person_id]
        found += [_value(ways[0])] if len(ways) == 1 else []
    return found


def _value(one: Choice) -> str:
    return f"{one.person_id}:{one.part}"


def _told(typed: Mapping[str, str], there: Sequence[str]) -> tuple[sessions_held.Told | None, dict[str, str]]:
    """What was typed; and, by field, what is still needed."""
    problems = {}
    kind, held = typed.get("kind", ""), typed.get("held", "")
    for name, value, known in (("kind", kind, SessionKind), ("held", held, Held)):
        if value not in {one.value for one in known}:
            problems[name] = _("Please choose one.")
    held_on = day_if_any(typed.get("held_on"))
    if held_on is None:
        problems["held_on"] = _("Please write the day as year, month and day: 2026-03-31.")
    if held_on is None or problems:
        return None, problems
    told = sessions_held.Told(
        kind=SessionKind(kind),
        held=Held(held),
        held_on=held_on,
        minutes=number_typed(typed.get("minutes")),
        there=tuple(_part(one) for one in there),
        agenda=typed.get("agenda"),
        goals=typed.get("goals"),
    )
    return told, problems


def _part(text: str) -> tuple[UUID, Part]:
    person, _colon, part = text.partition(":")
    if part not in set(Part):
        abort(400)
    return uuid_of(person), Part(part)


def _address(place: Place, session_id: UUID, said: str) -> str:
    return url_for("sessions.session", activity_id=place.activity.id, session_id=session_id, said=said)
