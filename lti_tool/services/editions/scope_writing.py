"""Writing the scope of practice, edition by edition; putting one in force, and telling those who knew the last one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from lti_tool.services.editions import edition_writing
from lti_tool.services.editions.edition_writing import Kind
from lti_tool.services.editions.scope import Statement, in_force, statement_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.languages import SOURCE_LANGUAGE, first_words
from lti_tool.services.notifying import notify
from lti_tool.services.practicum.site_writing import some_text
from lti_tool.store.messages import MessageRow
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import ScopeAcknowledgmentRow, ScopeStatementRow
from rubrics.refusal import Refused

TOLD_AT_ONCE = 500
KIND = Kind(ScopeStatementRow, "scope", "words")
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
    row = session.scalars(KIND.drafts(organization_id)).first()
    return None if row is None else statement_of(row)


def draft_of(session: Session, organization_id: UUID, statement_id: UUID) -> Statement:
    """The draft with this id. Raises `NotHere` where there is none, or it is published."""
    return statement_of(edition_writing.draft_of(session, KIND, organization_id, statement_id))


def edition_of(session: Session, organization_id: UUID, statement_id: UUID) -> Statement:
    """One that is being written or was published. Raises `NotHere`."""
    return statement_of(edition_writing.edition_of(session, KIND, organization_id, statement_id))


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
    standing = in_force(session, visitor.organization_id)
    words = standing.words if standing else first_words("scope", language)
    return edition_writing.begin(session, visitor, KIND, words, now)


def write(session: Session, visitor: Visitor, statement_id: UUID, words: str, shown: str, now: datetime) -> None:
    """Keep the words of a draft; `shown` as in `edition_writing.write`.

    Raises `Refused` ("words_needed", "too_long", "published", "changed"), `NotHere`.
    """
    found = some_text(words)
    if found is None:
        raise Refused("words_needed", "Please write what peers can and cannot promise.")
    edition_writing.write(session, visitor, KIND, statement_id, found, shown, now)


def publish(session: Session, visitor: Visitor, statement_id: UUID, shown: str, now: datetime) -> None:
    """Put a draft in force, in place of the edition before; twice changes nothing.

    Whoever acknowledged an earlier edition is told by the worker, see `tell`. Raises `Refused` ("changed") where its
    words are not those with the digest `shown`; `NotHere`.
    """
    row = edition_writing.to_publish(session, visitor, KIND, statement_id, shown)
    if row is not None:
        edition_writing.publish(session, visitor, KIND, row, now)


def end(session: Session, visitor: Visitor, statement_id: UUID, now: datetime) -> None:
    """Put an edition out of use: then nothing is asked any more. Twice changes nothing. Raises `NotHere`."""
    edition_writing.end(session, visitor, KIND, statement_id, now)


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
