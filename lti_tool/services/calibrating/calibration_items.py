"""The examples of a calibration, as they were when it began; one that was put away since is hidden at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.documents.example import from_document
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.authoring.examples import PUT_AWAY_KEPT
from lti_tool.store.calibration import CalibrationItemRow, CalibrationOutcomeRow, CalibrationRatingRow, CalibrationRow
from lti_tool.store.rubrics import ExampleRow
from rubrics.example import Example
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Item:
    """One example that is rated."""

    id: UUID
    position: int
    example: Example | None
    """With the ratings that were agreed for it; None: it was put away, and nothing of it is shown or counted."""


def items_of(session: Session, row: CalibrationRow) -> tuple[Item, ...]:
    """All of them, in their order."""
    rows = session.execute(
        select(CalibrationItemRow, ExampleRow.put_away_at)
        .join(ExampleRow, ExampleRow.id == CalibrationItemRow.example_id)
        .where(CalibrationItemRow.calibration_id == row.id)
        .order_by(CalibrationItemRow.position)
    )
    return tuple(
        Item(item.id, item.position, from_document(item.document) if put_away_at is None else None)
        for item, put_away_at in rows
    )


def rubric_of_calibration(session: Session, row: CalibrationRow) -> Rubric:
    """The words that it is rated with."""
    return rubric_of(session, row.rubric_version_id).rubric


def purge(session: Session, now: datetime) -> None:
    """Take the words of examples that were put away and can be brought back no more, and all that was said of them."""
    gone = (
        select(CalibrationItemRow.id)
        .join(ExampleRow, ExampleRow.id == CalibrationItemRow.example_id)
        .where(
            ExampleRow.put_away_at < now - PUT_AWAY_KEPT,
            CalibrationItemRow.document["title"].as_string().is_not(None),
        )
    )
    ids = session.scalars(gone).all()
    if not ids:
        return
    for of, words in ((CalibrationRatingRow, "why"), (CalibrationOutcomeRow, "words")):
        session.execute(
            update(of).where(of.item_id.in_(ids)).values({words: None}).execution_options(synchronize_session=False)
        )
    for item in session.scalars(select(CalibrationItemRow).where(CalibrationItemRow.id.in_(ids))):
        item.document = {"key": item.document["key"]}
    session.flush()
