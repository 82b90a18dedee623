"""What another edition would change, before anybody is asked or says yes: nothing is written here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from grading.editions import go_on
from grading.moving import Becomes, Changed, compared, in_all
from grading.standing import Standing, standing
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs import program_lists
from lti_tool.services.programs.edition_choices import of_their_edition
from lti_tool.services.programs.edition_moves import may_undo, newer
from lti_tool.services.programs.own_path import own_path
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import Version
from lti_tool.services.standing.standings import Stands, found_enrollment, many_stands
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from rubrics.refusal import Refused

ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Would:
    """One person, as they stand and as they would."""

    enrollment_id: UUID
    person_id: UUID
    name: str
    asked: bool
    """Whether a question waits for their answer already."""
    becomes: Becomes
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """A question about another edition, or a move with a reason, as the person and program leads read it."""

    id: UUID
    enrollment_id: UUID
    person_id: UUID
    person_name: str
    program: InUse
    before: Version
    after: Version
    proposed_by: str
    by_themselves: bool
    proposed_at: datetime
    why: str | None
    answered_at: datetime | None
    agreed: bool | None
    moved: bool
    open: bool
    """Whether an answer changes something."""
    may_undo: bool
    stands: Stands
    would: Standing
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A newer edition that somebody may choose, and what it would change for them."""

    enrollment_id: UUID
    program: InUse
    before: Version
    others: tuple[Version, ...]
    """What else can be chosen."""
    after: Version
    stands: Stands
    would: Standing
    changes: tuple[Changed, ...]


def count(session: Session, program: InUse, version: Version) -> int:
    """How many are on the way by this edition."""
    return session.scalars(select(func.count()).select_from(EnrollmentRow).where(*_on(program, version))).one()


def people(
    session: Session, program: InUse, before: Version, after: Version, now: datetime, *, first: int, most: int
) -> tuple[Would, ...]:
    """So many of them, from the `first` on, as they came: what the other edition would change for each."""
    rows = session.scalars(
        select(EnrollmentRow)
        .where(*_on(program, before))
        .order_by(EnrollmentRow.enrolled_at, EnrollmentRow.id)
        .offset(first)
        .limit(most)
    ).all()
    if not rows:
        return ()
    named = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_([row.person_id for row in rows]))
    names = {person_id: display_name(person_id, name) for person_id, name in session.execute(named)}
    waiting = set(
        session.scalars(
            select(EnrollmentMoveRow.enrollment_id).where(
                EnrollmentMoveRow.enrollment_id.in_([row.id for row in rows]),
                EnrollmentMoveRow.answered_at.is_(None),
                EnrollmentMoveRow.ended_at.is_(None),
            )
        )
    )
    found = []
    for stands in many_stands(session, rows, now):
        changes = compared(stands.standing, would_stand(program, stands, after))
        name = names[stands.person_id]
        there = stands.enrollment_id in waiting
        found.append(Would(stands.enrollment_id, stands.person_id, name, there, in_all(changes), changes))
    return tuple(found)


def would_stand(program: InUse, stands: Stands, after: Version) -> Standing:
    """Where somebody would stand under this edition from today on."""
    editions = [each.program for each in program.versions]
    there = of_their_edition(go_on(editions, stands.enrolled, after.program.edition, stands.today))
    return standing(there.program, there.evidence, stands.today)


def move(session: Session, visitor: Visitor, move_id: UUID, now: datetime, *, i_lead: bool) -> MoveView:
    """One of them, for the person or a program lead (`i_lead`). Raises `NotHere` for others."""
    row = session.get(EnrollmentMoveRow, move_id)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    enrollment = found_enrollment(session, visitor.organization_id, row.enrollment_id)
    own = enrollment.person_id == visitor.person_id
    if not own and not i_lead:
        raise NotHere
    program = program_lists.program(session, visitor.organization_id, enrollment.program_id)
    by_id = {each.id: each for each in program.versions}
    named = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_({row.proposed_by, enrollment.person_id}))
    names = {person_id: display_name(person_id, name) for person_id, name in session.execute(named)}
    stands = many_stands(session, [enrollment], now, own=own)[0]
    would = would_stand(program, stands, by_id[row.to_version_id])
    is_open = row.answered_at is None and row.ended_at is None and enrollment.ended_at is None
    return MoveView(
        id=row.id,
        enrollment_id=enrollment.id,
        person_id=enrollment.person_id,
        person_name=names[enrollment.person_id],
        program=program,
        before=by_id[row.from_version_id],
        after=by_id[row.to_version_id],
        proposed_by=names[row.proposed_by],
        by_themselves=row.proposed_by == enrollment.person_id,
        proposed_at=row.proposed_at,
        why=row.why,
        answered_at=row.answered_at,
        agreed=row.agreed,
        moved=row.moved_on is not None,
        open=is_open and enrollment.version_id == row.from_version_id,
        may_undo=row.moved_on is not None
        and may_undo(row.answered_at, now)
        and enrollment.version_id == row.to_version_id,
        stands=stands,
        would=would,
        changes=compared(stands.standing, would),
    )


def choice(session: Session, visitor: Visitor, enrollment_id: UUID, edition: str | None, now: datetime) -> Choice:
    """What the person could choose; without an edition the newest. Raises `NotHere`, `Refused` where there is none."""
    enrollment = own_path(session, visitor, enrollment_id)
    program = program_lists.program(session, visitor.organization_id, enrollment.program_id)
    others = newer(program, enrollment.version_id, now)
    if not others:
        raise Refused("no_newer_edition", "There is no newer edition that you could enter now.")
    after = others[-1] if edition is None else program.of_edition(edition)
    if after not in others:
        raise NotHere
    stands = many_stands(session, [enrollment], now, own=True)[0]
    would = would_stand(program, stands, after)
    return Choice(
        enrollment_id=enrollment_id,
        program=program,
        before=next(each for each in program.versions if each.id == enrollment.version_id),
        others=tuple(each for each in others if each.id != after.id),
        after=after,
        stands=stands,
        would=would,
        changes=compared(stands.standing, would),
    )


def _on(program: InUse, version: Version) -> tuple[ColumnElement[bool], ...]:
    return (
        EnrollmentRow.program_id == program.id,
        EnrollmentRow.version_id == version.id,
        EnrollmentRow.ended_at.is_(None),
    )
