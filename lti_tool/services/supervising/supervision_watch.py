"""What is looked at beside the web: wishes that nobody has answered, and sessions that are longer ago than agreed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.notifying import notify
from lti_tool.services.supervising.agreement_lines import WITHOUT_WORDS
from lti_tool.services.supervising.session_lines import last_held
from lti_tool.services.supervising.supervision import page_of
from lti_tool.store.courses import CourseRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import MembershipRow
from lti_tool.store.supervision import SupervisionAgreementRow, SupervisionRequestRow
from rubrics.supervision import due_on, to_tell

AT_ONCE = 200


def escalate(session: Session, now: datetime) -> int:
    """Wishes whose promised day came without an answer go to the instructors, once; the trainee is told that.

    Whoever else was told can still answer, and nobody is named. The answer says how many went there.
    """
    rows = session.scalars(
        select(SupervisionRequestRow)
        .join(CourseRow, CourseRow.id == SupervisionRequestRow.course_id)
        .where(
            SupervisionRequestRow.ended_at.is_(None),
            SupervisionRequestRow.taken_by.is_(None),
            SupervisionRequestRow.escalated_at.is_(None),
            SupervisionRequestRow.answer_by <= now,
            CourseRow.archived_at.is_(None),
        )
        .order_by(SupervisionRequestRow.answer_by)
        .limit(AT_ONCE)
        .with_for_update(of=SupervisionRequestRow, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        row.escalated_at = now
        session.flush()
        _note(session, row.organization_id, "supervision.escalated", f"supervision_request:{row.id}", now)
        apart = conflicts_of(session, row.trainee_id)
        leading = set(instructors_of(session, row.course_id)) - apart
        _tell(session, row.organization_id, row.course_id, {row.trainee_id, *leading}, now)
    return len(rows)


def tell_of_gaps(session: Session, now: datetime) -> int:
    """Both of an agreement are told, once, that no session was held for longer than they agreed. Nobody else is.

    Agreements of courses that are kept for reading only, of who left the course, and of two between whom a conflict
    stands are left in peace. The answer says of how many agreements people were told.
    """
    found: dict[UUID, list[SupervisionAgreementRow]] = {}
    for row in _watched(session):
        found.setdefault(row.course_id, []).append(row)
    return sum(_tell_in(session, course_id, rows, now) for course_id, rows in found.items())


def _watched(session: Session) -> list[SupervisionAgreementRow]:
    trainee, supervisor = aliased(MembershipRow), aliased(MembershipRow)
    row = SupervisionAgreementRow
    return list(
        session.scalars(
            select(row)
            .join(CourseRow, CourseRow.id == row.course_id)
            .join(trainee, (trainee.course_id == row.course_id) & (trainee.person_id == row.trainee_id))
            .join(supervisor, (supervisor.course_id == row.course_id) & (supervisor.person_id == row.supervisor_id))
            .where(
                row.in_force_at.is_not(None),
                row.ended_at.is_(None),
                CourseRow.archived_at.is_(None),
                trainee.ended_at.is_(None),
                supervisor.ended_at.is_(None),
            )
            .options(*WITHOUT_WORDS)
        )
    )


def _tell_in(session: Session, course_id: UUID, rows: list[SupervisionAgreementRow], now: datetime) -> int:
    last = last_held(session, course_id)
    told = 0
    for row in rows:
        begun = row.in_force_at or now
        due = due_on(row.every_days, begun.date(), last.get((row.trainee_id, row.lane)))
        told_on = row.told_at.date() if row.told_at is not None else None
        if not to_tell(due, told_on, now.date()) or row.supervisor_id in conflicts_of(session, row.trainee_id):
            continue
        if _mark(session, row, now):
            _note(session, row.organization_id, "agreement.gap_told", f"supervision_agreement:{row.id}", now)
            _tell(session, row.organization_id, course_id, {row.trainee_id, row.supervisor_id}, now)
            told += 1
    return told


def _mark(session: Session, row: SupervisionAgreementRow, now: datetime) -> bool:
    """Whether it was this worker who noted it."""
    seen = SupervisionAgreementRow.told_at
    noted = session.execute(
        update(SupervisionAgreementRow)
        .where(SupervisionAgreementRow.id == row.id, seen.is_(None) if row.told_at is None else seen == row.told_at)
        .values(told_at=now)
        .returning(SupervisionAgreementRow.id)
        .execution_options(synchronize_session=False)
    )
    return noted.first() is not None


def _note(session: Session, organization_id: UUID, act: str, subject: str, now: datetime) -> None:
    audit.write(session, organization_id=organization_id, person_id=None, act=act, subject=subject, now=now)


def _tell(session: Session, organization_id: UUID, course_id: UUID, people: set[UUID], now: datetime) -> None:
    page = page_of(session, course_id)
    for person_id in sorted(people):
        notify.news(
            session,
            organization_id=organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.SUPERVISION,
            path=f"/a/{page}/supervision" if page else "/messages",
        )
