"""Entries from a spreadsheet: each row is shown with what is to be looked at, and nothing is written until said so."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from lti_tool.documents.ledger_rows import (
    DayOrder,
    EntryRow,
    order_in,
)
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.hours.ledger_choices import Signer
from lti_tool.services.hours.ledger_import_plan import Fate, Plan, plan_of
from lti_tool.services.hours.ledger_writing import Written, said_of
from lti_tool.services.notifying import notify
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow, LedgerImportRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.messages import MessageKind
from rubrics.refusal import Refused

LONGEST_NAME = 200
MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Import:
    """One file that somebody brought."""

    id: UUID
    file_name: str
    brought_at: datetime
    taken_at: datetime | None
    put_away_at: datetime | None
    entries: int
    """How many entries of it are there."""
    can_undo: bool
    """Whether nothing of it was ever signed."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a word on what to do with it."""
        return self.taken_at is None and self.put_away_at is None


def bring(session: Session, visitor: Visitor, rows: Sequence[EntryRow], *, file_name: str, now: datetime) -> UUID:
    """Keep the rows as they were read, for its owner alone; nothing is written to the ledger."""
    import_id = new_id()
    session.add(
        LedgerImportRow(
            id=import_id,
            organization_id=visitor.organization_id,
            person_id=visitor.person_id,
            brought_by=visitor.person_id,
            file_name=file_name.replace("\x00", "")[-LONGEST_NAME:],
            rows=_packed(rows, order_in(rows)),
            brought_at=now,
        )
    )
    session.flush()
    _note(session, visitor, import_id, "ledger.import_bring", now, rows=len(rows))
    return import_id


def imports(session: Session, visitor: Visitor) -> tuple[Import, ...]:
    """The visitor's own, newest first."""
    rows = session.scalars(
        select(LedgerImportRow)
        .where(LedgerImportRow.person_id == visitor.person_id)
        .order_by(LedgerImportRow.brought_at.desc(), LedgerImportRow.id)
        .limit(MOST_LISTED)
    ).all()
    counts = _counts(session, [row.id for row in rows])
    return tuple(_import(row, *counts.get(row.id, (0, False))) for row in rows)


def found(session: Session, visitor: Visitor, import_id: UUID) -> Import:
    """One of the visitor's own. Raises `NotHere`."""
    row = _row(session, visitor, import_id)
    return _import(row, *_counts(session, [import_id]).get(import_id, (0, False)))


def plan(session: Session, visitor: Visitor, import_id: UUID, now: datetime) -> Plan:
    """What the file would do now. Raises `NotHere` for one that was taken in or put away."""
    row = _row(session, visitor, import_id)
    if row.rows is None:
        raise NotHere
    rows, order = _unpacked(row.rows)
    return plan_of(session, visitor, rows, order, now)


def choose_order(session: Session, visitor: Visitor, import_id: UUID, order: DayOrder) -> None:
    """Say in which order the file writes its days. Raises `NotHere` for one that is not open."""
    row = _open_row(session, visitor, import_id)
    rows, _ = _unpacked(row.rows or "[]")
    row.rows = _packed(rows, order)
    session.flush()


def take_in(session: Session, visitor: Visitor, import_id: UUID, *, shown: str, signer: str, now: datetime) -> int:
    """Write what was shown: the good rows, all at once, handed over at once where a `signer` is chosen.

    The answer is how many. Raises `Refused` ("changed_since_shown", "signer", "nothing_new"), `NotHere` for a file
    that was taken in or put away.
    """
    row = _open_row(session, visitor, import_id)
    rows, order = _unpacked(row.rows or "[]")
    planned = plan_of(session, visitor, rows, order, now)
    if planned.digest != shown:
        raise Refused(
            "changed_since_shown",
            "Something changed after this was shown. Please look at it again: nothing was written.",
        )
    asked = next((one for one in planned.signers if one.key == signer), None)
    if signer and asked is None:
        raise Refused("signer", "They cannot sign this now. Please choose somebody else.")
    good = [line.written for line in planned.lines if line.fate is Fate.NEW and line.written is not None]
    if not good:
        raise Refused("nothing_new", "There is nothing new in this file that could be written down.")
    session.add_all(_entry(visitor, import_id, written, asked, now) for written in good)
    row.taken_at, row.rows = now, None
    session.flush()
    _note(session, visitor, import_id, "ledger.import_take_in", now, entries=len(good), digest=planned.digest)
    if asked is not None:
        notify.news(
            session,
            organization_id=visitor.organization_id,
            person_id=asked.person_id,
            now=now,
            kind=MessageKind.HOURS,
            path="/waiting",
            sender_id=visitor.person_id,
        )
    return len(good)


def put_away(session: Session, visitor: Visitor, import_id: UUID, now: datetime) -> None:
    """Take nothing of it. Twice changes nothing. Raises `NotHere`."""
    row = _row(session, visitor, import_id, locked=True)
    if row.taken_at is None and row.put_away_at is None:
        row.put_away_at, row.rows = now, None
        session.flush()
        _note(session, visitor, import_id, "ledger.import_put_away", now)


def undo(session: Session, visitor: Visitor, import_id: UUID, now: datetime) -> None:
    """Take all of its entries away again, as long as nothing of it was ever signed.

    Raises `NotHere`, `Refused` ("signed"). Twice changes nothing.
    """
    row = _row(session, visitor, import_id, locked=True)
    if row.taken_at is None:
        return
    mine = select(LedgerEntryRow.id).where(LedgerEntryRow.import_id == import_id)
    session.scalars(mine.order_by(LedgerEntryRow.id).with_for_update().execution_options(populate_existing=True)).all()
    if session.scalars(select(LedgerSignatureRow.id).where(LedgerSignatureRow.entry_id.in_(mine)).limit(1)).first():
        raise Refused(
            "signed",
            "Some of it is signed, so it stays. Each entry can be corrected by itself, on its own page.",
        )
    session.execute(delete(LedgerReturnRow).where(LedgerReturnRow.entry_id.in_(mine)))
    session.execute(
        delete(LedgerEntryRow)
        .where(LedgerEntryRow.import_id == import_id)
        .execution_options(synchronize_session="fetch")
    )
    row.taken_at, row.put_away_at = None, now
    session.flush()
    _note(session, visitor, import_id, "ledger.import_undo", now)


def purge(session: Session, before: datetime) -> None:
    """Put files away that nobody took in since."""
    session.execute(
        update(LedgerImportRow)
        .where(
            LedgerImportRow.brought_at < before,
            LedgerImportRow.taken_at.is_(None),
            LedgerImportRow.put_away_at.is_(None),
        )
        .values(rows=None, put_away_at=before)
        .execution_options(synchronize_session=False)
    )


def _entry(visitor: Visitor, import_id: UUID, written: Written, asked: Signer | None, now: datetime) -> LedgerEntryRow:
    return LedgerEntryRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        kind=written.kind,
        on_day=written.day,
        amount=written.amount,
        title=written.title or None,
        provider=written.provider or None,
        note=written.note or None,
        said=said_of(written),
        site_id=written.site_id,
        model=written.model,
        setting=written.setting,
        course_id=asked.course_id if asked else None,
        asked_id=asked.person_id if asked else None,
        asked_at=now if asked else None,
        state=EntryState.WAITING if asked else EntryState.OPEN,
        import_id=import_id,
        made_by=visitor.person_id,
        made_at=now,
        changed_at=now,
    )


def _packed(rows: Sequence[EntryRow], order: DayOrder | None) -> str:
    found = {"order": order.value if order else None, "rows": [[row.line, dict(row.cells)] for row in rows]}
    return json.dumps(found, ensure_ascii=False)


def _unpacked(text: str) -> tuple[list[EntryRow], DayOrder | None]:
    found = json.loads(text)
    if isinstance(found, list):
        return [], None
    order = found["order"]
    return [EntryRow(line, cells) for line, cells in found["rows"]], DayOrder(order) if order else None


def _row(session: Session, visitor: Visitor, import_id: UUID, *, locked: bool = False) -> LedgerImportRow:
    asked = select(LedgerImportRow).where(
        LedgerImportRow.id == import_id, LedgerImportRow.person_id == visitor.person_id
    )
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise NotHere
    return row


def _open_row(session: Session, visitor: Visitor, import_id: UUID) -> LedgerImportRow:
    row = _row(session, visitor, import_id, locked=True)
    if row.rows is None:
        raise NotHere
    return row


def _counts(session: Session, import_ids: Sequence[UUID]) -> Mapping[UUID, tuple[int, bool]]:
    """By file: how many entries of it are there, and whether any was ever signed."""
    signed = exists(select(LedgerSignatureRow.id).where(LedgerSignatureRow.entry_id == LedgerEntryRow.id))
    rows = session.execute(
        select(LedgerEntryRow.import_id, func.count(), func.count().filter(signed))
        .where(LedgerEntryRow.import_id.in_(import_ids))
        .group_by(LedgerEntryRow.import_id)
    )
    return {import_id: (count, bool(signatures)) for import_id, count, signatures in rows if import_id}


def _import(row: LedgerImportRow, entries: int, signed: bool) -> Import:
    return Import(
        id=row.id,
        file_name=row.file_name,
        brought_at=row.brought_at,
        taken_at=row.taken_at,
        put_away_at=row.put_away_at,
        entries=entries,
        can_undo=row.taken_at is not None and entries > 0 and not signed,
    )


def _note(session: Session, visitor: Visitor, import_id: UUID, act: str, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"ledger_import:{import_id}",
        now=now,
        **facts,
    )
