"""Readings of a course's list of people: asked for by a person, a launch or the night, and done by the worker.

A reading is a row. At most one of a course is open at a time; who asks meanwhile is shown the one under way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Exists, exists, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, RosterReadRow, RosterReadState
from lti_tool.store.people import MembershipRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

OPEN = (RosterReadState.WAITING, RosterReadState.READING)
OLD = timedelta(hours=12)
"""A list of this age is read again when somebody who leads the course comes in, and at night."""
ASKED_LATELY = timedelta(hours=1)
"""A list that cannot be read is not asked for at every launch."""
LEASE = timedelta(minutes=10)
"""Longer than any page takes; a reading that did not go on for so long has lost its worker."""
SEEN_LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading under way: everything that is needed without the database."""

    id: UUID
    organization_id: UUID
    course_id: UUID
    memberships_url: str
    groups_url: str | None
    registration: PlatformRegistration
    deployment_id: str
    key: SigningKey
    asked_by: UUID | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How a course's list stands, for its instructors."""

    offered: bool
    """Whether the LMS offers a list for this course at all."""
    state: RosterReadState | None
    """Of the last reading; None where there was none."""
    people: int
    problem: PlatformProblem | None
    read_at: datetime | None
    """When the list was last read to its end."""

    @property
    def is_open(self) -> bool:
        """Whether a reading waits or is under way."""
        return self.state in OPEN


def progress(session: Session, place: Place) -> Progress:
    """How far the last reading is, and when the list was last read to its end."""
    row: Any  # None where there was no reading: the join is an outer one
    url, read_at, row = session.execute(
        select(CourseRow.memberships_url, CourseRow.roster_read_at, RosterReadRow)
        .outerjoin(RosterReadRow, RosterReadRow.course_id == CourseRow.id)
        .where(CourseRow.id == place.course.id)
        .order_by(RosterReadRow.asked_at.desc(), RosterReadRow.id.desc())
        .limit(1)
    ).one()
    if row is None:
        return Progress(url is not None, None, 0, None, read_at)
    problem = PlatformProblem(row.problem) if row.problem else None
    return Progress(url is not None, row.state, row.people, problem, read_at)


def ask(session: Session, visitor: Visitor, place: Place, now: datetime) -> UUID | None:
    """Have the list read. The answer names the reading to look at. Raises `Refused` where the LMS offers none."""
    url = session.scalars(select(CourseRow.memberships_url).where(CourseRow.id == place.course.id)).one()
    if url is None:
        raise Refused(
            "no_roster",
            "Your LMS offers no list of people for this course. Each person appears here once they open Attune "
            "from the course. If there should be a list, the administrator of the LMS can allow Attune the service "
            "of names and roles.",
        )
    return _begin(session, place.organization_id, place.course.id, visitor.person_id, now)


def ask_at_launch(session: Session, course: CourseRow, comes_as: Capability | None, now: datetime) -> UUID | None:
    """Have an old list read when somebody who leads the course comes in. Costs nothing where it is not old."""
    if comes_as is not Capability.INSTRUCTOR or course.memberships_url is None:
        return None
    if course.roster_read_at is not None and now - course.roster_read_at < OLD:
        return None
    if session.scalars(select(_asked_since(now - ASKED_LATELY, course.id))).one():
        return None
    return _begin(session, course.organization_id, course.id, None, now)


def ask_for_old(session: Session, now: datetime, *, limit: int = 5_000) -> None:
    """Have the old lists read of all courses in which somebody was seen lately; the sweep hands them out."""
    courses = session.execute(
        select(CourseRow.organization_id, CourseRow.id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .join(RegistrationRow, RegistrationRow.id == DeploymentRow.registration_id)
        .where(
            RegistrationRow.active,
            CourseRow.memberships_url.is_not(None),
            exists().where(
                MembershipRow.course_id == CourseRow.id,
                MembershipRow.launched,
                MembershipRow.seen_at > now - SEEN_LATELY,
            ),
            ~_asked_since(now - OLD, CourseRow.id),
        )
        .limit(limit)
    )
    for organization_id, course_id in courses.all():
        _begin(session, organization_id, course_id, None, now)


def _asked_since(moment: datetime, course_id: Any) -> Exists:
    return exists().where(RosterReadRow.course_id == course_id, RosterReadRow.asked_at > moment)


def _begin(
    session: Session, organization_id: UUID, course_id: UUID, asked_by: UUID | None, now: datetime
) -> UUID | None:
    read_id = new_id()
    made = insert_once(
        session,
        RosterReadRow,
        id=read_id,
        organization_id=organization_id,
        course_id=course_id,
        asked_by=asked_by,
        state=RosterReadState.WAITING,
        people=0,
        asked_at=now,
        moved_at=now,
    )
    if made:
        return read_id
    return session.scalars(
        select(RosterReadRow.id).where(RosterReadRow.course_id == course_id, RosterReadRow.state.in_(OPEN))
    ).one_or_none()


def due(session: Session, now: datetime, *, limit: int = 50) -> tuple[UUID, ...]:
    """Readings that wait, for the sweep; those whose worker is gone are closed, and can be asked for anew."""
    session.execute(
        update(RosterReadRow)
        .where(RosterReadRow.state == RosterReadState.READING, RosterReadRow.moved_at <= now - LEASE)
        .values(state=RosterReadState.NOT_DONE, problem=PlatformProblem.ROSTER_STOPPED.value, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    waiting = select(RosterReadRow.id).where(RosterReadRow.state == RosterReadState.WAITING)
    return tuple(session.scalars(waiting.order_by(RosterReadRow.asked_at).limit(limit)))


def take(session: Session, read_id: UUID, now: datetime) -> Reading | None:
    """Take a reading that waits; None where another worker has it, or it is over."""
    taken = session.execute(
        update(RosterReadRow)
        .where(RosterReadRow.id == read_id, RosterReadRow.state == RosterReadState.WAITING)
        .values(state=RosterReadState.READING, moved_at=now)
        .returning(RosterReadRow.course_id, RosterReadRow.asked_by, RosterReadRow.asked_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        return None
    course, deployment_id, registration = session.execute(
        select(CourseRow, DeploymentRow.deployment_id, RegistrationRow)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .join(RegistrationRow, RegistrationRow.id == DeploymentRow.registration_id)
        .where(CourseRow.id == taken.course_id)
    ).one()
    return Reading(
        id=read_id,
        organization_id=course.organization_id,
        course_id=course.id,
        memberships_url=course.memberships_url or "",
        groups_url=course.groups_url,
        registration=registration_of(registration),
        deployment_id=deployment_id,
        key=signing_key(session, now),
        asked_by=taken.asked_by,
        asked_at=taken.asked_at,
    )


def moves_on(session: Session, reading: Reading, people: int, now: datetime) -> bool:
    """Note that so many more people were read; False where the reading was closed meanwhile, and is to end."""
    return _settled(session, reading, people=RosterReadRow.people + people, moved_at=now)


def settle(session: Session, reading: Reading, problem: PlatformProblem | None, now: datetime) -> None:
    """Close a reading: it came to its end, or a problem says why it did not."""
    state = RosterReadState.NOT_DONE if problem else RosterReadState.DONE
    code = problem.value if problem else None
    if _settled(session, reading, state=state, problem=code, moved_at=now, ended_at=now) and not problem:
        session.execute(update(CourseRow).where(CourseRow.id == reading.course_id).values(roster_read_at=now))


def _settled(session: Session, reading: Reading, **values: object) -> bool:
    found = session.execute(
        update(RosterReadRow)
        .where(RosterReadRow.id == reading.id, RosterReadRow.state == RosterReadState.READING)
        .values(**values)
        .returning(RosterReadRow.id)
        .execution_options(synchronize_session=False)
    )
    return found.one_or_none() is not None
