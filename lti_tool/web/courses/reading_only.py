"""In a course that is kept for reading only: which forms still do something, and which pages stay to be read.

One place for all: every route of an activity and of an observation comes by here, see `web.access`.
"""

from uuid import UUID

from flask import current_app, request

from lti_tool.services.courses import archived
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import line, who_is_reading
from lti_tool.web import current

TAKES_BACK = frozenset(
    {
        "accommodations.end", "agreements.end", "assignments.end", "comments.mentors", "comments.take_back",
        "conflicts.step_aside", "external.end", "hand_over.note", "observations.decline", "observations.take_away",
        "observations.withdraw", "people.revoke", "placements.end", "rating.stop", "safeguarding.handled_outside",
        "safeguarding.take_back", "self_assessment.keep", "self_care.not_again", "sessions.take_back",
        "supervision.take_back", "times.call_off", "times.not_held", "times.stop", "withdrawals.take_back",
    }
)  # fmt: skip
"""Consent, words, access and signatures can be taken back at any time; so can harm be told. Nothing new begins."""
OF_THE_TERM = frozenset(
    {"course_life.bring_back", "course_life.carry", "course_life.goes_on", "course_life.goes_on_no_more"}
)
AFTERWARDS = frozenset({"feedback.of_feedback"})
"""Said of what is over, and read by nobody in the course."""
READ_TOO = frozenset({"assignments.trainee", "meetings.meeting"})
"""Pages with a form that are also read."""


def check_place(place: Place) -> None:
    """Raises `Refused` where this request would begin or go on with something."""
    if place.archived and _begins():
        raise archived.refusal()


def check_observation(observation_id: object) -> None:
    """The same for a page of one observation. To who stands in no way to it, it is not here in any course."""
    if not isinstance(observation_id, UUID) or not _begins():
        return
    if archived.holds_observation(current.db(), observation_id):
        seen = line(current.db(), current.visitor().organization_id, observation_id)
        who_is_reading(current.db(), current.visitor(), seen)
        raise archived.refusal()


def _begins() -> bool:
    if request.endpoint in TAKES_BACK | OF_THE_TERM | AFTERWARDS:
        return False
    if request.method not in current.SAFE_METHODS:
        return True
    return _has_a_form() and request.endpoint not in READ_TOO


def _has_a_form() -> bool:
    """Nobody types a page full that cannot be sent: the form itself says so."""
    rules = current_app.url_map.iter_rules(request.endpoint) if request.endpoint else ()
    return any("POST" in (rule.methods or ()) for rule in rules)
