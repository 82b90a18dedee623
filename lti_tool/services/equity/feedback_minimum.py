"""From how many people on feedback is shown: three, or more where the organization says so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.feedback_blocks import LEAST
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.equity import FeedbackMinimumRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

MOST = 50


def minimum(session: Session, organization_id: UUID) -> int:
    """What holds for whatever is written now."""
    chosen = select(FeedbackMinimumRow.minimum).where(FeedbackMinimumRow.organization_id == organization_id)
    return max(LEAST, session.scalars(chosen).one_or_none() or LEAST)


def chosen_since(session: Session, organization_id: UUID, moment: datetime) -> bool:
    """Whether the number was chosen at or after this moment."""
    row = select(FeedbackMinimumRow.id).where(
        FeedbackMinimumRow.organization_id == organization_id, FeedbackMinimumRow.set_at >= moment
    )
    return session.scalars(row).first() is not None


def choose(session: Session, visitor: Visitor, number: int, now: datetime) -> None:
    """Ask for so many people. Whoever wrote before waits for as many as they were told. Raises `Refused`."""
    if not LEAST <= number <= MOST:
        raise Refused(
            "minimum", "Please choose a number from %(least)s to %(most)s.", least=LEAST, most=MOST
        )  # fmt: skip
    own = {"organization_id": visitor.organization_id}
    said = {"minimum": number, "set_by": visitor.person_id, "set_at": now}
    if not insert_once(session, FeedbackMinimumRow, id=new_id(), **own, **said):
        row = session.scalars(
            select(FeedbackMinimumRow)
            .where(FeedbackMinimumRow.organization_id == visitor.organization_id)
            .with_for_update()
        ).one()
        row.minimum, row.set_by, row.set_at = number, visitor.person_id, now
        session.flush()
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act="feedback.minimum",
        subject=f"organization:{visitor.organization_id}", now=now, minimum=number,
    )  # fmt: skip
