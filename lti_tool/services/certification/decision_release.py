"""When a person reads what was decided about them: at the moment that they chose, and told once, without content."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.deciding import Hears
from lti_tool.services import audit
from lti_tool.services.certification import appeal_deciding
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import credential_following
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.standing.standings import found_enrollment
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.programs import EnrollmentRow

AT_ONCE = 200
# Rows are locked so that another decision may take their place meanwhile: who decides holds the path, and names the
# decision that is replaced; the release holds the decision, and asks for the path.


def release(session: Session, decision_id: UUID, now: datetime) -> None:
    """Tell the person that something can be read, once; an appeal about what it replaced is overtaken then."""
    row = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.id == decision_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if row.told_at is None:
        _release(session, row, now)


def release_due(session: Session, now: datetime) -> int:
    """The same for all that can be read by now; safe to run late, twice, and by two workers. So many were told."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.told_at.is_(None), DecisionRow.released_at <= now)
        .order_by(DecisionRow.released_at, DecisionRow.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        _release(session, row, now)
    return len(rows)


def hears(session: Session, visitor: Visitor, enrollment_id: UUID) -> Hears:
    """When the visitor would like to read decisions on this path of theirs. Raises `NotHere` for another's."""
    return own_enrollment(session, visitor, enrollment_id).hears


def choose(session: Session, visitor: Visitor, enrollment_id: UUID, chosen: Hears, now: datetime) -> None:
    """Choose it, for what is decided from now on. Raises `NotHere`."""
    row = own_enrollment(session, visitor, enrollment_id, locked=True)
    if row.hears is chosen:
        return
    row.hears = chosen
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="enrollment.hears",
        subject=f"enrollment:{enrollment_id}",
        now=now,
    )


def own_enrollment(session: Session, visitor: Visitor, enrollment_id: UUID, *, locked: bool = False) -> EnrollmentRow:
    """The visitor's own, by whichever of their ids. Raises `NotHere` for another's."""
    row = found_enrollment(session, visitor.organization_id, enrollment_id, locked=locked)
    if row.person_id not in all_ids(session, {visitor.person_id}):
        raise NotHere
    return row


def _release(session: Session, row: DecisionRow, now: datetime) -> None:
    row.told_at = now
    session.flush()
    person_id = session.get_one(EnrollmentRow, row.enrollment_id).person_id
    if row.supersedes_id is not None:
        appeal_deciding.overtake(session, row.supersedes_id, now)
    credential_following.follow(session, row, now)
    if row.decided_by != same_human(session, person_id):
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.DECISION,
            path=f"/decisions/{row.id}",
        )
