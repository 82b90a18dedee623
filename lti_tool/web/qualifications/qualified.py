"""What people are qualified in, until when, and who saw it."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.courses.places import Place
from lti_tool.services.qualifications import qualification_evidence, qualified
from lti_tool.web import current
from lti_tool.web.access import needs, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of, uuid_if_any, uuid_of
from lti_tool.web.moments import day
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import _N
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("qualifications", __name__)

SUGGESTED = (
    _N("Training in trauma"),
    _N("Training in cultural humility"),
    _N("Training to recognize bias"),
    _N("Training in confidentiality"),
)
"""Kinds that are offered beside those that an activity asks for."""


@bp.get("/qualifications")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own: what was recorded, until when it is good, who saw it."""
    today = current.now().date()
    found = qualified.qualifications_of(current.db(), current.visitor().person_id)
    own = qualification_evidence.own_evidence(current.db(), current.visitor())
    choices = [("", _("nothing: it was seen elsewhere"))]
    choices += [(str(one.id), one.title or _("Evidence of %(day)s", day=day(one.made_at))) for one in own]
    return render_template("qualifications/mine.html", found=found, today=today, evidence=choices if own else [])


@bp.post("/qualifications/show")
@signed_in
@act
def show() -> ResponseReturnValue:
    """Say what one keeps in Attune to show for a qualification; nothing takes it away again."""
    qualification_evidence.show(
        current.db(),
        current.visitor(),
        uuid_of(request.form.get("qualification")),
        uuid_if_any(request.form.get("evidence")),
        current.now(),
    )
    return redirect(url_for("qualifications.mine", said="evidence_named"), 303)


@bp.route("/a/<uuid:activity_id>/people/<uuid:person_id>/qualifications", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def of_person(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Those of a person of the course, and recording one that was seen."""
    if request.method == "GET":
        return _page(place, person_id)
    try:
        first = day_of(request.form.get("from")) or current.now().date()
        last = day_of(request.form.get("until"))
    except ValueError:
        return _page(place, person_id, _("Please write each day as year, month and day: 2026-03-31.")), 422
    try:
        _record(place, person_id, first, last)
    except Refused as refused:
        give_up()
        return _page(place, person_id, in_words(refused)), 422
    return redirect(_to(place, person_id, "qualification_recorded"), 303)


@bp.post("/a/<uuid:activity_id>/people/<uuid:person_id>/qualifications/end")
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Take one back as not so."""
    qualified.end(
        current.db(),
        current.visitor(),
        place,
        person_id=person_id,
        qualification_id=uuid_of(request.form.get("qualification")),
        now=current.now(),
    )
    return redirect(_to(place, person_id, "qualification_ended"), 303)


def _record(place: Place, person_id: UUID, first: date, last: date | None) -> None:
    qualified.record(
        current.db(),
        current.visitor(),
        place,
        person_id=person_id,
        kind=request.form.get("kind", ""),
        days=(first, last),
        now=current.now(),
    )


def _page(place: Place, person_id: UUID, problem: str | None = None) -> str:
    today = current.now().date()
    return render_template(
        "qualifications/of_person.html",
        place=place,
        person_id=person_id,
        name=qualified.name_in_course(current.db(), place, person_id),
        found=qualified.qualifications_of(current.db(), person_id),
        still_needed=qualified.missing(current.db(), person_id, place.activity.qualifications, today),
        kinds=dict.fromkeys([*place.activity.qualifications, *(_(kind) for kind in SUGGESTED)]),
        today=today,
        typed={"from": today.isoformat(), **request.form},
        problem=problem,
        tabs=tabs(place),
        tab=Tab.PEOPLE,
    )


def _to(place: Place, person_id: UUID, said: str) -> str:
    return url_for("qualifications.of_person", activity_id=place.activity.id, person_id=person_id, said=said)
