"""What an instructor says about a column: make it again where it is gone, send nothing any more, go on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.lti.names import LINE_ITEM_SCOPE
from lti_tool.services import audit
from lti_tool.services.courses import archived
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import column_changes, lms_columns, noting_desired
from lti_tool.services.scores.lms_columns import WhereItIs
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from rubrics.refusal import Refused


def where(session: Session, visitor: Visitor, line_item_id: UUID) -> WhereItIs:
    """Of what the column is, for an instructor of its course. Raises `NotHere`."""
    return lms_columns.instructed(session, visitor, line_item_id)[1]


def make_again(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> None:
    """Have a column made anew that was deleted in the LMS, or could not be made, and everything sent to it.

    One that is there stays as it is. Raises `NotHere`, and `Refused` where the LMS lets us make none.
    """
    row = _asked(session, visitor, line_item_id, going_on=True)
    if not _is_not_there(row):
        return
    if row.line_items_url is None or LINE_ITEM_SCOPE not in row.scopes:
        raise Refused(
            "column_not_offered",
            "The LMS lets Attune make no columns here. Please switch grading on in the activity's settings in the "
            "LMS, and open the activity once.",
        )
    _audit(session, visitor, line_item_id, "line_item.make_again", now)
    row = lms_columns.held(session, line_item_id)
    if not _is_not_there(row):
        return
    row.gone_at = row.url = row.stopped_at = row.stopped_by = row.change_answer = row.read_problem = None
    row.ours, row.change_at, row.change_attempts = True, now, 0
    session.flush()
    _begin_anew(session, line_item_id, now)


def stop(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> None:
    """Send nothing to the column any more; what it shows stays. Twice changes nothing. Raises `NotHere`."""
    row = _asked(session, visitor, line_item_id)
    if row.stopped_at is not None:
        return
    _audit(session, visitor, line_item_id, "line_item.stop", now)
    row = lms_columns.held(session, line_item_id)
    if row.stopped_at is None:
        row.stopped_at, row.stopped_by = now, visitor.person_id
        session.flush()


def go_on(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> UUID | None:
    """The reverse: what waited meanwhile is due. Twice changes nothing. Raises `NotHere` and `Refused`.

    The answer names the platform to which something can be sent now.
    """
    row = _asked(session, visitor, line_item_id, going_on=True)
    if row.stopped_at is None:
        return None
    _audit(session, visitor, line_item_id, "line_item.go_on", now)
    row = lms_columns.held(session, line_item_id)
    row.stopped_at = row.stopped_by = None
    session.flush()
    column_changes.go_on(session, line_item_id, now)
    return row.registration_id


def _asked(session: Session, visitor: Visitor, line_item_id: UUID, *, going_on: bool = False) -> LineItemRow:
    row, where_it_is = lms_columns.instructed(session, visitor, line_item_id)
    if going_on and where_it_is.archived:
        raise archived.refusal()
    return row


def _is_not_there(row: LineItemRow) -> bool:
    return row.gone_at is not None or (row.url is None and row.change_at is None)


def _begin_anew(session: Session, line_item_id: UUID, now: datetime) -> None:
    """Nothing is in the new column. Timestamps go on from the last one that was sent."""
    nothing = dict.fromkeys(
        ("accepted_score", "accepted_maximum", "accepted_at", "sent_score", "sent_maximum", "lms_score", "lms_maximum",
         "lms_at", "lms_read_at", "let_stand_by", "leased_until")
    )  # fmt: skip
    noting_desired.lock(session, line_item_id)
    of_column = DeliveryRow.line_item_id == line_item_id
    nothing_left = func.coalesce(DeliveryRow.answer, "") == Answer.NOTHING_LEFT
    empty = of_column & (nothing_left | DeliveryRow.to_clear | (DeliveryRow.state == DeliveryState.CLEARED))
    session.execute(
        update(DeliveryRow)
        .where(empty)
        .values(state=DeliveryState.CLEARED, to_clear=False, next_attempt_at=None, **nothing)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        update(DeliveryRow)
        .where(of_column, DeliveryRow.state != DeliveryState.CLEARED)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now, answer=None, **nothing)
        .execution_options(synchronize_session="fetch")
    )


def _audit(session: Session, visitor: Visitor, line_item_id: UUID, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"line_item:{line_item_id}",
        now=now,
    )
