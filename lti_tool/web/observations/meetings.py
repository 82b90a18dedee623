"""Meetings about a difference: of the observers before sharing, of the lanes before signing; and their record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.observations import moderate
from lti_tool.services.personal_data import record_access
from lti_tool.store.meetings import MeetingKind
from lti_tool.web import current, transactions
from lti_tool.web.access import repeatable, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_if_any, uuid_of
from lti_tool.web.observations.rating_fields import fields_of_json
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("meetings", __name__)

PLACES = {
    "record_needed": "record",
    "too_long": "record",
    "present_needed": "present",
    "not_taking_part": "present",
    "not_held_yet": "held_on",
}
"""Where on the page a refusal belongs."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form for the record holds; None: as it was saved."""

    record: str | None = None
    present: tuple[str, ...] = ()
    held_on: str | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


@bp.route("/o/<uuid:observation_id>/meeting", methods=["GET", "POST"])
@signed_in
@writes
@act
def meeting(observation_id: UUID) -> ResponseReturnValue:
    """What those who meet look at together; and closing it with its record."""
    if request.method == "GET":
        return _page(observation_id, Typed())
    typed = _typed()
    held_on = day_if_any(typed.held_on)
    if held_on is None:
        problems = {"held_on": _("Please give the day on which you met.")}
        return transactions.shown_again(lambda: _page(observation_id, replace(typed, problems=problems)))
    held = moderate.Held(tuple(uuid_of(text) for text in typed.present), held_on, typed.record or "")
    try:
        kind = moderate.close(current.db(), current.visitor(), observation_id, held, current.now())
    except Refused as refused:
        if refused.code not in (*PLACES, "view_unfinished"):
            raise
        problems = {PLACES.get(refused.code, "form"): in_words(refused)}
        return transactions.shown_again(lambda: _page(observation_id, replace(typed, problems=problems)))
    said = "shared" if kind is MeetingKind.MODERATION else "meeting_closed"
    return redirect(url_for("observations.read", observation_id=observation_id, said=said), 303)


@bp.post("/o/<uuid:observation_id>/meeting/save")
@signed_in
@repeatable
def save(observation_id: UUID) -> ResponseReturnValue:
    """Autosave of the record."""
    fields = fields_of_json(request.get_json())
    if "record" not in fields:
        abort(400)
    saved_at = moderate.save_record(current.db(), current.visitor(), observation_id, fields["record"], current.now())
    return {"saved_at": saved_at.isoformat()}


def _page(observation_id: UUID, typed: Typed) -> ResponseReturnValue:
    found = moderate.open_meeting_of(current.db(), current.visitor(), observation_id, current.now())
    if found is None:
        return redirect(url_for("observations.read", observation_id=observation_id), 303)
    page = render_template(
        "meetings/meeting.html",
        meeting_view=found,
        line=found.line,
        page_course_id=found.line.course_id,
        rubric=for_reader(found.rubric, readers_languages()),
        people=[(str(person.id), person.name, None) for person in found.participants],
        typed=typed,
        record=found.meeting.record if typed.record is None else typed.record,
        today=current.now().date().isoformat(),
        moderation=found.meeting.kind is MeetingKind.MODERATION,
        readers=record_access.who_can_see(current.db(), current.visitor(), observation_id),
    )
    return page, 422 if typed.problems else 200


def _typed() -> Typed:
    return Typed(
        record=request.form.get("record", ""),
        present=tuple(request.form.getlist("present")),
        held_on=request.form.get("held_on", ""),
    )
