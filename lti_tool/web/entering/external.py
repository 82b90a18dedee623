"""Inviting somebody without an LMS account to observe or sign for trainees of a course."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering import external, external_address
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, repeatable
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

bp = Blueprint("external", __name__)

LONGEST = 200
FIELD_OF = {
    "name_needed": "name",
    "email_needed": "email",
    "in_the_course": "email",
    "part_needed": "parts",
    "trainees_needed": "trainees",
    "not_for_this_trainee": "trainees",
}
OBSERVES = "observe"


@bp.get("/a/<uuid:activity_id>/external")
@needs(Capability.INSTRUCTOR)
def everyone(place: Place) -> ResponseReturnValue:
    """Whom Attune invited into this course, and how far each is."""
    return render_template(
        "external/external.html",
        place=place,
        externals=external.externals(current.db(), place, current.now()),
        sends_mail=current.settings().sends_mail,
        tabs=tabs(place),
        tab=Tab.PEOPLE,
    )


@bp.route("/a/<uuid:activity_id>/external/invite", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def invite(place: Place) -> ResponseReturnValue:
    """Say who is invited, what for and for whom; how it reaches them comes next."""
    if request.method == "GET":
        return _invite_page(place, {}, ())
    asked = _asked()
    try:
        person_id = external.invite(
            current.db(),
            current.visitor(),
            place,
            asked,
            secret_keys=current.settings().secret_keys,
            now=current.now(),
        )
    except Refused as refused:
        transactions.give_up()
        return _invite_page(place, {FIELD_OF.get(refused.code, "name"): in_words(refused)}, asked.trainees), 422
    return redirect(url_for("external.reach", activity_id=place.activity.id, person_id=person_id), 303)


@bp.get("/a/<uuid:activity_id>/external/<uuid:person_id>")
@needs(Capability.INSTRUCTOR)
def reach(place: Place, person_id: UUID) -> ResponseReturnValue:
    """How the invitation reaches them: by mail, or handed over. Also for a new one."""
    return _reach_page(place, person_id)


@bp.post("/a/<uuid:activity_id>/external/<uuid:person_id>/address")
@needs(Capability.INSTRUCTOR)
@act
def address(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Keep another address for somebody who has not come in yet."""
    typed = request.form.get("address", "")[:LONGEST]
    try:
        external_address.correct(
            current.db(),
            current.visitor(),
            place,
            person_id,
            typed,
            secret_keys=current.settings().secret_keys,
            now=current.now(),
        )
    except Refused as refused:
        transactions.give_up()
        return _reach_page(place, person_id, typed, in_words(refused)), 422
    at = url_for("external.reach", activity_id=place.activity.id, person_id=person_id, said="address_corrected")
    return redirect(at, 303)


@bp.post("/a/<uuid:activity_id>/external/<uuid:person_id>/mail")
@needs(Capability.INSTRUCTOR)
@act
def mail(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Send the link to the address at which they were invited, and to no other."""
    if not current.settings().sends_mail:
        raise NotHere
    mail_id = external.mail_invitation(current.db(), current.visitor(), place, person_id, current.now())
    current.look_at(Kind.MAIL, mail_id)
    return redirect(url_for("external.everyone", activity_id=place.activity.id, said="invitation_sent"), 303)


@bp.post("/a/<uuid:activity_id>/external/<uuid:person_id>/hand-over")
@needs(Capability.INSTRUCTOR)
@repeatable  # an act would keep where it led; each time gives a new link and code, and those before stay good
def hand_over(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Show a new link and its code, only now."""
    handed = external.hand_over(current.db(), current.visitor(), place, person_id, current.now())
    return render_template("external/handed.html", place=place, handed=handed, public_url=current.settings().public_url)


@bp.route("/a/<uuid:activity_id>/external/<uuid:person_id>/end", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place, person_id: UUID) -> ResponseReturnValue:
    """End it: asked once."""
    if request.method == "POST":
        external.end(current.db(), current.visitor(), place, person_id, current.now())
        return redirect(url_for("external.everyone", activity_id=place.activity.id, said="external_ended"), 303)
    one = external.one_of(current.db(), place, person_id, current.now())
    return render_template("external/end.html", place=place, one=one)


def _asked() -> external.Asked:
    parts = request.form.getlist("parts")
    return external.Asked(
        name=request.form.get("name", "").strip()[:LONGEST],
        email=request.form.get("email", "").strip()[:LONGEST],
        observes=OBSERVES in parts,
        lanes=frozenset(lane for lane in Lane if lane.value in parts),
        trainees=frozenset(filter(None, map(uuid_if_any, request.form.getlist("trainees")))),
    )


def _reach_page(place: Place, person_id: UUID, typed: str | None = None, problem: str | None = None) -> str:
    return render_template(
        "external/reach.html",
        place=place,
        one=external.one_of(current.db(), place, person_id, current.now()),
        sends_mail=current.settings().sends_mail,
        typed=typed,
        problem=problem,
    )


def _invite_page(place: Place, problems: dict[str, str], chosen: object) -> str:
    return render_template(
        "external/invite.html",
        place=place,
        trainees=people_list.trainees(current.db(), place),
        lanes=place.activity.lanes,
        typed={name: request.form.get(name, "") for name in ("name", "email")},
        parts=request.form.getlist("parts"),
        chosen=chosen,
        problems=problems,
        sends_mail=current.settings().sends_mail,
    )
