"""What an instructor can add to a course. A new kind of thing is one entry here and its page."""

from dataclasses import dataclass

from lti_tool.web.texts import _N


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of thing: its stable id, and how the picker speaks of it."""

    key: str
    title: str
    about: str
    page: str | None = None
    """The endpoint of the page on which it is set up; None for one of `link_names.PLACES`, which needs none."""
    to_page: str = ""
    """What the link to that page says."""


OFFERS = (
    Offer(
        "practice",
        _N("Observed practice"),
        _N(
            "Trainees ask for observations, an observer writes down what was seen, supervisors sign. "
            "You choose the rubric, and what the gradebook column shows."
        ),
        page="picker.practice",
        to_page=_N("Set up observed practice"),
    ),
    Offer(
        "program",
        _N("Progress in a program"),
        _N(
            "Leads each trainee to their path through a certification program of your organization. "
            "You choose whether the gradebook column shows progress or hours."
        ),
        page="picker.program",
        to_page=_N("Choose a program"),
    ),
    Offer(
        "queue",
        _N("My supervision queue"),
        _N("Leads each person to what waits for them, to observe or to sign, over all courses. It has no column."),
    ),
)


def place(key: str) -> Offer | None:
    """The offer of this key that is added as it is; None for any other."""
    return next((offer for offer in OFFERS if offer.key == key and offer.page is None), None)
