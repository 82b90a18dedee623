"""For program leads: writing the terms edition by edition, publishing one, and how many said what to it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.languages import SOURCE_LANGUAGE, first_words, languages
from lti_tool.services.places import NotHere, in_organization
from lti_tool.services.site_writing import some_text
from lti_tool.services.terms import Terms, holds, in_force, terms_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow, TermsRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

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
    row = session.scalars(_drafts(organization_id)).first()
    return None if row is None else terms_of(row)


def draft_of(session: Session, organization_id: UUID, terms_id: UUID) -> Terms:
    """The draft with this id. Raises `NotHere` where there is none, or it is published."""
    row = session.scalars(_drafts(organization_id).where(TermsRow.id == terms_id)).one_or_none()
    if row is None:
        raise NotHere
    return terms_of(row)


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
    _leads(session, visitor)
    found = draft(session, visitor.organization_id)
    if found is not None:
        return found.id
    numbers = select(func.max(TermsRow.number)).where(TermsRow.organization_id == visitor.organization_id)
    standing, id_ = in_force(session, visitor.organization_id), new_id()
    made = insert_once(
        session,
        TermsRow,
        id=id_,
        organization_id=visitor.organization_id,
        number=(session.scalars(numbers).one() or 0) + 1,
        texts=dict(standing.texts) if standing else {language: first_words("terms", language)},
        written_at=now,
    )
    if not made:  # somebody else began at the same moment
        return session.scalars(_drafts(visitor.organization_id)).one().id
    _audit(session, visitor, "terms.begin", id_, now)
    return id_


def write(session: Session, visitor: Visitor, terms_id: UUID, texts: Mapping[str, str], now: datetime) -> None:
    """Keep the words of a draft, by language; those without any are left out.

    Raises `Refused` ("words_needed", "too_long", "published"), `NotHere`.
    """
    row = _held(session, visitor, terms_id)
    found = {tag: words for tag in languages() if (words := some_text(texts.get(tag, ""))) is not None}
    if not found:
        raise Refused("words_needed", "Please write what people agree to, in at least one language.")
    if row.published_at is not None:
        raise Refused("published", "This edition is published, and its words stay. Please begin the next one.")
    row.texts, row.written_at = found, now
    session.flush()


def digest(texts: Mapping[str, str]) -> str:
    """Of the words of an edition, in hexadecimal: who publishes brings that of the words that they were shown."""
    return hashlib.sha256(json.dumps(dict(texts), sort_keys=True).encode()).hexdigest()


def publish(session: Session, visitor: Visitor, terms_id: UUID, shown: str, now: datetime) -> None:
    """Have people asked about it from their next visit on, in place of the edition before; twice changes nothing.

    Raises `Refused` ("changed") where its words are not those with the digest `shown`, and ("blanks") where something
    in [brackets] is still to be filled in; `NotHere`.
    """
    row = _held(session, visitor, terms_id)
    if digest(row.texts) != shown:
        raise Refused("changed", "Somebody changed the words meanwhile. Please look them over as they are now.")
    if row.published_at is not None:
        return
    for words in row.texts.values():
        if blank := BLANK.search(words):
            raise Refused(
                "blanks",
                "Please fill in or take out what stands in brackets first, such as %(blank)s.",
                blank=blank.group(),
            )
    session.execute(
        update(TermsRow)
        .where(
            TermsRow.organization_id == row.organization_id,
            TermsRow.published_at.is_not(None),
            TermsRow.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    row.published_at, row.published_by, row.by_name = now, visitor.person_id, True
    session.flush()
    _audit(session, visitor, "terms.publish", row.id, now)


def end(session: Session, visitor: Visitor, terms_id: UUID, now: datetime) -> None:
    """Put an edition out of use: then nobody is asked any more. Twice changes nothing. Raises `NotHere`."""
    row = _held(session, visitor, terms_id)
    if row.published_at is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, visitor, "terms.end", row.id, now)


def _counts(organization_id: UUID) -> Select[UUID, TermsAnswer, int]:
    """Of each edition how many people's newest answer is which."""
    return (
        select(TermsAnswerRow.terms_id, TermsAnswerRow.answer, func.count())
        .where(TermsAnswerRow.organization_id == organization_id, holds())
        .group_by(TermsAnswerRow.terms_id, TermsAnswerRow.answer)
    )


def _drafts(organization_id: UUID) -> Select[TermsRow]:
    return (
        select(TermsRow)
        .where(TermsRow.organization_id == organization_id, TermsRow.published_at.is_(None))
        .order_by(TermsRow.number.desc())
    )


def _leads(session: Session, visitor: Visitor) -> None:
    if Capability.PROGRAM_LEAD not in in_organization(session, visitor):
        raise NotHere


def _held(session: Session, visitor: Visitor, terms_id: UUID) -> TermsRow:
    _leads(session, visitor)
    row = session.scalars(
        select(TermsRow)
        .where(TermsRow.id == terms_id, TermsRow.organization_id == visitor.organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _audit(session: Session, visitor: Visitor, act: str, terms_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"terms:{terms_id}",
        now=now,
    )
