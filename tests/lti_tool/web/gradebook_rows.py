"""Scores of a course's column in whatever state a test needs, and further columns."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.access import Capability
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow, PersonRow
from tests.lti_tool.web.course import Course

FULL = Decimal(100)


def first_column(course: Course) -> LineItemRow:
    """The activity's first column."""
    found = select(LineItemRow).where(LineItemRow.activity_id == course.world.activity_id)
    return course.world.session.scalars(found).one()


def further_column(course: Course, shows: ColumnShows = ColumnShows.BEST, **values: Any) -> LineItemRow:
    """A further column of the activity."""
    session, first = course.world.session, first_column(course)
    assert course.world.activity_id is not None
    column = ActivityColumnRow(
        id=new_id(), organization_id=first.organization_id, activity_id=course.world.activity_id, shows=shows,
        last_count=3, made_by=course.world.visitor("ines").person_id, made_at=course.world.now,
    )  # fmt: skip
    session.add(column)
    session.flush()
    usual = {
        "url": f"{first.url}8", "label": f"Observed practice: {shows.value}", "scopes": first.scopes, "ours": True,
        "line_items_url": first.line_items_url, "score_maximum": 100, "seen_at": course.world.now,
        "registration_id": first.registration_id, "lti_resource_link_id": first.lti_resource_link_id,
    }  # fmt: skip
    row = LineItemRow(id=new_id(), organization_id=first.organization_id, column_id=column.id, **(usual | values))
    session.add(row)
    session.flush()
    return row


def put(
    course: Course, who: str | UUID, state: DeliveryState, line_item: LineItemRow | None = None, **values: Any
) -> DeliveryRow:
    """This person's score in this state, as far as nothing else is said."""
    session, now, column = course.world.session, course.world.now, line_item or first_column(course)
    person_id = course.world.visitor(who).person_id if isinstance(who, str) else who
    waits, taken = state is DeliveryState.WAITING, state is not DeliveryState.WAITING
    usual: dict[str, Any] = {
        "desired_score": Decimal(75), "desired_maximum": FULL, "desired_at": now, "attempts": 0 if waits else 1,
        "next_attempt_at": now if waits else None,
    }  # fmt: skip
    if taken and state is not DeliveryState.NEEDS_PERSON:
        usual |= {
            "accepted_score": Decimal(75), "accepted_maximum": FULL, "accepted_at": now, "sent_at": now,
            "sent_score": Decimal(75), "sent_maximum": FULL,
        }  # fmt: skip
    if state in (DeliveryState.DIFFERS, DeliveryState.LET_STAND):
        usual |= {"lms_score": Decimal(80), "lms_maximum": FULL, "lms_read_at": now}
    row = DeliveryRow(
        id=new_id(), organization_id=column.organization_id, line_item_id=column.id, person_id=person_id,
        registration_id=column.registration_id, state=state, **(usual | values),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def crowd(course: Course, number: int, state: DeliveryState | None = None) -> list[UUID]:
    """So many more trainees, each with a score in this state."""
    session, now = course.world.session, course.world.now
    here = session.scalars(select(CourseRow)).one()
    people = [
        PersonRow(id=new_id(), organization_id=here.organization_id, name=f"Crowd {each:05d}", created_at=now)
        for each in range(number)
    ]  # fmt: skip
    session.add_all(people)
    session.flush()
    session.add_all(
        MembershipRow(
            organization_id=here.organization_id, course_id=here.id, person_id=person.id, roles=["Learner"],
            capability=Capability.TRAINEE, seen_at=now,
        )
        for person in people
    )  # fmt: skip
    session.flush()
    if state is not None:
        for person in people:
            put(course, person.id, state)
    course.kept()
    return [person.id for person in people]
