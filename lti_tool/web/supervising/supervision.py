"""Asking for supervision, and who answers; one page for each standing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload.supervisors import Team, team_of
from lti_tool.services.courses.places import Place
from lti_tool.services.supervising import agreement_lines, session_lines, supervision, supervision_overview
from lti_tool.web import current
from lti_tool.web.access import needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

bp = Blueprint("supervision", __name__)


@bp.get("/a/<uuid:activity_id>/supervision")
@needs(Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR)
def page(place: Place) -> ResponseReturnValue:
    """What is there for the visitor: as a trainee, as somebody who supervises, as an instructor."""
    return _page(place)


@bp.post("/a/<uuid:activity_id>/supervision/ask")
@needs(Capability.TRAINEE)
@act
def ask(place: Place) -> ResponseReturnValue:
    """One tap: no reason, and no lane unless one is wished for."""
    typed = request.form.get("lane", "")
    supervision.ask(
        current.db(),
        current.visitor(),
        place,
        lane=Lane(typed) if typed in set(Lane) else None,
        observation_id=_observation(),
        now=current.now(),
    )
    return _back(place, "supervision_asked")


@bp.post("/a/<uuid:activity_id>/supervision/requests/<uuid:request_id>/take")
@needs(Capability.SUPERVISOR, Capability.INSTRUCTOR)
@act
def take(place: Place, request_id: UUID) -> ResponseReturnValue:
    """See to it, and say when and how to meet where one knows already."""
    proposed = request.form.get("proposed", "")
    try:
        supervision.take(current.db(), current.visitor(), place, request_id, proposed=proposed, now=current.now())
    except Refused as refused:
        give_up()
        return _page(place, in_words(refused), {request_id: proposed}), 422
    return _back(place, "supervision_taken")


@bp.post("/a/<uuid:activity_id>/supervision/requests/<uuid:request_id>/give-back")
@needs(Capability.SUPERVISOR, Capability.INSTRUCTOR)
@act
def give_back(place: Place, request_id: UUID) -> ResponseReturnValue:
    """Let somebody else see to it."""
    supervision.give_back(current.db(), current.visitor(), place, request_id, current.now())
    return _back(place, "supervision_given_back")


@bp.post("/a/<uuid:activity_id>/supervision/requests/<uuid:request_id>/take-back")
@needs(Capability.TRAINEE)
@act
def take_back(place: Place, request_id: UUID) -> ResponseReturnValue:
    """The trainee does not need it any more."""
    supervision.take_back(current.db(), current.visitor(), place, request_id, current.now())
    return _back(place, "supervision_taken_back")


def _page(place: Place, problem: str | None = None, typed: dict[UUID, str] | None = None) -> str:
    db, visitor = current.db(), current.visitor()
    leads = Capability.INSTRUCTOR in place.capabilities
    supervises = Capability.SUPERVISOR in place.capabilities
    learns = Capability.TRAINEE in place.capabilities
    only = None if leads or supervises else [visitor.person_id]
    team = team_of(db, place.course.id, current.now().date(), only)
    return render_template(
        "supervision/supervision.html",
        place=place,
        me=visitor.person_id,
        problem=problem,
        typed=typed or {},
        agreements=agreement_lines.own(db, visitor, place),
        sessions=session_lines.own(db, visitor, place),
        goals=session_lines.last_goals(db, visitor, place),
        session_readers=session_lines.readers_of(),
        wish_readers=supervision.readers_of_wish(team, visitor.person_id),
        proposal_readers=supervision.readers_of_proposal(),
        supervised=supervision_overview.supervised(db, visitor, place, team) if supervises else (),
        wishes=supervision.to_answer(db, visitor, place, team) if leads or supervises else (),
        tabs=tabs(place),
        tab=None,
        **(_as_trainee(place, team) if learns else {}),
        **(_as_instructor(place, team) if leads else {}),
    )


def _as_trainee(place: Place, team: Team) -> dict[str, Any]:
    visitor = current.visitor()
    around = [
        (person_id, team.names[person_id], lane)
        for person_id in sorted(team.lanes, key=lambda one: team.names[one].casefold())
        for lane in sorted(team.lanes_for(person_id, visitor.person_id))
    ]
    return {
        "wish": supervision.own(current.db(), visitor, place, current.now()),
        "supervisors": around,
        "lanes": tuple(sorted({lane for _, _, lane in around})),
    }


def _as_instructor(place: Place, team: Team) -> dict[str, Any]:
    found: dict[str, Any] = {
        "longer_ago": one_page(supervision_overview.longer_ago(current.db(), place, team, current.now())),
    }
    if place.activity.needs_agreement:
        found["without"] = one_page(supervision_overview.without_agreement(current.db(), place, team))
    return found


def _observation() -> UUID | None:
    """After which observation it was asked for; None where it was asked for on its own."""
    return uuid_of(request.form["observation"]) if request.form.get("observation") else None


def _back(place: Place, said: str) -> ResponseReturnValue:
    return redirect(url_for("supervision.page", activity_id=place.activity.id, said=said), 303)
