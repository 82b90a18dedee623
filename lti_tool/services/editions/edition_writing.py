"""Texts that an organization publishes edition by edition: the terms, and the scope of practice.

A draft is begun, written, published in place of the edition before, and put out of use; by program leads alone. What
each of them adds to that stands in `services.editions.terms_writing` and `services.editions.scope_writing`.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, in_organization
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.sites import ScopeStatementRow
from lti_tool.store.terms import TermsRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

Row = TypeVar("Row", TermsRow, ScopeStatementRow)
CHANGED = "changed"
"""The refusal after which the words of now are shown beside what was typed."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """Which of them."""

    row: type[Row]
    name: str
    """In the audit."""
    words: str
    """The column of its words."""

    def drafts(self, organization_id: UUID) -> Select[Row]:
        """What is being written and not published yet: one at most, once whoever began at the same moment is done."""
        return (
            select(self.row)
            .where(self.row.organization_id == organization_id, self.row.published_at.is_(None))
            .order_by(self.row.number.desc())
        )


def draft_of(session: Session, kind: Kind[Row], organization_id: UUID, id_: UUID) -> Row:
    """The draft with this id. Raises `NotHere` where there is none, or it is published."""
    row = session.scalars(kind.drafts(organization_id).where(kind.row.id == id_)).one_or_none()
    if row is None:
        raise NotHere
    return row


def edition_of(session: Session, kind: Kind[Row], organization_id: UUID, id_: UUID) -> Row:
    """One that is being written or was published. Raises `NotHere`."""
    row = session.get(kind.row, id_, populate_existing=True)
    if row is None or row.organization_id != organization_id:
        raise NotHere
    return row


def begin(session: Session, visitor: Visitor, kind: Kind[Row], words: Any, now: datetime) -> UUID:
    """A draft of the next edition with these words; where there is a draft already, that one. Raises `NotHere`."""
    _leads(session, visitor)
    found = session.scalars(kind.drafts(visitor.organization_id)).first()
    if found is not None:
        return found.id
    numbers = select(func.max(kind.row.number)).where(kind.row.organization_id == visitor.organization_id)
    id_ = new_id()
    made = insert_once(
        session,
        kind.row,
        id=id_,
        organization_id=visitor.organization_id,
        number=(session.scalars(numbers).one() or 0) + 1,
        written_at=now,
        **{kind.words: words},
    )
    if not made:  # somebody else began at the same moment
        return session.scalars(kind.drafts(visitor.organization_id)).one().id
    _audit(session, visitor, kind, "begin", id_, now)
    return id_


def write(
    session: Session, visitor: Visitor, kind: Kind[Row], id_: UUID, words: Any, shown: str, now: datetime
) -> None:
    """Keep the words of a draft, of which the writer saw those with the digest `shown`.

    Raises `Refused` ("published"), and ("changed") where somebody else wrote others meanwhile; `NotHere`.
    """
    row = _held(session, visitor, kind, id_)
    if row.published_at is not None:
        raise Refused("published", "This edition is published, and its words stay. Please begin the next one.")
    before = getattr(row, kind.words)
    if before == words:
        return
    if digest(before) != shown:
        raise Refused(
            CHANGED,
            "Somebody else saved other words meanwhile. Yours are not saved yet: they stand below, and after them "
            "what is saved now. If you save, yours take its place.",
        )
    setattr(row, kind.words, words)
    row.written_at = now
    session.flush()


def digest(words: Any) -> str:
    """Of the words of an edition, in hexadecimal: who acts on them brings that of the words that they were shown."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def to_publish(session: Session, visitor: Visitor, kind: Kind[Row], id_: UUID, shown: str) -> Row | None:
    """The edition, held, to be published; None: it is published.

    Raises `Refused` ("changed") where its words are not those with the digest `shown`; `NotHere`.
    """
    row = _held(session, visitor, kind, id_)
    if digest(getattr(row, kind.words)) != shown:
        raise Refused(CHANGED, "Somebody changed the words meanwhile. Please look them over as they are now.")
    return row if row.published_at is None else None


def publish(session: Session, visitor: Visitor, kind: Kind[Row], row: Row, now: datetime) -> None:
    """Put it in the place of the edition before."""
    session.execute(
        update(kind.row)
        .where(
            kind.row.organization_id == row.organization_id,
            kind.row.published_at.is_not(None),
            kind.row.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    row.published_at, row.published_by = now, visitor.person_id
    session.flush()
    _audit(session, visitor, kind, "publish", row.id, now)


def end(session: Session, visitor: Visitor, kind: Kind[Row], id_: UUID, now: datetime) -> None:
    """Put an edition out of use: then nothing is asked any more. Twice changes nothing. Raises `NotHere`."""
    row = _held(session, visitor, kind, id_)
    if row.published_at is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        session.flush()
        _audit(session, visitor, kind, "end", row.id, now)


def _leads(session: Session, visitor: Visitor) -> None:
    if Capability.PROGRAM_LEAD not in in_organization(session, visitor):
        raise NotHere


def _held(session: Session, visitor: Visitor, kind: Kind[Row], id_: UUID) -> Row:
    _leads(session, visitor)
    row = session.scalars(
        select(kind.row)
        .where(kind.row.id == id_, kind.row.organization_id == visitor.organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _audit(session: Session, visitor: Visitor, kind: Kind[Row], act: str, id_: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=f"{kind.name}.{act}",
        subject=f"{kind.name}:{id_}",
        now=now,
    )
