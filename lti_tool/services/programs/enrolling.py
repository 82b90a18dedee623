"""Who is on the way through a program: enrolling, by a program lead or by oneself, and being taken out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.programs import program_lists
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import Version, day_in, found_program
from lti_tool.services.standing import kept_standings
from lti_tool.services.standing.standings import found_enrollment
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

MOST_AT_ONCE = 100
FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Entering:
    """When somebody enters, and which edition; None: the one in force on that day."""

    on: date
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """What enrolling came to."""

    version: Version
    new: tuple[UUID, ...]
    """Enrollments that were made."""
    there_already: int


def enroll(
    session: Session, by: Author, program_id: UUID, people: Sequence[UUID], entering: Entering, now: datetime
) -> Came:
    """Enroll these people of the organization; whoever is enrolled already stays as they are.

    Each is told. Raises `NotHere` for a person of elsewhere, `Refused` where the program takes nobody in now or the day
    is none on which somebody can have entered.
    """
    chosen = list(dict.fromkeys(people))
    if not chosen:
        raise Refused("nobody_chosen", "Please choose who is to be enrolled.")
    if len(chosen) > MOST_AT_ONCE:
        raise Refused("too_many", "Please enroll at most %(most)d people at once.", most=MOST_AT_ONCE)
    program, version = _taking_in(session, by.organization_id, program_id, entering, now)
    humans = _of_the_organization(session, by.organization_id, chosen)
    new = [
        enrollment_id
        for person_id in sorted(humans, key=str)
        if (enrollment_id := _add(session, by, program, version, person_id, entering.on, now=now))
    ]
    return Came(version, tuple(new), len(humans) - len(new))


def join(session: Session, visitor: Visitor, program_id: UUID, *, read: UUID | None, now: datetime) -> UUID:
    """The visitor enrolls themselves; `read` is the edition whose rules they say that they read in full.

    The answer is the enrollment; for somebody who is enrolled already, that one. Raises `NotHere`, and `Refused` where
    the program is not open to that, where nothing is said to be read, or where another edition is in force meanwhile.
    """
    there = program_lists.mine(session, visitor.person_id).get(program_id)
    if there is not None:
        return there
    program = program_lists.program(session, visitor.organization_id, program_id)
    if not program.open_to_ask:
        raise Refused("not_open", "Program leads enroll people in this program. Please ask one of them.")
    today = day_in(program.versions[-1].program, now)
    program, version = _taking_in(session, visitor.organization_id, program_id, Entering(today), now)
    if read is None:
        raise Refused("not_read", "To continue we need your tick: that you read the rules.")
    if read != version.id:
        raise Refused("other_edition", "Another edition is in force since you opened this page. Please read it first.")
    by = Author(visitor.organization_id, visitor.person_id)
    enrollment_id = _add(session, by, program, version, visitor.person_id, today, now=now, read=True)
    return enrollment_id or program_lists.mine(session, visitor.person_id)[program_id]


def take_out(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> None:
    """Somebody is not on this path any more; all that is recorded stays. Raises `NotHere`. Twice changes nothing."""
    row = found_enrollment(session, visitor.organization_id, enrollment_id, locked=True)
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by = now, visitor.person_id
    session.execute(
        update(EnrollmentMoveRow)
        .where(EnrollmentMoveRow.enrollment_id == row.id, EnrollmentMoveRow.ended_at.is_(None))
        .values(ended_at=now)
    )
    _note(session, visitor.person_id, row, "enrollment.end", now)


def bring_back(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> None:
    """They are on it again, as before. Raises `NotHere`, and `Refused` where they were enrolled anew meanwhile."""
    row = found_enrollment(session, visitor.organization_id, enrollment_id)
    found_program(session, visitor.organization_id, row.program_id, locked=True)
    row = found_enrollment(session, visitor.organization_id, enrollment_id, locked=True)
    if row.ended_at is None:
        return
    if row.program_id in program_lists.mine(session, row.person_id):
        raise Refused(
            "enrolled_again", "They were enrolled in this program anew. That enrollment is the one that holds."
        )
    row.ended_at = row.ended_by = None
    _note(session, visitor.person_id, row, "enrollment.bring_back", now)


def _taking_in(
    session: Session, organization_id: UUID, program_id: UUID, entering: Entering, now: datetime
) -> tuple[InUse, Version]:
    """The program, held so that it is not closed meanwhile, and the edition that is entered on this day."""
    found_program(session, organization_id, program_id, locked=True)
    program = program_lists.program(session, organization_id, program_id)
    if program.closed_at is not None:
        raise Refused("closed", "This program is closed for new people. Whoever is enrolled goes on as before.")
    version = program.entered_on(entering.on, entering.edition)
    today = day_in(version.program, now)
    if entering.on > today:
        raise Refused("day_to_come", "Please give a day that is not later than today, %(today)s.", today=today)
    if entering.on.year < FIRST_YEAR:
        raise Refused("day_long_ago", "Please check the day: its year is %(year)d.", year=entering.on.year)
    return program, version


def _of_the_organization(session: Session, organization_id: UUID, people: Sequence[UUID]) -> frozenset[UUID]:
    """Each as who they are known today. Raises `NotHere` where one of them is of elsewhere."""
    rows = session.execute(
        select(PersonRow.id, PersonRow.merged_into).where(
            PersonRow.id.in_(people), PersonRow.organization_id == organization_id
        )
    ).all()
    if len(rows) != len(people):
        raise NotHere
    return frozenset(into or person_id for person_id, into in rows)


def _add(
    session: Session,
    by: Author,
    program: InUse,
    version: Version,
    person_id: UUID,
    on: date,
    *,
    now: datetime,
    read: bool = False,
) -> UUID | None:
    enrollment_id = new_id()
    added = insert_once(
        session, EnrollmentRow, id=enrollment_id, organization_id=by.organization_id, program_id=program.id,
        person_id=person_id, version_id=version.id, entered_on=on, enrolled_by=by.person_id, enrolled_at=now,
        read_at=now if read else None,
    )  # fmt: skip
    if not added:
        return None
    kept_standings.begin(session, session.get_one(EnrollmentRow, enrollment_id), now)
    audit.write(
        session, organization_id=by.organization_id, person_id=by.person_id, act="enrollment.begin",
        subject=f"enrollment:{enrollment_id}", now=now, program=str(program.id), person=str(person_id),
        version=str(version.id), entered_on=on.isoformat(), themselves=by.person_id == person_id,
    )  # fmt: skip
    if by.person_id != person_id:
        notify.news(
            session, organization_id=by.organization_id, person_id=person_id, now=now, kind=MessageKind.PROGRAM,
            path=f"/path/{enrollment_id}", sender_id=by.person_id,
        )  # fmt: skip
    return enrollment_id


def _note(session: Session, by: UUID, row: EnrollmentRow, act: str, now: datetime) -> None:
    session.flush()
    audit.write(
        session, organization_id=row.organization_id, person_id=by, act=act, subject=f"enrollment:{row.id}", now=now
    )
    if by != row.person_id:
        notify.news(
            session, organization_id=row.organization_id, person_id=row.person_id, now=now, kind=MessageKind.PROGRAM,
            path=f"/path/{row.id}", sender_id=by,
        )  # fmt: skip
