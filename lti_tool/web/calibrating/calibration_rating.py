"""Rating an example of a calibration, alone: the form with its autosave, handing in, stepping out."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.calibrating import calibration, calibration_rating
from lti_tool.services.calibrating.calibration_access import readers
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import guide
from lti_tool.web import current
from lti_tool.web.access import repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.authoring.library import language_name
from lti_tool.web.observations.rating_fields import change_of, fields_of_json, values_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from lti_tool.web.transactions import give_up
from rubrics.assessment import Assessment
from rubrics.example import is_safe_address
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("calibration_rating", __name__)


@bp.route("/calibrations/<uuid:calibration_id>/items/<uuid:item_id>/rate", methods=["GET", "POST"])
@signed_in
@repeatable
def rate(calibration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """The form for one example. A post saves all of it, and leads to the next example or back to all of them."""
    if request.method == "GET":
        return _page(calibration_id, item_id)
    typed = request.form.to_dict()
    try:
        _save(calibration_id, item_id, typed)
    except Refused as refused:
        if refused.code != "too_long":
            raise
        give_up()
        return _page(calibration_id, item_id, typed, in_words(refused))
    after = _next(calibration_id, item_id) if typed.get("then") == "next" else None
    if after is not None:
        return redirect(url_for("calibration_rating.rate", calibration_id=calibration_id, item_id=after), 303)
    return redirect(url_for("calibration.read", calibration_id=calibration_id, said="draft_saved"), 303)


@bp.post("/calibrations/<uuid:calibration_id>/items/<uuid:item_id>/save")
@signed_in
@repeatable
def save(calibration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Autosave: an object of fields in, the moment it was saved out."""
    _save(calibration_id, item_id, fields_of_json(request.get_json()))
    return {"saved_at": current.now().isoformat()}


@bp.post("/calibrations/<uuid:calibration_id>/hand-in")
@signed_in
@act
def hand_in(calibration_id: UUID) -> ResponseReturnValue:
    """Hand in what was rated."""
    calibration_rating.hand_in(current.db(), current.visitor(), calibration_id, current.now())
    return redirect(url_for("calibration.read", calibration_id=calibration_id, said="calibration_handed_in"), 303)


@bp.post("/calibrations/<uuid:calibration_id>/take-up-again")
@signed_in
@act
def take_up_again(calibration_id: UUID) -> ResponseReturnValue:
    """Change one's ratings once more, as long as nothing is revealed."""
    calibration_rating.take_up_again(current.db(), current.visitor(), calibration_id, current.now())
    return redirect(url_for("calibration.read", calibration_id=calibration_id), 303)


@bp.post("/calibrations/<uuid:calibration_id>/leave")
@signed_in
@act
def leave(calibration_id: UUID) -> ResponseReturnValue:
    """Have no part in it, without a reason."""
    calibration.step_out(current.db(), current.visitor(), calibration_id, current.now())
    return redirect(url_for("calibration.mine", said="calibration_left"), 303)


def _save(calibration_id: UUID, item_id: UUID, fields: dict[str, str]) -> None:
    calibration_rating.save(
        current.db(), current.visitor(), calibration_id, item_id=item_id, changes=change_of(fields).ratings,
        now=current.now(),
    )  # fmt: skip


def _next(calibration_id: UUID, item_id: UUID) -> UUID | None:
    found = calibration_rating.form(current.db(), current.visitor(), calibration_id, item_id)
    after = (one.id for one in found.items if one.example and one.position > found.item.position)
    return next(after, None)


def _page(
    calibration_id: UUID, item_id: UUID, typed: dict[str, str] | None = None, problem: str | None = None
) -> ResponseReturnValue:
    found = calibration_rating.form(current.db(), current.visitor(), calibration_id, item_id)
    if found.item.example is None:
        raise NotHere
    if found.handed_in:
        return redirect(url_for("calibration.read", calibration_id=calibration_id), 303)
    spoken = for_reader(found.rubric, readers_languages())
    page = render_template(
        "calibration/rate.html",
        form_view=found,
        calibration_id=calibration_id,
        example=found.item.example,
        rubric=spoken,
        competencies=guide.competencies(current.db(), current.visitor().organization_id, spoken, readers_languages()),
        values=values_of(Assessment("", "", "", found.ratings)) | (typed or {}),
        is_last=_is_last(found),
        opens=is_safe_address(found.item.example.address),
        language_name=language_name,
        readers=readers(),
        problem=problem,
    )
    return page, 422 if problem else 200


def _is_last(found: calibration_rating.Form) -> bool:
    return found.item.position == max(one.position for one in found.items if one.example)
