"""Tables that people take along: who may, asking for one, and one's own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability, Field
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.table_stream import CsvWriter, TableWriter, XlsxWriter
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.exchange.exporting_course import COURSE_TABLES
from lti_tool.services.exchange.exporting_rows import TABLES as OTHER_TABLES
from lti_tool.services.exchange.exporting_tables import Asked, Of, Table, count, pages
from lti_tool.services.languages import said_in
from lti_tool.services.personal_data import own_copy, record_access
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.people import GrantRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in (*OTHER_TABLES, *COURSE_TABLES)})
SMALL = 2_000
"""Fewer rows than that are made while somebody waits; more are made by the worker."""
KEPT = timedelta(days=7)
MOST_OPEN = 5
MOST = 50
FORMS = (ExportForm.CSV, ExportForm.XLSX)
OPEN = frozenset({ExportState.WAITING, ExportState.UNDER_WAY})
MEDIA_TYPES = MappingProxyType(
    {
        ExportForm.CSV: "text/csv",
        ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ExportForm.ZIP: "application/zip",
    }
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file that somebody asked for, as its page shows it."""

    id: UUID
    title: str
    """In the source language; "": nothing is made of this name any more."""
    form: ExportForm
    state: ExportState
    rows_done: int
    rows_total: int | None
    asked_at: datetime
    ready_at: datetime | None
    kept_until: datetime | None
    filename: str | None
    size: int | None
    digest: str | None
    problem: str | None
    stored_key: str | None
    of_files: bool
    """It counts files, and not rows."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Offer:
    """A table that can be taken along from one place."""

    name: str
    title: str
    rows: int

    @property
    def is_small(self) -> bool:
        """Whether it is made at once."""
        return self.rows < SMALL


def writer(form: ExportForm, path: Path, name: str, headings: Sequence[str], language: str) -> TableWriter:
    """What writes a table of this form to this path; name and headings are in this language."""
    return (XlsxWriter if form is ExportForm.XLSX else CsvWriter)(path, name, headings, language)


# ---- who may ----


def asked(session: Session, visitor: Visitor, of: Of, subject_id: UUID | None, now: datetime) -> Asked:
    """What is asked of tables of this sort, for somebody who may ask. Raises `NotHere`."""
    found = Asked(visitor.organization_id, visitor.person_id, subject_id, now)
    check(session, of, found)
    return found


def check(session: Session, of: Of, asked: Asked) -> None:
    """Raises `NotHere` for whoever may not take along tables of this sort."""
    if of is Of.MINE:
        return
    if of is Of.COURSE:
        _check_course(session, asked)
        return
    leads = select(GrantRow.id).where(
        GrantRow.organization_id == asked.organization_id,
        GrantRow.person_id == asked.person_id,
        GrantRow.capability == Capability.PROGRAM_LEAD,
        GrantRow.revoked_at.is_(None),
    )
    if session.scalars(leads).first() is None:
        raise NotHere
    if of is Of.PROGRAM:
        if asked.subject_id is None:
            raise NotHere
        found_program(session, asked.organization_id, asked.subject_id)


def _check_course(session: Session, asked: Asked) -> None:
    course = None if asked.subject_id is None else session.get(CourseRow, asked.subject_id)
    if course is None or course.organization_id != asked.organization_id:
        raise NotHere
    standing = standing_of(session, asked.person_id, course.id)
    if Capability.INSTRUCTOR not in standing.capabilities:
        raise NotHere


def table_of(of: Of, name: str) -> Table:
    """The table of this sort and name. Raises `Refused` with what to do."""
    found = TABLES.get(name)
    if found is None or found.of is not of:
        raise Refused("table_needed", "Please choose which table you would like to take along.")
    return found


def form_of(name: str) -> ExportForm:
    """The form of this name. Raises `Refused` with what to do."""
    if name not in {form.value for form in FORMS}:
        raise Refused("form_needed", "Please choose what kind of file you would like.")
    return ExportForm(name)


# ---- asking ----


def offers(session: Session, of: Of, asked: Asked) -> tuple[Offer, ...]:
    """The tables of this sort, each with how many rows it has now."""
    return tuple(Offer(each.name, each.title, count(session, each, asked)) for each in TABLES.values() if each.of is of)


def at_once(
    session: Session, visitor: Visitor, table: Table, asked: Asked, *, form: ExportForm, language: str, path: Path
) -> str:
    """Write a small table to this path; the answer is the name of the file. Whose it is of can see who took it along.

    Raises `Refused` where it is not small any more.
    """
    trainees: set[UUID] = set()
    written = 0
    headings = in_words(session, table, asked, language)
    with writer(form, path, said_in(language, table.title), headings, language) as into:
        for rows, lines in pages(session, table, asked):
            written += len(rows)
            if written >= SMALL:
                raise Refused("export_grew", "There are more rows now than can be made at once. Please ask again.")
            trainees.update(row[1] for row in rows if row[1] is not None)
            for line in lines:
                into.write(line)
    _audit(session, asked, "export.at_once", f"table:{table.name}", form=form.value, rows=written)
    log_reading(session, visitor, table.shows, trainees, asked.now)
    return filename(table.name, form, asked.now)


def ask(session: Session, table: Table, asked: Asked, *, form: ExportForm, language: str) -> UUID:
    """Have the worker make it. What waits already, just the same, is not made twice. Raises `Refused`."""
    asks = {"subject": str(asked.subject_id)} if asked.subject_id else {}
    mine = (
        select(ExportRow)
        .where(ExportRow.person_id == asked.person_id, ExportRow.state.in_(OPEN))
        .order_by(ExportRow.asked_at)
    )
    waiting = session.scalars(mine).all()
    for row in waiting:
        if (row.what, row.form, row.asks.get("subject")) == (table.name, form, asks.get("subject")):
            return row.id
    if len(waiting) >= MOST_OPEN:
        raise Refused(
            "exports_open",
            "%(number)s of your files are still being made. Please wait until one of them is ready, or call one off.",
            number=len(waiting),
        )
    id_ = new_id()
    insert_once(
        session, ExportRow, id=id_, organization_id=asked.organization_id, person_id=asked.person_id,
        what=table.name, form=form, language=language, asks=asks, state=ExportState.WAITING, rows_done=0,
        asked_at=asked.now,
    )  # fmt: skip
    _audit(session, asked, "export.ask", f"export:{id_}", table=table.name, form=form.value)
    return id_


def ask_for_own_copy(session: Session, visitor: Visitor, language: str, now: datetime) -> UUID:
    """Have the worker put all that is the visitor's own into one archive; one that waits already is not made twice."""
    waiting = select(ExportRow.id).where(
        ExportRow.person_id == visitor.person_id, ExportRow.what == own_copy.NAME, ExportRow.state.in_(OPEN)
    )
    there = session.scalars(waiting).first()
    if there is not None:
        return there
    asked, id_ = Asked(visitor.organization_id, visitor.person_id, None, now), new_id()
    insert_once(
        session, ExportRow, id=id_, organization_id=asked.organization_id, person_id=asked.person_id,
        what=own_copy.NAME, form=ExportForm.ZIP, language=language, asks={}, state=ExportState.WAITING, rows_done=0,
        asked_at=now,
    )  # fmt: skip
    _audit(session, asked, "export.ask", f"export:{id_}", table=own_copy.NAME, form=ExportForm.ZIP.value)
    return id_


def in_words(session: Session, table: Table, asked: Asked, language: str) -> list[str]:
    """The headings of a table in one of the languages that we have."""
    return [
        said_in(language, text.template) % text.values if isinstance(text, Sentence) else said_in(language, text)
        for text in table.columns(session, asked)
    ]


def filename(name: str, form: ExportForm, now: datetime) -> str:
    """What the file of a table of this name is called."""
    return f"attune-{name.replace('_', '-')}-{now.date().isoformat()}.{form.value}"


def log_reading(
    session: Session, by: record_access.Reads, fields: frozenset[Field], trainees: set[UUID], now: datetime
) -> None:
    """Each trainee can see that this was taken along: a line for each person and kind, however many rows there are."""
    everybody = sorted(trainees, key=str)
    for first in range(0, len(everybody) if fields else 0, 500):
        some = everybody[first : first + 500]
        record_access.log_reading_of_several(session, by, trainees=some, fields=fields, now=now)


# ---- one's own files ----


def mine(session: Session, visitor: Visitor) -> tuple[Export, ...]:
    """The visitor's own, the newest first."""
    rows = session.scalars(
        select(ExportRow)
        .where(ExportRow.person_id == visitor.person_id, ExportRow.organization_id == visitor.organization_id)
        .order_by(ExportRow.asked_at.desc(), ExportRow.id.desc())
        .limit(MOST)
    )
    return tuple(_export(row) for row in rows)


def one(session: Session, visitor: Visitor, export_id: UUID) -> Export:
    """One of the visitor's own. Raises `NotHere` for anybody else's."""
    return _export(_own(session, visitor, export_id))


def call_off(session: Session, visitor: Visitor, export_id: UUID, now: datetime) -> None:
    """It is not to be made after all; one that is ready stays. Twice changes nothing. Raises `NotHere`."""
    row = _own(session, visitor, export_id, locked=True)
    if row.state in OPEN:
        row.state, row.leased_until = ExportState.CALLED_OFF, None
        session.flush()
        _audit(session, _by(row, now), "export.call_off", f"export:{row.id}")


def take_along(session: Session, visitor: Visitor, export_id: UUID, now: datetime) -> Export:
    """A file that is ready, while its person may still have what is in it; it is in the audit. Raises `NotHere`."""
    row = _own(session, visitor, export_id)
    if row.state is not ExportState.READY or row.stored_key is None:
        raise NotHere
    if row.what != own_copy.NAME:  # which is its person's own, whatever else they may see
        table, subject = TABLES.get(row.what), row.asks.get("subject")
        if table is None:
            raise NotHere
        check(session, table.of, Asked(row.organization_id, row.person_id, UUID(subject) if subject else None, now))
    _audit(session, _by(row, now), "export.take_along", f"export:{row.id}")
    return _export(row)


def _own(session: Session, visitor: Visitor, export_id: UUID, *, locked: bool = False) -> ExportRow:
    wanted = select(ExportRow).where(
        ExportRow.id == export_id,
        ExportRow.person_id == visitor.person_id,
        ExportRow.organization_id == visitor.organization_id,
    )
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotHere
    return found


def _by(row: ExportRow, now: datetime) -> Asked:
    return Asked(row.organization_id, row.person_id, None, now)


def _export(row: ExportRow) -> Export:
    table = TABLES.get(row.what)
    of_files = row.what == own_copy.NAME
    return Export(
        id=row.id,
        title=own_copy.TITLE if of_files else table.title if table else "",
        form=row.form,
        state=row.state,
        rows_done=row.rows_done,
        rows_total=row.rows_total,
        asked_at=row.asked_at,
        ready_at=row.ready_at,
        kept_until=row.kept_until,
        filename=row.filename,
        size=row.size,
        digest=row.digest,
        problem=row.problem,
        stored_key=row.stored_key,
        of_files=of_files,
    )


def _audit(session: Session, asked: Asked, act: str, subject: str, **facts: Any) -> None:
    audit.write(
        session,
        organization_id=asked.organization_id,
        person_id=asked.person_id,
        act=act,
        subject=subject,
        now=asked.now,
        **facts,
    )
