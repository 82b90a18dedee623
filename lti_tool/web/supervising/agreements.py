"""Supervision agreements: written, signed by both, ended."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import line
from lti_tool.services.supervising import agreements
from lti_tool.services.supervising.agreement_lines import Pair
from lti_tool.services.supervising.session_choices import choices
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import number_typed, uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from lti_tool.web.words import word
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import LANE_OF, TEXTS, USUAL, Part, Terms

bp = Blueprint("agreements", __name__)

SIDES = (Capability.TRAINEE, Capability.SUPERVISOR)
AT_A_FIELD = frozenset({"every_days", *TEXTS})


@bp.route("/a/<uuid:activity_id>/supervision/agreements/new", methods=["GET", "POST"])
@needs(*SIDES)
@act
def new(place: Place) -> ResponseReturnValue:
    """Write an edition, prefilled with the last one; without a person and lane in the address, choose them first."""
    other_id, lane = _chosen(request.values)
    if other_id is None or lane is None:
        return render_template(
            "supervision/with_whom.html", place=place, people=_people(place), tabs=tabs(place), tab=None
        )
    pair = agreements.pair_of(current.db(), current.visitor(), place, other_id, lane, current.now())
    number, last = agreements.last_terms(current.db(), place, pair)
    if request.method == "GET":
        return _form(place, pair, other_id, _fields(last or _usual()), number)
    typed = request.form.to_dict()
    try:
        agreement_id = agreements.propose(
            current.db(), current.visitor(), place, pair, _terms(typed), after=number_typed(typed.get("after")),
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return _form(place, pair, other_id, typed, number, refused), 422
    return redirect(_address(place, agreement_id, "agreement_proposed"), 303)


@bp.get("/a/<uuid:activity_id>/supervision/agreements/<uuid:agreement_id>")
@needs(*SIDES)
def agreement(place: Place, agreement_id: UUID) -> ResponseReturnValue:
    """What it says, who signed it, and signing it."""
    return _page(place, agreement_id)


@bp.post("/a/<uuid:activity_id>/supervision/agreements/<uuid:agreement_id>/sign")
@needs(*SIDES)
@act
def sign(place: Place, agreement_id: UUID) -> ResponseReturnValue:
    """Sign exactly what was shown."""
    try:
        stands = agreements.sign(
            current.db(), current.visitor(), place, agreement_id, request.form.get("digest", ""), current.now()
        )
    except Refused as refused:
        give_up()
        return _page(place, agreement_id, in_words(refused)), 422
    return redirect(_address(place, agreement_id, "agreement_in_force" if stands else "agreement_signed"), 303)


@bp.post("/a/<uuid:activity_id>/supervision/agreements/<uuid:agreement_id>/end")
@needs(*SIDES)
@act
def end(place: Place, agreement_id: UUID) -> ResponseReturnValue:
    """End it; no reason is asked."""
    agreements.end(current.db(), current.visitor(), place, agreement_id, current.now())
    return redirect(_address(place, agreement_id, "agreement_ended"), 303)


def first_an_agreement(observation_id: UUID, lane: Lane, refused: Refused) -> str:
    """For a supervisor who cannot sign before there is one: why, and the way to it."""
    seen = line(current.db(), current.visitor().organization_id, observation_id)
    return render_template(
        "supervision/first_an_agreement.html",
        activity_id=seen.activity_id,
        trainee_id=seen.trainee_id,
        trainee_name=seen.trainee_name,
        lane=lane,
        happened=in_words(refused),
    )


def _page(place: Place, agreement_id: UUID, problem: str | None = None) -> str:
    found = agreements.read(current.db(), current.visitor(), place, agreement_id)
    me, pair = current.visitor().person_id, found.line.pair
    return render_template(
        "supervision/agreement.html",
        place=place,
        me=me,
        other_id=pair.supervisor_id if me == pair.trainee_id else pair.trainee_id,
        agreement=found,
        problem=problem,
        tabs=tabs(place),
        tab=None,
    )


def _form(
    place: Place, pair: Pair, other_id: UUID, typed: Mapping[str, str], number: int, refused: Refused | None = None
) -> str:
    team = team_of(current.db(), place.course.id, current.now().date(), [pair.trainee_id])
    people = choices(current.db(), current.visitor(), place, team, also=[pair.trainee_id])
    at_field = {refused.code: in_words(refused)} if refused and refused.code in AT_A_FIELD else {}
    return render_template(
        "supervision/write_agreement.html",
        place=place,
        pair=pair,
        other_id=other_id,
        other_name=next((one.name for one in people if one.person_id == other_id), ""),
        typed={**dict.fromkeys(("every_days", *TEXTS), ""), **typed},
        number=number,
        problems=at_field,
        problem=in_words(refused) if refused and not at_field else None,
        readers=agreements.readers(),
        tabs=tabs(place),
        tab=None,
    )


def _people(place: Place) -> list[tuple[str, str]]:
    """With whom the visitor could agree, each in a lane."""
    me = current.visitor().person_id
    team = team_of(current.db(), place.course.id, current.now().date())
    offered = choices(current.db(), current.visitor(), place, team)
    learns = any(one.person_id == me and one.part is Part.TRAINEE for one in offered)
    found = []
    for one in offered:
        if one.part is Part.TRAINEE:
            lanes = team.lanes_for(me, one.person_id)
        else:
            lanes = team.lanes_for(one.person_id, me) & {LANE_OF[one.part]} if learns else frozenset()
        found += [(f"{one.person_id}:{lane}", f"{one.name}, {word(lane)}") for lane in sorted(lanes)]
    return found


def _chosen(given: Mapping[str, str]) -> tuple[UUID | None, Lane | None]:
    """The other one and the lane, as a link names them or as they were chosen in a list."""
    both = given.get("whom", "").partition(":")
    person, lane = (both[0], both[2]) if both[1] else (given.get("person", ""), given.get("lane", ""))
    if person and uuid_if_any(person) is None:
        abort(400)
    return uuid_if_any(person), Lane(lane) if lane in set(Lane) else None


def _usual() -> Terms:
    return Terms(USUAL.every_days, _(USUAL.expectations), _(USUAL.channels), _(USUAL.confidentiality))


def _fields(terms: Terms) -> dict[str, str]:
    return {"every_days": str(terms.every_days), **{name: getattr(terms, name) for name in TEXTS}}


def _terms(typed: Mapping[str, str]) -> Terms:
    return Terms(number_typed(typed.get("every_days")), *(typed.get(name, "") for name in TEXTS))


def _address(place: Place, agreement_id: UUID, said: str) -> str:
    return url_for("agreements.agreement", activity_id=place.activity.id, agreement_id=agreement_id, said=said)
