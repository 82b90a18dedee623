"""One entry of the ledger, for its writer, for whoever is asked to sign it, and for program leads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from grading.ledger import CHANGEABLE, EntryKind, EntryState, words_of
from lti_tool.access import ACCESS, Capability, Field, Who, may_change, may_see
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere, in_organization, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import SiteRow
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Lane

WRITER, ASKED = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody handed it back."""

    by_id: UUID
    by_name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody signed it."""

    id: UUID
    signer_id: UUID
    signer_name: str
    lane: Lane
    signed_at: datetime
    withdrawn_at: datetime | None
    why_withdrawn: str | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry as somebody who may see it reads it."""

    id: UUID
    organization_id: UUID
    person_id: UUID
    person_name: str
    kind: EntryKind
    day: date
    amount: Decimal
    unit: str
    title: str | None
    provider: str | None
    note: str | None
    """For whoever signs."""
    said: Mapping[str, Any]
    """What it is like, in the names of programs."""
    said_in_words: tuple[tuple[str, str], ...]
    """The same as people read it: the name, and what is said for it."""
    site_id: UUID | None
    site_name: str | None
    model: PracticeModel | None
    setting: Setting | None
    evidence_id: UUID | None
    evidence_title: str | None
    course_id: UUID | None
    asked_id: UUID | None
    """Who is asked to sign it; for an entry that is handed to nobody, who was chosen."""
    asked_name: str | None
    asked_at: datetime | None
    """When it was handed over last. None: it never was."""
    state: EntryState
    series_id: UUID | None
    made_at: datetime
    corrects_id: UUID | None
    """The entry whose place it takes."""
    corrected_by_id: UUID | None
    """The entry that takes its place."""
    reversed_at: datetime | None
    why_reversed: str | None
    returns: tuple[Returned, ...]
    """Newest first."""
    signatures: tuple[Signature, ...]
    """Newest first."""
    who: frozenset[Who]
    """How the reader stands to it."""

    @property
    def mine(self) -> bool:
        """Whether the reader may change it as its writer."""
        return may_change(Field.LEDGER, self.who)

    @property
    def changeable(self) -> bool:
        """Whether it is in a state in which its writer changes it as it is."""
        return self.state in CHANGEABLE

    @property
    def never_handed_over(self) -> bool:
        """Whether nobody else was ever asked about it: then it can be deleted."""
        return self.state is EntryState.OPEN and self.asked_at is None and self.corrects_id is None


def entry_for(session: Session, visitor: Visitor, entry_id: UUID) -> LedgerEntry:
    """The entry, for whoever may see it. Raises `NotHere` for everybody else.

    Only its writer sees an entry that is handed to nobody. That somebody else reads it, the caller notes in the log.
    """
    found = session.execute(
        select(LedgerEntryRow, WRITER.name, ASKED.name, SiteRow.name, EvidenceRow.title)
        .join(WRITER, WRITER.id == LedgerEntryRow.person_id)
        .outerjoin(ASKED, ASKED.id == LedgerEntryRow.asked_id)
        .outerjoin(SiteRow, SiteRow.id == LedgerEntryRow.site_id)
        .outerjoin(EvidenceRow, EvidenceRow.id == LedgerEntryRow.evidence_id)
        .where(LedgerEntryRow.id == entry_id, LedgerEntryRow.organization_id == visitor.organization_id)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, name, asked_name, site_name, evidence_title = found
    signatures = _signatures(session, entry_id)
    who = _who(session, visitor, row, signatures)
    if not may_see(Field.LEDGER, who):
        raise NotHere
    successor = select(LedgerEntryRow.id).where(LedgerEntryRow.corrects_id == entry_id)
    return LedgerEntry(
        id=row.id,
        organization_id=row.organization_id,
        person_id=row.person_id,
        person_name=display_name(row.person_id, name),
        kind=row.kind,
        day=row.on_day,
        amount=row.amount,
        unit=row.unit,
        title=row.title,
        provider=row.provider,
        note=row.note,
        said=row.said,
        said_in_words=words_of(row.said),
        site_id=row.site_id,
        site_name=site_name,
        model=row.model,
        setting=row.setting,
        evidence_id=row.evidence_id,
        evidence_title=evidence_title,
        course_id=row.course_id,
        asked_id=row.asked_id,
        asked_name=display_name(row.asked_id, asked_name) if row.asked_id else None,
        asked_at=row.asked_at,
        state=row.state,
        series_id=row.series_id,
        made_at=row.made_at,
        corrects_id=row.corrects_id,
        corrected_by_id=session.scalars(successor).one_or_none() if row.state is EntryState.REVERSED else None,
        reversed_at=row.reversed_at,
        why_reversed=row.why_reversed,
        returns=_returns(session, entry_id),
        signatures=signatures,
        who=who,
    )


def own_row(session: Session, visitor: Visitor, entry_id: UUID, *, locked: bool = True) -> LedgerEntryRow:
    """The visitor's own entry; locked, so that two acts cannot cross. Raises `NotHere`."""
    asked = select(LedgerEntryRow).where(LedgerEntryRow.id == entry_id, LedgerEntryRow.person_id == visitor.person_id)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def readers(entry: LedgerEntry) -> tuple[Reader, ...]:
    """Who can see it now, with the names of those that are one person."""
    names = {Who.TRAINEE: (entry.person_name,), Who.SIGNER: (entry.asked_name,) if entry.asked_name else ()}
    return _readers(names, handed_over=entry.state is not EntryState.OPEN)


def readers_to_be(visitor: Visitor, asked: Iterable[str] = ()) -> tuple[Reader, ...]:
    """Who will see an entry that the visitor is writing, once it is handed over."""
    names = {Who.TRAINEE: (display_name(visitor.person_id, visitor.name),), Who.SIGNER: tuple(asked)}
    return _readers(names, handed_over=True)


def _readers(names: Mapping[Who, tuple[str, ...]], *, handed_over: bool) -> tuple[Reader, ...]:
    seeing = ACCESS[Field.LEDGER].see if handed_over else ACCESS[Field.LEDGER].change
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in seeing)


def _who(session: Session, visitor: Visitor, row: LedgerEntryRow, signatures: tuple[Signature, ...]) -> frozenset[Who]:
    if row.person_id == visitor.person_id:
        return frozenset({Who.TRAINEE})
    if row.state is EntryState.OPEN:
        return frozenset()
    who = set()
    if _signs(session, visitor, row, signatures):
        who.add(Who.SIGNER)
    if Capability.PROGRAM_LEAD in in_organization(session, visitor):
        who.add(Who.PROGRAM_LEAD)
    return frozenset(who)


def _signs(session: Session, visitor: Visitor, row: LedgerEntryRow, signatures: tuple[Signature, ...]) -> bool:
    """Whether they signed it, or are asked to and still belong to its course; nobody with whom a conflict stands."""
    if row.state is not EntryState.WAITING and row.person_id in conflicts_of(session, visitor.person_id):
        return False
    if visitor.person_id in {each.signer_id for each in signatures}:
        return True
    if visitor.person_id == row.asked_id:
        return row.course_id is None or _belongs(session, visitor, row.course_id)
    return _signs_a_neighbor(session, visitor, row)


def _belongs(session: Session, visitor: Visitor, course_id: UUID) -> bool:
    try:
        standing_of(session, visitor.person_id, course_id)
    except NotHere:
        return False
    return True


def _signs_a_neighbor(session: Session, visitor: Visitor, row: LedgerEntryRow) -> bool:
    """Whether they signed what this one corrects, or are asked to sign what takes its place: they read both."""
    signed = exists().where(
        LedgerSignatureRow.entry_id == row.corrects_id, LedgerSignatureRow.signer_id == visitor.person_id
    )
    asked = exists().where(
        LedgerEntryRow.corrects_id == row.id,
        LedgerEntryRow.asked_id == visitor.person_id,
        LedgerEntryRow.state != EntryState.OPEN,
    )
    return bool(session.scalar(select(or_(signed, asked))))


def _returns(session: Session, entry_id: UUID) -> tuple[Returned, ...]:
    rows = session.execute(
        select(LedgerReturnRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == LedgerReturnRow.returned_by)
        .where(LedgerReturnRow.entry_id == entry_id)
        .order_by(LedgerReturnRow.returned_at.desc(), LedgerReturnRow.id)
    )
    return tuple(
        Returned(row.returned_by, display_name(row.returned_by, name), row.reason, row.returned_at)
        for row, name in rows
    )


def _signatures(session: Session, entry_id: UUID) -> tuple[Signature, ...]:
    rows = session.execute(
        select(LedgerSignatureRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == LedgerSignatureRow.signer_id)
        .where(LedgerSignatureRow.entry_id == entry_id)
        .order_by(LedgerSignatureRow.signed_at.desc(), LedgerSignatureRow.id)
    )
    return tuple(
        Signature(
            id=row.id,
            signer_id=row.signer_id,
            signer_name=display_name(row.signer_id, name),
            lane=row.lane,
            signed_at=row.signed_at,
            withdrawn_at=row.withdrawn_at,
            why_withdrawn=row.why_withdrawn,
        )
        for row, name in rows
    )
