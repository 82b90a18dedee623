"""What is around practice, as links for who may use each: the same list at the foot of everybody's first page."""

from dataclasses import dataclass

from flask import current_app

from lti_tool.access import Capability
from lti_tool.services.places import Place
from lti_tool.web.texts import _N, gettext

TRAINEE = frozenset({Capability.TRAINEE})
INSTRUCTOR = frozenset({Capability.INSTRUCTOR})
OBSERVES = frozenset({Capability.OBSERVER, Capability.SUPERVISOR})
EVERYBODY = TRAINEE | OBSERVES | INSTRUCTOR
OF_THE_ACTIVITY: tuple[tuple[str, frozenset[Capability], str], ...] = (
    ("supervision", EVERYBODY, _N("Supervision")),
    ("placements", TRAINEE | OBSERVES | INSTRUCTOR, _N("Sites and placements")),
    ("evidence", TRAINEE | OBSERVES, _N("Evidence")),
    ("scenarios", EVERYBODY, _N("Scenarios")),
    ("adjustments", TRAINEE | INSTRUCTOR, _N("What is arranged so that people can take part")),
    ("hand-over", TRAINEE | OBSERVES, _N("Hand-over notes")),
    ("term", INSTRUCTOR, _N("The end of a term")),
)
"""Each at /a/<activity>/<name>."""
OF_ONESELF: tuple[tuple[str, str], ...] = (
    ("/record", _N("Your record, over all courses")),
    ("/journal", _N("Your journal, for nobody else")),
    ("/self-care", _N("Your self-care plan, for nobody else")),
    ("/guidance", _N("When harm or danger is told")),
    ("/messages", _N("Messages")),
)


@dataclass(frozen=True, slots=True)
class AroundLink:
    """One link."""

    label: str
    address: str


def around(place: Place | None) -> tuple[AroundLink, ...]:
    """The visitor's links: of the activity where there is one, then what is theirs alone."""
    routes = current_app.url_map.bind("attune")
    found = []
    if place is not None:
        for name, who, label in OF_THE_ACTIVITY:
            address = f"/a/{place.activity.id}/{name}"
            if who & place.capabilities and routes.test(address, method="GET"):
                found.append(AroundLink(gettext(label), address))
    found += [AroundLink(gettext(label), at) for at, label in OF_ONESELF if routes.test(at, method="GET")]
    return tuple(found)
