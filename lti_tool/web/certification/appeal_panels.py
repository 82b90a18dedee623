"""Appeals, for those who decide about them: the list, who sits on a panel, asking, and the outcome."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask import redirect as lead
from flask.typing import ResponseReturnValue

from grading.appeals import AppealOutcome, AppealState
from lti_tool.access import Capability
from lti_tool.queue import Kind
from lti_tool.services.certification import appeal_deciding, appeal_lists, appeal_panels, appeal_statistics, appeals
from lti_tool.services.certification.appeal_deciding import Done
from lti_tool.services.certification.appeals import Part
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.certification.appeals import shown_with
from lti_tool.web.form_values import uuid_of
from lti_tool.web.paging import one_page
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("appeal_panels", __name__)

LONGEST = 200


@bp.get("/appeals/to-decide")
@signed_in
def to_decide() -> ResponseReturnValue:
    """What program leads and members of panels see to, with whose turn it is and until when."""
    leads = Capability.PROGRAM_LEAD in current.capabilities()
    if not leads and not appeal_lists.on_panels(current.db(), current.visitor()):
        raise NotHere
    ended = "ended" in request.args
    return render_template(
        "appeals/to_decide.html",
        paged=one_page(appeal_lists.to_decide(current.db(), current.visitor(), ended=ended)),
        ended=ended,
        i_lead=leads,
        today=current.now().date(),
    )


@bp.get("/appeals/statistics")
@needs_in_organization(Capability.PROGRAM_LEAD)
def statistics() -> ResponseReturnValue:
    """How appeals went: numbers of all, nothing about one."""
    found = appeal_statistics.statistics(current.db(), current.visitor().organization_id)
    return render_template("appeals/statistics.html", statistics=found)


@bp.post("/appeals/<uuid:appeal_id>/acknowledge")
@signed_in
@act
def acknowledge(appeal_id: UUID) -> ResponseReturnValue:
    """Say that it has arrived."""
    appeal_deciding.acknowledge(current.db(), current.visitor(), appeal_id, current.now())
    return _back(appeal_id, "appeal_acknowledged")


@bp.post("/appeals/<uuid:appeal_id>/take-up")
@signed_in
@act
def take_up(appeal_id: UUID) -> ResponseReturnValue:
    """Take up one that came late, or say why not."""
    typed = request.form.to_dict()
    try:
        if typed.get("then") == "not":
            appeal_deciding.do_not_take_up(
                current.db(), current.visitor(), appeal_id, typed.get("reasons", ""), current.now()
            )
            return _back(appeal_id, "appeal_not_taken_up")
        appeal_deciding.take_up(current.db(), current.visitor(), appeal_id, current.now())
    except Refused as refused:
        return shown_with(appeal_id, refused, typed)
    return _back(appeal_id, "appeal_taken_up")


@bp.route("/appeals/<uuid:appeal_id>/invite", methods=["GET", "POST"])
@signed_in
@act
def invite(appeal_id: UUID) -> ResponseReturnValue:
    """Find somebody of the organization by name, and ask them to sit on the panel."""
    if request.method == "POST":
        person_id = uuid_of(request.form.get("person"))
        appeal_panels.invite(current.db(), current.visitor(), appeal_id, person_id, current.now())
        return _back(appeal_id, "panel_invited")
    name = request.args.get("name", "").strip()[:LONGEST]
    return render_template(
        "appeals/invite.html",
        appeal=_led(appeal_id),
        name=name,
        people=appeal_panels.possible(current.db(), current.visitor(), appeal_id, name),
    )


@bp.route("/appeals/<uuid:appeal_id>/invite-outside", methods=["GET", "POST"])
@signed_in
@repeatable  # an act would keep where it led; each time gives a new link and code
def invite_outside(appeal_id: UUID) -> ResponseReturnValue:
    """Ask somebody who has no other way in: a link and a code, shown only now."""
    found, typed = _led(appeal_id), {name: request.form.get(name, "")[:LONGEST] for name in ("name", "email")}
    if request.method == "GET":
        return render_template("appeals/invite_outside.html", appeal=found, typed=typed, problem=None)
    try:
        handed = appeal_panels.invite_from_outside(
            current.db(), current.visitor(), appeal_id, **typed, secret_keys=current.settings().secret_keys,
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        again = render_template("appeals/invite_outside.html", appeal=found, typed=typed, problem=in_words(refused))
        return again, 422
    return render_template(
        "appeals/invited_outside.html", appeal=found, handed=handed, public_url=current.settings().public_url
    )


@bp.post("/appeals/<uuid:appeal_id>/members/<uuid:member_id>/take-off")
@signed_in
@act
def take_off(appeal_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Take somebody off the list who has not accepted yet."""
    appeal_panels.take_off(current.db(), current.visitor(), appeal_id, member_id, current.now())
    return _back(appeal_id, "panel_taken_off")


@bp.post("/appeals/<uuid:appeal_id>/accept")
@signed_in
@act
def accept(appeal_id: UUID) -> ResponseReturnValue:
    """Sit on the panel, confirming that there is no conflict."""
    appeal_panels.accept(current.db(), current.visitor(), appeal_id, current.now())
    return _back(appeal_id, "panel_accepted")


@bp.post("/appeals/<uuid:appeal_id>/question")
@signed_in
@act
def question(appeal_id: UUID) -> ResponseReturnValue:
    """Ask the trainee something."""
    typed = request.form.to_dict()
    try:
        appeal_deciding.ask(current.db(), current.visitor(), appeal_id, typed.get("question", ""), current.now())
    except Refused as refused:
        return shown_with(appeal_id, refused, typed)
    return _back(appeal_id, "panel_asked")


@bp.post("/appeals/<uuid:appeal_id>/give-time")
@signed_in
@act
def give_time(appeal_id: UUID) -> ResponseReturnValue:
    """Give the trainee more time."""
    appeal_deciding.give_time(current.db(), current.visitor(), appeal_id, current.now())
    return _back(appeal_id, "panel_gave_time")


@bp.post("/appeals/<uuid:appeal_id>/outcome")
@signed_in
@act
def outcome(appeal_id: UUID) -> ResponseReturnValue:
    """Write the outcome with its reasons."""
    typed = request.form.to_dict()
    chosen = typed.get("outcome", "")
    try:
        if chosen not in set(AppealOutcome):
            raise Refused("outcome", "Please choose how it ends.")
        done = appeal_deciding.write(
            current.db(), current.visitor(), appeal_id, AppealOutcome(chosen), typed.get("reasons", ""), current.now()
        )
    except Refused as refused:
        return shown_with(appeal_id, refused, typed)
    return _after(appeal_id, done, "panel_wrote")


@bp.post("/appeals/<uuid:appeal_id>/agree")
@signed_in
@act
def agree(appeal_id: UUID) -> ResponseReturnValue:
    """Agree with exactly what was shown."""
    try:
        done = appeal_deciding.agree(
            current.db(), current.visitor(), appeal_id, request.form.get("digest", ""), current.now()
        )
    except Refused as refused:
        return shown_with(appeal_id, refused, {})
    return _after(appeal_id, done, "panel_agreed")


@bp.post("/appeals/<uuid:appeal_id>/step-aside")
@signed_in
@act
def step_aside(appeal_id: UUID) -> ResponseReturnValue:
    """Leave it to others, without a reason."""
    appeal_panels.step_aside(current.db(), current.visitor(), appeal_id, current.now())
    return lead(url_for("appeals.own", said="panel_left"), 303)


def _after(appeal_id: UUID, done: Done, said: str) -> ResponseReturnValue:
    for delivery_id in done.to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
    return _back(appeal_id, "appeal_decided" if done.decided else said)


def _led(appeal_id: UUID) -> appeals.Appeal:
    """The appeal, for a program lead while its panel is still to be found. Raises `NotHere` for others."""
    found = appeals.read(current.db(), current.visitor(), appeal_id)
    if Part.LEAD not in found.parts or found.state not in (AppealState.OPEN, AppealState.WITH_PANEL):
        raise NotHere
    return found


def _back(appeal_id: UUID, said: str) -> ResponseReturnValue:
    return lead(url_for("appeals.appeal", appeal_id=appeal_id, said=said), 303)
