"""Tables of a program, of somebody's own, and of the organization."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, select
from sqlalchemy.orm import Session, aliased

from grading.ledger import EntryState, words_of
from lti_tool.access import Field
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.table_stream import Cell
from lti_tool.services.certification.appeal_statistics import statistics
from lti_tool.services.editions.terms import holds
from lti_tool.services.exchange.exporting_tables import Asked, Of, Table, headings
from lti_tool.services.observations.lines import display_name
from lti_tool.services.programs import program_versions
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramVersionRow
from lti_tool.store.seen import KeptAnswerRow, KeptStandingRow
from lti_tool.store.sites import SiteAgreementRow, SiteRow
from lti_tool.store.supervision import SessionPartRow, SupervisionSessionRow
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow, TermsRow
from rubrics.refusal import _N

ASKED, SIGNER = aliased(PersonRow), aliased(PersonRow)
ENTRY = (
    _N("Day"), _N("Kind"), _N("Amount"), _N("Unit"), _N("Title"), _N("Provider"), _N("What it is like"), _N("Site"),
    _N("Practice model"), _N("Setting"), _N("State"), _N("Asked to sign"), _N("Signed by"), _N("Lane"),
    _N("Signed at (UTC)"),
)  # fmt: skip


# ---- of a program ----


def _people(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            EnrollmentRow.id, EnrollmentRow.person_id, PersonRow.name, ProgramVersionRow.edition,
            EnrollmentRow.entered_on, EnrollmentRow.enrolled_at, EnrollmentRow.read_at, EnrollmentRow.ended_at,
        )
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .join(ProgramVersionRow, ProgramVersionRow.id == EnrollmentRow.version_id)
        .where(EnrollmentRow.program_id == asked.subject_id, EnrollmentRow.organization_id == asked.organization_id)
    )  # fmt: skip


def _people_lines(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _id, person_id, name, *rest in rows:
        yield (str(person_id), display_name(person_id, name), *rest)


def _cohort(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            EnrollmentRow.id, EnrollmentRow.person_id, PersonRow.name, EnrollmentRow.entered_on,
            KeptStandingRow.status, KeptStandingRow.stage, KeptStandingRow.paused, KeptStandingRow.met,
            KeptStandingRow.waiting, KeptStandingRow.asked, KeptStandingRow.next_on, KeptStandingRow.day,
        )
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .outerjoin(KeptStandingRow, KeptStandingRow.enrollment_id == EnrollmentRow.id)
        .where(
            EnrollmentRow.program_id == asked.subject_id,
            EnrollmentRow.organization_id == asked.organization_id,
            EnrollmentRow.ended_at.is_(None),
        )
    )  # fmt: skip


def _requirements(session: Session, asked: Asked) -> dict[str, str]:
    """Of all editions, by key, as the newest that has it calls it."""
    found: dict[str, str] = {}
    if asked.subject_id is not None:
        for version in reversed(program_versions.versions(session, asked.subject_id)):
            for each in version.program.requirements:
                found.setdefault(each.key, each.title)
    return found


AMOUNT = _N("%(title)s (amount)")


def _cohort_columns(session: Session, asked: Asked) -> Sequence[str]:
    of_requirements = (
        text for title in _requirements(session, asked).values() for text in (title, Sentence(AMOUNT, title=title))
    )
    return (
        _N("Person id"), _N("Name"), _N("On the way since"), _N("Status"), _N("Stage"), _N("Paused"),
        _N("Requirements met"), _N("Requirements waiting for somebody"), _N("Requirements asked for"),
        _N("Next date"), _N("As of"), *of_requirements,
    )  # fmt: skip


def _cohort_lines(session: Session, asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    answers = session.execute(
        select(KeptAnswerRow.enrollment_id, KeptAnswerRow.requirement, KeptAnswerRow.answer, KeptAnswerRow.sure).where(
            KeptAnswerRow.enrollment_id.in_([row[0] for row in rows])
        )
    )
    known = {(enrollment_id, key): (answer, sure) for enrollment_id, key, answer, sure in answers}
    keys = tuple(_requirements(session, asked))
    for id_, person_id, name, *rest in rows:
        there = [known.get((id_, key), (None, None)) for key in keys]
        yield (str(person_id), display_name(person_id, name), *rest, *(cell for pair in there for cell in pair))


def _program_ledger(asked: Asked) -> Select[*tuple[Any, ...]]:
    """What was not handed to anybody, or came back, is its writer's alone."""
    of_program = (
        select(EnrollmentRow.person_id)
        .where(EnrollmentRow.program_id == asked.subject_id, EnrollmentRow.organization_id == asked.organization_id)
        .distinct()
    )
    return _entries().where(
        LedgerEntryRow.person_id.in_(of_program),
        LedgerEntryRow.state.not_in([EntryState.OPEN, EntryState.RETURNED]),
    )


def _program_ledger_lines(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        yield (str(row[1]), display_name(row[1], row[2]), *_entry(row))


def _decisions(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            DecisionRow.id, EnrollmentRow.person_id, PersonRow.name, DecisionRow.number, DecisionRow.outcome,
            DecisionRow.stage, DecisionRow.on_day, DecisionRow.until, DecisionRow.review_on, DecisionRow.appeal_until,
            SIGNER.id, SIGNER.name, DecisionRow.decided_at, DecisionRow.digest,
        )
        .join(EnrollmentRow, EnrollmentRow.id == DecisionRow.enrollment_id)
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .join(SIGNER, SIGNER.id == DecisionRow.decided_by)
        .where(EnrollmentRow.program_id == asked.subject_id, EnrollmentRow.organization_id == asked.organization_id)
    )  # fmt: skip


def _decision_lines(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _id, person_id, name, *facts, by, by_name, at, digest in rows:
        yield (str(person_id), display_name(person_id, name), *facts, display_name(by, by_name), at, digest)


# ---- one's own ----


def _own_ledger(asked: Asked) -> Select[*tuple[Any, ...]]:
    return _entries().where(LedgerEntryRow.person_id == asked.person_id)


def _own_ledger_lines(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterable[Sequence[Cell]]:
    return (_entry(row) for row in rows)


def _own_sessions(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SupervisionSessionRow.id, null(), SupervisionSessionRow.held_on, SupervisionSessionRow.minutes,
            SupervisionSessionRow.kind, SupervisionSessionRow.held, SessionPartRow.part,
            SessionPartRow.confirmed_at, SupervisionSessionRow.taken_back_at,
        )
        .join(SessionPartRow, SessionPartRow.session_id == SupervisionSessionRow.id)
        .where(SessionPartRow.person_id == asked.person_id)
    )  # fmt: skip


# ---- of the organization ----


def _sites(asked: Asked) -> Select[*tuple[Any, ...]]:
    return select(
        SiteRow.id, null(), SiteRow.name, SiteRow.models, SiteRow.settings, SiteRow.compensation, SiteRow.made_at,
        SiteRow.ended_at,
    ).where(SiteRow.organization_id == asked.organization_id)  # fmt: skip


def _site_lines(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _id, _nobody, name, models, settings, *rest in rows:
        yield (name, ", ".join(models), ", ".join(settings), *rest)


def _agreements(asked: Asked) -> Select[*tuple[Any, ...]]:
    return (
        select(
            SiteAgreementRow.id, null(), SiteRow.name, SiteAgreementRow.title, SiteAgreementRow.begins_on,
            SiteAgreementRow.ends_on, SiteAgreementRow.recorded_at, SiteAgreementRow.ended_at,
        )
        .join(SiteRow, SiteRow.id == SiteAgreementRow.site_id)
        .where(SiteAgreementRow.organization_id == asked.organization_id)
    )  # fmt: skip


def _appeals(asked: Asked) -> Select[*tuple[Any, ...]]:
    """One row that stands for all of them: what it says is worked out with small numbers held back."""
    return select(OrganizationRow.id, null()).where(OrganizationRow.id == asked.organization_id)


def _appeal_lines(session: Session, asked: Asked, rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
    for _row in rows:
        found = statistics(session, asked.organization_id)
        yield ("sent", found.sent)
        yield ("decided", found.decided)
        yield ("usual_days", found.usual_days)
        yield ("late", found.late)
        yield from ((f"outcome_{outcome.value}", number) for outcome, number in found.outcomes.items())


# ---- entries of the ledger ----


def _entries() -> Select[*tuple[Any, ...]]:
    return (
        select(
            LedgerEntryRow.id, LedgerEntryRow.person_id, PersonRow.name, LedgerEntryRow.on_day, LedgerEntryRow.kind,
            LedgerEntryRow.amount, LedgerEntryRow.unit, LedgerEntryRow.title, LedgerEntryRow.provider,
            LedgerEntryRow.said, SiteRow.name, LedgerEntryRow.model, LedgerEntryRow.setting, LedgerEntryRow.state,
            ASKED.id, ASKED.name, SIGNER.id, SIGNER.name, LedgerSignatureRow.lane, LedgerSignatureRow.signed_at,
        )
        .join(PersonRow, PersonRow.id == LedgerEntryRow.person_id)
        .outerjoin(SiteRow, SiteRow.id == LedgerEntryRow.site_id)
        .outerjoin(ASKED, ASKED.id == LedgerEntryRow.asked_id)
        .outerjoin(
            LedgerSignatureRow,
            (LedgerSignatureRow.entry_id == LedgerEntryRow.id) & LedgerSignatureRow.withdrawn_at.is_(None),
        )
        .outerjoin(SIGNER, SIGNER.id == LedgerSignatureRow.signer_id)
    )  # fmt: skip


def _entry(row: Sequence[Any]) -> Sequence[Cell]:
    _id, _person, _name, day, kind, amount, unit, title, provider, said, *rest = row
    site, model, setting, state, asked_id, asked, signer_id, signer, lane, signed_at = rest
    like = "; ".join(f"{name}: {words}" for name, words in words_of(said))
    return (
        day, kind, amount, unit, title, provider, like, site, model, setting, state, _name_of(asked_id, asked),
        _name_of(signer_id, signer), lane, signed_at,
    )  # fmt: skip


def _name_of(person_id: UUID | None, name: str | None) -> str | None:
    return None if person_id is None else display_name(person_id, name)


def _as_they_are(_session: Session, _asked: Asked, rows: Sequence[Any]) -> Iterable[Sequence[Cell]]:
    return (row[2:] for row in rows)


def _terms(asked: Asked) -> Select[*tuple[Any, ...]]:
    """Of editions that said so to whoever answered."""
    return (
        select(
            TermsAnswerRow.id, TermsAnswerRow.person_id, PersonRow.name, TermsRow.number, TermsRow.published_at,
            TermsAnswerRow.answered_at, TermsAnswerRow.language,
        )
        .join(PersonRow, PersonRow.id == TermsAnswerRow.person_id)
        .join(TermsRow, TermsRow.id == TermsAnswerRow.terms_id)
        .where(
            TermsAnswerRow.organization_id == asked.organization_id, TermsAnswerRow.answer == TermsAnswer.AGREED,
            TermsRow.by_name, holds(),
        )
    )  # fmt: skip


WHO = (_N("Person id"), _N("Name"))
TABLES: tuple[Table, ...] = (
    Table(
        name="cohort", of=Of.PROGRAM, title=_N("Where people stand"), columns=_cohort_columns, rows=_cohort,
        key=EnrollmentRow.id, lines=_cohort_lines, shows=frozenset({Field.STANDING}),
    ),
    Table(
        name="people", of=Of.PROGRAM, title=_N("Who is enrolled, and was"),
        columns=headings(
            *WHO, _N("Edition"), _N("On the way since"), _N("Enrolled at (UTC)"), _N("Rules read at (UTC)"),
            _N("Ended at (UTC)"),
        ),
        rows=_people, key=EnrollmentRow.id, lines=_people_lines,
    ),
    Table(
        name="program_ledger", of=Of.PROGRAM, title=_N("Hours and trainings"), columns=headings(*WHO, *ENTRY),
        rows=_program_ledger, key=LedgerEntryRow.id, lines=_program_ledger_lines, shows=frozenset({Field.LEDGER}),
    ),
    Table(
        name="decisions", of=Of.PROGRAM, title=_N("Decisions"),
        columns=headings(
            *WHO, _N("Number"), _N("Outcome"), _N("Stage"), _N("From"), _N("Until"), _N("Looked at again on"),
            _N("Open to appeal until"), _N("Decided by"), _N("Decided at (UTC)"), _N("Digest (SHA-256)"),
        ),
        rows=_decisions, key=DecisionRow.id, lines=_decision_lines, shows=frozenset({Field.DECISION}),
    ),
    Table(
        name="ledger", of=Of.MINE, title=_N("My hours and trainings"), columns=headings(*ENTRY), rows=_own_ledger,
        key=LedgerEntryRow.id, lines=_own_ledger_lines,
    ),
    Table(
        name="sessions", of=Of.MINE, title=_N("My supervision sessions"),
        columns=headings(
            _N("Day"), _N("Minutes"), _N("Kind"), _N("How it was held"), _N("My part"), _N("Confirmed at (UTC)"),
            _N("Taken back at (UTC)"),
        ),
        rows=_own_sessions, key=SupervisionSessionRow.id, lines=_as_they_are,
    ),
    Table(
        name="sites", of=Of.ORGANIZATION, title=_N("Sites"),
        columns=headings(
            _N("Site"), _N("Practice models"), _N("Settings"), _N("Compensation"), _N("Since (UTC)"),
            _N("Put away at (UTC)"),
        ),
        rows=_sites, key=SiteRow.id, lines=_site_lines,
    ),
    Table(
        name="site_agreements", of=Of.ORGANIZATION, title=_N("Agreements with sites"),
        columns=headings(
            _N("Site"), _N("Agreement"), _N("Begins on"), _N("Ends on"), _N("Recorded at (UTC)"),
            _N("Taken back at (UTC)"),
        ),
        rows=_agreements, key=SiteAgreementRow.id, lines=_as_they_are,
    ),
    Table(
        name="appeals", of=Of.ORGANIZATION, title=_N("How appeals went"), columns=headings(_N("What"), _N("Number")),
        rows=_appeals, key=OrganizationRow.id, lines=_appeal_lines,
    ),
    Table(
        name="terms", of=Of.ORGANIZATION, title=_N("Who agrees to the terms"),
        columns=headings(*WHO, _N("Edition"), _N("Published at (UTC)"), _N("Agreed at (UTC)"), _N("Read in")),
        rows=_terms, key=TermsAnswerRow.id, lines=_people_lines,
    ),
)  # fmt: skip
