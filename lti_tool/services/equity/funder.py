"""A report for a funder: how many people there are and how their paths went, and hours; small numbers held back.

Each span of days of a program is reported once, and kept as it was: two reports could be subtracted from each other.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.funding import Sum, told
from grading.ledger import EntryState
from grading.releasing import People, before
from grading.suppression import LEAST, ShownTable, Table, hold_back, shown_table
from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity import counting
from lti_tool.services.equity.reports import digest
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.equity import ReleaseRow, ReportKind
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.programs import ProgramRow
from rubrics.refusal import Refused

TABLE = f"outcome:{counting.EVERYBODY}"
"""As fairness reports call the same numbers: what they told of the same people is looked at beside it."""
BY = ("kind", "category", "setting", "model")


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is of: who entered the program in these days."""

    program_id: UUID
    since: date
    until: date
    minimum: int


def draw_up(session: Session, by: Visitor | Author, wanted: Span, now: datetime) -> UUID:
    """Keep a new report; its id. Raises `Refused` where it would tell of few, by itself or beside earlier ones.

    `by` is who asked for it, now or for every quarter.
    """
    program = found_program(session, by.organization_id, wanted.program_id)
    if wanted.since > wanted.until or wanted.until > now.date():
        raise Refused("days", "Please choose a first day that is not after the last, and a last day that has come.")
    if wanted.minimum < LEAST:
        raise Refused("minimum_too_low", "Please choose at least %(least)s people.", least=LEAST)
    session.scalars(select(OrganizationRow.id).where(OrganizationRow.id == by.organization_id).with_for_update()).one()
    people = People(str(program.id), wanted.since, wanted.until)
    last = _told_before(session, by.organization_id, people)
    paths = counting.paths(session, by.organization_id, people, now)
    if len(paths) < wanted.minimum:
        raise Refused(
            "too_few",
            "Fewer than %(minimum)s people entered in these days: too few to tell anything of them. Please take more "
            "days.",
            minimum=wanted.minimum,
        )
    counts = dict.fromkeys(counting.COLUMNS["outcome"], 0)
    for path in paths:
        counts[path.column("outcome")] += 1
    row = f"{counting.EVERYBODY}/{counting.EVERYBODY}"
    shown = hold_back(Table(TABLE, (row,), tuple(counts), (tuple(counts.values()),)), wanted.minimum, last)
    hours = _hours(session, {path.person_id for path in paths}, wanted)
    document = {
        "minimum": wanted.minimum,
        "program": program.name,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "tables": [shown.document()],
        "hours": hours,
    }
    held_back = shown.held_back + sum(amount is None for sums in hours.values() for amount in sums.values())
    return _keep(session, by, wanted, document, held_back, now)


def report(session: Session, organization_id: UUID, release_id: UUID) -> Mapping[str, Any]:
    """The figures of one that was kept. Raises `NotHere`."""
    row = session.get(ReleaseRow, release_id)
    if row is None or row.organization_id != organization_id or row.report is not ReportKind.FUNDER:
        raise NotHere
    return row.document | {"digest": row.digest, "released_at": row.released_at}


def drawn_up(session: Session, organization_id: UUID) -> tuple[tuple[UUID, str, date | None, date | None], ...]:
    """Those that were drawn up, the newest first: id, program, first and last day."""
    rows = session.execute(
        select(ReleaseRow.id, ProgramRow.name, ReleaseRow.since, ReleaseRow.until)
        .join(ProgramRow, ProgramRow.id == ReleaseRow.program_id)
        .where(ReleaseRow.organization_id == organization_id, ReleaseRow.report == ReportKind.FUNDER)
        .order_by(ReleaseRow.released_at.desc(), ReleaseRow.id.desc())
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def programs(session: Session, organization_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """What a report can be of, by name."""
    rows = session.execute(
        select(ProgramRow.id, ProgramRow.name)
        .where(ProgramRow.organization_id == organization_id)
        .order_by(ProgramRow.name, ProgramRow.id)
    )
    return tuple((row[0], row[1]) for row in rows)


def people_in(document: Mapping[str, Any]) -> ShownTable:
    """How many there are, and how their paths went."""
    return shown_table(document["tables"][0])


def _told_before(session: Session, organization_id: UUID, people: People) -> ShownTable | None:
    """What a fairness report told of the same people. Raises `Refused` where a funder was told of some of them."""
    rows = session.scalars(
        select(ReleaseRow)
        .where(
            ReleaseRow.organization_id == organization_id,
            ReleaseRow.report.in_((ReportKind.EQUITY, ReportKind.FUNDER)),
        )
        .order_by(ReleaseRow.released_at, ReleaseRow.id)
    ).all()
    of = [People(str(row.program_id) if row.program_id else None, row.since or date.min, row.until or date.max)
          for row in rows]  # fmt: skip
    for row, one in zip(rows, of, strict=True):
        if row.report is ReportKind.FUNDER and people.shares_people(one):
            raise Refused(
                "told_already",
                "A funder was told of some of these people already: those who entered from %(since)s to %(until)s. "
                "Please begin on a later day, so that nobody can be found by subtracting.",
                since=one.since,
                until=one.until,
            )
    tables = [each for number in before(people, of) for each in rows[number].document.get("tables", ())]
    return next((shown_table(each) for each in reversed(tables) if each["name"] == TABLE), None)


def _hours(session: Session, people: set[UUID], wanted: Span) -> dict[str, dict[str, str | None]]:
    """Signed hours of these people up to the last day."""
    found: dict[str, dict[str, list[tuple[UUID, Decimal]]]] = {by: defaultdict(list) for by in BY}
    rows = session.execute(
        select(
            LedgerEntryRow.person_id, LedgerEntryRow.amount, LedgerEntryRow.kind, LedgerEntryRow.said,
            LedgerEntryRow.setting, LedgerEntryRow.model,
        )
        .where(
            LedgerEntryRow.person_id.in_(people),
            LedgerEntryRow.state == EntryState.SIGNED,
            LedgerEntryRow.unit == "hours",
            LedgerEntryRow.on_day <= wanted.until,
        )
    )  # fmt: skip
    for person_id, amount, kind, said, setting, model in rows:
        categories = said.get("category", ())
        values = {
            "kind": [kind.value],
            "category": [categories] if isinstance(categories, str) else list(categories),
            "setting": [setting.value] if setting else [],
            "model": [model.value] if model else [],
        }
        for by, names in values.items():
            for name in names:
                found[by][name].append((person_id, amount))
    return {by: _told(sums, wanted.minimum) for by, sums in found.items()}


def _told(sums: Mapping[str, list[tuple[UUID, Decimal]]], minimum: int) -> dict[str, str | None]:
    added = {
        name: Sum(sum((amount for _, amount in each), Decimal()), frozenset(person_id for person_id, _ in each))
        for name, each in sums.items()
    }
    return {name: None if amount is None else f"{amount:f}" for name, amount in sorted(told(added, minimum).items())}


def _keep(
    session: Session, by: Visitor | Author, wanted: Span, document: dict[str, Any], held_back: int, now: datetime
) -> UUID:
    row = ReleaseRow(
        id=new_id(), organization_id=by.organization_id, report=ReportKind.FUNDER, program_id=wanted.program_id,
        since=wanted.since, until=wanted.until, document=document, digest=digest(document),
        rules={"minimum": wanted.minimum, "held_back": held_back, "rounded_to": 10}, released_by=by.person_id,
        released_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.write(
        session, organization_id=by.organization_id, person_id=by.person_id, act="funder.draw_up",
        subject=f"report:{row.id}", now=now, digest=row.digest, held_back=held_back, minimum=wanted.minimum,
    )  # fmt: skip
    return row.id
