"""A correction of a signed entry: it is taken back, and a new one takes its place and waits for a signature again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger import own_row
from lti_tool.services.hours.ledger_writing import LONGEST_NOTE, Written, check, keep_new
from lti_tool.services.notifying import notify
from lti_tool.services.scores import program_columns
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.messages import MessageKind
from rubrics.refusal import Refused


def correct(session: Session, visitor: Visitor, entry_id: UUID, written: Written, *, why: str, now: datetime) -> UUID:
    """Take a signed entry back, and hand over what takes its place; the answer is the new one.

    Raises `NotHere`; `Refused` as `reverse` does, and as writing an entry does.
    """
    reverse(session, visitor, entry_id, why=why, now=now)
    check(session, visitor, written, hand_over=True, now=now)
    return keep_new(session, visitor, written, hand_over=True, now=now, corrects_id=entry_id)


def reverse(session: Session, visitor: Visitor, entry_id: UUID, *, why: str, now: datetime) -> None:
    """Take a signed entry back: it counts as if it had never been entered, and stays to be read.

    Raises `NotHere`; `Refused`: "not_signed" for one that can be changed as it is, "reversed" for one that was taken
    back already, "why".
    """
    row = own_row(session, visitor, entry_id)
    if row.state is EntryState.REVERSED:
        raise Refused("reversed", "It is taken back already. The page of the entry shows what took its place.")
    if row.state is not EntryState.SIGNED:
        raise Refused("not_signed", "Nobody signed it yet, so you can change it as it is.")
    if len(why) > LONGEST_NOTE:
        raise Refused("why", "Please shorten this to %(limit)s characters.", limit=LONGEST_NOTE)
    row.state, row.reversed_at, row.reversed_by = EntryState.REVERSED, now, visitor.person_id
    row.why_reversed, row.changed_at = why.strip() or None, now
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="ledger.reverse",
        subject=f"ledger_entry:{entry_id}",
        now=now,
    )
    _tell_the_signer(session, visitor, row, now)
    program_columns.desire_for(session, row.person_id, now)


def _tell_the_signer(session: Session, visitor: Visitor, row: LedgerEntryRow, now: datetime) -> None:
    signers = select(LedgerSignatureRow.signer_id).where(
        LedgerSignatureRow.entry_id == row.id, LedgerSignatureRow.withdrawn_at.is_(None)
    )
    for signer_id in session.scalars(signers).all():
        notify.news(
            session,
            organization_id=visitor.organization_id,
            person_id=signer_id,
            now=now,
            kind=MessageKind.HOURS,
            path=f"/ledger/{row.id}",
            sender_id=visitor.person_id,
        )
