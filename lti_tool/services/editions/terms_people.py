"""Who agrees to an edition of the terms, by name: of editions that said so to whoever was asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_tool.services.cohorts import name_order
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions.terms import Terms, holds, published, terms_of
from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import PersonRow
from lti_tool.store.terms import TermsAnswer, TermsAnswerRow


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody who agrees to an edition."""

    name: str
    language: str
    """In which they read it."""
    at: datetime


def listed(session: Session, organization_id: UUID, terms_id: UUID) -> Terms:
    """The edition. Raises `NotHere` where it promised to show only how many, is still being written, or is none."""
    edition = terms_of(published(session, organization_id, terms_id))
    if not edition.by_name:
        raise NotHere
    return edition


def count(session: Session, terms_id: UUID) -> int:
    """How many people's newest answer is a yes."""
    return session.scalars(select(func.count()).select_from(_agreed(terms_id).subquery())).one()


def some(session: Session, organization_id: UUID, terms_id: UUID, first: int, most: int) -> tuple[Agreed, ...]:
    """So many of them, in order of their names, from the one with this number on, counted from 0."""
    people = name_order.ordered(_agreed(terms_id), organization_id, TermsAnswerRow.person_id)
    rows = session.execute(people.add_columns(PersonRow.name).offset(first).limit(most))
    return tuple(Agreed(display_name(person_id, name), language, at) for person_id, language, at, name in rows)


def _agreed(terms_id: UUID) -> Select[UUID, str, datetime]:
    return select(TermsAnswerRow.person_id, TermsAnswerRow.language, TermsAnswerRow.answered_at).where(
        TermsAnswerRow.terms_id == terms_id, TermsAnswerRow.answer == TermsAnswer.AGREED, holds()
    )
