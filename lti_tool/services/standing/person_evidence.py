"""Everything that Attune knows of people, as the engine reads it. docs/standing.md names the words that it fills."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from grading.evidence import Decision, Evidence, Item, Kind, Value
from grading.ledger import EntryState
from grading.periods import Pause
from lti_tool.services.standing import evidence_from_observations, evidence_from_supervision
from lti_tool.services.standing.evidence_people import Found, Reading, all_ids, qualified_in, words_of
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import AttestationRow, LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow

_WITHOUT_WORDS = (
    # What somebody wrote is not needed, and not decrypted here.
    defer(LedgerEntryRow.title),
    defer(LedgerEntryRow.provider),
    defer(LedgerEntryRow.note),
    defer(LedgerEntryRow.why_reversed),
    defer(LedgerSignatureRow.why_withdrawn),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose evidence is asked for, in which edition of a program, and in whose days."""

    enrollment: EnrollmentRow
    edition: str
    zone: ZoneInfo


def evidence_of(
    session: Session, enrollment: EnrollmentRow, *, edition: str, zone: ZoneInfo, released_by: datetime | None = None
) -> Evidence:
    """All of it, of one enrollment; days are those of the program's time zone.

    With `released_by`, decisions that are released later are left out: what a person reads of themselves.
    """
    return evidence_of_many(session, [Asked(enrollment, edition, zone)], released_by=released_by)[enrollment.id]


def evidence_of_many(
    session: Session, asked: Sequence[Asked], *, released_by: datetime | None = None
) -> dict[UUID, Evidence]:
    """The same of several, by enrollment: as many questions as for one."""
    people = all_ids(session, {each.enrollment.person_id for each in asked})
    found = list(_found(session, people))
    qualified = qualified_in(session, {signer for each in found for signer in each.signers})
    of_person: dict[UUID, list[Found]] = defaultdict(list)
    for each in found:
        of_person[each.person_id].append(each)
    ids = [each.enrollment.id for each in asked]
    attestations = _attestations(session, people)
    decisions, pauses = _decisions(session, ids, released_by), _pauses(session, ids)
    return {
        each.enrollment.id: _evidence(
            each,
            Reading(each.zone, qualified),
            [*of_person[each.enrollment.person_id], *_of_program(attestations, each.enrollment)],
            decisions[each.enrollment.id],
            pauses[each.enrollment.id],
        )
        for each in asked
    }


def said_values(said: Mapping[str, Any]) -> dict[str, Value]:
    """What stands in a column `said`, as the engine takes it: lists are words, a text is a number."""
    return {name: Decimal(each) if isinstance(each, str) else frozenset(each) for name, each in said.items()}


def _evidence(
    asked: Asked, reading: Reading, found: Iterable[Found], decisions: Iterable[DecisionRow], pauses: Iterable[Pause]
) -> Evidence:
    return Evidence(
        person=str(asked.enrollment.person_id),
        items=tuple(each.item(reading) for each in found),
        decisions=tuple(_decision(row, reading) for row in decisions),
        pauses=tuple(pauses),
        entered_on=asked.enrollment.entered_on,
        edition=asked.edition,
    )


def _found(session: Session, people: Mapping[UUID, UUID]) -> Iterator[Found]:
    return chain(
        _ledger(session, people),
        evidence_from_observations.observations(session, people),
        evidence_from_supervision.sessions(session, people),
        evidence_from_supervision.acknowledgments(session, people),
    )


def _ledger(session: Session, people: Mapping[UUID, UUID]) -> Iterator[Found]:
    """Entries that are signed or wait for it: what was not handed to anybody, or came back, is its writer's."""
    signer = func.coalesce(PersonRow.merged_into, PersonRow.id)
    rows = session.execute(
        select(LedgerEntryRow, LedgerSignatureRow, signer)
        .outerjoin(LedgerSignatureRow, LedgerSignatureRow.entry_id == LedgerEntryRow.id)
        .outerjoin(PersonRow, PersonRow.id == LedgerSignatureRow.signer_id)
        .where(
            LedgerEntryRow.person_id.in_(people),
            LedgerEntryRow.state.not_in([EntryState.OPEN, EntryState.RETURNED]),
        )
        .options(*_WITHOUT_WORDS)
        .order_by(LedgerEntryRow.on_day, LedgerEntryRow.id, LedgerSignatureRow.signed_at)
    )
    latest = {row[0].id: row for row in rows}
    for entry, signature, signer_id in latest.values():
        signers = frozenset({signer_id} - {None})
        yield Found(people[entry.person_id], signers, partial(_entry, entry, signature, signers))


def _entry(
    entry: LedgerEntryRow, signature: LedgerSignatureRow | None, signers: frozenset[UUID], reading: Reading
) -> Item:
    stands = None if signature is None else max(entry.on_day, reading.day(signature.signed_at))
    return Item(
        id=f"ledger:{entry.id}",
        kind=Kind(entry.kind.value),
        on=entry.on_day,
        amount=entry.amount,
        unit=entry.unit,
        has=_with_signer(_with_practice(said_values(entry.said), entry), entry, signature, signers, reading),
        recorded_on=max(entry.on_day, reading.day(entry.made_at)),
        stands_from=stands,
        withdrawn_on=None if signature is None else reading.day_if(signature.withdrawn_at),
        reversed_on=reading.day_if(entry.reversed_at),
    )


def _with_practice(has: dict[str, Value], entry: LedgerEntryRow) -> dict[str, Value]:
    if entry.model is not None:
        has.setdefault("model", frozenset({entry.model.value}))
    if entry.setting is not None:
        has.setdefault("setting", frozenset({entry.setting.value}))
    if entry.site_id is not None:
        has.setdefault("site", frozenset({str(entry.site_id)}))
    return has


def _with_signer(
    has: dict[str, Value],
    entry: LedgerEntryRow,
    signature: LedgerSignatureRow | None,
    signers: frozenset[UUID],
    reading: Reading,
) -> dict[str, Value]:
    """What is known of who signed; what the entry says of them itself goes before it."""
    if signature is None:
        return has
    known = {
        "signed_by": words_of(signers),
        "lane": frozenset({signature.lane.value}),
        **reading.names("supervisor", signers, entry.on_day),
    }
    return {**known, **has, "signed_by": known["signed_by"]}


def _attestations(session: Session, people: Mapping[UUID, UUID]) -> dict[UUID, list[AttestationRow]]:
    found: dict[UUID, list[AttestationRow]] = defaultdict(list)
    for row in session.scalars(select(AttestationRow).where(AttestationRow.person_id.in_(people))):
        found[people[row.person_id]].append(row)
    return found


def _of_program(attestations: Mapping[UUID, list[AttestationRow]], enrollment: EnrollmentRow) -> Iterator[Found]:
    for row in attestations.get(enrollment.person_id, ()):
        if row.program_id in (None, enrollment.program_id):
            yield Found(enrollment.person_id, frozenset(), partial(_attestation, row))


def _attestation(row: AttestationRow, reading: Reading) -> Item:
    said_on = max(row.on_day, reading.day(row.said_at))
    return Item(
        id=f"attestation:{row.id}",
        kind=row.kind,
        on=row.on_day,
        amount=row.amount,
        unit=row.unit,
        has=said_values(row.said),
        until=row.until,
        recorded_on=said_on,
        stands_from=said_on,
        reversed_on=reading.day_if(row.taken_back_at),
    )


def _decisions(
    session: Session, enrollment_ids: Sequence[UUID], released_by: datetime | None
) -> dict[UUID, list[DecisionRow]]:
    """Those that count: the place of one that was superseded is taken once the one in its place may be read."""
    mine = (DecisionRow.enrollment_id.in_(enrollment_ids), DecisionRow.taken_back_at.is_(None))
    asked = select(DecisionRow).where(*mine).order_by(DecisionRow.number)
    asked = asked.options(defer(DecisionRow.notice)).order_by(DecisionRow.number)
    if released_by is not None:
        asked = asked.where(DecisionRow.released_at <= released_by)
    rows = session.scalars(asked).all()
    taken = {row.supersedes_id for row in rows}
    found: dict[UUID, list[DecisionRow]] = defaultdict(list)
    for row in rows:
        if row.id not in taken:
            found[row.enrollment_id].append(row)
    return found


def _decision(row: DecisionRow, reading: Reading) -> Decision:
    decided_on = max(row.on_day, reading.day(row.decided_at))
    return Decision(str(row.id), row.outcome, row.on_day, row.stage, decided_on, row.until, row.number)


def _pauses(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, list[Pause]]:
    found: dict[UUID, list[Pause]] = defaultdict(list)
    for row in session.scalars(select(PathPauseRow).where(PathPauseRow.enrollment_id.in_(enrollment_ids))):
        found[row.enrollment_id].append(Pause(row.since, row.until))
    return found
