"""Credentials follow what is decided, in the same transaction: suspended, resumed, withdrawn, decided anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from grading.deciding import UNDO
from grading.evidence import Outcome
from grading.program import Program, StageKind
from lti_tool.services import issuing, program_versions
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from rubrics.refusal import _N

SUSPENDS = frozenset({Outcome.SUSPENDED, Outcome.SURRENDERED})
"""What was given back can be taken again for a day: a withdrawal, which is for good, comes after that."""
LIFTS = frozenset({Outcome.RESUMED, Outcome.REINSTATED})
BY_DECISION = _N("A decision of the program ended the certification.")
GIVEN_BACK = _N("The holder gave the certificate back.")
SUPERSEDED = _N("Another decision took the place of the one that this was about.")
AT_ONCE = 500


def follow(session: Session, decision: DecisionRow, now: datetime) -> None:
    """A decision can be read from now on: credentials of its enrollment stand as it says.

    What begins on a later day is followed by `follow_due` then. Twice changes nothing.
    """
    rows = _standing(session, decision)
    if not rows:
        return
    if decision.supersedes_id is not None:
        _make_way(session, rows, session.get_one(DecisionRow, decision.supersedes_id), now)
    version = program_versions.version(session, decision.organization_id, decision.version_id)
    if decision.on_day > program_versions.day_in(version.program, now):
        return
    rows = [each for each in rows if _concerns(session, version.program, decision, each)]
    _stand_as_decided(session, rows, decision, now)


def taken_back(session: Session, decision: DecisionRow, now: datetime) -> None:
    """The holder takes back that they gave it back: it stands again."""
    for row in _standing(session, decision):
        issuing.reinstate(session, row, None, now)


def follow_due(session: Session, now: datetime) -> int:
    """What time brings: given back a day ago, or decided for a day that has come. Safe to run late and twice.

    The answer is how many credentials changed.
    """
    later = aliased(DecisionRow)
    last = (
        select(DecisionRow, CredentialRow)
        .join(CredentialRow, CredentialRow.enrollment_id == DecisionRow.enrollment_id)
        .where(
            CredentialRow.withdrawn_at.is_(None),
            DecisionRow.outcome.in_((*SUSPENDS, Outcome.REVOKED)),
            DecisionRow.released_at <= now,
            DecisionRow.taken_back_at.is_(None),
            ~select(later.id)
            .where(
                later.enrollment_id == DecisionRow.enrollment_id,
                later.number > DecisionRow.number,
                later.released_at <= now,
            )
            .exists(),
            _to_do(),
        )
        .limit(AT_ONCE)
    )
    changed = 0
    for decision, row in session.execute(last).all():
        changed += _due(session, decision, row, now)
    return changed


def _to_do() -> ColumnElement[bool]:
    """A suspension that was followed needs nothing more."""
    return CredentialRow.suspended_at.is_(None) | DecisionRow.outcome.in_((Outcome.REVOKED, Outcome.SURRENDERED))


def _due(session: Session, decision: DecisionRow, row: CredentialRow, now: datetime) -> bool:
    program = program_versions.version(session, decision.organization_id, decision.version_id).program
    was_so = row.issued_at > decision.released_at and program_versions.day_in(program, row.issued_at) >= decision.on_day
    if was_so or decision.on_day > program_versions.day_in(program, now):
        return False
    if not _concerns(session, program, decision, row):
        return False
    if decision.outcome is Outcome.SURRENDERED and now > decision.decided_at + UNDO:
        issuing.withdraw(session, row, GIVEN_BACK, None, now)
        return True
    before = row.suspended_at, row.withdrawn_at
    _stand_as_decided(session, [row], decision, now)
    return before != (row.suspended_at, row.withdrawn_at)


def _concerns(session: Session, program: Program, decision: DecisionRow, row: CredentialRow) -> bool:
    """What is decided of an endorsement is so of its credential alone; all else of every one."""
    endorses = {each.key for each in program.stages if each.kind is StageKind.ENDORSEMENT}
    return decision.stage not in endorses or session.get_one(DecisionRow, row.decision_id).stage == decision.stage


def _stand_as_decided(session: Session, rows: Sequence[CredentialRow], decision: DecisionRow, now: datetime) -> None:
    for row in rows:
        if decision.outcome is Outcome.REVOKED:
            issuing.withdraw(session, row, BY_DECISION, None, now)
        elif decision.outcome in SUSPENDS:
            issuing.suspend(session, row, None, now)
        elif decision.outcome in LIFTS:
            issuing.reinstate(session, row, None, now)


def _make_way(session: Session, rows: list[CredentialRow], before: DecisionRow, now: datetime) -> None:
    """Another decision took the place of this one: what was about it is withdrawn, what followed from it is undone."""
    for row in [each for each in rows if each.decision_id == before.id]:
        issuing.withdraw(session, row, SUPERSEDED, None, now)
        rows.remove(row)
    if before.outcome in SUSPENDS:
        for row in rows:
            issuing.reinstate(session, row, None, now)


def _standing(session: Session, decision: DecisionRow) -> list[CredentialRow]:
    """Credentials of the enrollment that are not withdrawn, locked in an order that is the same for all."""
    asked = (
        select(CredentialRow)
        .where(CredentialRow.enrollment_id == decision.enrollment_id, CredentialRow.withdrawn_at.is_(None))
        .order_by(CredentialRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(asked))
