"""Somebody's own entries, a month at a time, and how much of each kind there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, select
from sqlalchemy.orm import Session, aliased

from grading.ledger import EntryKind, EntryState
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.ledger import LedgerEntryRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import SiteRow

MOST_OF_A_MONTH = 300
MOST_RETURNED = 20
HUNDREDTH = Decimal("0.01")
ASKED, SIGNER = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of a year."""

    year: int
    month: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def key(self) -> str:
        """As an address names it."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def after(self) -> date:
        """The first day of the next one."""
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What a list says of an entry."""

    id: UUID
    kind: EntryKind
    day: date
    amount: Decimal
    title: str | None
    site_name: str | None
    state: EntryState
    asked_name: str | None
    signer_name: str | None
    reason: str | None
    """Why it was handed back last, where it is."""
    corrected: bool
    """Whether another one takes its place."""


@dataclass(frozen=True, slots=True)
class OfKind:
    """How many hours of a kind there are: signed, waiting, and still with their writer."""

    kind: EntryKind
    signed: Decimal
    waiting: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True)
class OwnLedger:
    """One month of it, and the whole in numbers."""

    month: Month | None
    """None: there is nothing yet."""
    months: tuple[Month, ...]
    """Those in which there is something, newest first."""
    entries: tuple[EntryLine, ...]
    """Of the month, newest first."""
    of_kinds: tuple[OfKind, ...]
    """Over all months."""
    returned: tuple[EntryLine, ...]
    """What was handed back and waits for its writer, of whatever month."""


def own_ledger(session: Session, visitor: Visitor, wanted: Month | None) -> OwnLedger:
    """The visitor's entries of the month that is asked for; without one, or one with nothing in it, of the newest."""
    mine = LedgerEntryRow.person_id == visitor.person_id
    months, of_kinds = _numbers(session, mine)
    month = wanted if wanted in months else (months[0] if months else None)
    entries: tuple[EntryLine, ...] = ()
    if month is not None:
        in_month = (mine, LedgerEntryRow.on_day >= month.first, LedgerEntryRow.on_day < month.after)
        entries = _lines(session, in_month, MOST_OF_A_MONTH)
    returned = _lines(session, (mine, LedgerEntryRow.state == EntryState.RETURNED), MOST_RETURNED)
    return OwnLedger(month, months, entries, of_kinds, returned)


def month_of(text: str) -> Month | None:
    """The month that an address names; None for what is none."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return Month(day.year, day.month)


def _numbers(session: Session, mine: ColumnElement[bool]) -> tuple[tuple[Month, ...], tuple[OfKind, ...]]:
    year, month = extract("year", LedgerEntryRow.on_day), extract("month", LedgerEntryRow.on_day)
    rows = session.execute(
        select(year, month, LedgerEntryRow.kind, LedgerEntryRow.state, func.sum(LedgerEntryRow.amount))
        .where(mine)
        .group_by(year, month, LedgerEntryRow.kind, LedgerEntryRow.state)
    ).all()
    months = {Month(int(row[0]), int(row[1])) for row in rows}
    total: dict[tuple[EntryKind, EntryState], Decimal] = {}
    for _year, _month, kind, state, amount in rows:
        total[kind, state] = total.get((kind, state), Decimal()) + Decimal(amount).quantize(HUNDREDTH)
    kinds = [kind for kind in EntryKind if any(key[0] is kind for key in total)]
    return tuple(sorted(months, reverse=True)), tuple(_of_kind(kind, total) for kind in kinds)


def _of_kind(kind: EntryKind, total: dict[tuple[EntryKind, EntryState], Decimal]) -> OfKind:
    return OfKind(
        kind=kind,
        signed=total.get((kind, EntryState.SIGNED), Decimal()),
        waiting=total.get((kind, EntryState.WAITING), Decimal()),
        open=sum((total.get((kind, state), Decimal()) for state in (EntryState.OPEN, EntryState.RETURNED)), Decimal()),
    )


def _lines(session: Session, which: Sequence[ColumnElement[bool]], most: int) -> tuple[EntryLine, ...]:
    successor = aliased(LedgerEntryRow)
    latest = (
        select(LedgerReturnRow.reason)
        .where(LedgerReturnRow.entry_id == LedgerEntryRow.id)
        .order_by(LedgerReturnRow.returned_at.desc(), LedgerReturnRow.id)
        .limit(1)
        .correlate(LedgerEntryRow)
        .scalar_subquery()
    )
    rows = session.execute(
        select(LedgerEntryRow, ASKED.name, SIGNER.id, SIGNER.name, SiteRow.name, latest, successor.id)
        .outerjoin(ASKED, ASKED.id == LedgerEntryRow.asked_id)
        .outerjoin(
            LedgerSignatureRow,
            (LedgerSignatureRow.entry_id == LedgerEntryRow.id) & LedgerSignatureRow.withdrawn_at.is_(None),
        )
        .outerjoin(SIGNER, SIGNER.id == LedgerSignatureRow.signer_id)
        .outerjoin(SiteRow, SiteRow.id == LedgerEntryRow.site_id)
        .outerjoin(successor, successor.corrects_id == LedgerEntryRow.id)
        .where(*which)
        .order_by(LedgerEntryRow.on_day.desc(), LedgerEntryRow.made_at.desc(), LedgerEntryRow.id.desc())
        .limit(most)
    )
    return tuple(
        EntryLine(
            id=row.id,
            kind=row.kind,
            day=row.on_day,
            amount=row.amount,
            title=row.title,
            site_name=site,
            state=row.state,
            asked_name=display_name(row.asked_id, asked) if row.asked_id else None,
            signer_name=display_name(signer_id, signer) if signer_id else None,
            reason=reason if row.state is EntryState.RETURNED else None,
            corrected=successor_id is not None,
        )
        for row, asked, signer_id, signer, site, reason, successor_id in rows
    )
