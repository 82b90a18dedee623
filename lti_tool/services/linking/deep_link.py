"""A deep linking request: from the launch that brings it until it is answered."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import RESOURCE_LINK_ITEM
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.deep_links import DeepLinkRow
from rubrics.refusal import Refused

OPEN_FOR = timedelta(hours=1)


def begin(session: Session, launch: Launch, course: CourseRow | None, person_id: UUID, now: datetime) -> str:
    """Keep the request of a deep linking launch; the answer is the address of its choice.

    Raises `LaunchRejected` where it names no course.
    """
    wanted = launch.deep_linking
    if wanted is None or course is None:
        raise LaunchRejected(
            LaunchProblem.CONTEXT_WRONG,
            "Your LMS did not say which course this is for. Please open the course and add the activity there.",
        )
    row = DeepLinkRow(
        id=new_id(),
        organization_id=course.organization_id,
        person_id=person_id,
        course_id=course.id,
        return_url=wanted.return_url,
        data=wanted.data,
        accept_links=RESOURCE_LINK_ITEM in wanted.accept_types,
        accept_multiple=wanted.accept_multiple,
        accept_line_item=wanted.accept_line_item,
        title=wanted.title,
        text=wanted.text,
        chosen=[],
        asked_at=now,
        answered_at=None,
    )
    session.add(row)
    session.flush()
    return f"/deep-link/{row.id}"


def request_of(session: Session, visitor: Visitor, deep_link_id: UUID, now: datetime) -> DeepLinkRow:
    """A request of the last hour, for the person who came with it. Raises `NotHere`, `Refused` for an older one."""
    return _request(session, visitor, deep_link_id, now, lock=False)


def open_request(session: Session, visitor: Visitor, deep_link_id: UUID, now: datetime) -> DeepLinkRow:
    """The same, locked and not yet answered, to be changed. Raises `NotHere`, `Refused`."""
    row = _request(session, visitor, deep_link_id, now, lock=True)
    if row.answered_at is not None:
        raise Refused(
            "answered_already",
            "Your LMS has its answer to this choice already. To add something else, please begin again in your course.",
        )
    return row


def _request(session: Session, visitor: Visitor, deep_link_id: UUID, now: datetime, *, lock: bool) -> DeepLinkRow:
    mine = select(DeepLinkRow).where(DeepLinkRow.id == deep_link_id, DeepLinkRow.person_id == visitor.person_id)
    locked = mine.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(locked if lock else mine).one_or_none()
    if row is None:
        raise NotHere
    if row.asked_at <= now - OPEN_FOR:
        raise Refused(
            "choose_again",
            "This choice was opened too long ago. Please close it and add the activity once more in your course.",
        )
    return row
