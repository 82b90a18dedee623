"""Telling people of dates of their certificate, once each: safe to run twice, days late, or by two workers at once."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from grading.evidence import Kind
from grading.reminding import Notice, began, notices
from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.notifying import notify
from lti_tool.services.standing.standings import stands
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DateNoticeRow, DecisionRow
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.writing import insert_once

AT_ONCE = 200


def some(session: Session, after: UUID | None) -> Sequence[UUID]:
    """The next enrollments, by id, for which there may be a date: somebody decided, or was asked to."""
    decided = exists().where(DecisionRow.enrollment_id == EnrollmentRow.id)
    applied = exists().where(AttestationRow.person_id == EnrollmentRow.person_id, AttestationRow.kind == Kind.EVENT)
    asked = (
        select(EnrollmentRow.id)
        .where(EnrollmentRow.ended_at.is_(None), or_(decided, applied))
        .order_by(EnrollmentRow.id)
        .limit(AT_ONCE)
    )
    return session.scalars(asked if after is None else asked.where(EnrollmentRow.id > after)).all()


def tell(session: Session, enrollment_id: UUID, now: datetime) -> int:
    """Tell what is due of one enrollment and was not told; how many dates were noted as told.

    Several at once are one message: where the job was not there for some days, only what still matters is told.
    """
    enrollment = session.get(EnrollmentRow, enrollment_id)
    if enrollment is None or enrollment.ended_at is not None:
        return 0
    found = stands(session, enrollment, now, own=True)
    evidence, today = found.enrolled.evidence, found.today
    told = _told_since(session, enrollment_id, began(evidence, today))
    due = notices(found.enrolled.program, evidence, found.standing)
    new = [each for each in due if _key(each) not in told and _note(session, enrollment, each, now)]
    if any(not each.is_for_leads for each in new):
        _news(session, enrollment, enrollment.person_id, f"/path/{enrollment.id}/renewal", now)
    if any(each.is_for_leads for each in new):
        for lead_id in _leads(session, enrollment):
            _news(session, enrollment, lead_id, f"/people-of/{enrollment.id}", now)
    return len(new)


def _key(notice: Notice) -> tuple[str, int, date | None]:
    """What makes two the same: what comes, even if a pause moved its day; of what has come, also the day."""
    return notice.about.value, notice.ahead, None if notice.ahead else notice.on


def _told_since(session: Session, enrollment_id: UUID, since: date | None) -> set[tuple[str, int, date | None]]:
    rows = session.execute(
        select(DateNoticeRow.about, DateNoticeRow.ahead, DateNoticeRow.about_on, DateNoticeRow.told_at).where(
            DateNoticeRow.enrollment_id == enrollment_id
        )
    )
    return {
        (about, ahead, None if ahead else about_on)
        for about, ahead, about_on, told_at in rows
        if since is None or told_at.date() >= since
    }


def _note(session: Session, enrollment: EnrollmentRow, notice: Notice, now: datetime) -> bool:
    """Whether nobody noted it before."""
    noted = insert_once(
        session,
        DateNoticeRow,
        id=new_id(),
        organization_id=enrollment.organization_id,
        enrollment_id=enrollment.id,
        about=notice.about.value,
        about_on=notice.on,
        ahead=notice.ahead,
        told_at=now,
    )
    if noted:
        audit.write(
            session,
            organization_id=enrollment.organization_id,
            person_id=None,
            act="date.told",
            subject=f"enrollment:{enrollment.id}",
            now=now,
            about=notice.about.value,
            ahead=notice.ahead,
        )
    return noted


def _leads(session: Session, enrollment: EnrollmentRow) -> list[UUID]:
    leads = session.scalars(
        select(GrantRow.person_id).where(
            GrantRow.organization_id == enrollment.organization_id,
            GrantRow.capability == Capability.PROGRAM_LEAD,
            GrantRow.revoked_at.is_(None),
        )
    )
    return sorted(set(leads) - conflicts_of(session, enrollment.person_id) - {enrollment.person_id})


def _news(session: Session, enrollment: EnrollmentRow, person_id: UUID, path: str, now: datetime) -> None:
    notify.news(
        session,
        organization_id=enrollment.organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.PROGRAM,
        path=path,
    )
