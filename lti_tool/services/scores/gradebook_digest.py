"""Once a week: who is told that gradebooks wait for a person. Nobody where nothing does; never a name or a score."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.access import Capability
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.notifying import notify
from lti_tool.services.operating import turns
from lti_tool.services.scores import needing_person
from lti_tool.services.scores.needing_person import NeedingColumn
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import GrantRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow

DAY = timedelta(days=1)
OPERATORS_PAGE = "/operator/gradebooks"


def tell(session: Session, now: datetime) -> int:
    """Tell of what waits for more than a day: instructors of their courses, operators of LMSs that take nothing.

    Asked each night, it tells once in a week: on Monday, or on the next night where that one was missed. The answer
    says of how many people's messages there are now.
    """
    monday = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    if not turns.take(session, "digest", now, apart=now - monday):
        return 0
    return _tell_instructors(session, now) + _tell_operators(session, now)


def page_of(columns: Sequence[NeedingColumn]) -> str:
    """Where these columns of one course are seen: the page of the only one, or the course's list of them."""
    pages = {_page(column) for column in columns}
    return pages.pop() if len(pages) == 1 else f"/courses/{columns[0].course_id}"


def _page(column: NeedingColumn) -> str:
    return f"/a/{column.activity_id}/gradebook" if column.activity_id is not None else f"/p/{column.placed_id}"


def _tell_instructors(session: Session, now: datetime) -> int:
    by_course: dict[UUID, list[NeedingColumn]] = {}
    for column in needing_person.since(session, now - DAY):
        by_course.setdefault(column.course_id, []).append(column)
    told = 0
    for course_id, columns in sorted(by_course.items()):
        people = instructors_of(session, course_id)
        _tell(session, columns[0].organization_id, people, page_of(columns), now)
        told += len(people)
    return told


def _tell_operators(session: Session, now: datetime) -> int:
    """Of an LMS that rests or is switched off while scores wait for it for more than a day."""
    waits = exists().where(
        DeliveryRow.registration_id == RegistrationRow.id,
        DeliveryRow.state == DeliveryState.WAITING,
        DeliveryRow.desired_at <= now - DAY,
    )
    rests = or_(PlatformLaneRow.troubles > 0, PlatformLaneRow.resting_until > now)
    organizations = session.scalars(
        select(RegistrationRow.organization_id)
        .outerjoin(PlatformLaneRow, PlatformLaneRow.registration_id == RegistrationRow.id)
        .where(or_(RegistrationRow.active.is_(False), rests), waits)
        .distinct()
        .order_by(RegistrationRow.organization_id)
    ).all()
    told = 0
    for organization_id in organizations:
        people = session.scalars(
            select(GrantRow.person_id)
            .where(
                GrantRow.organization_id == organization_id,
                GrantRow.capability == Capability.OPERATOR,
                GrantRow.revoked_at.is_(None),
            )
            .distinct()
            .order_by(GrantRow.person_id)
        ).all()
        _tell(session, organization_id, people, OPERATORS_PAGE, now)
        told += len(people)
    return told


def _tell(session: Session, organization_id: UUID, people: Iterable[UUID], path: str, now: datetime) -> None:
    for person_id in people:
        notify.news(
            session,
            organization_id=organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.GRADEBOOK,
            path=path,
        )
