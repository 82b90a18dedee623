"""What Attune asks of an LMS, in plain words, for the administrator who decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.names import (
    DATA_PRIVACY_REQUEST,
    DEEP_LINKING_REQUEST,
    GROUPS_SCOPE,
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    NOTICES_SCOPE,
    RESOURCE_LINK_REQUEST,
    RESULT_SCOPE,
    ROSTER_SCOPE,
    SCORE_SCOPE,
    SUBMISSION_REVIEW_REQUEST,
)
from lti_tool.lti.platform_offer import PlatformOffer
from lti_tool.lti.tool_configuration import messages_asked, scopes_asked
from lti_tool.web.texts import _N, gettext

WISHES: Mapping[str, str] = {
    RESOURCE_LINK_REQUEST: _N("to open Attune from a course"),
    DEEP_LINKING_REQUEST: _N("to let instructors choose an Attune activity while they add it to a course"),
    SUBMISSION_REVIEW_REQUEST: _N("to open what a column of the gradebook stands for, from the gradebook"),
    DATA_PRIVACY_REQUEST: _N("to take requests of administrators about a person's data"),
    LINE_ITEM_SCOPE: _N("to make gradebook columns for its own activities, and to find them again"),
    LINE_ITEM_READ_SCOPE: _N("to find the gradebook columns of its own activities"),
    SCORE_SCOPE: _N("to write scores into the gradebook columns of Attune's own activities, only there"),
    RESULT_SCOPE: _N("to see what those columns show, so that a change made there is noticed"),
    ROSTER_SCOPE: _N("to read the list of people of a course in which Attune is used"),
    GROUPS_SCOPE: _N("to read the groups of such a course"),
    NOTICES_SCOPE: _N("to be told when a course is copied"),
}
ALWAYS = (RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST, SCORE_SCOPE, RESULT_SCOPE, ROSTER_SCOPE)
"""What Attune misses where an LMS does not offer it."""
PLACES: Mapping[str, str] = {
    "ContentArea": _N("where instructors add an activity to a course"),
    "assignment_selection": _N("where instructors choose a tool for an assignment"),
    "link_selection": _N("where instructors add something to a module"),
    "course_assignments_menu": _N("in the menu of a course's assignments, for instructors"),
    "module_menu_modal": _N("in the menu of a module, for instructors"),
    "course_navigation": _N("in the menu of a course, for its members, once an instructor switches it on there"),
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The texts of the page that asks."""

    asked: tuple[str, ...]
    absent: tuple[str, ...]
    places: tuple[str, ...]


def wishes(offer: PlatformOffer) -> Wishes:
    """What will be asked of this platform, what it does not offer, and where Attune will show."""
    messages = messages_asked(offer)
    asked = (*(message.type for message in messages), *scopes_asked(offer))
    places = (place for message in messages for place in message.placements)
    return Wishes(
        asked=tuple(gettext(WISHES[code]) for code in asked),
        absent=tuple(gettext(WISHES[code]) for code in ALWAYS if code not in asked),
        places=tuple(gettext(PLACES[place]) for place in places),
    )
