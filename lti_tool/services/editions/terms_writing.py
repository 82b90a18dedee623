"""For program leads: writing the terms edition by edition, publishing one, and how many said what to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_tool.services.editions import edition_writing
from lti_tool.services.editions.edition_writing import Kind
from lti_tool.services.editions.terms import Terms, holds, in_force, terms_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.languages import SOURCE_LANGUAGE, first_words, languages
from lti_tool.services.practicum.site_writing import some_text
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow, TermsRow
from rubrics.refusal import Refused

KIND = Kind(TermsRow, "terms", "texts")
MOST_EDITIONS = 100
BLANK = re.compile(r"\[[^\]\n]+\]")
"""What the text that comes with Attune leaves to be filled in."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One published edition with how many said what to it."""

    terms: Terms
    said: Mapping[TermsAnswer, int]


def draft(session: Session, organization_id: UUID) -> Terms | None:
    """What is being written and not published yet."""
    row = session.scalars(KIND.drafts(organization_id)).first()
    return None if row is None else terms_of(row)


def draft_of(session: Session, organization_id: UUID, terms_id: UUID) -> Terms:
    """The draft with this id. Raises `NotHere` where there is none, or it is published."""
    return terms_of(edition_writing.draft_of(session, KIND, organization_id, terms_id))


def edition_of(session: Session, organization_id: UUID, terms_id: UUID) -> Terms:
    """One that is being written or was published. Raises `NotHere`."""
    return terms_of(edition_writing.edition_of(session, KIND, organization_id, terms_id))


def editions(session: Session, organization_id: UUID) -> tuple[Edition, ...]:
    """All that were published, the newest first."""
    rows = session.scalars(
        select(TermsRow)
        .where(TermsRow.organization_id == organization_id, TermsRow.published_at.is_not(None))
        .order_by(TermsRow.number.desc())
        .limit(MOST_EDITIONS)
    ).all()
    counts = {(terms_id, said): number for terms_id, said, number in session.execute(_counts(organization_id))}
    return tuple(Edition(terms_of(row), {said: counts.get((row.id, said), 0) for said in TermsAnswer}) for row in rows)


def begin(session: Session, visitor: Visitor, now: datetime, *, language: str = SOURCE_LANGUAGE) -> UUID:
    """A draft of the next edition: the words of the one in force, or those that come with Attune in this language.

    The latter are the notice of docs/privacy-notice-template.md, to be filled in. Where there is a draft already, that
    one. Raises `NotHere` for whoever is no program lead.
    """
    standing = in_force(session, visitor.organization_id)
    words = dict(standing.texts) if standing else {language: first_words("terms", language)}
    return edition_writing.begin(session, visitor, KIND, words, now)


def write(
    session: Session, visitor: Visitor, terms_id: UUID, texts: Mapping[str, str], shown: str, now: datetime
) -> None:
    """Keep the words of a draft, by language; those without any are left out. `shown` as in `edition_writing.write`.

    Raises `Refused` ("words_needed", "too_long", "published", "changed"), `NotHere`.
    """
    found = {tag: words for tag in languages() if (words := some_text(texts.get(tag, ""))) is not None}
    if not found:
        raise Refused("words_needed", "Please write what people agree to, in at least one language.")
    edition_writing.write(session, visitor, KIND, terms_id, found, shown, now)


def publish(session: Session, visitor: Visitor, terms_id: UUID, shown: str, now: datetime) -> None:
    """Have people asked about it from their next visit on, in place of the edition before; twice changes nothing.

    Raises `Refused` ("changed") where its words are not those with the digest `shown`, and ("blanks") where something
    in [brackets] is still to be filled in; `NotHere`.
    """
    row = edition_writing.to_publish(session, visitor, KIND, terms_id, shown)
    if row is None:
        return
    for words in row.texts.values():
        if blank := BLANK.search(words):
            raise Refused(
                "blanks",
                "Please fill in or take out what stands in brackets first, such as %(blank)s.",
                blank=blank.group(),
            )
    row.by_name = True
    edition_writing.publish(session, visitor, KIND, row, now)


def end(session: Session, visitor: Visitor, terms_id: UUID, now: datetime) -> None:
    """Put an edition out of use: then nobody is asked any more. Twice changes nothing. Raises `NotHere`."""
    edition_writing.end(session, visitor, KIND, terms_id, now)


def _counts(organization_id: UUID) -> Select[UUID, TermsAnswer, int]:
    """Of each edition how many people's newest answer is which."""
    return (
        select(TermsAnswerRow.terms_id, TermsAnswerRow.answer, func.count())
        .where(TermsAnswerRow.organization_id == organization_id, holds())
        .group_by(TermsAnswerRow.terms_id, TermsAnswerRow.answer)
    )
