"""A calibration as somebody reads it: how far it is, and one's own report."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.calibrating.calibration_access import Seen, seen
from lti_tool.services.calibrating.calibration_items import Item, items_of, rubric_of_calibration
from lti_tool.services.calibrating.calibration_people import Part, parts
from lti_tool.services.calibrating.calibration_rating import rated_in, rating_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.calibration import CalibrationRatingRow, CalibrationRow, CalibrationState
from rubrics.calibration import Beside, Sight, beside
from rubrics.rubric import Criterion, Rubric


@dataclass(frozen=True, slots=True)
class Whole:
    """A calibration for one reader."""

    row: CalibrationRow
    leads: bool
    takes_part: bool
    handed_in: bool
    sight: Sight
    rubric: Rubric
    items: tuple[Item, ...]
    rated: Mapping[UUID, int]
    """How many criteria of each example the reader answered."""
    people: tuple[Part, ...]
    """Who was asked; only for who leads it and, once it is revealed, for those who took part."""
    names: tuple[str, ...]
    """Who sees the reader's own ratings by name, once it is revealed."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a calibration tells one person of their own ratings."""

    all_together: Beside
    by_criterion: tuple[tuple[Criterion, Beside], ...]


def whole(session: Session, visitor: Visitor, calibration_id: UUID) -> Whole:
    """Raises `NotHere` for whoever neither leads it nor was asked."""
    return whole_seen(session, seen(session, visitor, calibration_id))


def report(session: Session, visitor: Visitor, calibration_id: UUID) -> Report | None:
    """The reader's own ratings beside the agreed ones, once it is closed; None where they did not hand in.

    There is no way to anybody else's.
    """
    found = seen(session, visitor, calibration_id)
    if found.row.state is not CalibrationState.CLOSED or found.part is None or not found.took_part:
        return None
    agreed = {item.id: item.example for item in items_of(session, found.row) if item.example}
    rows = session.scalars(
        select(CalibrationRatingRow).where(
            CalibrationRatingRow.part_id == found.part.id, CalibrationRatingRow.item_id.in_(agreed)
        )
    )
    pairs = [(rating_of(row), agreed[row.item_id].rating(row.criterion)) for row in rows]
    known = [(own, there) for own, there in pairs if there is not None]
    return Report(
        beside(known),
        tuple(
            (criterion, beside(pair for pair in known if pair[0].criterion == criterion.key))
            for criterion in rubric_of_calibration(session, found.row).criteria
        ),
    )


def whole_seen(session: Session, found: Seen) -> Whole:
    """The same where it is known what the visitor may see."""
    row, people = found.row, parts(session, found.row.id)
    shows = found.leads or (found.sight is Sight.NAMES)
    return Whole(
        row=row,
        leads=found.leads,
        takes_part=found.part is not None,
        handed_in=found.took_part,
        sight=found.sight,
        rubric=rubric_of_calibration(session, row),
        items=items_of(session, row),
        rated=rated_in(session, found.part.id) if found.part else {},
        people=people if shows else (),
        names=tuple(one.name for one in people if one.handed_in) if found.sight is Sight.NAMES else (),
    )
