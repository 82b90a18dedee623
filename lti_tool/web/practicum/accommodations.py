"""What is different for somebody, so that they can take part: arranged by an instructor, read and ended by the trainee.

No form here asks why, and none has a place for it.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.courses.places import Place
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.practicum import arranging
from lti_tool.services.practicum.arranging import OFFERED, Arrangement, Wanted
from lti_tool.store.care import Adjustment
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of, uuid_of
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import _N
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("accommodations", __name__)

LONGEST_NAME = 100
DAYS_SHOWN = "days_shown"
"""The days with which the form began: what stands may be another by the time it comes back."""
FIELDS = {"days_needed": "more_days", "days_alone": "more_days", "until_passed": "until"}
"""Where it stands what is still needed; at the choices, where nothing else is said."""
HINTS = {
    Adjustment.MORE_TIME: _N("So many days are added to each time for an answer. Others see the later date, no more."),
    Adjustment.INTERPRETER: _N("Those who observe and sign read that an interpreter will be there."),
    Adjustment.AUDIO_ANSWER: _N("A recording of their voice stands for written words. Only they read this hint."),
    Adjustment.TALK_INSTEAD: _N("Whoever observes notes that they talked, and that is the answer."),
    Adjustment.SHORTER_SESSIONS: _N("Whoever proposes a time reads it."),
}
"""What comes of each, and who notices it."""


@bp.get("/a/<uuid:activity_id>/adjustments")
@needs(Capability.TRAINEE, Capability.INSTRUCTOR)
def overview(place: Place) -> ResponseReturnValue:
    """A trainee's own; for instructors all of the course, and finding somebody."""
    trains = Capability.TRAINEE in place.capabilities
    instructs = Capability.INSTRUCTOR in place.capabilities
    name = request.args.get("name", "").strip()[:LONGEST_NAME] if instructs else ""
    own = arranging.of_person(current.db(), place, current.visitor().person_id) if trains else None
    return render_template(
        "accommodations/overview.html",
        place=place,
        trains=trains,
        instructs=instructs,
        own=own,
        ended=arranging.ended_lately(current.db(), current.visitor(), place, current.now()) if trains else None,
        whom_to_ask=arranging.whom_to_ask(current.db(), place) if trains else (),
        readers=_readers(current.visitor().name or "", own),
        all_of_course=arranging.arrangements(current.db(), place) if instructs else (),
        name=name,
        found=arranging.trainees_named(current.db(), place, name) if name else (),
        today=current.now().date(),
        tabs=tabs(place),
    )


@bp.route("/a/<uuid:activity_id>/adjustments/<uuid:person_id>", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def of_person(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Arrange something for a trainee: choices, days, a last day, and nothing else."""
    if request.method == "GET":
        return _person_page(place, person_id)
    try:
        wanted = _wanted()
        arranging.arrange(current.db(), current.visitor(), place, person_id=person_id, wanted=wanted, now=current.now())
    except ValueError:
        return _person_page(
            place, person_id, {"until": _("Please write the day as year, month and day: 2026-03-31.")}
        ), 422
    except Refused as refused:
        give_up()
        return _person_page(place, person_id, {FIELDS.get(refused.code, "adjustment"): in_words(refused)}), 422
    return redirect(url_for("accommodations.overview", activity_id=place.activity.id, said="arranged"), 303)


@bp.post("/a/<uuid:activity_id>/adjustments/end")
@needs(Capability.TRAINEE, Capability.INSTRUCTOR)
@act
def end(place: Place) -> ResponseReturnValue:
    """End what is arranged: a trainee their own, an instructor anybody's."""
    arranging.end(
        current.db(),
        current.visitor(),
        place,
        uuid_of(request.form.get("accommodation")),
        own=Capability.INSTRUCTOR not in place.capabilities,
        now=current.now(),
    )
    return redirect(url_for("accommodations.overview", activity_id=place.activity.id, said="arranged_ended"), 303)


@bp.post("/a/<uuid:activity_id>/adjustments/bring-back")
@needs(Capability.TRAINEE)
@act
def bring_back(place: Place) -> ResponseReturnValue:
    """Within a day: what the trainee had arranged stands again."""
    arranging.bring_back(current.db(), current.visitor(), place, current.now())
    return redirect(url_for("accommodations.overview", activity_id=place.activity.id, said="arranged_again"), 303)


def _wanted() -> Wanted:
    """What the form says. Raises `ValueError` for a day that is none.

    Whoever takes more time away leaves the days there with which the form began: those are not asked about.
    """
    chosen = frozenset(one for one in OFFERED if one.value in request.form.getlist("adjustment"))
    days = request.form.get("more_days", "").strip()
    if Adjustment.MORE_TIME not in chosen and days == request.form.get(DAYS_SHOWN):
        days = ""
    return Wanted(
        adjustments=chosen,
        more_days=whole_number(days) if days else 0,
        until=day_of(request.form.get("until")),
    )


def _person_page(place: Place, person_id: UUID, needed: Mapping[str, str] = MappingProxyType({})) -> str:
    name = arranging.name_of(current.db(), place, person_id)
    standing = arranging.of_person(current.db(), place, person_id)
    typed = _typed() if needed else _as_it_stands(standing)
    return render_template(
        "accommodations/of_person.html",
        place=place,
        person_id=person_id,
        name=name,
        standing=standing,
        offered=[(one.value, one, _(HINTS[one])) for one in OFFERED],
        typed=typed,
        needed=needed,
        readers=_readers(name, standing),
        tabs=tabs(place),
    )


def _typed() -> dict[str, object]:
    return {
        "adjustment": request.form.getlist("adjustment"),
        "more_days": request.form.get("more_days", ""),
        DAYS_SHOWN: request.form.get(DAYS_SHOWN, ""),
        "until": request.form.get("until", ""),
    }


def _as_it_stands(standing: Arrangement | None) -> dict[str, object]:
    until: date | None = standing.until if standing else None
    days = (standing.more_days or "") if standing else ""
    return {
        "adjustment": [one.value for one in standing.adjustments] if standing else [],
        "more_days": days,
        DAYS_SHOWN: days,
        "until": until.isoformat() if until else "",
    }


def _readers(trainee: str, standing: Arrangement | None) -> tuple[Reader, ...]:
    """Who meets the effect, as the access table says it; of others only how they stand to it."""
    names = {Who.TRAINEE: (trainee,), Who.INSTRUCTOR: (standing.arranged_by,) if standing else ()}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.ADJUSTMENT].see)
