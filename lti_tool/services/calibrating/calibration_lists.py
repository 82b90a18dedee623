"""Which calibrations are there for somebody: to rate, to talk about, done; and those of a course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from lti_tool.store.calibration import CalibrationItemRow, CalibrationPartRow, CalibrationRow, CalibrationState
from lti_tool.store.rubrics import ExampleRow

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One calibration in a list."""

    id: UUID
    title: str
    state: CalibrationState
    made_at: datetime
    examples: int
    asked: int
    handed_in: int
    """Of those who were asked."""
    takes_part: bool
    """Whether the reader was asked."""
    own_handed_in: bool

    @property
    def to_rate(self) -> bool:
        """Whether the reader's ratings are still to come."""
        return self.takes_part and not self.own_handed_in and self.state is CalibrationState.RATING


def of_person(session: Session, person_id: UUID) -> tuple[Line, ...]:
    """Those in which the person takes part, the newest first."""
    mine = select(CalibrationPartRow.calibration_id).where(
        CalibrationPartRow.person_id == person_id, CalibrationPartRow.left_at.is_(None)
    )
    return _lines(session, person_id, CalibrationRow.id.in_(mine))


def of_course(session: Session, person_id: UUID, course_id: UUID) -> tuple[Line, ...]:
    """Those of a course, for who instructs it."""
    return _lines(session, person_id, CalibrationRow.course_id == course_id)


def of_organization(session: Session, person_id: UUID, organization_id: UUID) -> tuple[Line, ...]:
    """Those of the organization, for its program leads."""
    return _lines(
        session, person_id, CalibrationRow.course_id.is_(None), CalibrationRow.organization_id == organization_id
    )


def waits_since(session: Session, person_id: UUID) -> Sequence[datetime]:
    """Since when ratings of this person are waited for."""
    return session.scalars(
        select(CalibrationPartRow.asked_at)
        .join(CalibrationRow, CalibrationRow.id == CalibrationPartRow.calibration_id)
        .where(
            CalibrationPartRow.person_id == person_id,
            CalibrationPartRow.left_at.is_(None),
            CalibrationPartRow.handed_in_at.is_(None),
            CalibrationRow.ended_at.is_(None),
            CalibrationRow.state == CalibrationState.RATING,
        )
        .limit(MOST)
    ).all()


def _lines(session: Session, person_id: UUID, *which: ColumnElement[bool]) -> tuple[Line, ...]:
    there = and_(CalibrationPartRow.calibration_id == CalibrationRow.id, CalibrationPartRow.left_at.is_(None))
    examples = (
        select(func.count())
        .select_from(CalibrationItemRow)
        .join(ExampleRow, ExampleRow.id == CalibrationItemRow.example_id)
        .where(CalibrationItemRow.calibration_id == CalibrationRow.id, ExampleRow.put_away_at.is_(None))
        .correlate(CalibrationRow)
        .scalar_subquery()
    )
    own = CalibrationPartRow.person_id == person_id
    rows = session.execute(
        select(
            CalibrationRow,
            examples,
            func.count(CalibrationPartRow.id),
            func.count(CalibrationPartRow.handed_in_at),
            func.count(CalibrationPartRow.id).filter(own),
            func.count(CalibrationPartRow.handed_in_at).filter(own),
        )
        .outerjoin(CalibrationPartRow, there)
        .where(CalibrationRow.ended_at.is_(None), *which)
        .group_by(CalibrationRow.id)
        .order_by(CalibrationRow.made_at.desc(), CalibrationRow.id)
        .limit(MOST)
    )
    return tuple(
        Line(row.id, row.title, row.state, row.made_at, items, asked, handed_in, mine > 0, own_in > 0)
        for row, items, asked, handed_in, mine, own_in in rows
    )
