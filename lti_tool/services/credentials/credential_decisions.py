"""What the decisions that people can read say of a credential, on the day that it is.

A decision holds from its day on, which may be later than the day on which it was made, so decisions are read in the
order of their days. What is decided of an endorsement says something of its own credentials alone; all else says
something of every credential of the enrollment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.deciding import UNDO
from grading.evidence import Outcome
from grading.program import Program, StageKind
from lti_tool.services.programs import program_versions
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow

SUSPENDS = frozenset({Outcome.SUSPENDED, Outcome.SURRENDERED})
"""What was given back can be taken again for a day: a withdrawal, which is for good, comes after that."""
LIFTS = frozenset({Outcome.RESUMED, Outcome.REINSTATED, Outcome.CERTIFIED})
"""After these nothing is suspended any more, as in `grading.lifecycle.course`."""
SAY_SOMETHING = SUSPENDS | LIFTS | {Outcome.REVOKED}


class Says(StrEnum):
    """How a credential is to stand."""

    STANDS = "stands"
    SUSPENDED = "suspended"
    GIVEN_BACK = "given_back"
    """for good: the day on which it could be taken again is over"""
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision that holds by now."""

    outcome: Outcome
    stage: str
    on: date
    released_at: datetime
    decided_at: datetime
    program: Program

    @property
    def endorses(self) -> bool:
        return any(each.key == self.stage and each.kind is StageKind.ENDORSEMENT for each in self.program.stages)


def says(session: Session, rows: Collection[CredentialRow], now: datetime) -> Mapping[UUID, Says]:
    """What is said of each of these credentials, by id."""
    held = _held(session, {row.enrollment_id for row in rows}, now)
    stages = _stages(session, {row.decision_id for row in rows})
    return {row.id: _said(held[row.enrollment_id], row, stages[row.decision_id], now) for row in rows}


def _said(held: Iterable[_Decided], row: CredentialRow, stage: str, now: datetime) -> Says:
    concern = [each for each in held if not each.endorses or each.stage == stage]
    since = [each for each in concern if not _was_so(each, row)]
    if any(each.outcome is Outcome.REVOKED for each in since):
        return Says.REVOKED
    if any(each.outcome is Outcome.SURRENDERED and now > each.decided_at + UNDO for each in since):
        return Says.GIVEN_BACK
    of_all = [each.outcome for each in concern if not each.endorses and each.outcome is not Outcome.REVOKED]
    of_its_own = [each.outcome for each in concern if each.endorses and each.outcome is not Outcome.REVOKED]
    suspended = any(outcomes and outcomes[-1] in SUSPENDS for outcomes in (of_all, of_its_own))
    return Says.SUSPENDED if suspended else Says.STANDS


def _was_so(decided: _Decided, row: CredentialRow) -> bool:
    """Whether it held when the credential was issued: then it is about a decision that came after it."""
    return row.issued_at > decided.released_at and program_versions.day_in(decided.program, row.issued_at) >= decided.on


def _held(session: Session, enrollments: Collection[UUID], now: datetime) -> Mapping[UUID, Sequence[_Decided]]:
    """Those that can be read, hold by now and were not replaced nor taken back, in the order of their days."""
    rows = session.execute(
        select(
            DecisionRow.id, DecisionRow.supersedes_id, DecisionRow.enrollment_id, DecisionRow.organization_id,
            DecisionRow.version_id, DecisionRow.outcome, DecisionRow.stage, DecisionRow.on_day,
            DecisionRow.released_at, DecisionRow.decided_at,
        )
        .where(
            DecisionRow.enrollment_id.in_(enrollments),
            DecisionRow.released_at <= now,
            DecisionRow.taken_back_at.is_(None),
        )
        .order_by(DecisionRow.on_day, DecisionRow.number)
    ).all()  # fmt: skip
    replaced = {row.supersedes_id for row in rows}
    programs = {
        row.version_id: program_versions.version(session, row.organization_id, row.version_id).program
        for row in {row.version_id: row for row in rows}.values()
    }
    found: dict[UUID, list[_Decided]] = defaultdict(list)
    for row in rows:
        program = programs[row.version_id]
        if row.outcome not in SAY_SOMETHING or row.id in replaced or row.on_day > program_versions.day_in(program, now):
            continue
        decided = _Decided(row.outcome, row.stage, row.on_day, row.released_at, row.decided_at, program)
        found[row.enrollment_id].append(decided)
    return found


def _stages(session: Session, decisions: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(DecisionRow.id, DecisionRow.stage).where(DecisionRow.id.in_(decisions)))
    return {row.id: row.stage for row in rows}
