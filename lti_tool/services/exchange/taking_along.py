"""Taking along what the organization has, as files."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.documents import DocumentProblems, formats
from lti_tool.documents.brought import Brought
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.rubric import from_document
from lti_tool.services.authoring import drafts
from lti_tool.services.competencies import frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.store.drafts import DraftRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.refusal import Refused

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file for someone to keep."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptRubric:
    """A rubric of the organization: its newest version, or its draft while nothing of it is published."""

    key: str
    title: str
    edition: int | None
    """None for what is only a draft yet."""
    writing: bool
    """Whether a draft is open."""
    retired: bool


def kept_rubrics(session: Session, organization_id: UUID) -> tuple[KeptRubric, ...]:
    """The rubrics of the organization that have words, by key."""
    newer = aliased(RubricVersionRow)
    editions = {
        row.rubric_id: (row.number, row.title)
        for row in session.execute(
            select(
                RubricVersionRow.rubric_id,
                RubricVersionRow.number,
                RubricVersionRow.document["title"].as_string().label("title"),
            ).where(
                RubricVersionRow.organization_id == organization_id,
                ~select(newer.id)
                .where(newer.rubric_id == RubricVersionRow.rubric_id, newer.number > RubricVersionRow.number)
                .exists(),
            )
        )
    }
    titles = {
        row.rubric_id: row.title
        for row in session.execute(
            select(DraftRow.rubric_id, DraftRow.head["title"].as_string().label("title")).where(
                DraftRow.organization_id == organization_id, DraftRow.ended_at.is_(None)
            )
        )
    }
    rows = session.scalars(
        select(RubricRow).where(RubricRow.organization_id == organization_id).order_by(RubricRow.key)
    ).all()
    return tuple(
        KeptRubric(
            row.key,
            editions[row.id][1] if row.id in editions else titles[row.id],
            editions[row.id][0] if row.id in editions else None,
            row.id in titles,
            row.retired_at is not None,
        )
        for row in rows
        if row.id in editions or row.id in titles
    )


def rubric_version(session: Session, organization_id: UUID, version_id: UUID, kind: Format) -> File:
    """A published version as a file. Raises `NotHere`, also for a format that holds no rubrics; `Refused`."""
    row = session.execute(
        select(RubricVersionRow.document, RubricVersionRow.number).where(
            RubricVersionRow.id == version_id, RubricVersionRow.organization_id == organization_id
        )
    ).one_or_none()
    if row is None or not FORMATS[kind].rubrics:
        raise NotHere
    rubric = from_document(row.document)
    return _file(f"{rubric.key}-edition-{row.number}", Brought(rubrics=(rubric,)), kind)


def framework(session: Session, organization_id: UUID, framework_id: UUID, kind: Format) -> File:
    """A framework as a file. Raises `NotHere`, also for a format that holds no frameworks; `Refused`."""
    if not FORMATS[kind].frameworks:
        raise NotHere
    found = frameworks.framework_of(session, organization_id, framework_id)
    return _file(found.key, Brought(frameworks=(found,)), kind)


def rubric_named(session: Session, organization_id: UUID, key: str, kind: Format) -> File:
    """The newest version of the rubric with this key, or its draft while there is none. Raises `NotHere`, `Refused`."""
    rubric_id = session.scalars(
        select(RubricRow.id).where(RubricRow.organization_id == organization_id, RubricRow.key == key)
    ).one_or_none()
    if rubric_id is None:
        raise NotHere
    newest = select(RubricVersionRow.id).where(RubricVersionRow.rubric_id == rubric_id)
    version_id = session.scalars(newest.order_by(RubricVersionRow.number.desc()).limit(1)).one_or_none()
    if version_id is not None:
        return rubric_version(session, organization_id, version_id, kind)
    draft_id = drafts.open_draft_of(session, rubric_id)
    if draft_id is None or not FORMATS[kind].rubrics:
        raise NotHere
    rubric = drafts.draft(session, organization_id, draft_id).rubric
    return _file(f"{rubric.key}-draft", Brought(rubrics=(rubric,)), kind)


def framework_named(session: Session, organization_id: UUID, named: str, kind: Format) -> File:
    """The framework with this key or identifier. Raises `NotHere`, `Refused`."""
    framework_id = frameworks.framework_named(session, organization_id, named)
    if framework_id is None:
        raise NotHere
    return framework(session, organization_id, framework_id, kind)


def template(kind: Format, language: str) -> File:
    """A file to fill in. Raises `NotHere` for a format that has none."""
    make = FORMATS[kind].template
    if make is None:
        raise NotHere
    return File(f"{kind.value}.{FORMATS[kind].suffix}", FORMATS[kind].content_type, make(language))


def _file(name: str, brought: Brought, kind: Format) -> File:
    known = FORMATS[kind]
    try:
        content = formats.write(brought, kind)
    except DocumentProblems as found:
        raise Refused(
            "format_cannot", "This format cannot hold it: %(problem)s", problem=str(found.problems[0].sentence)
        ) from found
    return File(f"{_NOT_IN_NAMES.sub('-', name)}.{known.suffix}", known.content_type, content)
