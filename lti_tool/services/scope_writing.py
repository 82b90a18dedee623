"""Writing the scope of practice, edition by edition; putting one in force, and telling those who knew the last one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, case, exists, func, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit, notify
from lti_tool.services.languages import SOURCE_LANGUAGE, first_words
from lti_tool.services.places import NotHere, in_organization
from lti_tool.services.scope import Statement, in_force, statement_of
from lti_tool.services.site_writing import some_text
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import ScopeAcknowledgmentRow, ScopeStatementRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

TOLD_AT_ONCE = 500
MOST_EDITIONS = 100


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition with how many have acknowledged it: counts, never names."""

    statement: Statement
    ended_at: datetime | None
    people: int
    sites: int


def draft(session: Session, organization_id: UUID) -> Statement | None:
    """What is being written and not published yet."""
    row = session.scalars(_drafts(organization_id)).first()
    return None if row is None else statement_of(row)


def draft_of(session: Session, organization_id: UUID, statement_id: UUID) -> Statement:
    """The draft with this id. Raises `NotHere` where there is none, or it is published."""
    row = session.scalars(_drafts(organization_id).where(ScopeStatementRow.id == statement_id)).one_or_none()
    if row is None:
        raise NotHere
    return statement_of(row)


def editions(session: Session, organization_id: UUID) -> tuple[Edition, ...]:
    """All that were published, the newest first."""
    people, sites = func.count(ScopeAcknowledgmentRow.person_id), func.count(ScopeAcknowledgmentRow.site_id)
    rows = session.execute(
        select(ScopeStatementRow, people, sites)
        .outerjoin(ScopeAcknowledgmentRow, ScopeAcknowledgmentRow.statement_id == ScopeStatementRow.id)
        .where(ScopeStatementRow.organization_id == organization_id, ScopeStatementRow.published_at.is_not(None))
        .group_by(ScopeStatementRow.id)
        .order_by(ScopeStatementRow.number.desc())
        .limit(MOST_EDITIONS)
    )
    return tuple(Edition(statement_of(row), row.ended_at, people, sites) for row, people, sites in rows)


def begin(session: Session, visitor: Visitor, now: datetime, *, language: str = SOURCE_LANGUAGE) -> UUID:
    """A draft of the next edition: the words of the one in force, or those that come with Attune in this language.

    Where there is a draft already, that one.
    """
    _leads(session, visitor)
    found = draft(session, visitor.organization_id)
    if found is not None:
        return found.id
    newest = session.scalars(
        select(func.max(ScopeStatementRow.number)).where(ScopeStatementRow.organization_id == visitor.organization_id)
    ).one()
    standing = in_force(session, visitor.organization_id)
    id_ = new_id()
    made = insert_once(
        session,
        ScopeStatementRow,
        id=id_,
        organization_id=visitor.organization_id,
        number=(newest or 0) + 1,
        words=standing.words if standing else first_words("scope", language),
        written_at=now,
    )
    if not made:  # somebody else began at the same moment
        return session.scalars(_drafts(visitor.organization_id)).one().id
    _audit(session, visitor, "scope.begin", id_, now)
    return id_


def write(session: Session, visitor: Visitor, statement_id: UUID, words: str, now: datetime) -> None:
    """Keep the words of a draft. Raises `Refused` ("words_needed", "too_long", "published"), `NotHere`."""
    row = _held(session, visitor, statement_id)
    found = some_text(words)
    if found is None:
        raise Refused("words_needed", "Please write what peers can and cannot promise.")
    if row.published_at is not None:
        raise Refused("published", "This edition is published, and its words stay. Please begin the next one.")
    row.words, row.written_at = found, now
    session.flush()


def publish(session: Session, visitor: Visitor, statement_id: UUID, now: datetime) -> None:
    """Put a draft in force, in place of the edition before; twice changes nothing. Raises `NotHere`.

    Whoever acknowledged an earlier edition is told by the worker, see `tell`.
    """
    row = _held(session, visitor, statement_id)
    if row.published_at is not None:
        return
    session.execute(
        update(ScopeStatementRow)
        .where(
            ScopeStatementRow.organization_id == row.organization_id,
            ScopeStatementRow.published_at.is_not(None),
            ScopeStatementRow.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    row.published_at, row.published_by = now, visitor.person_id
    session.flush()
    _audit(session, visitor, "scope.publish", row.id, now)


def end(session: Session, visitor: Visitor, statement_id: UUID, now: datetime) -> None:
    """Put an edition out of use: then nothing is asked any more. Twice changes nothing. Raises `NotHere`."""
    row = _held(session, visitor, statement_id)
    if row.published_at is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, visitor, "scope.end", row.id, now)


def tell(session: Session, now: datetime) -> int:
    """Tell people who knew an earlier edition that there is a newer one, some at a time; how many were told."""
    told = 0
    current = select(ScopeStatementRow).where(
        ScopeStatementRow.published_at.is_not(None), ScopeStatementRow.ended_at.is_(None), ScopeStatementRow.number > 1
    )
    for row in session.scalars(current).all():
        path = f"/scope/read?edition={row.number}"
        for person_id in _to_tell(session, row, path):
            notify.news(
                session,
                organization_id=row.organization_id,
                person_id=person_id,
                now=now,
                path=path,
                sender_id=row.published_by,
            )
            told += 1
    return told


def _to_tell(session: Session, statement: ScopeStatementRow, path: str) -> list[UUID]:
    """Each human once: by the account they are known as today."""
    human = func.coalesce(PersonRow.merged_into, PersonRow.id).label("human")
    knows = func.max(case((ScopeAcknowledgmentRow.statement_id == statement.id, 1), else_=0))
    humans = (
        select(human)
        .join(ScopeAcknowledgmentRow, ScopeAcknowledgmentRow.person_id == PersonRow.id)
        .where(PersonRow.organization_id == statement.organization_id)
        .group_by(human)
        .having(knows == 0)
        .subquery()
    )
    told = exists().where(MessageRow.person_id == humans.c.human, MessageRow.path == path)
    return list(session.scalars(select(humans.c.human).where(~told).order_by(humans.c.human).limit(TOLD_AT_ONCE)))


def _drafts(organization_id: UUID) -> Select[ScopeStatementRow]:
    return (
        select(ScopeStatementRow)
        .where(ScopeStatementRow.organization_id == organization_id, ScopeStatementRow.published_at.is_(None))
        .order_by(ScopeStatementRow.number.desc())
    )


def _leads(session: Session, visitor: Visitor) -> None:
    if Capability.PROGRAM_LEAD not in in_organization(session, visitor):
        raise NotHere


def _held(session: Session, visitor: Visitor, statement_id: UUID) -> ScopeStatementRow:
    _leads(session, visitor)
    row = session.scalars(
        select(ScopeStatementRow)
        .where(ScopeStatementRow.id == statement_id, ScopeStatementRow.organization_id == visitor.organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _audit(session: Session, visitor: Visitor, act: str, statement_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"scope:{statement_id}",
        now=now,
    )
