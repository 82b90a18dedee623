"""Where people stand, kept ready so that many can be looked at at once.

What is kept says nothing that the engine did not say: it is worked out by `standings.many_stands`, and anew as soon
as anything changed that it was worked out from. The database marks it in the statement that makes the change
(`migrations.stale_marks`). Marks are taken away before the evidence is read, each by a statement that sees what is
committed by then: what is not in the evidence that was read is marked still. A day that comes changes it too:
`next_on` says when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, insert, or_, select, union
from sqlalchemy.orm import Session, aliased

from grading.ahead import last_new, next_day, waits_for
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.status import Status
from grading.program import StageKind, Who
from grading.proof import Answer, Numbers
from grading.standing import StageStanding, Standing
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import Version
from lti_tool.services.standing.standings import Stands, many_stands
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.seen import KeptAnswerRow, KeptMarkRow, KeptStandingRow
from lti_tool.store.writing import insert_once

AT_ONCE = 25
MOST_NEW = 500
EARLIEST_DAY = timedelta(hours=14)
"""So far ahead of UTC is the zone in which a day begins first."""
NOT_DATES = frozenset({Name.REMINDER, Name.PROOF_KEPT_UNTIL})
"""Days of the program about which nobody has to do anything."""
_HUNDREDTH = Decimal("0.01")
_MOST = Decimal(10) ** 10


def note_new(session: Session, now: datetime, program_id: UUID | None = None) -> int:
    """Make room for those of whom nothing is kept yet, some of them: it waits to be worked out. How many."""
    missing = (
        select(EnrollmentRow)
        .where(EnrollmentRow.ended_at.is_(None), ~exists().where(KeptStandingRow.enrollment_id == EnrollmentRow.id))
        .order_by(EnrollmentRow.id)
        .limit(MOST_NEW)
    )
    if program_id is not None:
        missing = missing.where(EnrollmentRow.program_id == program_id)
    return sum(begin(session, row, now) for row in session.scalars(missing).all())


def begin(session: Session, row: EnrollmentRow, now: datetime) -> bool:
    """Make room for one that is new; False where there is."""
    return insert_once(
        session, KeptStandingRow, enrollment_id=row.id, organization_id=row.organization_id,
        program_id=row.program_id, version_id=row.version_id, day=row.entered_on, made_at=now, stale_at=now,
        status=Status.NOT_STARTED, paused=False, met=0, waiting=0, asked=0, waits_for=[], still_since=row.entered_on,
    )  # fmt: skip


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """The programs in which something that is kept is to be worked out anew."""
    return session.scalars(
        select(KeptStandingRow.program_id).where(_found_due((now + EARLIEST_DAY).date())).distinct()
    ).all()


def programs(session: Session) -> Sequence[UUID]:
    """The programs of which anything is kept."""
    return session.scalars(select(KeptStandingRow.program_id).distinct()).all()


def work_out(session: Session, program_id: UUID, now: datetime, *, most: int = AT_ONCE, also_old: bool = False) -> int:
    """Work out anew so many of those of a program that are to be; how many it were, 0 when none is left.

    With `also_old` those too that are of a day before today, although nothing is known that changed them. Those that
    somebody else works out, or changes, at this moment are left to them.
    """
    versions = program_versions.versions(session, program_id)
    if not versions:
        return 0
    rows = _held(session, _waiting_in(program_id, versions, now, also_old=also_old).limit(most))
    if rows:
        _work_out(session, rows, versions, now)
    return len(rows)


def work_out_one(session: Session, enrollment_id: UUID, now: datetime) -> int:
    """The same of one; 0 where somebody else has it."""
    rows = _held(session, select(KeptStandingRow).where(KeptStandingRow.enrollment_id == enrollment_id))
    for row in rows:
        _work_out(session, [row], program_versions.versions(session, row.program_id), now)
    return len(rows)


def take_spent_marks_away(session: Session) -> None:
    """Take away what waits of people who are not on the way any more: nothing is worked out of them.

    Somebody who comes back is marked by coming back, so nothing is lost.
    """
    gone = select(EnrollmentRow.id).where(EnrollmentRow.ended_at.is_not(None))
    session.execute(
        delete(KeptMarkRow).where(KeptMarkRow.enrollment_id.in_(gone)),
        execution_options={"synchronize_session": False},
    )


def waiting(session: Session, program_id: UUID, now: datetime, *, also_old: bool = False) -> Sequence[UUID]:
    """The next enrollments that are to be worked out anew."""
    versions = program_versions.versions(session, program_id)
    if not versions:
        return ()
    asked = _waiting_in(program_id, versions, now, also_old=also_old).limit(AT_ONCE)
    return session.scalars(asked.with_only_columns(KeptStandingRow.enrollment_id)).all()


def good_ones(session: Session, ids: Sequence[UUID], today: date) -> dict[UUID, KeptStandingRow]:
    """What is kept of these enrollments, by enrollment, as far as nothing is known that it does not have."""
    rows = session.scalars(
        select(KeptStandingRow)
        .where(KeptStandingRow.enrollment_id.in_(ids), ~is_due(today))
        .execution_options(populate_existing=True)
    )
    return {row.enrollment_id: row for row in rows}


def today_in(versions: Sequence[Version], now: datetime) -> date:
    """The day of a program; where its editions are of different zones, the one that begins last."""
    return min(program_versions.day_in(each.program, now) for each in versions)


def is_due(today: date) -> ColumnElement[bool]:
    """Whether what is kept may not be so any more: of rows that are found otherwise."""
    marked = exists().where(KeptMarkRow.enrollment_id == KeptStandingRow.enrollment_id)
    return or_(KeptStandingRow.stale_at.is_not(None), _has_come(today), marked)


def _found_due(today: date, program_id: UUID | None = None) -> ColumnElement[bool]:
    """The same of people on the way, to find them by: each part by an index, without looking at all that are good."""
    one = aliased(KeptStandingRow)
    of_it = [one.program_id == program_id] if program_id else []
    marked = select(KeptMarkRow.enrollment_id).join(one, one.enrollment_id == KeptMarkRow.enrollment_id)
    parts = (
        select(one.enrollment_id).where(one.stale_at.is_not(None), *of_it),
        select(one.enrollment_id).where(one.next_on.is_not(None), one.next_on <= today, *of_it),
        marked.where(*of_it),
    )
    return and_(KeptStandingRow.enrollment_id.in_(union(*parts)), KeptStandingRow.over.is_(False))


def _has_come(today: date) -> ColumnElement[bool]:
    return and_(KeptStandingRow.next_on.is_not(None), KeptStandingRow.next_on <= today)


def _waiting_in(
    program_id: UUID, versions: Sequence[Version], now: datetime, *, also_old: bool
) -> Select[KeptStandingRow]:
    today = today_in(versions, now)
    which = _found_due(today, program_id)
    if also_old:
        old = and_(
            KeptStandingRow.program_id == program_id, KeptStandingRow.over.is_(False), KeptStandingRow.day < today
        )
        which = or_(which, old)
    return select(KeptStandingRow).where(which).order_by(KeptStandingRow.enrollment_id)


def _held(session: Session, asked: Select[KeptStandingRow]) -> Sequence[KeptStandingRow]:
    # As a key only: whoever marks one of them meanwhile does not wait.
    held = asked.with_for_update(skip_locked=True, key_share=True, of=KeptStandingRow)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def _work_out(session: Session, rows: Sequence[KeptStandingRow], versions: Sequence[Version], now: datetime) -> None:
    """The rows are held. Whatever is not in what is read from now on has its mark still, or comes with one."""
    ids = [row.enrollment_id for row in rows]
    session.execute(delete(KeptMarkRow).where(KeptMarkRow.enrollment_id.in_(ids)))
    enrollments = session.scalars(
        select(EnrollmentRow).where(EnrollmentRow.id.in_(ids)).execution_options(populate_existing=True)
    ).all()
    of = {each.id: each for each in enrollments}
    found = {each.enrollment_id: each for each in many_stands(session, enrollments, now)}
    session.execute(delete(KeptAnswerRow).where(KeptAnswerRow.enrollment_id.in_(ids)))
    answers = []
    for row in rows:
        kept = kept_of(found[row.enrollment_id], versions)
        for name, value in kept.values.items():
            setattr(row, name, value)
        row.still_since = row.new_on or of[row.enrollment_id].entered_on
        row.over = of[row.enrollment_id].ended_at is not None  # who ended it while its row was being made
        row.made_at, row.stale_at = now, None
        of_it = {"enrollment_id": row.enrollment_id, "organization_id": row.organization_id,
                 "program_id": row.program_id}  # fmt: skip
        answers += [{**of_it, **each} for each in kept.answers]
    session.flush()
    if answers:
        session.execute(insert(KeptAnswerRow), answers)


# ---- what is kept of a standing ----


@dataclass(frozen=True, slots=True)
class Kept:
    """The values of a row, and of those of its answers."""

    values: dict[str, Any]
    answers: tuple[dict[str, Any], ...]


def kept_of(found: Stands, versions: Sequence[Version]) -> Kept:
    """What is kept of somebody's standing; `versions` are those of the program."""
    standing = found.standing
    kinds = {stage.key: stage.kind for stage in found.enrolled.program.stages}
    stages = [each for each in standing.stages if kinds[each.stage.key] is StageKind.CERTIFICATION]
    coming = _next_due(standing)
    by_edition = {each.program.edition: each.id for each in versions}
    return Kept(
        {
            "version_id": by_edition[standing.edition],
            "day": found.today,
            "status": standing.status,
            "stage": standing.stage or None,
            "paused": standing.facts.paused_since is not None,
            "met": sum(stage.met for stage in stages),
            "waiting": sum(_waiting(stage) for stage in stages),
            "asked": sum(stage.asked for stage in stages),
            "waits_for": [who.value for who in waits_for(standing)],
            "for_program": Who.PROGRAM in waits_for(standing),
            "next_on": next_day(found.enrolled, standing),
            "due_on": coming.on if coming else None,
            "due": coming.name if coming else None,
            "new_on": last_new(found.enrolled.evidence, found.today),
        },
        tuple(_answers(standing)),
    )


def _waiting(stage: StageStanding) -> int:
    return sum(each.proof.answer is Answer.WAITING for each in stage.requirements if not each.requirement.shown_only)


def _next_due(standing: Standing) -> Due | None:
    return next((each for each in standing.dates if each.on >= standing.on and each.name not in NOT_DATES), None)


def _answers(standing: Standing) -> Iterator[dict[str, Any]]:
    for stage in standing.stages:
        for each in stage.requirements:
            yield {"requirement": each.requirement.key, "answer": each.proof.answer, **_numbers(each.proof.numbers)}


def _numbers(numbers: Numbers | None) -> dict[str, Decimal | None]:
    if numbers is None or not isinstance(numbers.need, Decimal):
        return {"sure": None, "with_waiting": None, "asked_for": None}
    return {
        "sure": _amount(numbers.sure),
        "with_waiting": _amount(numbers.with_waiting),
        "asked_for": _amount(numbers.need),
    }


def _amount(value: Decimal | None) -> Decimal | None:
    """In hundredths; None for what has no end, or is not known."""
    if value is None or not value.is_finite() or abs(value) >= _MOST:
        return None
    return value.quantize(_HUNDREDTH)
