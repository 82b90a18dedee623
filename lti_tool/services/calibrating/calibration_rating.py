"""Rating the examples of a calibration, alone: saved field by field, handed in, taken up again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.calibrating.calibration_access import Seen, note, seen
from lti_tool.services.calibrating.calibration_items import Item, items_of, rubric_of_calibration
from lti_tool.services.calibrating.calibration_people import parts, tell
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.assessments import RatingChange, narrative
from lti_tool.store.calibration import CalibrationPartRow, CalibrationRatingRow
from rubrics.assessment import Rating
from rubrics.calibration import check_hand_in, check_rating
from rubrics.refusal import Refused
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Form:
    """One example for somebody who rates it."""

    title: str
    item: Item
    items: tuple[Item, ...]
    rubric: Rubric
    ratings: tuple[Rating, ...]
    saved_at: datetime | None
    handed_in: bool


def form(session: Session, visitor: Visitor, calibration_id: UUID, item_id: UUID) -> Form:
    """The example with the visitor's own ratings, and nobody else's. Raises `NotHere`, `Refused` once it is revealed.

    One that was put away meanwhile is refused too ("example_gone").
    """
    found = seen(session, visitor, calibration_id)
    part = _own(found)
    items = items_of(session, found.row)
    item = _item(items, item_id)
    check_rating(found.row.state, handed_in=False)
    rows = session.scalars(
        select(CalibrationRatingRow).where(
            CalibrationRatingRow.item_id == item_id, CalibrationRatingRow.part_id == part.id
        )
    ).all()
    return Form(
        title=found.row.title,
        item=item,
        items=items,
        rubric=rubric_of_calibration(session, found.row),
        ratings=tuple(rating_of(row) for row in rows),
        saved_at=max((row.saved_at for row in rows), default=None),
        handed_in=found.took_part,
    )


def save(
    session: Session,
    visitor: Visitor,
    calibration_id: UUID,
    *,
    item_id: UUID,
    changes: Mapping[str, RatingChange],
    now: datetime,
) -> datetime:
    """Keep what was rated so far; the answer is the moment. Raises `NotHere`, `Refused`."""
    found = seen(session, visitor, calibration_id, lock=True)
    part = _own(found)
    _item(items_of(session, found.row), item_id)
    check_rating(found.row.state, handed_in=found.took_part)
    rubric = rubric_of_calibration(session, found.row)
    for key, change in changes.items():
        _check(rubric, key, change)
        row = session.get(CalibrationRatingRow, (item_id, part.id, key))
        if row is None:
            row = CalibrationRatingRow(
                item_id=item_id, part_id=part.id, criterion=key, organization_id=part.organization_id
            )
            session.add(row)
        row.level, row.not_observed = change.level, change.not_observed
        row.why, row.saved_at = narrative(change.evidence), now
    session.flush()
    return now


def hand_in(session: Session, visitor: Visitor, calibration_id: UUID, now: datetime) -> None:
    """Hand in what the visitor rated; the last one has who leads it told. Raises `NotHere`, `Refused`."""
    found = seen(session, visitor, calibration_id, lock=True)
    part = _own(found)
    if found.took_part:
        return
    check_hand_in(found.row.state, sum(rated_in(session, part.id).values()))
    part.handed_in_at = now
    session.flush()
    note(session, visitor, found.row, "hand_in", now)
    if all(one.handed_in for one in parts(session, found.row.id)):
        tell(session, visitor, found.row, found.row.led_by, now)


def take_up_again(session: Session, visitor: Visitor, calibration_id: UUID, now: datetime) -> None:
    """Change one's ratings once more, as long as nothing is revealed. Raises `NotHere`, `Refused`."""
    found = seen(session, visitor, calibration_id, lock=True)
    part = _own(found)
    check_rating(found.row.state, handed_in=False)
    if part.handed_in_at is not None:
        part.handed_in_at = None
        session.flush()
        note(session, visitor, found.row, "take_up_again", now)


def rated_in(session: Session, part_id: UUID) -> dict[UUID, int]:
    """How many criteria this person answered, by example."""
    found: dict[UUID, int] = {}
    for row in session.scalars(select(CalibrationRatingRow).where(CalibrationRatingRow.part_id == part_id)):
        found[row.item_id] = found.get(row.item_id, 0) + (row.level is not None or row.not_observed)
    return found


def rating_of(row: CalibrationRatingRow) -> Rating:
    """The row as a value."""
    return Rating(row.criterion, row.level, not_observed=row.not_observed, evidence=row.why or "")


def _own(found: Seen) -> CalibrationPartRow:
    if found.part is None:
        raise NotHere
    return found.part


def _item(items: tuple[Item, ...], item_id: UUID) -> Item:
    item = next((one for one in items if one.id == item_id), None)
    if item is None:
        raise NotHere
    if item.example is None:
        raise Refused(
            "example_gone",
            "This example was put away meanwhile, for instance because someone took back their permission. It counts "
            "for nobody. Please go on with the others.",
        )
    return item


def _check(rubric: Rubric, key: str, change: RatingChange) -> None:
    criterion = rubric.criterion(key)
    fits = criterion is not None and (change.level is None or criterion.level(change.level) is not None)
    if criterion is None or not fits or (change.not_observed and not criterion.may_be_not_observed):
        raise Refused("not_in_rubric", "This is not part of the rubric. Please load the page again.")
