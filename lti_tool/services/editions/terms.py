"""Terms of an organization as people read them: the edition in force, and what somebody said to it.

Agreeing is asked once for each edition, and nothing waits for it: whoever says "not now" goes on as before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow, TermsRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """One edition."""

    id: UUID
    number: int
    texts: Mapping[str, str]
    """By language."""
    at: datetime
    """When it was published; of a draft, when it was last written."""
    ended_at: datetime | None
    by_name: bool = False
    """Whether program leads see who agrees; of editions from before they see only how many."""

    def language_for(self, wanted: tuple[str, ...]) -> str:
        """Of its languages the one that a reader with these would like best, as `readers_languages` says them."""
        for each in wanted:
            short = each.split("-")[0].lower()
            if short in self.texts:
                return short
        return next(iter(self.texts))


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody said to an edition."""

    terms: Terms
    answer: TermsAnswer
    at: datetime


def in_force(session: Session, organization_id: UUID) -> Terms | None:
    """The edition that people are asked about; None: nobody is asked anything."""
    row = session.scalars(
        select(TermsRow)
        .where(
            TermsRow.organization_id == organization_id, TermsRow.published_at.is_not(None), TermsRow.ended_at.is_(None)
        )
        .order_by(TermsRow.number.desc())
    ).first()
    return None if row is None else terms_of(row)


def answers(session: Session, visitor: Visitor) -> tuple[Answered, ...]:
    """All that the visitor said to any edition, the newest first."""
    rows = session.execute(
        select(TermsRow, TermsAnswerRow)
        .join(TermsAnswerRow, TermsAnswerRow.terms_id == TermsRow.id)
        .where(TermsAnswerRow.person_id == visitor.person_id, TermsRow.organization_id == visitor.organization_id)
        .order_by(TermsAnswerRow.answered_at.desc(), TermsAnswerRow.id.desc())
    )
    return tuple(Answered(terms_of(row), said.answer, said.answered_at) for row, said in rows)


def published(session: Session, organization_id: UUID, terms_id: UUID) -> TermsRow:
    """One of the organization's editions. Raises `NotHere`, also for one that is still being written."""
    row = session.scalars(
        select(TermsRow).where(
            TermsRow.id == terms_id,
            TermsRow.organization_id == organization_id,
            TermsRow.published_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def answer(session: Session, visitor: Visitor, terms_id: UUID, said: TermsAnswer, language: str, now: datetime) -> None:
    """Keep what the visitor says to an edition. The same again changes nothing; so does taking back what nobody gave.

    Raises `Refused` ("newer_terms") for one that is not in use any more, unless it is taken back; `NotHere`.
    """
    row = published(session, visitor.organization_id, terms_id)
    if row.ended_at is not None and said is not TermsAnswer.WITHDRAWN:
        raise Refused("newer_terms", "This edition is not in use any more. Please read the one that is.")
    session.execute(select(PersonRow.id).where(PersonRow.id == visitor.person_id).with_for_update())  # one at a time
    before = next((each.answer for each in answers(session, visitor) if each.terms.id == terms_id), None)
    if before is said or (said is TermsAnswer.WITHDRAWN and before is not TermsAnswer.AGREED):
        return
    session.add(
        TermsAnswerRow(
            id=new_id(),
            organization_id=visitor.organization_id,
            terms_id=terms_id,
            person_id=visitor.person_id,
            answer=said,
            language=language,
            answered_at=now,
        )
    )
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=f"terms.{said}",
        subject=f"terms:{terms_id}",
        now=now,
        number=row.number,
    )


def holds() -> ColumnElement[bool]:
    """Of the answers of one person to one edition the newest."""
    later = aliased(TermsAnswerRow)
    newer = or_(
        later.answered_at > TermsAnswerRow.answered_at,
        and_(later.answered_at == TermsAnswerRow.answered_at, later.id > TermsAnswerRow.id),
    )
    followed = exists().where(
        later.terms_id == TermsAnswerRow.terms_id, later.person_id == TermsAnswerRow.person_id, newer
    )
    return ~followed


def terms_of(row: TermsRow) -> Terms:
    """A row as a value."""
    return Terms(row.id, row.number, dict(row.texts), row.published_at or row.written_at, row.ended_at, row.by_name)
