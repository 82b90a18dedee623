"""Issuing credentials about decisions, withdrawing, suspending and replacing them. What was issued never changes.

A decision makes a credential possible; it is made only because its holder wants it. Who may act, pages and their
services say; here is only what holds for everybody.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.badge import Document
from lti_tool.lti.jws import take_apart
from lti_tool.services import audit
from lti_tool.services.credentials.credential_decisions import Says, says
from lti_tool.services.credentials.issuing_made import Wish, make
from lti_tool.services.credentials.issuing_possible import possible_about
from lti_tool.services.standing.standings import found_enrollment
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused

IN_PLACE = "Another one was issued in its place."
REGISTERED = frozenset({"iss", "sub", "jti", "nbf", "exp"})


class StateKind(StrEnum):
    """How a credential stands, in the words of its public page."""

    VALID = "valid"
    ENDED_ON = "ended_on"
    SUSPENDED = "suspended"
    WITHDRAWN_ON = "withdrawn_on"


@dataclass(frozen=True, slots=True)
class CredentialState:
    """How one stands on a day."""

    kind: StateKind
    on: date | None = None
    """Since when it is suspended or withdrawn, its last day, or for a valid one the last day to come; None: no end."""


def issue(
    session: Session,
    enrollment: EnrollmentRow,
    decision: DecisionRow,
    *,
    name: str,
    language: str,
    by: UUID,
    now: datetime,
    public_url: str,
    email: str = "",
) -> CredentialRow:
    """Make a credential about a decision, with the name that the holder wishes; `by` is who asked.

    With `email` its digest goes in, so that who knows the address can recognize it. The same twice is one credential.
    Raises `Refused`: "not_possible", "issued_already", "withdrawn_by_program", "no_name".
    """
    session.refresh(enrollment, with_for_update=True)
    wish = Wish(name.strip(), language, email.strip(), public_url)
    found = possible_about(session, enrollment, decision, now)
    stands_already = found.credential if found.credential and found.credential.withdrawn_at is None else None
    if stands_already is not None:
        if (stands_already.name, stands_already.language) == (wish.name, wish.language):
            return stands_already
        raise Refused("issued_already", "There is a credential about this already. You can ask for one in its place.")
    if not found.can_be_issued:
        raise Refused(
            "withdrawn_by_program",
            "The credential about this was withdrawn by the program. Please ask the program leads about a new one.",
        )
    made = make(session, enrollment, found, wish, now)
    _note(session, made, "credential.issue", by, now)
    return made


def replace(
    session: Session,
    row: CredentialRow,
    *,
    name: str,
    language: str,
    by: UUID,
    now: datetime,
    public_url: str,
    email: str = "",
) -> CredentialRow:
    """Issue another one about the same decision and withdraw this one: another name, a new address, a new key.

    Twice gives the same. Raises `Refused`: "not_possible", "suspended_now", "no_name".
    """
    enrollment = found_enrollment(session, row.organization_id, row.enrollment_id, locked=True)
    after = session.scalars(select(CredentialRow).where(CredentialRow.replaces_id == row.id)).one_or_none()
    if after is not None:
        return after
    found = possible_about(session, enrollment, session.get_one(DecisionRow, row.decision_id), now)
    wish = Wish(name.strip(), language, email.strip(), public_url, row.id)
    made = make(session, enrollment, found, wish, now)
    _note(session, made, "credential.replace", by, now)
    withdraw(session, row, IN_PLACE, None, now)
    return made


def withdraw(session: Session, row: CredentialRow, why: str, by: UUID | None, now: datetime) -> None:
    """Withdraw it for good, with a reason; `by` is None where it follows from a decision or a new issue.

    Twice changes nothing. Raises `Refused` ("why").
    """
    if not why.strip():
        raise Refused("why", "Please say why, in words that the holder may read.")
    session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.why = now, by, why.strip()
    _note(session, row, "credential.withdraw", by, now)


def suspend(session: Session, row: CredentialRow, by: UUID | None, now: datetime) -> None:
    """Suspend it until it is reinstated. Twice changes nothing, nor does it for one that is withdrawn."""
    session.refresh(row, with_for_update=True)
    if row.suspended_at is not None or row.withdrawn_at is not None:
        return
    row.suspended_at = now
    _note(session, row, "credential.suspend", by, now)


def reinstate(session: Session, row: CredentialRow, by: UUID | None, now: datetime) -> None:
    """It stands again. Twice changes nothing.

    Raises `Refused`: "withdrawn_for_good"; and for a person "suspended_by_decision", while a decision says so.
    """
    session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        raise Refused(
            "withdrawn_for_good", "This credential was withdrawn. Another one can be issued in its place instead."
        )
    if row.suspended_at is None:
        return
    if by is not None and says(session, [row], now)[row.id] is Says.SUSPENDED:
        raise Refused(
            "suspended_by_decision",
            "A decision suspended the certification. Please decide there that it is resumed: the credential follows.",
        )
    row.suspended_at = None
    _note(session, row, "credential.reinstate", by, now)


def credential_state(row: CredentialRow, today: date) -> CredentialState:
    """How it stands on a day, in the words of the public page."""
    if row.withdrawn_at is not None:
        return CredentialState(StateKind.WITHDRAWN_ON, row.withdrawn_at.date())
    if row.valid_until is not None and row.valid_until < today:
        return CredentialState(StateKind.ENDED_ON, row.valid_until)
    if row.suspended_at is not None:
        return CredentialState(StateKind.SUSPENDED, row.suspended_at.date())
    return CredentialState(StateKind.VALID, row.valid_until)


def document_of(row: CredentialRow) -> Document:
    """The credential as it was issued, without its signature and the claims that repeat it."""
    return {name: value for name, value in take_apart(row.document).claims.items() if name not in REGISTERED}


def _note(session: Session, row: CredentialRow, act: str, by: UUID | None, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=by,
        act=act,
        subject=f"credential:{row.id}",
        now=now,
    )
