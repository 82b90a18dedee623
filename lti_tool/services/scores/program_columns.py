"""What the gradebook column of a placed program should show, for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from grading.program import StageKind
from grading.scores import DesiredScore, ProgramColumnShows, hours_score, met_score, progress_score
from lti_tool.services.scores.noting_desired import ItemName, Wanted, hold, note, note_one
from lti_tool.services.scores.placed_programs import hours_asked
from lti_tool.services.standing.standings import Stands, many_stands
from lti_tool.store.courses import CourseRow, LineItemRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow, PlacedProgramRow


@dataclass(frozen=True, slots=True)
class ProgramColumn:
    """What a column shows of a program; `requirement` is whose hours, None where it shows something else."""

    shows: ProgramColumnShows
    requirement: str | None = None


def _gets_a_score(course_id: InstrumentedAttribute[UUID] | UUID) -> ColumnElement[bool]:
    """Whoever is in the course; of who left it the score stays as it is."""
    return exists(
        select(MembershipRow.id).where(
            MembershipRow.course_id == course_id,
            MembershipRow.person_id == EnrollmentRow.person_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
        )
    )


_PAUSED = exists(
    select(PathPauseRow.id).where(PathPauseRow.enrollment_id == EnrollmentRow.id, PathPauseRow.until.is_(None))
)
"""A pause leaves the score in the LMS as it is."""
_DUE = (
    select(LineItemRow, PlacedProgramRow, EnrollmentRow)
    .join(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
    .join(CourseRow, CourseRow.id == PlacedProgramRow.course_id)
    .join(EnrollmentRow, EnrollmentRow.program_id == PlacedProgramRow.program_id)
    .where(
        CourseRow.archived_at.is_(None),
        EnrollmentRow.ended_at.is_(None),
        _gets_a_score(PlacedProgramRow.course_id),
        ~_PAUSED,
    )
    .order_by(EnrollmentRow.id, LineItemRow.id)
)


def desire_for(session: Session, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Work out every such column of one person, whose evidence changed; the answer names the deliveries that did."""
    return _note(session, session.execute(_DUE.where(EnrollmentRow.person_id == person_id)).all(), now)


def desire_for_all(session: Session, placed_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The same for everybody in one column: used when it is there later than what it shows."""
    return _note(session, session.execute(_DUE.where(PlacedProgramRow.id == placed_id)).all(), now)


def enrolled_people(session: Session) -> tuple[UUID, ...]:
    """Everybody who has such a column: answers change with time alone, so the nightly job looks at each."""
    return tuple(dict.fromkeys(row[2].person_id for row in session.execute(_DUE)))


def of_course(session: Session, course_id: UUID, program_id: UUID) -> tuple[tuple[EnrollmentRow, bool], ...]:
    """Whoever of a course has a cell, and whether their path is paused: then the number stays as it is."""
    rows = session.execute(
        select(EnrollmentRow, _PAUSED).where(
            EnrollmentRow.program_id == program_id, EnrollmentRow.ended_at.is_(None), _gets_a_score(course_id)
        )
    )
    return tuple((enrollment, bool(paused)) for enrollment, paused in rows)


def shown(column: ProgramColumn, found: Stands) -> DesiredScore | None:
    """What the column shows of somebody who stands there; None: nothing is sent, which is not the same as 0."""
    if column.shows is ProgramColumnShows.HOURS:
        return _hours(column.requirement, found)
    kinds = {stage.key: stage.kind for stage in found.enrolled.program.stages}
    stages = [each for each in found.standing.stages if kinds[each.stage.key] is StageKind.CERTIFICATION]
    met, asked = sum(stage.met for stage in stages), sum(stage.asked for stage in stages)
    return (met_score if column.shows is ProgramColumnShows.MET else progress_score)(met=met, asked=asked)


def _hours(key: str | None, found: Stands) -> DesiredScore | None:
    """Nothing where the edition of this person does not ask for these hours."""
    requirement = next((each for each in found.enrolled.program.requirements if each.key == key), None)
    asked = hours_asked(requirement) if requirement is not None else None
    if requirement is None or asked is None:
        return None
    numbers = found.standing.of(requirement.key).numbers
    return hours_score(sure=numbers.sure if numbers else None, asked=asked)


def _note(
    session: Session, rows: Sequence[Row[LineItemRow, PlacedProgramRow, EnrollmentRow]], now: datetime
) -> tuple[UUID, ...]:
    """As many statements for many people as for few."""
    enrollments = list({enrollment.id: enrollment for _, _, enrollment in rows}.values())
    if not enrollments:
        return ()
    held = hold(session, {item.id for item, _, _ in rows}, [one.person_id for one in enrollments])
    # As the person reads it: nobody learns of a decision from the gradebook before they can read it.
    known = {found.enrollment_id: found for found in many_stands(session, enrollments, now, own=True)}
    wants = [
        Wanted(
            ItemName(item.id, item.organization_id, item.registration_id),
            enrollment.person_id,
            shown(ProgramColumn(placed.shows, placed.requirement), known[enrollment.id]),
        )
        for item, placed, enrollment in rows
    ]
    noted = note(session, wants, held, now)
    return (*noted.changed, *(found for want in noted.overtaken for found in note_one(session, want, now)))
