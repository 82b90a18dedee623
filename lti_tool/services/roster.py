"""Reading a course's people from the LMS, so that someone can be granted a lane before they ever come here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.roles import capability
from lti_tool.lti.roster import Member, read_roster
from lti_tool.lti.service import Service
from lti_tool.safe_http import SafeHttp
from lti_tool.services import arrivals
from lti_tool.services.places import Place
from lti_tool.services.platforms import registration_of
from lti_tool.services.tokens import PlatformTokens
from lti_tool.services.tool_keys import signing_key
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from lti_tool.store.writing import insert_once

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RosterSource:
    """Where a course's list is read, and with what."""

    course_id: UUID
    memberships_url: str
    registration: PlatformRegistration
    service: Service


def source(
    session: Session, place: Place, *, http: SafeHttp, sessions: sessionmaker[Session], now: datetime
) -> RosterSource | None:
    """None where the LMS offers no list."""
    course, deployment, registration = session.execute(
        select(CourseRow, DeploymentRow, RegistrationRow)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .join(RegistrationRow, RegistrationRow.id == DeploymentRow.registration_id)
        .where(CourseRow.id == place.course.id)
    ).one()
    if course.memberships_url is None:
        return None
    known = registration_of(registration)
    tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
    service = Service(http, known, signing_key(session, now), tokens, now, deployment_id=deployment.deployment_id)
    return RosterSource(course.id, course.memberships_url, known, service)


def read(source: RosterSource) -> tuple[Member, ...]:
    """Ask the LMS; to be done while no transaction waits. Raises `PlatformUnavailable`."""
    return tuple(member for member in read_roster(source.service, source.memberships_url) if member.active)


def remember(
    session: Session, visitor: Visitor, source: RosterSource, members: tuple[Member, ...], now: datetime
) -> int:
    """Keep who was listed; the answer is how many are new here.

    What a launch said of a person stays: Moodle lists supervisors as learners, and the launch knows better.
    Who is not listed any more may do nothing here until they launch again; their record stays. The visitor is
    here, listed or not: administrators often are not.
    """
    organization_id = source.registration.organization_id
    here = _people_here(session, source)
    new = 0
    for member in members:
        person_id, name, in_course = here.get(member.sub, (None, None, False))
        if person_id is None:
            person_id = arrivals.person_for(
                session,
                organization_id=organization_id,
                registration_id=source.registration.id,
                sub=member.sub,
                name=member.name,
                now=now,
            ).id
        elif member.name and member.name != name:
            session.get_one(PersonRow, person_id).name = member.name
        if not in_course:
            new += _join(session, source, person_id, member, now)
    listed = {member.sub for member in members}
    gone = [person_id for sub, (person_id, _, here_now) in here.items() if here_now and sub not in listed]
    _end(session, source, [person_id for person_id in gone if person_id != visitor.person_id], now)
    session.get_one(CourseRow, source.course_id).roster_read_at = now
    return new


def _end(session: Session, source: RosterSource, gone: Sequence[UUID], now: datetime) -> None:
    for start in range(0, len(gone), AT_ONCE):
        session.execute(
            update(MembershipRow)
            .where(
                MembershipRow.course_id == source.course_id,
                MembershipRow.person_id.in_(gone[start : start + AT_ONCE]),
            )
            .values(ended_at=now)
        )


def _people_here(session: Session, source: RosterSource) -> dict[str, tuple[UUID, str | None, bool]]:
    """Everyone of the registration by `sub`: the person, their name, whether they are in the course."""
    rows = session.execute(
        select(LmsAccountRow.sub, PersonRow.id, PersonRow.name, MembershipRow.id)
        .join(PersonRow, PersonRow.id == LmsAccountRow.person_id)
        .outerjoin(
            MembershipRow,
            (MembershipRow.person_id == PersonRow.id)
            & (MembershipRow.course_id == source.course_id)
            & MembershipRow.ended_at.is_(None),
        )
        .where(LmsAccountRow.registration_id == source.registration.id)
    )
    return {sub: (person_id, name, membership is not None) for sub, person_id, name, membership in rows}


def _join(session: Session, source: RosterSource, person_id: UUID, member: Member, now: datetime) -> int:
    given: Capability | None = capability(member.roles)
    made = insert_once(
        session,
        MembershipRow,
        id=new_id(),
        organization_id=source.registration.organization_id,
        course_id=source.course_id,
        person_id=person_id,
        roles=list(member.roles),
        capability=given,
        seen_at=now,
    )
    if not made:  # they had left, and are back
        session.execute(
            update(MembershipRow)
            .where(MembershipRow.course_id == source.course_id, MembershipRow.person_id == person_id)
            .values(ended_at=None, roles=list(member.roles), capability=given, seen_at=now)
        )
    return 1
