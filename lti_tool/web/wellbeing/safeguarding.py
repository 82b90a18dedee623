"""What to do when harm is told, and the flag that something is handled outside."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import ACCESS, Capability, Field
from lti_tool.services.observations.lines import line, who_is_reading
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.wellbeing import guidance, safeguarding
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("safeguarding", __name__)


@bp.get("/guidance")
@signed_in
def read() -> ResponseReturnValue:
    """What to do when harm or danger is told: plain, for everybody, and nothing to fill in."""
    return _guidance_page(None)


@bp.get("/o/<uuid:observation_id>/guidance")
@signed_in
def read_beside(observation_id: UUID) -> ResponseReturnValue:
    """The same, with the way back to the observation. That somebody opened it is noted nowhere."""
    seen = line(current.db(), current.visitor().organization_id, observation_id)
    who_is_reading(current.db(), current.visitor(), seen)
    return _guidance_page(observation_id)


def _guidance_page(observation_id: UUID | None) -> str:
    organization_id = current.visitor().organization_id
    mine = current.capabilities()
    return render_template(
        "safeguarding/guidance.html",
        found=guidance.guidance_of(current.db(), organization_id),
        leads=safeguarding.leads_of(current.db(), organization_id),
        i_write=Capability.PROGRAM_LEAD in mine,
        i_look_after_it=Capability.SAFEGUARDING_LEAD in mine,
        observation_id=observation_id,
    )


@bp.route("/guidance/edit", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def edit() -> ResponseReturnValue:
    """All that is in force or was put away, and writing what holds in another place."""
    if request.method == "GET":
        return _edit_page(None, {})
    return _write(None)


@bp.route("/guidance/edit/<uuid:guidance_id>", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def edit_one(guidance_id: UUID) -> ResponseReturnValue:
    """Write anew what to do in one place; what stood there before is kept, and can be brought back."""
    if request.method == "POST":
        return _write(guidance_id)
    found = guidance.one(current.db(), current.visitor().organization_id, guidance_id)
    return _edit_page(guidance_id, {"jurisdiction": found.jurisdiction, "words": found.words})


@bp.post("/guidance/edit/<uuid:guidance_id>/put-away")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def put_away(guidance_id: UUID) -> ResponseReturnValue:
    """Show it no more, or with `wish=back` have it in force again."""
    if request.form.get("wish") == "back":
        guidance.bring_back(current.db(), current.visitor(), guidance_id, current.now())
        return redirect(url_for("safeguarding.edit", said="guidance_brought_back"), 303)
    guidance.put_away(current.db(), current.visitor(), guidance_id, current.now())
    return redirect(url_for("safeguarding.edit", said="guidance_put_away"), 303)


@bp.get("/safeguarding")
@needs_in_organization(Capability.SAFEGUARDING_LEAD)
def flags() -> ResponseReturnValue:
    """For the safeguarding lead: that something is handled outside, and nothing of what it is about."""
    return render_template("safeguarding/flags.html", flags=safeguarding.flags(current.db(), current.visitor()))


@bp.post("/safeguarding/<uuid:flag_id>/acknowledge")
@needs_in_organization(Capability.SAFEGUARDING_LEAD)
@act
def acknowledge(flag_id: UUID) -> ResponseReturnValue:
    """It was seen; whoever raised it reads that."""
    safeguarding.acknowledge(current.db(), current.visitor(), flag_id, current.now())
    return redirect(url_for("safeguarding.flags", said="flag_acknowledged"), 303)


@bp.route("/o/<uuid:observation_id>/handled-outside", methods=["GET", "POST"])
@signed_in
@act
def handled_outside(observation_id: UUID) -> ResponseReturnValue:
    """Raise that something is handled outside: one press, and no place for words."""
    if request.method == "GET":
        raised = safeguarding.raised_by_me(current.db(), current.visitor(), observation_id)
        readers = tuple(
            Reader(who, tuple(lead.name for lead in raised.leads)) for who in sorted(ACCESS[Field.HANDLED_OUTSIDE].see)
        )
        return render_template(
            "safeguarding/handled_outside.html", raised=raised, observation_id=observation_id, readers=readers
        )
    safeguarding.raise_flag(current.db(), current.visitor(), observation_id, current.now())
    return _back_to_flag(observation_id, "flag_raised")


@bp.post("/o/<uuid:observation_id>/handled-outside/take-back")
@signed_in
@act
def take_back(observation_id: UUID) -> ResponseReturnValue:
    """Take back what the visitor raised."""
    safeguarding.take_back(current.db(), current.visitor(), observation_id, current.now())
    return _back_to_flag(observation_id, "flag_taken_back")


def _back_to_flag(observation_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("safeguarding.handled_outside", observation_id=observation_id, said=said), 303)


def _write(guidance_id: UUID | None) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("jurisdiction", "words")}
    try:
        guidance.write(current.db(), current.visitor(), guidance_id=guidance_id, now=current.now(), **typed)
    except Refused as refused:
        give_up()
        return _edit_page(guidance_id, typed, in_words(refused)), 422
    return redirect(url_for("safeguarding.edit", said="guidance_written"), 303)


def _edit_page(guidance_id: UUID | None, typed: dict[str, str], problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    return render_template(
        "safeguarding/edit.html",
        found=guidance.guidance_of(current.db(), organization_id),
        put_away=guidance.put_away_of(current.db(), organization_id),
        guidance_id=guidance_id,
        typed=typed,
        problem=problem,
    )
