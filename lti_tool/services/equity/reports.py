"""A fairness report: drawn up at one moment, kept as it is, and compared with every earlier one of the same people.

It is not worked out anew each time that somebody looks: two looks could be subtracted from each other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.releasing import People, before, untold
from grading.suppression import LEAST, ShownTable, hold_back_together, shown_table
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity import counting
from lti_tool.services.equity.questions import asked
from lti_tool.store.base import new_id
from lti_tool.store.equity import ReleaseRow, ReportKind
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.programs import ProgramRow
from rubrics.refusal import Refused
from rubrics.sign_off import digest_of

TIMED: Mapping[str, str] = {"outcome": counting.CERTIFIED, "signed": counting.SIGNED}
"""Of which column of which table a usual time is told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for."""

    program_id: UUID | None
    since: date
    until: date
    minimum: int


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in a list, or by itself."""

    id: UUID
    report: ReportKind
    program: str | None
    since: date | None
    until: date | None
    released_at: datetime
    digest: str
    minimum: int
    held_back: int
    public_key: str | None
    withdrawn_at: datetime | None


def draw_up(session: Session, visitor: Visitor, wanted: Asked, now: datetime) -> UUID:
    """Keep a new report; its id. Raises `Refused` where it would tell of few, by itself or beside earlier ones."""
    _check(session, visitor, wanted, now.date())
    _hold(session, visitor.organization_id)
    people = _people(wanted)
    earlier = _earlier(session, visitor.organization_id)
    same = before(people, [_people_of(row) for row in earlier])
    counted = counting.paths(session, visitor.organization_id, people, now)
    groups = counting.groups(session, visitor.organization_id, asked(session, visitor.organization_id))
    if len(counted) < wanted.minimum:
        raise Refused(
            "too_few",
            "Fewer than %(minimum)s people entered in these days: too few to tell anything of them. Please take more "
            "days, or every program together.",
            minimum=wanted.minimum,
        )
    shown = hold_back_together(
        list(counting.tables(counted, groups)), wanted.minimum, _shown_last([earlier[number] for number in same])
    )
    told = [table for table in shown if table.tells_something]
    timed = untold(TIMED, [_times_told(earlier[number]) for number in same])
    return _keep(session, visitor, wanted, _document(wanted, told, counted, groups, timed), shown, now)


def report(session: Session, organization_id: UUID, release_id: UUID) -> tuple[ReportLine, Mapping[str, Any]]:
    """One that was kept, and its figures; not of feedback, which others may read. Raises `NotHere`."""
    row = session.get(ReleaseRow, release_id)
    if row is None or row.organization_id != organization_id or row.report is ReportKind.FEEDBACK:
        raise NotHere
    return line_of(row, _names(session, organization_id)), row.document


def reports(session: Session, organization_id: UUID, *, drawn_up_only: bool = False) -> list[ReportLine]:
    """All that were ever kept, the newest first; or only fairness reports, without what was published of them."""
    names = _names(session, organization_id)
    which = select(ReleaseRow).where(ReleaseRow.organization_id == organization_id)
    if drawn_up_only:
        which = which.where(ReleaseRow.report == ReportKind.EQUITY)
    rows = session.scalars(which.order_by(ReleaseRow.released_at.desc(), ReleaseRow.id.desc()))
    return [line_of(row, names) for row in rows]


def line_of(row: ReleaseRow, names: Mapping[UUID, str]) -> ReportLine:
    """The row as lists show it."""
    return ReportLine(
        row.id, row.report, names.get(row.program_id) if row.program_id else None, row.since, row.until,
        row.released_at, row.digest, row.rules.get("minimum", LEAST), row.rules.get("held_back", 0), row.public_key,
        row.withdrawn_at,
    )  # fmt: skip


def programs(session: Session, organization_id: UUID) -> list[tuple[UUID, str]]:
    """What a report can be about, by name."""
    return sorted(_names(session, organization_id).items(), key=lambda one: one[1])


def digest(document: Mapping[str, Any]) -> str:
    """Of exactly these figures."""
    return digest_of(rfc8785.dumps(dict(document)))


def _check(session: Session, visitor: Visitor, wanted: Asked, today: date) -> None:
    if wanted.program_id is not None and wanted.program_id not in _names(session, visitor.organization_id):
        raise NotHere
    if wanted.since > wanted.until or wanted.until > today:
        raise Refused("days", "Please choose a first day that is not after the last, and a last day that has come.")


def _hold(session: Session, organization_id: UUID) -> None:
    """Two reports at once cannot cross: the second one is compared with the first."""
    session.scalars(select(OrganizationRow.id).where(OrganizationRow.id == organization_id).with_for_update()).one()


def _earlier(session: Session, organization_id: UUID) -> list[ReleaseRow]:
    """Withdrawn ones too: what was read stays known; and what a funder was told, of the same numbers."""
    rows = select(ReleaseRow).where(
        ReleaseRow.organization_id == organization_id,
        ReleaseRow.report.in_((ReportKind.EQUITY, ReportKind.FUNDER)),
    )
    return list(session.scalars(rows.order_by(ReleaseRow.released_at, ReleaseRow.id)))


def _shown_last(rows: Sequence[ReleaseRow]) -> dict[str, ShownTable]:
    """By name, the one that was told latest last."""
    found: dict[str, ShownTable] = {}
    for row in rows:
        for table in row.document.get("tables", ()):
            found.pop(table["name"], None)
            found[table["name"]] = shown_table(table)
    return found


def _document(
    wanted: Asked,
    told: Sequence[ShownTable],
    counted: Sequence[counting.Path],
    groups: Sequence[counting.Group],
    timed: Collection[str],
) -> dict[str, Any]:
    words = {key: text for group in groups for key, text in group.words.items()}
    times = [time for table in told if _kind(table.name) in timed for time in _times(table, counted, groups)]
    return {
        "minimum": wanted.minimum,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "tables": [table.document() for table in told],
        "times": times,
        "times_told_before": sorted(set(TIMED) - set(timed)),
        "words": words,
    }


def _times_told(row: ReleaseRow) -> set[str]:
    """Of which kinds a usual time was told in it, of whichever group."""
    return {_kind(time["table"]) for time in row.document.get("times", ())}


def _kind(table: str) -> str:
    return table.split(":", 1)[0]


def _times(
    table: ShownTable, counted: Sequence[counting.Path], groups: Sequence[counting.Group]
) -> list[dict[str, Any]]:
    """Usual times, only where the number of people they are of is shown."""
    kind, key = table.name.split(":", 1)
    group = next(one for one in groups if one.key == key)
    if kind not in TIMED:
        return []
    return [
        {"table": table.name, "row": row, "usual": usual}
        for row, name in zip(table.rows, group.rows, strict=True)
        if table.count(row, TIMED[kind]) is not None
        and (usual := counting.usual_time(counted, group, name, kind)) is not None
    ]


def _keep(
    session: Session, visitor: Visitor, wanted: Asked, document: dict[str, Any], shown: Sequence[ShownTable],
    now: datetime,
) -> UUID:  # fmt: skip
    held_back = sum(table.held_back for table in shown)
    row = ReleaseRow(
        id=new_id(), organization_id=visitor.organization_id, report=ReportKind.EQUITY, program_id=wanted.program_id,
        since=wanted.since, until=wanted.until, document=document, digest=digest(document),
        rules={"minimum": wanted.minimum, "held_back": held_back, "rounded_to": 5}, released_by=visitor.person_id,
        released_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act="equity.draw_up",
        subject=f"report:{row.id}", now=now, digest=row.digest, held_back=held_back, minimum=wanted.minimum,
    )  # fmt: skip
    return row.id


def _people(wanted: Asked) -> People:
    return People(str(wanted.program_id) if wanted.program_id else None, wanted.since, wanted.until)


def _people_of(row: ReleaseRow) -> People:
    return People(str(row.program_id) if row.program_id else None, row.since or date.min, row.until or date.max)


def _names(session: Session, organization_id: UUID) -> dict[UUID, str]:
    rows = select(ProgramRow.id, ProgramRow.name).where(ProgramRow.organization_id == organization_id)
    return {row.id: row.name for row in session.execute(rows)}
