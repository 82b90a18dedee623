"""Writing an entry, changing it, handing it over to be signed, taking it back; deleting what nobody else has seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from grading.ledger import CHANGEABLE, EntryKind, EntryState, course_of
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger import own_row
from lti_tool.services.hours.ledger_choices import Choices, choices_of, signers_of
from lti_tool.services.notifying import notify
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.messages import MessageKind
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused

LONGEST_LINE = 200
LONGEST_NOTE = 2000
AHEAD = timedelta(hours=14)
"""Somewhere it is tomorrow already."""
WITH_TITLE = frozenset({EntryKind.TRAINING, EntryKind.EDUCATION})
COURSE = "course"


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody says of an entry."""

    kind: EntryKind
    day: date
    amount: Decimal
    title: str = ""
    provider: str = ""
    note: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    site_id: UUID | None = None
    model: PracticeModel | None = None
    setting: Setting | None = None
    evidence_id: UUID | None = None
    signer: str = ""
    """The key of a `ledger_choices.Signer`; empty: nobody is chosen."""


def write(session: Session, visitor: Visitor, written: Written, *, hand_over: bool, now: datetime) -> UUID:
    """A new entry, kept or handed over at once. Raises `Refused` with the name of the field, and what to do."""
    check(session, visitor, written, hand_over=hand_over, now=now)
    return keep_new(session, visitor, written, hand_over=hand_over, now=now)


def change(
    session: Session, visitor: Visitor, entry_id: UUID, written: Written, *, hand_over: bool, now: datetime
) -> None:
    """Change an entry that nobody signed yet. One that waits and is not handed over again is taken back by that.

    Raises `NotHere`; `Refused` as `write` does, and "signed" for one that never changes any more.
    """
    row = own_row(session, visitor, entry_id)
    _check_changeable(row)
    check(session, visitor, written, hand_over=hand_over, now=now)
    for name, value in _columns(written).items():
        setattr(row, name, value)
    row.changed_at = now
    if row.state is EntryState.WAITING and not hand_over:
        row.state = EntryState.OPEN
    _audit(session, visitor, "ledger.change", entry_id, now)
    if hand_over:
        _handed_over(session, visitor, row, now)
    session.flush()


def hand_over(session: Session, visitor: Visitor, entry_id: UUID, now: datetime) -> None:
    """Ask whoever was chosen to sign it. Twice changes nothing.

    Raises `NotHere`; `Refused` ("asked") where nobody is chosen who may sign, "signed" where somebody has.
    """
    row = own_row(session, visitor, entry_id)
    if row.state is EntryState.WAITING:
        return
    _check_changeable(row)
    if f"{row.course_id}:{row.asked_id}" not in {one.key for one in signers_of(session, visitor)}:
        raise Refused("asked", "Please choose who is asked to sign it. “Change it” leads there.")
    _handed_over(session, visitor, row, now)
    session.flush()


def take_back(session: Session, visitor: Visitor, entry_id: UUID, now: datetime) -> None:
    """Ask nobody any more. Twice changes nothing. Raises `NotHere`; `Refused` ("signed")."""
    row = own_row(session, visitor, entry_id)
    if row.state is EntryState.OPEN:
        return
    _check_changeable(row)
    row.state, row.changed_at = EntryState.OPEN, now
    _audit(session, visitor, "ledger.take_back", entry_id, now)
    session.flush()


def delete(session: Session, visitor: Visitor, entry_id: UUID, now: datetime) -> None:
    """Delete an entry that nobody else was ever asked about. Raises `NotHere`; `Refused` ("handed_over")."""
    row = own_row(session, visitor, entry_id)
    if row.state is not EntryState.OPEN or row.asked_at is not None or row.corrects_id is not None:
        raise Refused(
            "handed_over", "Somebody was asked about this entry, so it stays. You can take it back from them."
        )
    session.delete(row)
    _audit(session, visitor, "ledger.delete", entry_id, now)
    session.flush()


def check(session: Session, visitor: Visitor, written: Written, *, hand_over: bool, now: datetime) -> Choices:
    """What stands in the way of this entry. Raises `Refused`."""
    if written.day > (now + AHEAD).date():
        raise Refused("day", "This day has not come yet. Please write it down once it was.")
    if written.kind in WITH_TITLE and not written.title.strip():
        raise Refused("title", "Please say what it was called, so that whoever signs knows which one it was.")
    for name, most in (("title", LONGEST_LINE), ("provider", LONGEST_LINE), ("note", LONGEST_NOTE)):
        if len(getattr(written, name)) > most:
            raise Refused(name, "Please shorten this to %(limit)s characters.", limit=most)
    found = choices_of(session, visitor, now.date())
    if written.site_id is not None and written.site_id not in {site.id for site in found.sites}:
        raise Refused("site", "Please choose one of the sites where you are placed, or leave it open.")
    if written.evidence_id is not None and written.evidence_id not in {id_ for id_, _ in found.evidence}:
        raise Refused("evidence", "Please choose one of your own pieces of evidence, or leave it open.")
    if written.signer and written.signer not in {one.key for one in found.signers}:
        raise Refused("signer", "They cannot sign this now. Please choose somebody else.")
    if hand_over and not written.signer:
        raise Refused("signer", "Please choose who is asked to sign it, or keep it and hand it over later.")
    return found


def keep_new(
    session: Session,
    visitor: Visitor,
    written: Written,
    *,
    hand_over: bool,
    now: datetime,
    **more: UUID,
) -> UUID:
    """Keep one that was checked; `more` says of what series or correction it is."""
    row = LedgerEntryRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        state=EntryState.OPEN,
        made_by=visitor.person_id,
        made_at=now,
        changed_at=now,
        **_columns(written),
        **more,
    )
    session.add(row)
    session.flush()
    _audit(session, visitor, "ledger.write", row.id, now, kind=written.kind.value)
    if hand_over:
        _handed_over(session, visitor, row, now)
        session.flush()
    return row.id


def said_of(written: Written) -> dict[str, Any]:
    """What is said of it, with what makes two entries of the same training known as one."""
    said = {name: value for name, value in written.said.items() if value}
    key = course_of(written.title) if written.kind in WITH_TITLE else ""
    return {COURSE: [key], **said} if key else said


def _columns(written: Written) -> dict[str, Any]:
    course_id, _, asked_id = written.signer.partition(":")
    return {
        "kind": written.kind,
        "on_day": written.day,
        "amount": written.amount,
        "title": written.title.strip() or None,
        "provider": written.provider.strip() or None,
        "note": written.note.strip() or None,
        "said": said_of(written),
        "site_id": written.site_id,
        "model": written.model,
        "setting": written.setting,
        "evidence_id": written.evidence_id,
        "course_id": UUID(course_id) if course_id else None,
        "asked_id": UUID(asked_id) if asked_id else None,
    }


def _check_changeable(row: LedgerEntryRow) -> None:
    if row.state not in CHANGEABLE:
        raise Refused("signed", "It is signed, so it stays as it is. You can correct it: a new entry takes its place.")


def _handed_over(session: Session, visitor: Visitor, row: LedgerEntryRow, now: datetime) -> None:
    if row.asked_id is None:
        raise Refused("signer", "Please choose who is asked to sign it, or keep it and hand it over later.")
    row.state, row.asked_at, row.changed_at = EntryState.WAITING, now, now
    session.flush()
    _audit(session, visitor, "ledger.hand_over", row.id, now)
    notify.news(
        session,
        organization_id=visitor.organization_id,
        person_id=row.asked_id,
        now=now,
        kind=MessageKind.HOURS,
        path="/waiting",
        sender_id=visitor.person_id,
    )


def _audit(session: Session, visitor: Visitor, act: str, entry_id: UUID, now: datetime, **facts: str) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"ledger_entry:{entry_id}",
        now=now,
        **facts,
    )
