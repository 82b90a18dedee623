"""Where somebody is signed in: their open sessions, and ending them: by themselves, the operator, or their LMS.

What kind of browser it is, and from which address, is kept nowhere, so it cannot be told either.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from grading.appeals import RUNNING, AppealState
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.people import GrantRow, MembershipRow, SessionRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.sign_off import Assurance

SHOWN = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One open session of a person."""

    mark: str
    """Names it on this person's own page and nowhere else; opens nothing."""
    way: Assurance
    """How its person came in."""
    platform: str | None
    """The LMS that opened it, by its name; None after a link with a code."""
    since: datetime
    until: datetime
    """When it ends by itself."""
    in_tab: bool
    """Lives in one tab of a browser that keeps no cookie."""
    here: bool
    """The one that asks."""


def everywhere(session: Session, visitor: Visitor, now: datetime) -> tuple[SignedIn, ...]:
    """The visitor's open sessions: the one that asks first, then the newest; fifty at most."""
    rows = session.execute(
        select(SessionRow, RegistrationRow.name)
        .outerjoin(RegistrationRow, RegistrationRow.id == SessionRow.registration_id)
        .where(_open_of(visitor.person_id, now))
        .order_by((SessionRow.id == visitor.session_id).desc(), SessionRow.created_at.desc(), SessionRow.id)
        .limit(SHOWN)
    )
    return tuple(
        SignedIn(
            mark=_mark(row.id),
            way=row.assurance,
            platform=platform,
            since=row.created_at,
            until=row.expires_at,
            in_tab=row.in_tab,
            here=row.id == visitor.session_id,
        )
        for row, platform in rows
    )


def end_one(session: Session, visitor: Visitor, mark: str, now: datetime) -> None:
    """End one of the visitor's other sessions, or let it be where it has ended. Raises `NotHere` for none of theirs."""
    ids = session.scalars(select(SessionRow.id).where(SessionRow.person_id == visitor.person_id))
    found = next((id_ for id_ in ids if _mark(id_) == mark and id_ != visitor.session_id), None)
    if found is None:
        raise NotHere
    if _end(session, and_(SessionRow.id == found, _open_of(visitor.person_id, now)), now):
        _note(session, visitor, 1, now)


def end_others(session: Session, visitor: Visitor, now: datetime) -> int:
    """End all of the visitor's sessions but this one; the answer is how many there were."""
    others = and_(_open_of(visitor.person_id, now), SessionRow.id != visitor.session_id)
    ended = _end(session, others, now)
    if ended:
        _note(session, visitor, ended, now)
    return ended


def end_all_of(session: Session, organization_id: UUID, now: datetime, *, person_id: UUID | None = None) -> int:
    """For the command line: sign out one person of the organization, or everybody; how many sessions were open."""
    open_ones = and_(
        SessionRow.organization_id == organization_id, SessionRow.ended_at.is_(None), SessionRow.expires_at > now
    )
    if person_id is not None:
        open_ones = and_(open_ones, SessionRow.person_id == person_id)
    ended = _end(session, open_ones, now)
    audit.write(
        session,
        organization_id=organization_id,
        person_id=None,
        act="session.end_by_operator",
        subject=f"person:{person_id}" if person_id else f"organization:{organization_id}",
        now=now,
        ended=ended,
    )
    return ended


def end_of_platform(session: Session, registration_id: UUID, now: datetime, *, but_person_id: UUID | None) -> int:
    """Sign out whoever came in from this LMS, but not `but_person_id`; how many sessions were open."""
    open_ones = and_(
        SessionRow.registration_id == registration_id, SessionRow.ended_at.is_(None), SessionRow.expires_at > now
    )
    if but_person_id is not None:
        open_ones = and_(open_ones, SessionRow.person_id != but_person_id)
    return _end(session, open_ones, now)


def end_of_the_gone(session: Session, registration_id: UUID, course_id: UUID, now: datetime) -> int:
    """Sign out those whose part in this course ended now and who have none anywhere else; how many sessions.

    Who is on the way in a program, appeals or sits on a panel stays: they come to it from where they are.
    Only sessions that this LMS opened end: a way in of one's own stays.
    """
    ended_now = exists().where(
        MembershipRow.person_id == SessionRow.person_id,
        MembershipRow.course_id == course_id,
        MembershipRow.ended_at == now,
    )
    elsewhere = exists().where(MembershipRow.person_id == SessionRow.person_id, MembershipRow.ended_at.is_(None))
    of_organization = exists().where(
        GrantRow.person_id == SessionRow.person_id, GrantRow.course_id.is_(None), GrantRow.revoked_at.is_(None)
    )
    return _end(
        session,
        and_(
            SessionRow.registration_id == registration_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
            ended_now,
            ~elsewhere,
            ~of_organization,
            ~or_(*_under_way()),
        ),
        now,
    )


def _under_way() -> tuple[ColumnElement[bool], ...]:
    """An enrollment, an appeal or a seat on a panel, still open."""
    open_appeal = AppealRow.state.in_(RUNNING | {AppealState.DRAFT})
    return (
        exists().where(EnrollmentRow.person_id == SessionRow.person_id, EnrollmentRow.ended_at.is_(None)),
        exists().where(AppealRow.trainee_id == SessionRow.person_id, open_appeal),
        exists().where(
            AppealMemberRow.person_id == SessionRow.person_id,
            AppealMemberRow.ended_at.is_(None),
            AppealMemberRow.appeal_id == AppealRow.id,
            open_appeal,
        ),
    )


def _open_of(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None), SessionRow.expires_at > now)


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    ended = update(SessionRow).where(which).values(ended_at=now).returning(SessionRow.id)
    return len(session.scalars(ended.execution_options(synchronize_session=False)).all())


def _mark(session_id: UUID) -> str:
    return hashlib.sha256(b"signed in " + session_id.bytes).hexdigest()[:32]


def _note(session: Session, visitor: Visitor, ended: int, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="session.end_elsewhere",
        subject=f"person:{visitor.person_id}",
        now=now,
        ended=ended,
    )
