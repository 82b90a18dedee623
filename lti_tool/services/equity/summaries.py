"""A summary for everybody: a part of a fairness report, published by an act that shows exactly what it publishes.

It holds nothing that the report does not: what is safe beside all earlier reports is safe here too.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.suppression import shown_table
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity import reports
from lti_tool.services.equity.reports import ReportLine
from lti_tool.store.base import new_id
from lti_tool.store.equity import ReleaseRow, ReportKind
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.programs import ProgramRow
from rubrics.refusal import Refused


def preview(session: Session, organization_id: UUID, release_id: UUID) -> tuple[dict[str, Any], str]:
    """Exactly what would be published of a report, and its digest. Raises `NotHere`."""
    line, document = reports.report(session, organization_id, release_id)
    if line.report is not ReportKind.EQUITY:
        raise NotHere
    public = _public(document, _organization(session, organization_id), line.program)
    return public, reports.digest(public)


def publish(session: Session, visitor: Visitor, release_id: UUID, shown: str, now: datetime) -> UUID:
    """Publish what was shown with this digest. Raises `NotHere`, `Refused`."""
    source = session.scalars(
        select(ReleaseRow)
        .where(ReleaseRow.id == release_id, ReleaseRow.organization_id == visitor.organization_id)
        .with_for_update()
    ).one_or_none()
    if source is None:
        raise NotHere
    document, digest = preview(session, visitor.organization_id, release_id)
    if shown != digest:
        raise Refused("not_what_was_shown", "Please read it once more: it is not what you saw before.")
    tables = [shown_table(table) for table in document["tables"]]
    row = ReleaseRow(
        id=new_id(), organization_id=visitor.organization_id, report=ReportKind.SUMMARY, program_id=source.program_id,
        since=source.since, until=source.until, document=document, digest=digest,
        rules=source.rules | {"report": str(source.id), "held_back": sum(table.held_back for table in tables)},
        public_key=secrets.token_urlsafe(16), released_by=visitor.person_id, released_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, visitor, "summary.publish", row, now)
    return row.id


def withdraw(session: Session, visitor: Visitor, release_id: UUID, now: datetime) -> None:
    """Show it to nobody any more; it stays in the log, and what was read stays known. Raises `NotHere`."""
    row = session.scalars(
        select(ReleaseRow)
        .where(ReleaseRow.id == release_id, ReleaseRow.organization_id == visitor.organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or row.report is not ReportKind.SUMMARY:
        raise NotHere
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        session.flush()
        _note(session, visitor, "summary.withdraw", row, now)


def published(session: Session, public_key: str) -> tuple[ReportLine, Mapping[str, Any]]:
    """What anybody reads under this address; nothing of it once it was withdrawn. Raises `NotHere`."""
    row = session.scalars(
        select(ReleaseRow).where(ReleaseRow.public_key == public_key, ReleaseRow.report == ReportKind.SUMMARY)
    ).one_or_none()
    if row is None:
        raise NotHere
    names = {row.program_id: session.get_one(ProgramRow, row.program_id).name} if row.program_id else {}
    return reports.line_of(row, names), {} if row.withdrawn_at else row.document


def _public(document: Mapping[str, Any], organization: str, program: str | None) -> dict[str, Any]:
    """How paths ended, and how long they usually take; nothing of appeals and signatures."""
    kept = {"minimum", "since", "until", "words"}
    return {name: value for name, value in document.items() if name in kept} | {
        "organization": organization,
        "program": program or "",
        "tables": [table for table in document["tables"] if table["name"].startswith("outcome:")],
        "times": [time for time in document["times"] if time["table"].startswith("outcome:")],
        "times_told_before": [kind for kind in document.get("times_told_before", ()) if kind == "outcome"],
    }


def _organization(session: Session, organization_id: UUID) -> str:
    return session.get_one(OrganizationRow, organization_id).name


def _note(session: Session, visitor: Visitor, act: str, row: ReleaseRow, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"report:{row.id}", now=now, digest=row.digest,
    )  # fmt: skip
