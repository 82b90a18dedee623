"""Going on under another edition: shown before, proposed, answered by the person, or told with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.programs import program_lists
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import Version, day_in, found_program
from lti_tool.services.standing.standings import found_enrollment
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST_WHY = 2_000
UNDO_FOR = timedelta(hours=24)
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Way:
    """From one edition of a program to another."""

    program_id: UUID
    from_edition: str
    to_edition: str


def propose(
    session: Session, visitor: Visitor, way: Way, people: Sequence[UUID] | None, *, why: str | None, now: datetime
) -> int:
    """Ask each of these enrollments for their yes; None: all that entered the edition. How many are asked now.

    Whoever is asked already is not asked twice. Raises `NotHere`, `Refused`.
    """
    before, after = _editions(session, visitor, way)
    why = _words(why)
    asked = 0
    for row in _entered(session, way.program_id, before.id, people):
        move_id = new_id()
        if insert_once(
            session, EnrollmentMoveRow, id=move_id, organization_id=row.organization_id, enrollment_id=row.id,
            from_version_id=before.id, to_version_id=after.id, proposed_by=visitor.person_id, proposed_at=now, why=why,
        ):  # fmt: skip
            asked += 1
            _note(session, visitor, row, "enrollment_move.propose", move_id, now, to=after)
    return asked


def move_all(
    session: Session, visitor: Visitor, way: Way, people: Sequence[UUID] | None, *, why: str | None, now: datetime
) -> int:
    """Have these go on under the other edition from today on, for a reason that each of them reads. How many did.

    Raises `NotHere`, and `Refused` without a reason.
    """
    before, after = _editions(session, visitor, way)
    why = _words(why)
    if why is None:
        raise Refused("reason_needed", "To continue we need your reason: each of them reads it.")
    rows = _entered(session, way.program_id, before.id, people)
    for row in rows:
        _settle_waiting(session, row, now)
        move_id = _move(session, row, after, visitor.person_id, now, why=why, agreed=None)
        _note(session, visitor, row, "enrollment_move.with_reason", move_id, now, to=after)
    return len(rows)


def answer(session: Session, visitor: Visitor, move_id: UUID, *, agree: bool, now: datetime) -> None:
    """The person says yes, or stays. The same twice changes nothing.

    Raises `NotHere`, and `Refused` where it was answered otherwise, taken back, or is about an edition that they are
    not on any more.
    """
    row, enrollment = _mine(session, visitor, move_id)
    if row.answered_at is not None and row.agreed == agree:
        return
    _check_open(row, enrollment)
    row.answered_at, row.agreed, row.ended_at = now, agree, now
    if agree:
        row.moved_on = _today(session, enrollment, row.to_version_id, now)
        enrollment.version_id = row.to_version_id
    session.flush()
    _audit(session, visitor, enrollment, "enrollment_move.answer", row.id, now, agreed=agree)
    if row.proposed_by != visitor.person_id:
        notify.news(
            session, organization_id=row.organization_id, person_id=row.proposed_by, now=now, kind=MessageKind.PROGRAM,
            path=f"/people-of/{enrollment.id}", sender_id=visitor.person_id,
        )  # fmt: skip


def choose(
    session: Session, visitor: Visitor, enrollment_id: UUID, version_id: UUID | None, now: datetime
) -> UUID | None:
    """The person goes on under a newer edition by their own choice; the move, or None where they are on it already.

    Raises `NotHere`, and `Refused` where the edition takes nobody in now.
    """
    row = found_enrollment(session, visitor.organization_id, enrollment_id, locked=True)
    if row.person_id != visitor.person_id or row.ended_at is not None:
        raise NotHere
    if row.version_id == version_id:
        return None
    program = program_lists.program(session, visitor.organization_id, row.program_id)
    version = next((each for each in program.versions if each.id == version_id), None)
    if version is None:
        raise NotHere
    if version not in newer(program, row.version_id, now):
        raise Refused("not_to_choose", "This edition cannot be entered now. Please choose one that can.")
    _settle_waiting(session, row, now)
    move_id = _move(session, row, version, visitor.person_id, now, why=None, agreed=True)
    _audit(session, visitor, row, "enrollment_move.choose", move_id, now, to=str(version.id))
    return move_id


def undo(session: Session, visitor: Visitor, move_id: UUID, now: datetime) -> None:
    """Within a day the person may take back that they agreed or chose. Raises `NotHere`, `Refused`."""
    row, enrollment = _mine(session, visitor, move_id)
    if row.moved_on is None:
        return
    if not may_undo(row.answered_at, now) or enrollment.version_id != row.to_version_id:
        raise Refused("move_stands", "This cannot be taken back any more. A program lead can help you to go back.")
    row.agreed, row.moved_on = False, None
    enrollment.version_id = row.from_version_id
    session.flush()
    _audit(session, visitor, enrollment, "enrollment_move.undo", row.id, now)


def take_back(session: Session, visitor: Visitor, move_id: UUID, now: datetime) -> UUID:
    """A program lead takes a question back that was not answered; the enrollment. Raises `NotHere`, `Refused`."""
    row = _found(session, visitor.organization_id, move_id)
    enrollment = found_enrollment(session, visitor.organization_id, row.enrollment_id, locked=True)
    row = _found(session, visitor.organization_id, move_id)
    if row.answered_at is not None:
        raise Refused("answered", "It was answered meanwhile. Please look at the answer.")
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, visitor, enrollment, "enrollment_move.take_back", row.id, now)
    return enrollment.id


def may_undo(answered_at: datetime | None, now: datetime) -> bool:
    """Whether it is not longer ago than a day that the person said so."""
    return answered_at is not None and now - answered_at < UNDO_FOR


def newer(program: InUse, version_id: UUID, now: datetime) -> tuple[Version, ...]:
    """The editions that were published after this one and that people enter today."""
    number = next(each.number for each in program.versions if each.id == version_id)
    later = (each for each in program.versions if each.number > number)
    return tuple(each for each in later if _takes_in(each, day_in(each.program, now)))


def _takes_in(version: Version, day: date) -> bool:
    since, until = version.program.effective_from, version.program.effective_until
    return (since is None or since <= day) and (until is None or day <= until)


def _editions(session: Session, visitor: Visitor, way: Way) -> tuple[Version, Version]:
    found_program(session, visitor.organization_id, way.program_id, locked=True)
    program = program_lists.program(session, visitor.organization_id, way.program_id)
    if way.from_edition == way.to_edition:
        raise Refused("same_edition", "Please choose two editions that are not the same.")
    return program.of_edition(way.from_edition), program.of_edition(way.to_edition)


def _entered(
    session: Session, program_id: UUID, version_id: UUID, people: Sequence[UUID] | None
) -> Sequence[EnrollmentRow]:
    """Those on the way by this edition, locked, in an order that is the same for all. Raises `NotHere`, `Refused`."""
    asked = select(EnrollmentRow).where(EnrollmentRow.program_id == program_id, EnrollmentRow.ended_at.is_(None))
    if people is not None:
        asked = asked.where(EnrollmentRow.id.in_(people))
    asked = asked.order_by(EnrollmentRow.id).limit(MOST_AT_ONCE).with_for_update()
    rows = session.scalars(asked.execution_options(populate_existing=True)).all()
    if people is not None and len(rows) != len(set(people)):
        raise NotHere
    found = [row for row in rows if row.version_id == version_id]
    if not found:
        raise Refused("nobody_chosen", "Please choose somebody who is on this edition.")
    return found


def _move(
    session: Session, row: EnrollmentRow, to: Version, by: UUID, now: datetime, *, why: str | None, agreed: bool | None
) -> UUID:
    move = EnrollmentMoveRow(
        id=new_id(), organization_id=row.organization_id, enrollment_id=row.id, from_version_id=row.version_id,
        to_version_id=to.id, proposed_by=by, proposed_at=now, why=why, answered_at=now if agreed is not None else None,
        agreed=agreed, moved_on=day_in(to.program, now), ended_at=now,
    )  # fmt: skip
    session.add(move)
    row.version_id = to.id
    session.flush()
    return move.id


def _settle_waiting(session: Session, row: EnrollmentRow, now: datetime) -> None:
    waiting = select(EnrollmentMoveRow).where(
        EnrollmentMoveRow.enrollment_id == row.id,
        EnrollmentMoveRow.answered_at.is_(None),
        EnrollmentMoveRow.ended_at.is_(None),
    )
    for move in session.scalars(waiting):
        move.ended_at = now
    session.flush()


def _found(session: Session, organization_id: UUID, move_id: UUID) -> EnrollmentMoveRow:
    asked = select(EnrollmentMoveRow).where(
        EnrollmentMoveRow.id == move_id, EnrollmentMoveRow.organization_id == organization_id
    )
    row = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotHere
    return row


def _mine(session: Session, visitor: Visitor, move_id: UUID) -> tuple[EnrollmentMoveRow, EnrollmentRow]:
    """The move and its enrollment, which is locked first: two answers come one after the other."""
    row = _found(session, visitor.organization_id, move_id)
    enrollment = found_enrollment(session, visitor.organization_id, row.enrollment_id, locked=True)
    if enrollment.person_id != visitor.person_id:
        raise NotHere
    return _found(session, visitor.organization_id, move_id), enrollment


def _check_open(row: EnrollmentMoveRow, enrollment: EnrollmentRow) -> None:
    if row.answered_at is not None:
        raise Refused(
            "answered_otherwise",
            "You answered this already on %(day)s. On your path you can choose an edition at any time.",
            day=row.answered_at.date(),
        )
    if row.ended_at is not None or enrollment.ended_at is not None:
        raise Refused("not_asked_any_more", "This is not asked any more. Nothing changes for you.")
    if enrollment.version_id != row.from_version_id:
        raise Refused("other_edition", "You are on another edition by now. Nothing changes for you.")


def _today(session: Session, enrollment: EnrollmentRow, version_id: UUID, now: datetime) -> date:
    program = program_lists.program(session, enrollment.organization_id, enrollment.program_id)
    return day_in(next(each.program for each in program.versions if each.id == version_id), now)


def _words(why: str | None) -> str | None:
    text = (why or "").replace("\0", "").strip()
    if len(text) > LONGEST_WHY:
        raise Refused("too_long", "Please keep it to %(longest)d characters.", longest=LONGEST_WHY)
    return text or None


def _note(
    session: Session, visitor: Visitor, row: EnrollmentRow, act: str, move_id: UUID, now: datetime, *, to: Version
) -> None:
    _audit(session, visitor, row, act, move_id, now, to=str(to.id))
    notify.news(
        session, organization_id=row.organization_id, person_id=row.person_id, now=now, kind=MessageKind.PROGRAM,
        path=f"/moves/{move_id}", sender_id=visitor.person_id,
    )  # fmt: skip


def _audit(
    session: Session,
    visitor: Visitor,
    row: EnrollmentRow,
    act: str,
    move_id: UUID,
    now: datetime,
    **facts: str | bool | None,
) -> None:
    audit.write(
        session, organization_id=row.organization_id, person_id=visitor.person_id, act=act,
        subject=f"enrollment:{row.id}", now=now, move=str(move_id), **facts,
    )  # fmt: skip
