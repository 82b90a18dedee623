"""What of supervision waits for somebody's word: agreements to sign, records of sessions to read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.supervision import (
    AgreementSignatureRow,
    SessionPartRow,
    SupervisionAgreementRow,
    SupervisionSessionRow,
)

MOST = 50


@dataclass(frozen=True, slots=True)
class ToSign:
    """An agreement that the visitor has not signed."""

    id: UUID
    activity_id: UUID
    with_name: str
    course_title: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ToRead:
    """The record of a session about which the visitor has not said yet how they see it."""

    id: UUID
    activity_id: UUID
    recorded_by: str
    course_title: str
    held_on: date


@dataclass(frozen=True, slots=True)
class OfSupervision:
    """What waits for the visitor, over all courses that are open and that they belong to."""

    to_sign: tuple[ToSign, ...]
    to_read: tuple[ToRead, ...]

    def __len__(self) -> int:
        return len(self.to_sign) + len(self.to_read)


def _page_of(course_id: InstrumentedAttribute[UUID]) -> Any:
    """The course's first activity: whoever belongs to the course reads its supervision there."""
    first = select(ActivityRow.id).where(ActivityRow.course_id == course_id).order_by(ActivityRow.id).limit(1)
    return first.scalar_subquery()


def _open_to_me(course_id: InstrumentedAttribute[UUID]) -> Any:
    return exists().where(
        CourseRow.id == course_id,
        CourseRow.archived_at.is_(None),
        MembershipRow.course_id == course_id,
        MembershipRow.person_id == bindparam("person_id"),
        MembershipRow.ended_at.is_(None),
    )


_ME: Any = bindparam("person_id")
_OTHER = case(
    (SupervisionAgreementRow.trainee_id == _ME, SupervisionAgreementRow.supervisor_id),
    else_=SupervisionAgreementRow.trainee_id,
)
_TO_SIGN: Any = (
    select(
        SupervisionAgreementRow, PersonRow.id, PersonRow.name, CourseRow.title,
        _page_of(SupervisionAgreementRow.course_id).label("activity_id"),
    )
    .join(PersonRow, PersonRow.id == _OTHER)
    .join(CourseRow, CourseRow.id == SupervisionAgreementRow.course_id)
    .where(
        or_(SupervisionAgreementRow.trainee_id == _ME, SupervisionAgreementRow.supervisor_id == _ME),
        SupervisionAgreementRow.in_force_at.is_(None),
        SupervisionAgreementRow.ended_at.is_(None),
        ~exists().where(
            AgreementSignatureRow.agreement_id == SupervisionAgreementRow.id, AgreementSignatureRow.person_id == _ME
        ),
        _open_to_me(SupervisionAgreementRow.course_id),
    )
    .order_by(SupervisionAgreementRow.written_at, SupervisionAgreementRow.id)
    .limit(MOST)
)  # fmt: skip
_TO_READ: Any = (
    select(
        SupervisionSessionRow, PersonRow.id, PersonRow.name, CourseRow.title,
        _page_of(SupervisionSessionRow.course_id).label("activity_id"),
    )
    .join(
        SessionPartRow,
        and_(SessionPartRow.session_id == SupervisionSessionRow.id, SessionPartRow.person_id == _ME),
    )
    .join(PersonRow, PersonRow.id == SupervisionSessionRow.recorded_by)
    .join(CourseRow, CourseRow.id == SupervisionSessionRow.course_id)
    .where(
        SessionPartRow.confirmed_at.is_(None),
        SessionPartRow.differs.is_(None),
        SupervisionSessionRow.taken_back_at.is_(None),
        SupervisionSessionRow.recorded_by != _ME,
        _open_to_me(SupervisionSessionRow.course_id),
    )
    .order_by(SupervisionSessionRow.held_on, SupervisionSessionRow.id)
    .limit(MOST)
)  # fmt: skip


def of_supervision(session: Session, visitor: Visitor) -> OfSupervision:
    """What waits for the visitor, oldest first. With whom a conflict stands there is nothing to agree."""
    me = {"person_id": visitor.person_id}
    agreements = session.execute(_TO_SIGN, me).all()
    apart = conflicts_of(session, visitor.person_id) if agreements else frozenset()
    return OfSupervision(
        to_sign=tuple(
            ToSign(row.id, activity_id, display_name(other, name), title, row.written_at)
            for row, other, name, title, activity_id in agreements
            if other not in apart
        ),
        to_read=tuple(
            ToRead(row.id, activity_id, display_name(by, name), title, row.held_on)
            for row, by, name, title, activity_id in session.execute(_TO_READ, me)
        ),
    )
