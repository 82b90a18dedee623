"""Appeals, for those who appeal: one's own, beginning one, writing, sending, answering, taking it back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from grading.appeals import AppealState
from lti_tool.access import Field
from lti_tool.services.certification import appeal_helping, appeal_lists, appeal_panels, appeal_sending, appeals
from lti_tool.services.certification.appeal_deciding import digest_of_outcome
from lti_tool.services.certification.appeal_file import on_file
from lti_tool.services.certification.appeal_matters import About, Matter, matter_of
from lti_tool.services.certification.appeal_terms import edition
from lti_tool.services.certification.appeals import Appeal, Part
from lti_tool.services.personal_data import record_access
from lti_tool.web import current
from lti_tool.web.access import public, repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.certification.appeal_terms import in_force, in_readers_words
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up, shown_again
from rubrics.refusal import Refused

bp = Blueprint("appeals", __name__)

SALT = "appeal-help"
"""What a link for somebody who helps is signed for."""


@bp.get("/appeals")
@signed_in
def own() -> ResponseReturnValue:
    """The visitor's own appeals, and those that they write for somebody."""
    return render_template(
        "appeals/own.html",
        lines=appeal_lists.own(current.db(), current.visitor()),
        on_panels=appeal_lists.on_panels(current.db(), current.visitor()),
        today=current.now().date(),
    )


@bp.route("/appeals/new", methods=["GET", "POST"])
@signed_in
@writes
@act
def new() -> ResponseReturnValue:
    """What an appeal against this would be like; beginning it."""
    about = _about(request.values)
    matter = appeal_sending.may_begin(current.db(), current.visitor(), about, current.now())
    like = uuid_if_any(request.values.get("like"))
    there = appeal_sending.begun(current.db(), matter.about, matter.trainee_id)
    if request.method == "GET" and there is not None and matter.trainee_id == current.visitor().person_id:
        return redirect(url_for("appeals.appeal", appeal_id=there))
    if request.method == "GET":
        return _new_page(matter, like)
    try:
        appeal_id = appeal_sending.begin(current.db(), current.visitor(), about, current.now(), like=like)
    except Refused as refused:
        give_up()
        return _new_page(matter, like, in_words(refused)), 422
    return redirect(url_for("appeals.appeal", appeal_id=appeal_id), 303)


@bp.get("/appeals/<uuid:appeal_id>")
@signed_in
@writes
def appeal(appeal_id: UUID) -> ResponseReturnValue:
    """One appeal, for all sides: each sees their part of it."""
    return page(appeal_id)


@bp.post("/appeals/<uuid:appeal_id>/save")
@signed_in
@repeatable
def save(appeal_id: UUID) -> ResponseReturnValue:
    """Autosave of the draft: an object of fields in, the moment it was saved out."""
    fields = fields_of_json(request.get_json())
    saved_at = appeal_sending.save(current.db(), current.visitor(), appeal_id, fields, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.post("/appeals/<uuid:appeal_id>/send")
@signed_in
@act
def send(appeal_id: UUID) -> ResponseReturnValue:
    """Save the draft and send it, or only save it."""
    typed = request.form.to_dict()
    try:
        appeal_sending.save(current.db(), current.visitor(), appeal_id, typed, current.now())
        if typed.get("then") == "later":
            return _back(appeal_id, "draft_saved")
        appeal_sending.send(current.db(), current.visitor(), appeal_id, current.now())
    except Refused as refused:
        return _again(appeal_id, refused, typed)
    return _back(appeal_id, "appeal_sent")


@bp.post("/appeals/<uuid:appeal_id>/answer")
@signed_in
@act
def answer(appeal_id: UUID) -> ResponseReturnValue:
    """Answer the panel's question, or add something."""
    typed = request.form.to_dict()
    try:
        appeal_sending.answer(current.db(), current.visitor(), appeal_id, typed.get("words", ""), current.now())
    except Refused as refused:
        return _again(appeal_id, refused, typed)
    return _back(appeal_id, "appeal_answered")


@bp.post("/appeals/<uuid:appeal_id>/more-time")
@signed_in
@act
def more_time(appeal_id: UUID) -> ResponseReturnValue:
    """More time for the trainee: at once, or by asking."""
    at_once = appeal_sending.take_more_time(current.db(), current.visitor(), appeal_id, current.now())
    return _back(appeal_id, "more_time" if at_once else "time_asked_for")


@bp.route("/appeals/<uuid:appeal_id>/withdraw", methods=["GET", "POST"])
@signed_in
@act
def withdraw(appeal_id: UUID) -> ResponseReturnValue:
    """Take it back: asked once, without a reason."""
    if request.method == "GET":
        found = appeals.read(current.db(), current.visitor(), appeal_id)
        if Part.TRAINEE not in found.parts:
            abort(404)
        return render_template("appeals/withdraw.html", appeal=found)
    appeal_sending.withdraw(current.db(), current.visitor(), appeal_id, current.now())
    return _back(appeal_id, "appeal_withdrawn")


@bp.route("/appeals/<uuid:appeal_id>/members/<uuid:member_id>/apart", methods=["GET", "POST"])
@signed_in
@act
def keep_apart(appeal_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """The trainee would rather have somebody else decide: asked once, without a reason."""
    if request.method == "POST":
        appeal_panels.keep_apart(current.db(), current.visitor(), appeal_id, member_id, current.now())
        return _back(appeal_id, "conflict_noted")
    found = appeals.read(current.db(), current.visitor(), appeal_id)
    member = next((one for one in found.accepted if one.id == member_id), None)
    if Part.TRAINEE not in found.parts or member is None:
        abort(404)
    return render_template("appeals/apart.html", appeal=found, member=member)


@bp.route("/appeals/help/<secret>", methods=["GET", "POST"])
@public
def helping(secret: str) -> ResponseReturnValue:
    """For somebody who has the trainee's link: writing the draft. Sending it is the trainee's."""
    appeal_id, good_until = _opened(secret)
    draft = appeal_helping.draft(current.db(), appeal_id, good_until, current.now())
    saved, problem, typed = False, None, request.form.to_dict()
    if request.method == "POST":
        try:
            appeal_helping.save(current.db(), appeal_id, typed, current.now())
            draft, saved, typed = appeal_helping.draft(current.db(), appeal_id, good_until, current.now()), True, {}
        except Refused as refused:
            give_up()
            problem = in_words(refused)
    shown = render_template(
        "appeals/helping.html", draft=draft, edition=in_readers_words(draft.edition), typed=typed, saved=saved,
        problem=problem, secret=secret, good_until=good_until,
    )  # fmt: skip
    return shown, 422 if problem else 200


def page(appeal_id: UUID, *, typed: Mapping[str, str] | None = None, problem: str | None = None) -> str:
    """The appeal as its reader may see it; that they opened it is noted for the trainee."""
    session, visitor = current.db(), current.visitor()
    found = appeals.read(session, visitor, appeal_id)
    matter = matter_of(
        session, visitor.organization_id, About(found.decision_id, found.observation_id, found.criterion)
    )
    reads_file = bool(found.parts & {Part.TRAINEE, Part.LEAD, Part.MEMBER})
    _log(found, reads_file=reads_file)
    return render_template(
        "appeals/draft.html" if found.state is AppealState.DRAFT else "appeals/appeal.html",
        appeal=found,
        matter=matter,
        edition=in_readers_words(edition(session, visitor.organization_id, found.terms_id)),
        file=on_file(session, visitor.organization_id, matter) if reads_file else None,
        readers=appeals.readers(found),
        typed=typed or {},
        problem=problem,
        me=visitor.person_id,
        today=current.now().date(),
        help_link=_help_link(found),
        digest=digest_of_outcome(found.id, found.outcome, found.reasons or "") if found.outcome else None,
    )


def shown_with(appeal_id: UUID, refused: Refused, typed: Mapping[str, str]) -> ResponseReturnValue:
    """The page again after an act that was refused, with what was typed."""
    problem = in_words(refused)
    return shown_again(lambda: page(appeal_id, typed=typed, problem=problem)), 422


def _again(appeal_id: UUID, refused: Refused, typed: Mapping[str, str]) -> ResponseReturnValue:
    return shown_with(appeal_id, refused, typed)


def _log(found: Appeal, *, reads_file: bool) -> None:
    if Part.TRAINEE in found.parts or not reads_file:
        return
    fields = {Field.APPEAL, Field.DECISION} if found.decision_id else {Field.APPEAL, Field.ASSESSMENT, Field.RESPONSE}
    record_access.log_reading(
        current.db(),
        current.visitor(),
        trainee_id=found.trainee_id,
        seen={found.observation_id: fields},
        now=current.now(),
    )


def _new_page(matter: Matter, like: UUID | None, problem: str | None = None) -> str:
    own = matter.trainee_id == current.visitor().person_id
    return render_template(
        "appeals/new.html",
        matter=matter,
        own=own,
        like=like,
        edition=in_force(),
        readers=appeals.readers(),
        file=on_file(current.db(), current.visitor().organization_id, matter) if own else None,
        problem=problem,
    )


def _about(given: Mapping[str, str]) -> About:
    decision, observation = uuid_if_any(given.get("decision")), uuid_if_any(given.get("observation"))
    if (decision is None) == (observation is None):
        abort(404)
    return About(decision, observation, given.get("criterion") or None if observation else None)


def _back(appeal_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("appeals.appeal", appeal_id=appeal_id, said=said), 303)


def _sealed() -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(current.settings().secret_keys)), salt=SALT)


def _help_link(found: Appeal) -> str | None:
    """For the trainee's draft: a link that opens it to write in, and nothing else, for some days."""
    if Part.TRAINEE not in found.parts or found.state is not AppealState.DRAFT:
        return None
    good_until = appeal_helping.good_until(current.now())
    secret = _sealed().dumps([found.id.hex, good_until.isoformat()])
    return f"{current.settings().public_url}{url_for('appeals.helping', secret=secret)}"


def _opened(secret: str) -> tuple[UUID, date]:
    try:
        appeal_id, good_until = _sealed().loads(secret)
        return UUID(appeal_id), date.fromisoformat(good_until)
    except (BadSignature, ValueError, TypeError):
        abort(404)
