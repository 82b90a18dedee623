"""How observers rate beside each other: to each their own figures; to program leads those of a rubric, of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from grading.agreement.estimates import Estimate
from grading.agreement.reasons import SAID
from grading.observers import ENOUGH, FEWEST_OBSERVERS
from lti_tool.access import Capability
from lti_tool.services.cohorts import observer_statistics
from lti_tool.services.cohorts.observer_statistics import Agreed
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.authoring.library import edition_asked_for
from lti_tool.web.pictures import Label
from lti_tool.web.texts import _N, gettext, readers_languages
from rubrics.language import for_reader
from rubrics.rubric import Rubric

bp = Blueprint("agreement", __name__)

SHARES = frozenset({"percent", "within-one"})
"""Told as so many of a hundred; the others are between -1 and 1."""
NAMES: Mapping[str, str] = {
    "percent": _N("The same level"),
    "within-one": _N("At most one level apart"),
    "alpha": _N("Krippendorff's alpha"),
    "ac1": _N("Gwet's AC1"),
}


@dataclass(frozen=True, slots=True)
class AgreedWords:
    """How far observers agree on one criterion."""

    label: Label
    pairs: tuple[tuple[str, str], ...]
    """Each statistic with what came of it; none: too few to tell."""
    observations: int
    observers: int


@bp.get("/agreement/own")
@signed_in
def own() -> ResponseReturnValue:
    """How the visitor rates beside others who saw the same. Nobody else has a page with it."""
    found = observer_statistics.own(current.db(), current.visitor())
    return render_template("agreement/own.html", found=found, enough=ENOUGH)


@bp.get("/rubrics/<uuid:rubric_id>/agreement")
@needs_in_organization(Capability.PROGRAM_LEAD)
def of_rubric(rubric_id: UUID) -> ResponseReturnValue:
    """How far the observers of one edition agree, criterion by criterion, and how many of them rate how."""
    version = edition_asked_for(rubric_id)
    spoken = for_reader(version.rubric, readers_languages())
    found = observer_statistics.of_rubric(current.db(), version.id, version.rubric)
    return render_template(
        "agreement/of_rubric.html",
        version=version,
        rubric=spoken,
        editions=[number for number in range(version.newest, 0, -1) if number != version.number],
        found=found,
        fewest=FEWEST_OBSERVERS,
        most=observer_statistics.MOST,
        agreed=[_in_words(each, spoken) for each in found.agreed],
    )


def _in_words(each: Agreed, rubric: Rubric) -> AgreedWords:
    criterion = rubric.criterion(each.criterion.key) or each.criterion
    pairs: tuple[tuple[str, str], ...] = ()
    if each.estimates is not None:
        pairs = tuple(
            (gettext(NAMES[name]), _said(found, share=name in SHARES)) for name, found in each.estimates.items()
        )
    return AgreedWords(Label(criterion.statement, rubric.language), pairs, each.observations, each.observers)


def _said(found: Estimate, *, share: bool) -> str:
    if found.value is None:
        reason = gettext(SAID[found.reason]) if found.reason else ""
        return gettext("cannot be computed because: %(reason)s", reason=reason)
    value = _number(found.value, share=share)
    if found.interval is None:
        return value
    low, high = (_number(end, share=share) for end in (found.interval.low, found.interval.high))
    return gettext("%(value)s (between %(low)s and %(high)s)", value=value, low=low, high=high)


def _number(value: float, *, share: bool) -> str:
    return gettext("%(share)d of 100", share=round(value * 100)) if share else f"{value:.2f}"
