"""How far those who rated together agreed: numbers of the group, each with how many ratings it comes from."""

import random
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from grading.agreement.catalog import STATISTICS
from grading.agreement.estimates import Estimate, estimate
from grading.agreement.ratings import Level, ratings_of
from lti_tool.services.calibrating.calibration_access import seen
from lti_tool.services.calibrating.calibration_items import rubric_of_calibration
from lti_tool.services.calibrating.calibration_talk import units_of
from lti_tool.services.entering.visitors import Visitor
from rubrics.calibration import ENOUGH, Sight

SHOWN = ("percent", "within-one", "alpha")
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Together:
    """The group's agreement."""

    units: int
    """Criteria of examples that two or more of them gave a level."""
    exact: Estimate | None
    """None where there are too few to tell; so for the others."""
    within_one: Estimate | None
    alpha: Estimate | None
    """Krippendorff's, for levels that have an order."""


def together(session: Session, visitor: Visitor, calibration_id: UUID) -> Together | None:
    """The numbers, once it is revealed; None before. Raises `NotHere`."""
    found = seen(session, visitor, calibration_id)
    if found.sight is Sight.NOTHING:
        return None
    rated = [levels for levels in units_of(session, found.row) if len(levels) > 1]
    if len(rated) < ENOUGH:
        return Together(len(rated), None, None, None)
    people = sorted({who for levels in rated for who in levels})
    rubric = rubric_of_calibration(session, found.row)
    scale = range(1, max(level.number for criterion in rubric.criteria for level in criterion.levels) + 1)
    ratings = ratings_of([[levels.get(who) for who in people] for levels in rated], Level.ORDINAL, scale)
    # The same numbers each time the page is opened: its chance begins at the calibration itself.
    exact, within_one, alpha = (
        estimate(STATISTICS[name].work_out, ratings, chance=random.Random(found.row.id.int), draws=DRAWS)  # noqa: S311
        for name in SHOWN
    )
    return Together(len(rated), exact, within_one, alpha)
