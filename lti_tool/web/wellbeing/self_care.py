"""The self-care plan and the check-in: nobody else's, ever."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Field
from lti_tool.services.courses.places import NotHere
from lti_tool.services.wellbeing import check_ins, debrief_prompts, self_care
from lti_tool.services.wellbeing.owner_only import own_readers
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("self_care", __name__)


@bp.get("/self-care")
@signed_in
def page() -> ResponseReturnValue:
    """The plan, and one box for today."""
    return _page()


@bp.post("/self-care")
@signed_in
@act
def save() -> ResponseReturnValue:
    """Save the plan."""
    typed = request.form.to_dict()
    try:
        self_care.save(current.db(), current.visitor(), typed, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(typed=typed, problem=problem))
    return redirect(url_for("self_care.page", said="own_saved"), 303)


@bp.post("/self-care/save")
@signed_in
@repeatable
def autosave() -> ResponseReturnValue:
    """Autosave of the plan: an object of fields in, the moment it was saved out."""
    fields = fields_of_json(request.get_json())
    saved_at = self_care.save(current.db(), current.visitor(), fields, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.post("/self-care/days/<day>")
@signed_in
@act
def save_day(day: str) -> ResponseReturnValue:
    """Save how somebody says they are."""
    words = request.form.get("today")
    if words is None:
        abort(400)
    try:
        check_ins.save(current.db(), current.visitor(), _day(day), words, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(today=words, today_problem=problem))
    return redirect(url_for("self_care.page", said="own_saved"), 303)


@bp.post("/self-care/days/<day>/save")
@signed_in
@repeatable
def autosave_day(day: str) -> ResponseReturnValue:
    """Autosave of it."""
    words = fields_of_json(request.get_json()).get("today", "")
    saved_at = check_ins.save(current.db(), current.visitor(), _day(day), words, current.now())
    return {"saved_at": saved_at.isoformat()}


@bp.get("/self-care/days")
@signed_in
def days() -> ResponseReturnValue:
    """What the visitor wrote on other days; they can delete each."""
    found = check_ins.days(current.db(), current.visitor(), current.now(), _before())
    readers = own_readers(current.visitor(), Field.CHECK_IN)
    return render_template("self_care/days.html", days=found, readers=readers)


@bp.post("/self-care/days/<day>/put-away")
@signed_in
@act
def put_away(day: str) -> ResponseReturnValue:
    """Delete a day's words; for a day they can be brought back."""
    check_ins.put_away(current.db(), current.visitor(), _day(day), current.now())
    return redirect(url_for("self_care.days", said="own_put_away"), 303)


@bp.post("/self-care/days/<day>/put-away/undo")
@signed_in
@act
def undo(day: str) -> ResponseReturnValue:
    """Bring them back, or delete them for good now."""
    if request.form.get("then") == "delete":
        check_ins.delete_now(current.db(), current.visitor(), _day(day))
        return redirect(url_for("self_care.days", said="own_deleted"), 303)
    check_ins.bring_back(current.db(), current.visitor(), _day(day), current.now())
    return redirect(url_for("self_care.days", said="own_brought_back"), 303)


@bp.post("/o/<uuid:observation_id>/not-again")
@signed_in
@act
def not_again(observation_id: UUID) -> ResponseReturnValue:
    """How this observation was for the visitor is not asked any more."""
    debrief_prompts.put_away(current.db(), current.visitor(), observation_id, current.now())
    return redirect(url_for("observations.read", observation_id=observation_id, said="not_asked_again"), 303)


def _page(
    *,
    typed: dict[str, str] | None = None,
    problem: str | None = None,
    today: str | None = None,
    today_problem: str | None = None,
) -> ResponseReturnValue:
    day = current.now().date()
    page = render_template(
        "self_care/self_care.html",
        plan=self_care.plan(current.db(), current.visitor()),
        plan_readers=own_readers(current.visitor(), Field.SELF_CARE_PLAN),
        day_readers=own_readers(current.visitor(), Field.CHECK_IN),
        day=day,
        check_in=check_ins.of_day(current.db(), current.visitor(), day),
        typed=typed or {},
        problem=problem,
        today=today,
        today_problem=today_problem,
    )
    return page, 422 if problem or today_problem else 200


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise NotHere from None


def _before() -> date | None:
    try:
        return date.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
