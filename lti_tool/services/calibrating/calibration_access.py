"""Whose a calibration is: those who lead it, and those who were asked to take part."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, in_organization, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.store.calibration import CalibrationPartRow, CalibrationRow
from rubrics.calibration import Sight, sight


@dataclass(frozen=True, slots=True)
class Seen:
    """A calibration, and how somebody stands to it."""

    row: CalibrationRow
    leads: bool
    """Whether they instruct its course or, where it is of the organization, are a program lead."""
    part: CalibrationPartRow | None
    """Their own part in it; None: they have none, or left it."""

    @property
    def took_part(self) -> bool:
        """Whether they handed in."""
        return self.part is not None and self.part.handed_in_at is not None

    @property
    def sight(self) -> Sight:
        """What they see of how the others rated."""
        return sight(self.row.state, took_part=self.took_part)


def seen(session: Session, visitor: Visitor, calibration_id: UUID, *, lock: bool = False) -> Seen:
    """A calibration for who leads it or was asked. Raises `NotHere` for others, and for one that was put away.

    With `lock` no other act on it crosses this one.
    """
    asked = select(CalibrationRow).where(
        CalibrationRow.id == calibration_id,
        CalibrationRow.organization_id == visitor.organization_id,
        CalibrationRow.ended_at.is_(None),
    )
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    part = session.scalars(
        select(CalibrationPartRow)
        .where(
            CalibrationPartRow.calibration_id == row.id,
            CalibrationPartRow.person_id == visitor.person_id,
            CalibrationPartRow.left_at.is_(None),
        )
        .execution_options(populate_existing=lock)
    ).one_or_none()
    leads = may_lead(session, visitor, row.course_id)
    if not leads and part is None:
        raise NotHere
    return Seen(row, leads, part)


def led(session: Session, visitor: Visitor, calibration_id: UUID) -> CalibrationRow:
    """A calibration that the visitor leads, locked. Raises `NotHere`."""
    found = seen(session, visitor, calibration_id, lock=True)
    if not found.leads:
        raise NotHere
    return found.row


def may_lead(session: Session, visitor: Visitor, course_id: UUID | None) -> bool:
    """Whether the visitor leads the calibrations of this course, or those of the organization."""
    if course_id is None:
        return Capability.PROGRAM_LEAD in in_organization(session, visitor)
    try:
        return Capability.INSTRUCTOR in standing_of(session, visitor.person_id, course_id).capabilities
    except NotHere:
        return False


def readers(names: tuple[str, ...] = ()) -> tuple[Reader, ...]:
    """Who sees how somebody rated, once it is revealed."""
    who_sees = ACCESS[Field.CALIBRATION].see
    return tuple(Reader(who, names if who is Who.RATER else ()) for who in Who if who in who_sees)


def own_readers() -> tuple[Reader, ...]:
    """Who sees somebody's own report: they alone."""
    return (Reader(Who.OWNER, ()),)


def note(session: Session, visitor: Visitor, row: CalibrationRow, act: str, now: datetime, **facts: str | int) -> None:
    """Write the act down in the audit."""
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=f"calibration.{act}",
        subject=f"calibration:{row.id}",
        now=now,
        **facts,
    )
