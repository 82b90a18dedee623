"""One trainee of an activity, for whoever reviews: where a submission review leads, and a page of the activity."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.scores import MAXIMUM
from lti_tool.access import Capability
from lti_tool.services.asking import ask
from lti_tool.services.courses import trainees
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.web import current
from lti_tool.web.access import needs, writes
from lti_tool.web.scores.delivery_words import about_score
from lti_tool.web.texts import gettext as _
from lti_tool.web.way_back import to_lms

bp = Blueprint("review", __name__)

REVIEWERS = (Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR)


@bp.get("/a/<uuid:activity_id>/trainees/<uuid:person_id>")
@needs(*REVIEWERS)
@writes
def trainee(place: Place, person_id: UUID) -> ResponseReturnValue:
    """How far one trainee is: states, signatures and the number in the gradebook, as far as the reader may see."""
    if person_id == current.visitor().person_id:
        return redirect(url_for("landing.landing", activity_id=place.activity.id, tab="path"), 303)
    try:
        found = trainees.trainee(current.db(), current.visitor(), place, person_id, current.now())
    except NotHere:
        return _nobody(place), 404
    return render_template(
        "review/trainee.html",
        place=place,
        trainee=found,
        maximum=MAXIMUM,
        about_score=about_score,
        may_propose=ask.may_propose_to(current.db(), current.visitor(), place, person_id),
        back=_back_to_gradebook(place),
    )


@bp.get("/a/<uuid:activity_id>/trainees/nobody")
@needs(*REVIEWERS)
def nobody(place: Place) -> ResponseReturnValue:
    """The gradebook asked for someone whom Attune has not seen yet."""
    return _nobody(place)


def _nobody(place: Place) -> str:
    return render_template("review/nobody.html", place=place, back=_back_to_gradebook(place))


def _back_to_gradebook(place: Place) -> str | None:
    """Where a review came from, with a word of what was done; None for whoever came from one of our own pages."""
    address = place.return_url or current.visitor().return_url
    if address is None or request.args.get("from") != "gradebook":
        return None
    return to_lms(address, lti_msg=_("You looked at it. Nothing was changed."), lti_log=current.reference())
