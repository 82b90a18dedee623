"""Ways to begin a draft: from nothing, from a copy of a published rubric, or as the next edition of a rubric."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.rubric import from_document, to_document
from lti_tool.documents.rubric_places import place_of
from lti_tool.documents.rubric_values import plain
from lti_tool.services.authoring import drafting, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.keys import key_for
from rubrics.refusal import Refused
from rubrics.rubric import Rubric


def begin_new(session: Session, by: Author, words: Rubric, now: datetime) -> UUID:
    """A draft of a new rubric with these words, under a new key made of its title. Raises `Refused`."""
    return drafts.begin(session, by, _with_new_key(session, by, words), now)


def begin_copy(session: Session, by: Author, version_id: UUID, title: str, now: datetime) -> UUID:
    """A draft of a new rubric with the words of a published one, which it names. Raises `Refused`, `NotHere`.

    The license goes along with the words; that people reviewed the other one does not.
    """
    row = session.scalars(
        select(RubricVersionRow).where(
            RubricVersionRow.id == version_id, RubricVersionRow.organization_id == by.organization_id
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    rubric = from_document(row.document)
    origin = f"“{rubric.title}”, {row.number}. {rubric.provenance}".strip()
    words = replace(rubric, title=plain(title) or rubric.title, provenance=origin, reviewed_by_lived_experience=None)
    return drafts.begin(session, by, _with_new_key(session, by, words), now)


def begin_next(session: Session, by: Author, rubric_id: UUID, now: datetime) -> UUID:
    """The draft of a rubric's next edition: the one that is open, or a new one. Raises `NotHere`."""
    mine = RubricRow.id == rubric_id, RubricRow.organization_id == by.organization_id
    if session.scalars(select(RubricRow.id).where(*mine)).one_or_none() is None:
        raise NotHere
    found = drafts.open_draft_of(session, rubric_id)
    if found is not None:
        return found
    row = _newest(session, by.organization_id, rubric_id)
    words = replace(from_document(row.document), reviewed_by_lived_experience=None)
    return drafts.begin(session, by, words, now, based_on_id=row.id)


def _newest(session: Session, organization_id: UUID, rubric_id: UUID) -> RubricVersionRow:
    row = session.scalars(
        select(RubricVersionRow)
        .where(RubricVersionRow.rubric_id == rubric_id, RubricVersionRow.organization_id == organization_id)
        .order_by(RubricVersionRow.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _with_new_key(session: Session, by: Author, words: Rubric) -> Rubric:
    words = replace(words, title=" ".join(plain(words.title).split()), summary=plain(words.summary))
    if not words.title:
        raise Refused("title_needed", "Please give the rubric a title. It can be changed later.")
    document = to_document(words)
    for name in ("title", "summary", "language"):
        place = place_of(name)
        drafting.check(document, place, getattr(words, name))
    taken = session.scalars(select(RubricRow.key).where(RubricRow.organization_id == by.organization_id)).all()
    return replace(words, key=key_for(words.title, set(taken), otherwise="rubric"))
