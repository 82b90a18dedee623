"""The pages beside one another in an activity: simple links, always in the same order, nothing hidden."""

from dataclasses import dataclass
from enum import StrEnum

from flask import url_for

from lti_tool.access import Capability
from lti_tool.services.places import Place
from lti_tool.web.texts import gettext as _


class Tab(StrEnum):
    """A page of an activity that has siblings."""

    PATH = "path"
    WAITING = "waiting"
    ACTIVITY = "activity"
    PEOPLE = "people"
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
    Tab.ACTIVITY: frozenset({Capability.INSTRUCTOR}),
    Tab.PEOPLE: frozenset({Capability.INSTRUCTOR}),
    Tab.GRADEBOOK: frozenset({Capability.INSTRUCTOR}),
}


def tabs(place: Place) -> tuple[TabLink, ...]:
    """The visitor's pages in this activity."""
    here = place.activity.id
    known = (
        TabLink(Tab.PATH, _("My path"), url_for("landing.landing", activity_id=here, tab=Tab.PATH.value)),
        TabLink(Tab.WAITING, _("Waiting for you"), url_for("landing.landing", activity_id=here, tab=Tab.WAITING.value)),
        TabLink(Tab.ACTIVITY, _("Activity"), url_for("landing.landing", activity_id=here, tab=Tab.ACTIVITY.value)),
        TabLink(Tab.PEOPLE, _("People"), url_for("people.people", activity_id=here)),
        TabLink(Tab.GRADEBOOK, _("Gradebook"), url_for("gradebook.gradebook", activity_id=here)),
    )
    return tuple(link for link in known if FOR[link.tab] & place.capabilities)
