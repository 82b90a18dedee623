"""Credentials follow what is decided, in the same transaction: suspended, resumed, withdrawn, decided anew."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from grading.evidence import Outcome
from lti_tool.services.credentials import issuing
from lti_tool.services.credentials.credential_decisions import LIFTS, Says, says
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from rubrics.refusal import _N

BY_DECISION = _N("A decision of the program ended the certification.")
GIVEN_BACK = _N("The holder gave the certificate back.")
SUPERSEDED = _N("Another decision took the place of the one that this was about.")
AT_ONCE = 500
A_DAY = timedelta(days=1)


def follow(session: Session, decision: DecisionRow, now: datetime) -> None:
    """A decision can be read from now on: credentials of its enrollment stand as the decisions say by now.

    What begins on a later day is followed by `follow_due` then. Twice changes nothing.
    """
    rows = _standing(session, decision)
    for row in rows:
        if decision.supersedes_id is not None and row.decision_id == decision.supersedes_id:
            issuing.withdraw(session, row, SUPERSEDED, None, now)
    _stand_as_decided(session, [row for row in rows if row.withdrawn_at is None], now)


def taken_back(session: Session, decision: DecisionRow, now: datetime) -> None:
    """The holder takes back that they gave it back: it stands again, unless something else was decided too."""
    _stand_as_decided(session, _standing(session, decision), now)


def follow_due(session: Session, now: datetime) -> int:
    """What time brings: given back a day ago, or decided for a day that has come. Safe to run late and twice.

    The answer is how many credentials changed. Of more than 500 those whose day came last are first.
    """
    ends = DecisionRow.outcome.in_((Outcome.REVOKED, Outcome.SURRENDERED))
    to_suspend = and_(DecisionRow.outcome == Outcome.SUSPENDED, CredentialRow.suspended_at.is_(None))
    to_lift = and_(DecisionRow.outcome.in_(LIFTS), CredentialRow.suspended_at.is_not(None))
    due = session.scalars(
        select(CredentialRow)
        .join(DecisionRow, DecisionRow.enrollment_id == CredentialRow.enrollment_id)
        .where(
            CredentialRow.withdrawn_at.is_(None),
            DecisionRow.released_at <= now,
            DecisionRow.on_day <= now.date() + A_DAY,  # the day is that of the program's time zone
            DecisionRow.taken_back_at.is_(None),
            or_(ends, to_suspend, to_lift),
        )
        .order_by(DecisionRow.on_day.desc(), CredentialRow.id)
        .limit(AT_ONCE)
    ).all()
    rows = list(dict.fromkeys(due))
    said = says(session, rows, now)
    changing = [row.id for row in rows if _changes(row, said[row.id])]
    return _stand_as_decided(session, _locked(session, CredentialRow.id.in_(changing)), now)


def _changes(row: CredentialRow, said: Says) -> bool:
    match said:
        case Says.SUSPENDED:
            return row.suspended_at is None
        case Says.STANDS:
            return row.suspended_at is not None
        case _:
            return True


def _stand_as_decided(session: Session, rows: Sequence[CredentialRow], now: datetime) -> int:
    """How many of them changed. Whoever calls holds them, so that nothing else is said of them meanwhile."""
    said = says(session, rows, now)
    changed = 0
    for row in rows:
        before = row.suspended_at, row.withdrawn_at
        match said[row.id]:
            case Says.REVOKED:
                issuing.withdraw(session, row, BY_DECISION, None, now)
            case Says.GIVEN_BACK:
                issuing.withdraw(session, row, GIVEN_BACK, None, now)
            case Says.SUSPENDED:
                issuing.suspend(session, row, None, now)
            case Says.STANDS if row.suspended_at is not None:
                issuing.reinstate(session, row, None, now)
        changed += before != (row.suspended_at, row.withdrawn_at)
    return changed


def _standing(session: Session, decision: DecisionRow) -> list[CredentialRow]:
    return _locked(session, CredentialRow.enrollment_id == decision.enrollment_id)


def _locked(session: Session, which: ColumnElement[bool]) -> list[CredentialRow]:
    """Those that are not withdrawn, locked in an order that is the same for all."""
    asked = (
        select(CredentialRow)
        .where(which, CredentialRow.withdrawn_at.is_(None))
        .order_by(CredentialRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(asked))
