"""Hand-over notes, which the trainee reads first."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.caseload import hand_over, handing_over
from lti_tool.services.courses.places import Place
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, repeatable, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.refusals import in_words
from lti_tool.web.tabs import tabs
from rubrics.refusal import Refused

bp = Blueprint("hand_over", __name__)

PEOPLE = (Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR)
TO_MEND = ("nothing_written", "too_long", "note_closed")
"""Refusals that are said on the page itself, with what was typed."""
SAID = {
    "stay": "note_saved",
    "give": "note_given",
    "agree": "note_agreed",
    "none": "note_taken_back",
    "back": "note_brought_back",
}


@bp.get("/a/<uuid:activity_id>/hand-over")
@needs(*PEOPLE)
def overview(place: Place) -> ResponseReturnValue:
    """What there is: about the visitor, for them to read, and by them; no words yet."""
    found = hand_over.notes(current.db(), current.visitor(), place, current.now())
    return render_template(
        "hand_over/overview.html", place=place, notes=found, me=current.visitor().person_id, tabs=tabs(place)
    )


@bp.post("/a/<uuid:activity_id>/hand-over/begin")
@needs(*PEOPLE)
@act
def begin(place: Place) -> ResponseReturnValue:
    """Begin a draft, or go on with the one that is there."""
    person_id = uuid_of(request.form.get("person"))
    note_id = handing_over.begin(current.db(), current.visitor(), place, person_id, current.now())
    return redirect(url_for("hand_over.note", activity_id=place.activity.id, note_id=note_id), 303)


@bp.route("/a/<uuid:activity_id>/hand-over/<uuid:note_id>", methods=["GET", "POST"])
@needs(*PEOPLE)
@writes
@act
def note(place: Place, note_id: UUID) -> ResponseReturnValue:
    """One note: written, read first by its trainee, then by those who supervise them."""
    if request.method == "GET":
        return _page(place, note_id)
    then, words = request.form.get("then", "stay"), request.form.get("words")
    if then not in SAID:
        abort(400)
    try:
        _do(place, note_id, then, words)
    except Refused as refused:
        if refused.code not in TO_MEND:
            raise
        problem = in_words(refused)
        return transactions.shown_again(lambda: _page(place, note_id, words, problem)), 422
    here, said = place.activity.id, SAID[then]
    if then in ("give", "none"):
        return redirect(url_for("hand_over.overview", activity_id=here, said=said), 303)
    return redirect(url_for("hand_over.note", activity_id=here, note_id=note_id, said=said), 303)


@bp.post("/a/<uuid:activity_id>/hand-over/<uuid:note_id>/save")
@needs(*PEOPLE)
@repeatable
def save(place: Place, note_id: UUID) -> ResponseReturnValue:
    """Autosave: an object of fields in, the moment it was saved out."""
    words = fields_of_json(request.get_json()).get("words")
    if words is None:
        abort(400)
    saved_at = handing_over.save(current.db(), current.visitor(), place, note_id, words, current.now())
    return {"saved_at": saved_at.isoformat()}


def _do(place: Place, note_id: UUID, then: str, words: str | None) -> None:
    db, visitor, now = current.db(), current.visitor(), current.now()
    if words is not None and then in ("stay", "give", "agree"):
        handing_over.save(db, visitor, place, note_id, words, now)
    match then:
        case "give":
            handing_over.give(db, visitor, place, note_id, now)
        case "agree":
            handing_over.agree(db, visitor, place, note_id, now)
        case "none":
            handing_over.take_back(db, visitor, place, note_id, now)
        case "back":
            handing_over.bring_back(db, visitor, place, note_id, now)


def _page(place: Place, note_id: UUID, typed: str | None = None, problem: str | None = None) -> str:
    found = hand_over.read(current.db(), current.visitor(), place, note_id, current.now())
    supervisors = hand_over.who_reads(current.db(), place, found.trainee_id)
    names = {Who.TRAINEE: (found.trainee_name,), Who.SUPERVISOR: supervisors.names}
    readers = tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.HAND_OVER_NOTE].see)
    return render_template(
        "hand_over/note.html",
        place=place,
        note=found,
        words_now=found.words if typed is None else typed,
        problem=problem,
        readers=readers,
        tabs=tabs(place),
    )
