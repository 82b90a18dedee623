"""The parts of a package, as the database has them: signatures, decisions, hours, and the audit that tells of them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.ledger import EntryState
from grading.telling.said import number_text
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.observations import ObservationRow, SignedDocumentRow, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import PersonRow
from lti_tool.store.records import AuditEntryRow, AuditHeadRow
from rubrics.observation import State

Part = dict[str, Any]
SUBJECT = "subject"
"""Beside each part while it is made: of what the audit tells, and by which act."""
IN_A_LOT = 500


def moment(at: datetime) -> str:
    """ISO 8601."""
    return at.isoformat()


def named(person: PersonRow) -> str:
    """As lists name them."""
    return display_name(person.id, person.name)


def without_subject(part: Mapping[str, Any]) -> Part:
    """As it stands in the package."""
    return {name: value for name, value in part.items() if name != SUBJECT}


def signatures(session: Session, people: Sequence[UUID], zone: str, *, words: bool) -> list[Part]:
    """Of observations and of entries of the ledger, the oldest first.

    Of entries with what was signed, word for word; of observations only with `words`.
    """
    found = [*_of_observations(session, people, words=words), *_of_entries(session, people)]
    found.sort(key=lambda each: (each["signed_at"], each["id"]))
    _add_qualifications(session, found, ZoneInfo(zone))
    return found


def _of_observations(session: Session, people: Sequence[UUID], *, words: bool) -> list[Part]:
    rows = session.execute(
        select(SignOffRow, PersonRow, SignOffWithdrawalRow.at, SignedDocumentRow.document)
        .join(ObservationRow, ObservationRow.id == SignOffRow.observation_id)
        .join(PersonRow, PersonRow.id == SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .outerjoin(SignedDocumentRow, SignedDocumentRow.sign_off_id == SignOffRow.id)
        .where(ObservationRow.trainee_id.in_(people), ObservationRow.state != State.WITHDRAWN)
    )
    return [
        _signature(
            row.id, f"observation:{row.observation_id}", signer, row, withdrawn_at, document if words else None,
            meaning=row.meaning.value, attestation=row.attestation,
        )
        for row, signer, withdrawn_at, document in rows
    ]  # fmt: skip


def _of_entries(session: Session, people: Sequence[UUID]) -> list[Part]:
    rows = session.execute(
        select(LedgerSignatureRow, PersonRow)
        .join(LedgerEntryRow, LedgerEntryRow.id == LedgerSignatureRow.entry_id)
        .join(PersonRow, PersonRow.id == LedgerSignatureRow.signer_id)
        .where(LedgerEntryRow.person_id.in_(people))
    )
    return [
        _signature(
            row.id, f"ledger_entry:{row.entry_id}", signer, row, row.withdrawn_at, row.document, meaning="reviewed",
            attestation=_attested(row.document),
        )
        for row, signer in rows
    ]  # fmt: skip


def _signature(
    id_: UUID,
    of: str,
    signer: PersonRow,
    row: SignOffRow | LedgerSignatureRow,
    withdrawn_at: datetime | None,
    document: str | None,
    *,
    meaning: str,
    attestation: str | None,
) -> Part:
    return {
        "id": str(id_),
        "of": of,
        "signer": {"id": str(signer.id), "name": named(signer)},
        "lane": row.lane.value,
        "meaning": meaning,
        "attestation": attestation,
        "assurance": row.assurance.value,
        "signed_at": moment(row.signed_at),
        "withdrawn_at": moment(withdrawn_at) if withdrawn_at else None,
        "qualifications": [],
        "digest": row.digest,
        "document": document,
        "entry": None,
        SUBJECT: of,
    }


def _add_qualifications(session: Session, found: Iterable[Part], zone: ZoneInfo) -> None:
    """What was recorded by then and not taken back by then, and was good on that day."""
    known: dict[str, list[QualificationRow]] = defaultdict(list)
    signers = {UUID(each["signer"]["id"]) for each in found}
    for row in session.scalars(
        select(QualificationRow)
        .where(QualificationRow.person_id.in_(signers))
        .order_by(QualificationRow.kind, QualificationRow.id)
    ):
        known[str(row.person_id)].append(row)
    for each in found:
        at = datetime.fromisoformat(each["signed_at"])
        day = at.astimezone(zone).date()
        each["qualifications"] = [
            {"kind": row.kind, "since": row.valid_from.isoformat(), "until": _day(row.valid_until)}
            for row in known[each["signer"]["id"]]
            if row.recorded_at <= at
            and (row.ended_at is None or row.ended_at > at)
            and row.valid_from <= day
            and (row.valid_until is None or day <= row.valid_until)
        ]


def decisions(
    session: Session,
    enrollment_id: UUID,
    now: datetime,
    titles: Mapping[str, str],
    hidden: Collection[str],
    *,
    words: bool,
) -> list[Part]:
    """Those that their person can read by now; with `words` also what they read."""
    rows = session.execute(
        select(DecisionRow, PersonRow)
        .join(PersonRow, PersonRow.id == DecisionRow.decided_by)
        .where(
            DecisionRow.enrollment_id == enrollment_id,
            DecisionRow.released_at <= now,
            DecisionRow.stage.not_in(list(hidden)),
        )
        .order_by(DecisionRow.number)
    )
    return [
        {
            "id": str(row.id),
            "outcome": row.outcome.value,
            "stage": titles.get(row.stage, row.stage) or None,
            "on": row.on_day.isoformat(),
            "until": _day(row.until),
            "decided_by": named(by),
            "decided_at": moment(row.decided_at),
            "digest": row.digest,
            "document": (row.notice or None) if words else None,
            "entry": None,
            SUBJECT: f"decision:{row.id}",
        }
        for row, by in rows
    ]


def hours(session: Session, people: Sequence[UUID]) -> list[Part]:
    """What was signed, by kind, by what it is like, by setting and by practice model."""
    rows = session.execute(
        select(
            LedgerEntryRow.kind, LedgerEntryRow.amount, LedgerEntryRow.unit, LedgerEntryRow.said,
            LedgerEntryRow.setting, LedgerEntryRow.model,
        ).where(LedgerEntryRow.person_id.in_(people), LedgerEntryRow.state == EntryState.SIGNED)
    )  # fmt: skip
    total: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for kind, amount, unit, said, setting, model in rows:
        total["kind", kind.value, unit] += amount
        categories = said.get("category", ())
        for value in [categories] if isinstance(categories, str) else categories:
            total["category", value, unit] += amount
        for name, value in (("setting", setting), ("model", model)):
            if value is not None:
                total[name, value.value, unit] += amount
    return [
        {"by": by, "value": value, "unit": unit, "amount": number_text(amount)}
        for (by, value, unit), amount in sorted(total.items())
    ]


def chain(session: Session, organization_id: UUID, parts: Sequence[Part]) -> tuple[list[Part], Part | None]:
    """The entries that tell of these, each of which learns the number of its own; and where the chain ends."""
    found: dict[str, list[AuditEntryRow]] = defaultdict(list)
    subjects = sorted({each[SUBJECT] for each in parts})
    for first in range(0, len(subjects), IN_A_LOT):
        for row in session.scalars(
            select(AuditEntryRow).where(
                AuditEntryRow.organization_id == organization_id,
                AuditEntryRow.subject.in_(subjects[first : first + IN_A_LOT]),
                AuditEntryRow.act.in_(TELLING),
            )
        ):
            found[row.subject].append(row)
    for each in parts:
        each["entry"] = next((row.number for row in found[each[SUBJECT]] if _tells(row, each)), None)
    head = session.get(AuditHeadRow, organization_id, populate_existing=True)
    entries = sorted((row for rows in found.values() for row in rows), key=lambda row: row.number)
    return (
        [_entry(row) for row in entries],
        None if head is None else {"number": head.number, "digest": head.digest},
    )


TELLING = ("observation.sign", "ledger.sign", "decision.make")


def _tells(row: AuditEntryRow, part: Part) -> bool:
    """Of an entry of the ledger the audit has the digest of what was shown, before the salt: told by lane and time."""
    if row.act != "ledger.sign":
        return bool(row.facts.get("digest") == part["digest"])
    return part["document"] is not None and moment(row.at) == part["signed_at"]


def _entry(row: AuditEntryRow) -> Part:
    return {
        "number": row.number,
        "at": row.at.isoformat(),
        "person": str(row.person_id) if row.person_id else None,
        "act": row.act,
        "subject": row.subject,
        "facts": row.facts,
        "previous": row.previous_digest,
        "digest": row.digest,
    }


def _attested(document: str | None) -> str | None:
    """The sentence that the signer of an entry agreed to, which stands in what they were shown."""
    found = json.loads(document).get("attestation") if document else None
    return found if isinstance(found, str) else None


def _day(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
