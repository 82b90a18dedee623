"""What mentors read and write, and the trainee's choice to share with them."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations import comments
from lti_tool.services.observations.read import read
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import Tab, tabs
from rubrics.refusal import Refused

bp = Blueprint("comments", __name__)

TO_MEND = ("nothing_written", "too_long")


@bp.get("/a/<uuid:activity_id>/shared")
@needs(Capability.MENTOR)
def shared(place: Place) -> ResponseReturnValue:
    """What trainees share with the visitor as their mentor."""
    found = comments.shared_with(current.db(), current.visitor(), place)
    return render_template("comments/shared.html", place=place, lines=found, tabs=tabs(place), tab=Tab.SHARED)


@bp.post("/o/<uuid:observation_id>/comment")
@signed_in
@act
def comment(observation_id: UUID) -> ResponseReturnValue:
    """A mentor writes to the trainee."""
    words = request.form.get("comment")
    if words is None:
        abort(400)
    try:
        comments.comment(current.db(), current.visitor(), observation_id, words, current.now())
    except Refused as refused:
        if refused.code not in TO_MEND:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _again(observation_id, words, problem)), 422
    return _back(observation_id, "commented")


def _again(observation_id: UUID, words: str, problem: str) -> str:
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    return render_template("observations/read.html", comment_typed=words, comment_problem=problem, **page)


@bp.post("/o/<uuid:observation_id>/comment/take-back")
@signed_in
@act
def take_back(observation_id: UUID) -> ResponseReturnValue:
    """A mentor takes their own comment back, or brings it back: each within a day."""
    comment_id = _comment_id()
    if request.form.get("bring") == "back":
        comments.bring_back(current.db(), current.visitor(), observation_id, comment_id, current.now())
        return _back(observation_id, "comment_brought_back")
    comments.take_back(current.db(), current.visitor(), observation_id, comment_id, current.now())
    return _back(observation_id, "comment_taken_back")


def _comment_id() -> UUID:
    try:
        return UUID(request.form.get("comment", ""))
    except ValueError:
        abort(400)


@bp.route("/o/<uuid:observation_id>/mentors", methods=["GET", "POST"])
@signed_in
@writes
@act
def mentors(observation_id: UUID) -> ResponseReturnValue:
    """Sharing with mentors: beginning says first what they would read, ending is done at once."""
    if request.method == "POST":
        wish = request.form.get("share")
        if wish not in ("yes", "no"):
            abort(400)
        comments.share_with_mentors(
            current.db(), current.visitor(), observation_id, shared=wish == "yes", now=current.now()
        )
        return _back(observation_id, "shared_with_mentors" if wish == "yes" else "not_shared_with_mentors")
    page = record_page(read(current.db(), current.visitor(), observation_id, current.now()))
    if not page["is_trainee"]:
        raise NotHere
    if page["parts"].sharing is None or page["parts"].sharing.shared:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    return render_template("comments/mentors.html", **page)


def _back(observation_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)
