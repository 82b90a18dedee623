"""Which questions about themselves an organization asks: none until a program lead turns it on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity.shipped import DESCRIPTIONS, OfferedQuestion
from lti_tool.store.base import new_id
from lti_tool.store.equity import DescriptionQuestionRow as Row
from lti_tool.store.writing import insert_once


@dataclass(frozen=True, slots=True)
class Offered:
    """A question that comes with Attune, and whether it is asked here."""

    question: OfferedQuestion
    asked_as: UUID | None
    """None: it is not asked."""


def offered(session: Session, organization_id: UUID) -> tuple[Offered, ...]:
    """All that come with Attune."""
    rows = select(Row.key, Row.id).where(Row.organization_id == organization_id, Row.ended_at.is_(None))
    asked_as = {row.key: row.id for row in session.execute(rows)}
    return tuple(Offered(each, asked_as.get(each.key)) for each in DESCRIPTIONS)


def asked(session: Session, organization_id: UUID) -> tuple[Row, ...]:
    """The questions that are asked, in their order."""
    rows = select(Row).where(Row.organization_id == organization_id, Row.ended_at.is_(None))
    return tuple(session.scalars(rows.order_by(Row.position, Row.key)))


def turn_on(session: Session, visitor: Visitor, key: str, now: datetime) -> None:
    """Ask it from now on. Raises `NotHere` for a question that does not come with Attune."""
    position, question = next(
        ((place, each) for place, each in enumerate(DESCRIPTIONS, 1) if each.key == key), (0, None)
    )
    if question is None:
        raise NotHere
    insert_once(
        session, Row, id=new_id(), organization_id=visitor.organization_id, key=key, words=question.words,
        why=question.why, several=question.several, position=position, made_by=visitor.person_id, made_at=now,
        ended_at=now, choices=[{"key": each, "words": words} for each, words in question.choices.items()],
    )  # fmt: skip
    row = _held(session, Row.organization_id == visitor.organization_id, Row.key == key)
    if row.ended_at is not None:
        row.ended_at = None
        session.flush()
        _note(session, visitor, "description.ask", row.id, now)


def turn_off(session: Session, visitor: Visitor, question_id: UUID, now: datetime) -> None:
    """Ask it no more. What was said stays its owner's to take back, and is not counted. Raises `NotHere`."""
    row = _held(session, Row.organization_id == visitor.organization_id, Row.id == question_id)
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _note(session, visitor, "description.end", row.id, now)


def _held(session: Session, *which: object) -> Row:
    row = session.scalars(
        select(Row).where(*which).with_for_update().execution_options(populate_existing=True)  # type: ignore[arg-type]
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _note(session: Session, visitor: Visitor, act: str, question_id: UUID, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"description_question:{question_id}", now=now,
    )  # fmt: skip
