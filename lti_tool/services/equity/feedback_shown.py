"""Which feedback is in which block: the ids stand in the block's row, and nowhere else."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grading.feedback_blocks import FeedbackAbout
from lti_tool.store.equity import FeedbackRow, ReleaseRow, ReportKind
from lti_tool.store.people import PersonRow


def about_of(row: ReleaseRow) -> FeedbackAbout:
    """What a block is about."""
    return FeedbackAbout(row.document["about"])


def ids_in(row: ReleaseRow) -> frozenset[UUID]:
    """Of what a block is made."""
    return frozenset(UUID(each) for each in row.rules["feedback"])


def shown_since(session: Session, rows: Collection[FeedbackRow]) -> Mapping[UUID, datetime]:
    """Since when each of these is shown together with others; what is not shown is not in it."""
    people = {row.of_person_id for row in rows if row.of_person_id is not None}
    sites = {row.site_id for row in rows if row.site_id is not None}
    today = select(func.coalesce(PersonRow.merged_into, PersonRow.id)).where(PersonRow.id.in_(people))
    blocks = select(ReleaseRow).where(
        ReleaseRow.report == ReportKind.FEEDBACK,
        or_(ReleaseRow.of_person_id.in_(today), ReleaseRow.site_id.in_(sites)),
    )
    since = {id_: block.released_at for block in session.scalars(blocks) for id_ in ids_in(block)}
    return {row.id: since[row.id] for row in rows if row.id in since}
