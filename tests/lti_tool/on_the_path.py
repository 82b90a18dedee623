"""Sam on the way through a program of an organization, with what somebody has on such a way."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from grading.evidence import Kind, Outcome
from grading.ledger import EntryKind, EntryState, Source
from lti_tool.documents.program import read_program
from lti_tool.paths import CONFIG
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import AttestationRow, LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow, ProgramRow, ProgramVersionRow
from rubrics.sign_off import Assurance, Lane


def shipped(name: str) -> str:
    """The text of a program that comes with Attune."""
    return (CONFIG / "programs" / f"{name}.toml").read_text()


class OnTheWay:
    """One person in one program; each method adds something and gives its id."""

    def __init__(self, session: Session, person: Visitor, text: str, now: datetime) -> None:
        self.session, self.person, self.now = session, person, now
        self.organization_id = person.organization_id
        editions = read_program(text, source="program")
        self.program_id = self._add(
            ProgramRow(id=new_id(), organization_id=self.organization_id, key=editions[-1].id, name=editions[-1].name,
                       made_at=now)
        )  # fmt: skip
        self.versions = [
            self._add(
                ProgramVersionRow(
                    id=new_id(), organization_id=self.organization_id, program_id=self.program_id, number=number,
                    edition=each.edition, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
                    effective_from=each.effective_from, effective_until=each.effective_until, published_at=now,
                )
            )
            for number, each in enumerate(editions, 1)
        ]  # fmt: skip
        self.enrollment_id = self._add(
            EnrollmentRow(
                id=new_id(), organization_id=self.organization_id, program_id=self.program_id,
                person_id=person.person_id, version_id=self.versions[-1],
                entered_on=now.date() - timedelta(days=200), enrolled_at=now,
            )
        )  # fmt: skip

    def entry(
        self, kind: EntryKind, hours: str, *, ago: int = 10, signer: Visitor | None = None, title: str = "",
        state: EntryState = EntryState.WAITING, **said: list[str],
    ) -> UUID:  # fmt: skip
        """An entry of the ledger; with a signer it is signed."""
        signed = EntryState.SIGNED if signer else state
        entry_id = self._add(
            LedgerEntryRow(
                id=new_id(), organization_id=self.organization_id, person_id=self.person.person_id, kind=kind,
                on_day=self._day(ago), amount=Decimal(hours), title=title or None, said=said,
                asked_id=signer.person_id if signer else None, asked_at=self.now if signer else None,
                state=signed if signer or state is not EntryState.WAITING else EntryState.OPEN,
                made_by=self.person.person_id, made_at=self.now - timedelta(days=ago), changed_at=self.now,
            )
        )  # fmt: skip
        if signer:
            self._add(
                LedgerSignatureRow(
                    id=new_id(), organization_id=self.organization_id, entry_id=entry_id, signer_id=signer.person_id,
                    lane=Lane.PEER, salt="salt", digest="0" * 64, assurance=Assurance.LAUNCH,
                    signed_at=self.now - timedelta(days=ago),
                )
            )  # fmt: skip
        return entry_id

    def waiting(self, kind: EntryKind, hours: str, asked: Visitor, *, ago: int = 5, **said: list[str]) -> UUID:
        """An entry that waits for somebody's signature."""
        return self._add(
            LedgerEntryRow(
                id=new_id(), organization_id=self.organization_id, person_id=self.person.person_id, kind=kind,
                on_day=self._day(ago), amount=Decimal(hours), said=said, asked_id=asked.person_id,
                asked_at=self.now, state=EntryState.WAITING, made_by=self.person.person_id,
                made_at=self.now - timedelta(days=ago), changed_at=self.now,
            )
        )  # fmt: skip

    def noted(self, kind: Kind, *, ago: int = 20, amount: str | None = None, unit: str = "", **said: list[str]) -> UUID:
        """Something that is known of them."""
        own = kind is Kind.STATEMENT
        return self._add(
            AttestationRow(
                id=new_id(), organization_id=self.organization_id, person_id=self.person.person_id, kind=kind,
                on_day=self._day(ago), said=said, amount=Decimal(amount) if amount else None, unit=unit,
                source=Source.OWN_WORD if own else Source.SEEN, said_at=self.now - timedelta(days=ago),
            )
        )  # fmt: skip

    def decided(self, outcome: Outcome, by: Visitor, *, stage: str = "initial", ago: int = 3, number: int = 1) -> UUID:
        """A decision that the person may read."""
        notice = "{}"
        return self._add(
            DecisionRow(
                id=new_id(), organization_id=self.organization_id, enrollment_id=self.enrollment_id,
                version_id=self.versions[-1], number=number, outcome=outcome, stage=stage, on_day=self._day(ago),
                notice=notice, digest=hashlib.sha256(notice.encode()).hexdigest(), decided_by=by.person_id,
                decided_at=self.now - timedelta(days=ago), released_at=self.now - timedelta(days=ago),
            )
        )  # fmt: skip

    def paused(self, since: int, until: int) -> UUID:
        """A pause from so many days ago until so many days ago."""
        return self._add(
            PathPauseRow(
                id=new_id(), organization_id=self.organization_id, enrollment_id=self.enrollment_id,
                since=self._day(since), until=self._day(until), begun_by=self.person.person_id, begun_at=self.now,
                ended_at=self.now,
            )
        )  # fmt: skip

    def _day(self, ago: int) -> date:
        return self.now.date() - timedelta(days=ago)

    def _add(self, row: object) -> UUID:
        self.session.add(row)
        self.session.flush()
        return row.id  # type: ignore[attr-defined,no-any-return]
