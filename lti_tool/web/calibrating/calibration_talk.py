"""Talking about an example once it is revealed, and recording what was agreed."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.calibrating import calibration, calibration_talk
from lti_tool.services.calibrating.calibration_access import readers
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.authoring.library import language_name
from lti_tool.web.calibrating.calibration_fields import agreed_in, outcome_values
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from lti_tool.web.transactions import give_up
from rubrics.calibration import Sight
from rubrics.example import is_safe_address
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("calibration_talk", __name__)


@bp.route("/calibrations/<uuid:calibration_id>/items/<uuid:item_id>", methods=["GET", "POST"])
@signed_in
@act
def talk(calibration_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Where everybody stood on an example, with the agreed ratings; and recording what is agreed in the talk."""
    if request.method == "GET":
        return _page(calibration_id, item_id)
    try:
        calibration.record(
            current.db(), current.visitor(), calibration_id, item_id=item_id, agreed=agreed_in(request.form),
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return _page(calibration_id, item_id, in_words(refused)), 422
    here = url_for("calibration_talk.talk", calibration_id=calibration_id, item_id=item_id, said="calibration_recorded")
    return redirect(here, 303)


def _page(calibration_id: UUID, item_id: UUID, problem: str | None = None) -> str:
    found = calibration_talk.talk(current.db(), current.visitor(), calibration_id, item_id)
    example = found.item.example
    if example is None:
        raise NotHere
    return render_template(
        "calibration/talk.html",
        found=found,
        whole=found.whole,
        example=example,
        rubric=for_reader(found.whole.rubric, readers_languages()),
        by_name=found.whole.sight is Sight.NAMES,
        values=outcome_values(found.strips) | request.form.to_dict(),
        opens=is_safe_address(example.address),
        readers=readers(found.whole.names),
        language_name=language_name,
        problem=problem,
    )
