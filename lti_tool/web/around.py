"""What is around practice, as links for who may use each: the same list at the foot of everybody's first page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lti_tool.access import Capability
from lti_tool.services.courses.places import Place
from lti_tool.web.texts import _N, gettext

TRAINEE = frozenset({Capability.TRAINEE})
INSTRUCTOR = frozenset({Capability.INSTRUCTOR})
OBSERVES = frozenset({Capability.OBSERVER, Capability.SUPERVISOR})
EVERYBODY = TRAINEE | OBSERVES | INSTRUCTOR
OF_THE_ACTIVITY: tuple[tuple[str, frozenset[Capability], str], ...] = (
    ("supervision", EVERYBODY, _N("Supervision")),
    ("evidence", TRAINEE | OBSERVES, _N("Evidence")),
)
"""Each at /a/<activity>/<name>; what somebody may look for on an ordinary day."""
OF_ONESELF: tuple[tuple[str, str], ...] = (
    ("/path", _N("Your path through your programs")),
    ("/ledger", _N("Your hours and trainings")),
    ("/journal", _N("Your journal, for nobody else")),
    ("/self-care", _N("Your self-care plan, for nobody else")),
    ("/guidance", _N("When harm or danger is told")),
)
FURTHER_OF_THE_ACTIVITY: tuple[tuple[str, frozenset[Capability], str], ...] = (
    ("placements", EVERYBODY, _N("Sites and placements")),
    ("scenarios", EVERYBODY, _N("Scenarios")),
    ("adjustments", TRAINEE | INSTRUCTOR, _N("What is arranged so that people can take part")),
    ("hand-over", TRAINEE | OBSERVES, _N("Hand-over notes")),
    ("results", INSTRUCTOR, _N("Results of your LMS that count as training")),
    ("term", INSTRUCTOR, _N("The end of a term")),
)
"""What is needed now and then: it is folded away."""
FURTHER_OF_ONESELF: tuple[tuple[str, str], ...] = (
    ("/record", _N("Your record, over all courses")),
    ("/plans", _N("Growth plans")),
    ("/appeals", _N("Appeals")),
    ("/me/surveys", _N("Surveys, only if you like")),
    ("/me/feedback", _N("Feedback, only if you like")),
    ("/me/description", _N("About you, only if you like")),
)


@dataclass(frozen=True, slots=True)
class AroundLink:
    """One link."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown, and what is behind one more tap."""

    near: tuple[AroundLink, ...]
    further: tuple[AroundLink, ...]


def around(place: Place | None) -> Around:
    """The visitor's links: of the activity where there is one, then what is theirs alone."""
    return Around(
        near=(*_of_the_activity(place, OF_THE_ACTIVITY), *_of_oneself(OF_ONESELF)),
        further=(*_of_the_activity(place, FURTHER_OF_THE_ACTIVITY), *_of_oneself(FURTHER_OF_ONESELF)),
    )


def _of_the_activity(
    place: Place | None, links: Iterable[tuple[str, frozenset[Capability], str]]
) -> Iterator[AroundLink]:
    if place is None:
        return
    for name, who, label in links:
        if who & place.capabilities:
            yield AroundLink(gettext(label), f"/a/{place.activity.id}/{name}")


def _of_oneself(links: Iterable[tuple[str, str]]) -> Iterator[AroundLink]:
    for address, label in links:
        yield AroundLink(gettext(label), address)
