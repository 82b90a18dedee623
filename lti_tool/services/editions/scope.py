"""The scope of practice: which edition is in force, and who has acknowledged it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, in_organization
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.practicum.sites import found_site
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.sites import AcknowledgedAs, ScopeAcknowledgmentRow, ScopeStatementRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Statement:
    """One published edition of what peers can and cannot promise."""

    id: UUID
    number: int
    words: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has read an edition and works by it."""

    statement: Statement
    at: datetime


def in_force(session: Session, organization_id: UUID) -> Statement | None:
    """The newest edition that was published and is in use; None: there is none, and nothing is asked."""
    row = session.scalars(
        select(ScopeStatementRow)
        .where(
            ScopeStatementRow.organization_id == organization_id,
            ScopeStatementRow.published_at.is_not(None),
            ScopeStatementRow.ended_at.is_(None),
        )
        .order_by(ScopeStatementRow.number.desc())
    ).first()
    return None if row is None else statement_of(row)


def to_acknowledge(session: Session, organization_id: UUID, person_id: UUID) -> Statement | None:
    """The edition in force, for a person who has not acknowledged it yet; None: nothing is asked."""
    statement = in_force(session, organization_id)
    if statement is None or _of_person(session, person_id, statement.id) is not None:
        return None
    return statement


def last_of(session: Session, person_id: UUID) -> Acknowledged | None:
    """The newest edition that the person has acknowledged."""
    return _of_person(session, person_id)


def of_site(session: Session, site_id: UUID) -> Acknowledged | None:
    """The newest edition of which it was noted that the site works by it."""
    row = session.execute(
        select(ScopeStatementRow, ScopeAcknowledgmentRow.at)
        .join(ScopeAcknowledgmentRow, ScopeAcknowledgmentRow.statement_id == ScopeStatementRow.id)
        .where(ScopeAcknowledgmentRow.site_id == site_id)
        .order_by(ScopeStatementRow.number.desc())
    ).first()
    return None if row is None else Acknowledged(statement_of(row[0]), row[1])


def check(session: Session, organization_id: UUID, person_id: UUID) -> None:
    """Whether the person works by the edition in force. Raises `Refused` ("scope_first") until they said so."""
    if to_acknowledge(session, organization_id, person_id) is not None:
        raise Refused(
            "scope_first",
            "Please read the scope of practice first: what peers can and cannot promise. It is one page, and it is "
            "asked once for each edition.",
        )


def acknowledge(
    session: Session, visitor: Visitor, statement_id: UUID, acknowledged_as: AcknowledgedAs, now: datetime
) -> None:
    """The visitor has read the edition and works by it. Twice is once.

    Raises `Refused` ("newer_edition") for one that is not in force any more, `NotHere` for a strange one.
    """
    _check_in_force(session, visitor, statement_id)
    _keep(session, visitor, statement_id, acknowledged_as, now, person_id=visitor.person_id)


def note_site(session: Session, visitor: Visitor, site_id: UUID, statement_id: UUID, now: datetime) -> None:
    """A program lead or an instructor notes that a site works by the edition. Raises as `acknowledge` does."""
    if not in_organization(session, visitor) & {Capability.PROGRAM_LEAD, Capability.INSTRUCTOR}:
        raise NotHere
    found_site(session, visitor.organization_id, site_id)
    _check_in_force(session, visitor, statement_id)
    _keep(session, visitor, statement_id, AcknowledgedAs.SITE, now, site_id=site_id)


def statement_of(row: ScopeStatementRow) -> Statement:
    """A published row as a value; one that is a draft says when it was written."""
    return Statement(row.id, row.number, row.words, row.published_at or row.written_at)


def _check_in_force(session: Session, visitor: Visitor, statement_id: UUID) -> None:
    row = session.scalars(
        select(ScopeStatementRow)
        .where(
            ScopeStatementRow.id == statement_id,
            ScopeStatementRow.organization_id == visitor.organization_id,
            ScopeStatementRow.published_at.is_not(None),
        )
        .with_for_update(read=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.ended_at is not None:
        raise Refused("newer_edition", "This edition is not in use any more. Please read the one that is.")


def _keep(
    session: Session,
    visitor: Visitor,
    statement_id: UUID,
    acknowledged_as: AcknowledgedAs,
    now: datetime,
    *,
    person_id: UUID | None = None,
    site_id: UUID | None = None,
) -> None:
    if person_id is not None and _of_person(session, person_id, statement_id) is not None:
        return
    made = insert_once(
        session,
        ScopeAcknowledgmentRow,
        id=new_id(),
        organization_id=visitor.organization_id,
        statement_id=statement_id,
        acknowledged_as=acknowledged_as,
        person_id=person_id,
        site_id=site_id,
        noted_by=visitor.person_id,
        at=now,
    )
    if made:
        audit.write(
            session,
            organization_id=visitor.organization_id,
            person_id=visitor.person_id,
            act="scope.acknowledge",
            subject=f"scope:{statement_id}",
            now=now,
            acknowledged_as=acknowledged_as.value,
            site=str(site_id) if site_id else None,
        )


def _of_person(session: Session, person_id: UUID, statement_id: UUID | None = None) -> Acknowledged | None:
    """Of whoever is one human with them: two accounts that were made one have acknowledged it once."""
    wanted = (
        select(ScopeStatementRow, ScopeAcknowledgmentRow.at)
        .join(ScopeAcknowledgmentRow, ScopeAcknowledgmentRow.statement_id == ScopeStatementRow.id)
        .join(PersonRow, PersonRow.id == ScopeAcknowledgmentRow.person_id)
        .where(func.coalesce(PersonRow.merged_into, PersonRow.id) == same_human(session, person_id))
        .order_by(ScopeStatementRow.number.desc(), ScopeAcknowledgmentRow.at)
    )
    if statement_id is not None:
        wanted = wanted.where(ScopeStatementRow.id == statement_id)
    row = session.execute(wanted).first()
    return None if row is None else Acknowledged(statement_of(row[0]), row[1])
