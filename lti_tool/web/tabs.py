"""The pages beside one another in an activity: simple links, always in the same order, nothing hidden."""

from dataclasses import dataclass
from enum import StrEnum

from flask import url_for

from lti_tool.access import Capability
from lti_tool.services.courses.places import Place
from lti_tool.web.texts import gettext as _


class Tab(StrEnum):
    """A page of an activity that has siblings."""

    PATH = "path"
    WAITING = "waiting"
    SHARED = "shared"
    ACTIVITY = "activity"
    PEOPLE = "people"
    ASSIGNMENTS = "assignments"
    GRADEBOOK = "gradebook"


@dataclass(frozen=True, slots=True)
class TabLink:
    """One link: the page, what it is called, where it is."""

    tab: Tab
    label: str
    address: str


FOR: dict[Tab, frozenset[Capability]] = {
    Tab.PATH: frozenset({Capability.TRAINEE}),
    Tab.WAITING: frozenset({Capability.OBSERVER, Capability.SUPERVISOR}),
    Tab.SHARED: frozenset({Capability.MENTOR}),
    Tab.ACTIVITY: frozenset({Capability.INSTRUCTOR}),
    Tab.PEOPLE: frozenset({Capability.INSTRUCTOR}),
    Tab.ASSIGNMENTS: frozenset({Capability.INSTRUCTOR}),
    Tab.GRADEBOOK: frozenset({Capability.INSTRUCTOR}),
}


def tabs(place: Place) -> tuple[TabLink, ...]:
    """The visitor's pages in this activity."""
    return tuple(_link(tab, place) for tab in Tab if FOR[tab] & place.capabilities)


def _link(tab: Tab, place: Place) -> TabLink:
    here = place.activity.id
    match tab:
        case Tab.PATH:
            return TabLink(tab, _("My path"), url_for("landing.landing", activity_id=here, tab=tab.value))
        case Tab.WAITING:
            return TabLink(tab, _("Waiting for you"), url_for("landing.landing", activity_id=here, tab=tab.value))
        case Tab.SHARED:
            return TabLink(tab, _("Shared with you"), url_for("comments.shared", activity_id=here))
        case Tab.ACTIVITY:
            return TabLink(tab, _("Activity"), url_for("landing.landing", activity_id=here, tab=tab.value))
        case Tab.PEOPLE:
            return TabLink(tab, _("People"), url_for("people.people", activity_id=here))
        case Tab.ASSIGNMENTS:
            return TabLink(tab, _("Assignments"), url_for("assignments.assignments", activity_id=here))
        case Tab.GRADEBOOK:
            return TabLink(tab, _("Gradebook"), url_for("gradebook.gradebook", activity_id=here))
