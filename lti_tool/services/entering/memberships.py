"""What a launch says of a person in a course: roles, and the way back."""

from datetime import datetime, timedelta

from sqlalchemy import and_, update
from sqlalchemy.orm import Session

from lti_tool.lti.claims import Launch
from lti_tool.lti.roles import capability, is_test_user
from lti_tool.services.courses import course_groups
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.writing import insert_once

SEEN_AGAIN = timedelta(hours=1)
"""How long a launch that says the same as before leaves no trace in the membership."""


def remember(
    session: Session,
    launch: Launch,
    course: CourseRow,
    person: PersonRow,
    membership: MembershipRow | None,
    now: datetime,
) -> None:
    """Keep what a launch says of a person in a course; nothing is written where it said the same lately."""
    said = {
        "roles": list(launch.roles),
        "capability": capability(launch.roles),
        "test_user": is_test_user(launch.roles),
        "launched": True,
        "return_url": launch.return_url,
        "ended_at": None,
    }
    here = and_(MembershipRow.course_id == course.id, MembershipRow.person_id == person.id)
    if membership is None:
        made = insert_once(
            session,
            MembershipRow,
            id=new_id(),
            organization_id=course.organization_id,
            course_id=course.id,
            person_id=person.id,
            seen_at=now,
            **said,
        )
        if not made:  # the worker read the course's list in this moment: what the launch says goes before it
            session.execute(update(MembershipRow).where(here).values(seen_at=now, **said))
    else:
        unchanged = all(getattr(membership, name) == value for name, value in said.items())
        if unchanged and now - membership.seen_at < SEEN_AGAIN:
            return
        session.execute(update(MembershipRow).where(here).values(seen_at=now, **said))
    course_groups.remember_own(session, launch, course, person.id, now)
