"""Lists that say who and which course is who and which in the next LMS: written to be filled in, and read again."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.documents.separated import separated_rows
from lti_tool.documents.table_out import defused, undefused
from lti_tool.documents.text_in import read_text
from lti_tool.services.connecting.moving import Pair
from lti_tool.services.linking.link_names import ACTIVITY, PROGRAM, address_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.platforms import DeploymentRow
from lti_tool.store.programs import PlacedProgramRow

OLD, NEW, DEPLOYMENT = "old", "new", "deployment"
PEOPLE, COURSES, LINKS = "people.csv", "courses.csv", "links.csv"
MARK = "\ufeff"


class NotAList(Exception):
    """The file is no list that can be read; the message says what is wrong."""


def people(session: Session, old_id: UUID, new_id: UUID) -> str:
    """Everybody with an account at the LMS before, with that at the next one where it is known already."""
    there = aliased(LmsAccountRow)
    rows = session.execute(
        select(LmsAccountRow.sub, there.sub, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == LmsAccountRow.person_id)
        .outerjoin(there, (there.person_id == PersonRow.id) & (there.registration_id == new_id))
        .where(LmsAccountRow.registration_id == old_id)
        .order_by(LmsAccountRow.id)
    ).all()
    lines, before, after = [], set[str](), set[str]()
    for sub, new, id_, name in rows:  # somebody who was made one with themselves has several accounts
        known = new or ""
        if sub not in before:
            lines.append((sub, "" if known in after else known, display_name(id_, name)))
        before.add(sub)
        after.add(known)
    return _text((OLD, NEW, "name"), lines)


def courses(session: Session, old_id: UUID) -> str:
    """Every course of the LMS before."""
    rows = session.execute(
        select(CourseRow.lti_context_id, CourseRow.title)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(DeploymentRow.registration_id == old_id)
        .order_by(CourseRow.id)
    ).all()
    return _text((OLD, NEW, DEPLOYMENT, "title"), ((old, "", "", title) for old, title in rows))


def links(session: Session, old_id: UUID, public_url: str) -> str:
    """The address of everything that was set up: a link to it, typed into the next LMS, leads there by itself."""
    found = []
    for kind, row in ((ACTIVITY, ActivityRow), (PROGRAM, PlacedProgramRow)):
        rows = session.execute(
            select(CourseRow.lti_context_id, CourseRow.title, row.title, row.id)
            .join(CourseRow, CourseRow.id == row.course_id)
            .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
            .where(DeploymentRow.registration_id == old_id)
            .order_by(row.id)
        )
        found += [(old, course, title, address_of(public_url, kind, str(id_))) for old, course, title, id_ in rows]
    return _text((OLD, "course", "title", "address"), found)


def read(content: bytes, source: str) -> tuple[Pair, ...]:
    """The rows that are filled in. Raises `NotAList`, and `DocumentProblems` for what is no text with separators."""
    text, _notes = read_text(content, source=source)
    rows = iter(separated_rows(text, source=source, separator=None, fit=lambda cells: float(OLD in _names(cells))))
    header = next((row for row in rows if row), None)
    names = _names(header.cells) if header is not None else []
    if OLD not in names or NEW not in names:
        raise NotAList(f"{source} needs the columns “{OLD}” and “{NEW}” in its first line.")
    found, seen, given = [], set[str](), dict[tuple[str, str], int]()
    for row in rows:
        cells = {name: undefused(cell.strip()) for name, cell in zip(names, row.cells, strict=False)}
        old, new = cells.get(OLD, ""), cells.get(NEW, "")
        if not old or not new:
            continue
        if old in seen:
            raise NotAList(f"{source}, line {row.line}: {old} stands there twice.")
        seen.add(old)
        pair = Pair(row.line, old, new, cells.get(DEPLOYMENT, ""))
        first = given.setdefault((pair.new, pair.deployment), pair.line)
        if first != pair.line:
            raise NotAList(f"{source}, lines {first} and {pair.line}: both would become {new}.")
        found.append(pair)
    return tuple(found)


def _names(cells: Sequence[str]) -> list[str]:
    return [cell.strip().casefold() for cell in cells]


def _text(header: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> str:
    to = StringIO()
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return MARK + to.getvalue()
