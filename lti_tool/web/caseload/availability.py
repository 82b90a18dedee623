"""Who has room for how many, as instructors note it; and when somebody is away, as they say it themselves."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload import availability
from lti_tool.services.caseload import standing_in as requests
from lti_tool.services.caseload.assignments import can_take_on
from lti_tool.services.caseload.standing_people import carrying
from lti_tool.services.courses.places import Place
from lti_tool.web import current
from lti_tool.web.access import needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.caseload import assigned_words
from lti_tool.web.form_values import day_of, number_typed, uuid_of
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("availability", __name__)

FIELD = "room-"


@bp.route("/a/<uuid:activity_id>/room", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def room(place: Place) -> ResponseReturnValue:
    """How many trainees each person can take on."""
    if request.method == "GET":
        return _room_page(place)
    try:
        for name, typed in request.form.items():
            if name.startswith(FIELD):
                availability.set_capacity(
                    current.db(),
                    current.visitor(),
                    place,
                    person_id=uuid_of(name.removeprefix(FIELD)),
                    capacity=_number(typed),
                    now=current.now(),
                )
    except Refused as refused:
        give_up()
        return _room_page(place, in_words(refused)), 422
    return redirect(url_for("availability.room", activity_id=place.activity.id, said="room_noted"), 303)


@bp.route("/a/<uuid:activity_id>/away", methods=["GET", "POST"])
@needs(Capability.OBSERVER, Capability.SUPERVISOR)
@act
def away(place: Place) -> ResponseReturnValue:
    """From when until when the visitor is away; no reason is asked."""
    if request.method == "GET":
        return _away_page(place)
    try:
        days = (day_of(request.form.get("from")), day_of(request.form.get("until")))
        availability.set_away(current.db(), current.visitor(), place, days=days, now=current.now())
    except Refused as refused:
        give_up()
        return _away_page(place, in_words(refused)), 422
    except ValueError:
        return _away_page(place, _("Please write each day as year, month and day: 2026-03-31.")), 422
    return redirect(url_for("availability.away", activity_id=place.activity.id, said="away_noted"), 303)


def _number(typed: str) -> int | None:
    """The number; None where the field is empty. What is none is told like a number that makes no sense."""
    return number_typed(typed) if typed.strip() else None


def _room_page(place: Place, problem: str | None = None) -> str:
    known = can_take_on(current.db(), place.course.id, current.now().date())
    people: list[dict[str, Any]] = [
        {
            "id": person.id,
            "name": person.name,
            "field": f"{FIELD}{person.id}",
            "room": known.get(person.id),
            "about": assigned_words.room_words(known.get(person.id)),
        }
        for person in carrying(current.db(), place.course.id)
        if person.observes
    ]
    return render_template(
        "assignments/room.html",
        place=place,
        people=one_page(people),
        typed=request.form,
        problem=problem,
        tabs=tabs(place),
        tab=Tab.ASSIGNMENTS,
    )


def _away_page(place: Place, problem: str | None = None) -> str:
    mine = can_take_on(current.db(), place.course.id, current.now().date()).get(current.visitor().person_id)
    stands = {"from": mine.away_from if mine else None, "until": mine.away_until if mine else None}
    return render_template(
        "assignments/away.html",
        place=place,
        typed={name: request.form.get(name, day.isoformat() if day else "") for name, day in stands.items()},
        about=assigned_words.away_words(mine) if mine else "",
        problem=problem,
        tabs=tabs(place),
        tab=None,
    )


@bp.get("/standing-in")
@signed_in
@writes
def standing_in() -> ResponseReturnValue:
    """Requests to people who are away, and for whom the visitor stands in."""
    found = requests.read_standing_in(current.db(), current.visitor(), current.now())
    return render_template("assignments/standing_in.html", found=found)


@bp.post("/standing-in/<uuid:observation_id>")
@signed_in
@act
def take_on(observation_id: UUID) -> ResponseReturnValue:
    """Take one on: the trainee agrees first."""
    requests.take_on(current.db(), current.visitor(), observation_id, current.now())
    return redirect(url_for("landing.queue", said="asked_another"), 303)
