"""Reading feedback, in blocks: a supervisor reads what was said of them, program leads read all of it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.feedback_blocks import FeedbackAbout
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity.feedback_questions import QUESTIONS
from lti_tool.services.equity.feedback_shown import about_of, ids_in
from lti_tool.services.observations.lines import display_name
from lti_tool.store.equity import FeedbackRow, ReleaseRow, ReportKind
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import SiteRow


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block in a list."""

    id: UUID
    about: FeedbackAbout
    name: str
    """Of the person or the site."""
    released_at: datetime
    minimum: int


@dataclass(frozen=True, slots=True)
class BlockView:
    """What is shown of a block."""

    line: BlockLine
    middle: Mapping[str, int | None]
    """To each question the middle one of the answers; None: too few answered it."""
    words: tuple[str, ...]
    """In an order by chance; what was taken out meanwhile is not in it."""


def of_everybody(session: Session, visitor: Visitor) -> list[BlockLine]:
    """The blocks of the organization, for program leads: by name, never by what was answered.

    What was said of feedback that the visitor wrote is not among them: whoever said it was told that they do not read
    it, and it does not matter what else they are.
    """
    lines = _lines(session, visitor, ReleaseRow.organization_id == visitor.organization_id)
    return sorted(lines, key=lambda line: (line.name, line.released_at, line.id))


def of_visitor(session: Session, visitor: Visitor) -> list[BlockLine]:
    """The blocks about the visitor as somebody who supervises or observes, the newest first."""
    lines = _lines(session, visitor, ReleaseRow.of_person_id == visitor.person_id)
    own = [line for line in lines if line.about is FeedbackAbout.SUPERVISOR]
    return sorted(own, key=lambda line: (line.released_at, line.id), reverse=True)


def block(session: Session, visitor: Visitor, release_id: UUID, *, leads: bool) -> BlockView:
    """One block. Raises `NotHere` unless the visitor leads programs, or it is about them; and for their own words."""
    row = session.get(ReleaseRow, release_id)
    if row is None or row.organization_id != visitor.organization_id or row.report is not ReportKind.FEEDBACK:
        raise NotHere
    if _of_own_words(row, visitor) or not (leads or row.of_person_id == visitor.person_id):
        raise NotHere
    written = session.scalars(
        select(FeedbackRow.words).where(FeedbackRow.id.in_(ids_in(row)), FeedbackRow.words.is_not(None))
    )
    words = [text for text in written if text]
    random.SystemRandom().shuffle(words)
    asked = QUESTIONS[about_of(row)]
    middle = {key: row.document["middle"].get(key) for key in (*asked, *sorted(row.document["middle"]))}
    return BlockView(_line(row, _name(session, row)), middle, tuple(words))


def _of_own_words(row: ReleaseRow, visitor: Visitor) -> bool:
    return about_of(row) is FeedbackAbout.FEEDBACK and row.of_person_id == visitor.person_id


def _lines(session: Session, visitor: Visitor, *which: Any) -> list[BlockLine]:
    rows = session.execute(
        select(ReleaseRow, PersonRow.name, SiteRow.name)
        .outerjoin(PersonRow, PersonRow.id == ReleaseRow.of_person_id)
        .outerjoin(SiteRow, SiteRow.id == ReleaseRow.site_id)
        .where(ReleaseRow.report == ReportKind.FEEDBACK, *which)
    )
    return [_line(row, _called(row, person, site)) for row, person, site in rows if not _of_own_words(row, visitor)]


def _name(session: Session, row: ReleaseRow) -> str:
    if row.of_person_id is not None:
        return _called(row, session.get_one(PersonRow, row.of_person_id).name, None)
    return _called(row, None, session.get_one(SiteRow, row.site_id).name)


def _called(row: ReleaseRow, person: str | None, site: str | None) -> str:
    return display_name(row.of_person_id, person) if row.of_person_id is not None else site or ""


def _line(row: ReleaseRow, name: str) -> BlockLine:
    return BlockLine(row.id, about_of(row), name, row.released_at, row.rules["minimum"])
