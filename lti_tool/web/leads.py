"""The pages of those who look after what belongs to the organization, side by side."""

from dataclasses import dataclass

from lti_tool.access import Capability
from lti_tool.web import current
from lti_tool.web.texts import _N, gettext

PAGES: tuple[tuple[str, str, str], ...] = (
    ("rubrics", "/rubrics", _N("Rubrics")),
    ("programs", "/programs", _N("Programs")),
    ("frameworks", "/frameworks", _N("Frameworks")),
    ("files", "/files", _N("Files")),
    ("examples", "/examples", _N("Examples")),
    ("wording", "/wording", _N("Wording")),
    ("authors", "/authors", _N("Who writes")),
    ("scenarios", "/scenarios", _N("Scenarios")),
    ("sites", "/sites", _N("Sites")),
    ("oversight", "/oversight/supervisors", _N("Supervision and sites")),
    ("appeals", "/appeals/to-decide", _N("Appeals")),
    ("audits", "/audits/answers", _N("Audits")),
    ("equity", "/equity", _N("Is it fair?")),
    ("scope", "/scope", _N("Scope of practice")),
    ("support", "/support/edit", _N("Support")),
    ("guidance", "/guidance/edit", _N("When harm is told")),
    ("keeping", "/keeping", _N("Keeping and erasing")),
    ("terms", "/terms", _N("Terms")),
)
"""What templates call the page, its address, its name."""


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One link: what templates call the page, its name, where it is."""

    key: str
    label: str
    address: str


def lead_pages() -> tuple[LeadPage, ...]:
    """The pages, for a program lead; none for others."""
    if Capability.PROGRAM_LEAD not in current.capabilities():
        return ()
    return tuple(LeadPage(key, gettext(label), address) for key, address, label in PAGES)
