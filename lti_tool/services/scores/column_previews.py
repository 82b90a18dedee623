"""What each trainee's cell would be if a column showed something else: looked at before it is switched on."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import Column, DesiredScore, Nothing, desired_score, why_nothing
from lti_tool.lti.answers import Answer
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.finished import finished
from lti_tool.services.observations.lines import display_name
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow, PersonRow

_LMS_STANDS = frozenset({DeliveryState.DIFFERS, DeliveryState.LET_STAND})


@dataclass(frozen=True, slots=True)
class Cell:
    """One trainee's cell, as it is and as it would be."""

    person_name: str
    now: DesiredScore | None
    """What it shows, or what is on its way to it; None: it is empty."""
    then: DesiredScore | None
    """None: there would be no number."""
    why: Nothing | None
    """Why there would be none."""
    lms_stands: bool
    """The LMS shows a score of its own: it stays until a person says otherwise."""

    @property
    def changes(self) -> bool:
        """Whether another number would be sent."""
        return self.then is not None and self.then != self.now and not self.lms_stands

    @property
    def stays_behind(self) -> bool:
        """Whether it would show a number of which nothing counts any more, until a person has it emptied."""
        return self.then is None and self.now is not None


@dataclass(frozen=True, slots=True)
class Preview:
    """A column as it would be, by name."""

    column: Column
    cells: tuple[Cell, ...]

    @property
    def changing(self) -> int:
        """How many cells would get another number."""
        return sum(cell.changes for cell in self.cells)

    @property
    def staying_behind(self) -> int:
        """How many would be emptied, which only a person does."""
        return sum(cell.stays_behind for cell in self.cells)

    @property
    def lms_stands(self) -> int:
        """In how many the LMS shows a score of its own."""
        return sum(cell.lms_stands for cell in self.cells)


def preview(session: Session, place: Place, column: Column, line_item_id: UUID | None) -> Preview:
    """Every trainee of the course; `line_item_id` is the column that is there, None for a new one.

    As many questions to the database for many people as for few. Nothing is written.
    """
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, DeliveryRow)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(DeliveryRow, and_(DeliveryRow.person_id == PersonRow.id, DeliveryRow.line_item_id == line_item_id))
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            or_(trains(place.course.id), DeliveryRow.id.is_not(None)),
        )
    ).all()
    seen = finished(session, place.activity.id)
    cells = []
    for person_id, name, row in rows:
        observations = seen.get(person_id, ())
        then = desired_score(column, observations)
        why = why_nothing(column, observations) if then is None else None
        cells.append(Cell(display_name(person_id, name), shown_now(row), then, why, lms_stands(row)))
    return Preview(column, tuple(sorted(cells, key=lambda cell: cell.person_name.casefold())))


def lms_stands(row: DeliveryRow | None) -> bool:
    """Whether the LMS shows a score of its own, which stays until a person says otherwise."""
    return row is not None and row.state in _LMS_STANDS


def shown_now(row: DeliveryRow | None) -> DesiredScore | None:
    """What a cell shows, or what is on its way to it; None: it is empty."""
    if row is None or row.state is DeliveryState.CLEARED:
        return None
    if row.state in _LMS_STANDS or row.answer == Answer.NOTHING_LEFT:
        score, maximum = row.accepted_score, row.accepted_maximum
        return None if score is None or maximum is None else DesiredScore(score, maximum)
    return DesiredScore(row.desired_score, row.desired_maximum)
