"""What only time does in appeals: a promised day that goes by is told, and a question does not wait for ever."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.appeals import (
    RUNNING,
    AppealState,
    AppealStepKind,
    Turn,
    clock_after_question,
    day_everywhere,
    to_tell_late,
)
from lti_tool.services.certification import appeals
from lti_tool.services.certification.appeal_sending import asked_on
from lti_tool.store.appeals import AppealRow


def turn_on(session: Session, now: datetime) -> int:
    """Do what time asks for, for the nightly job; twice or late does nothing twice. The answer says how often."""
    due = (
        select(AppealRow.id)
        .where(AppealRow.state.in_(RUNNING), AppealRow.turn_until < now.date())
        .order_by(AppealRow.turn_until, AppealRow.id)
    )
    ids = session.scalars(due).all()
    return sum(_turn_on(session, id_, now) for id_ in ids)


def _turn_on(session: Session, appeal_id: UUID, now: datetime) -> bool:
    asked = select(AppealRow).where(AppealRow.id == appeal_id).with_for_update(skip_locked=True)
    row = session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if row is None or row.state not in RUNNING:
        return False
    return _back_to_panel(session, row, now) or _tell_late(session, row, now)


def _back_to_panel(session: Session, row: AppealRow, now: datetime) -> bool:
    """The trainee's days are over without an answer: it goes on with what is there, and words can still be added."""
    clock = appeals.clock_of(row)
    if clock is None or clock.turn is not Turn.TRAINEE or row.state is not AppealState.WITH_PANEL:
        return False
    if clock.until >= day_everywhere(now) or appeals.waits_for_time(session, row):
        return False
    over = clock.until + timedelta(days=1)
    appeals.set_clock(row, clock_after_question(clock, asked_on(session, row), over))
    session.flush()
    appeals.note(session, row, "appeal.goes_on", None, now)
    appeals.tell(session, row, {row.trainee_id} | appeals.panel_of(session, row), now, by=None)
    return True


def _tell_late(session: Session, row: AppealRow, now: datetime) -> bool:
    """A promised day went by: the trainee reads that, and it goes to all program leads."""
    clock = appeals.clock_of(row)
    if clock is None or not to_tell_late(clock, row.told_late_on, now.date()):
        return False
    row.told_late_on = now.date()
    appeals.add_step(session, row, AppealStepKind.INSTITUTION_LATE, None, now, due_on=clock.until)
    to = appeals.leads_of(session, row) | appeals.panel_of(session, row) | {row.trainee_id}
    appeals.tell(session, row, to, now, by=None)
    return True
