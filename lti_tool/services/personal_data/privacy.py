"""Requests about a person's data that an administrator of their LMS makes (LTI Data Privacy Launch).

Asking is recorded here; handing out and erasing is done by the operator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Result, bindparam, select
from sqlalchemy.orm import Session, aliased

from lti_tool.lti.claims import Launch
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import LIFETIME, Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.kept import Kept, kept
from lti_tool.store.base import new_id
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.privacy import PrivacyLaunchRow, PrivacyRequestRow, PrivacyWish

MOST = 200


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What was asked for about a person, by whom and when."""

    id: UUID
    wish: PrivacyWish
    person_id: UUID
    person_name: str
    asked_by: str
    asked_at: datetime
    platform_name: str
    handled_at: datetime | None

    def days(self, now: datetime) -> int:
        """For how many days it has been waiting."""
        return (now - self.asked_at).days


@dataclass(frozen=True, slots=True)
class AboutPerson:
    """What is kept about a person, in kinds and counts, and what was asked for and is not handled yet."""

    person_id: UUID
    name: str
    kept: Mapping[Kept, int]
    asked: Mapping[PrivacyWish, DataRequest]


def begin(session: Session, launch: Launch, organization_id: UUID, administrator_id: UUID, now: datetime) -> str:
    """Where a data privacy launch leads.

    From then on its administrator may ask about this person, as long as a session lasts.
    """
    if launch.for_user is None:
        raise NotHere
    person_id = session.scalars(
        select(LmsAccountRow.person_id).where(
            LmsAccountRow.registration_id == launch.registration_id, LmsAccountRow.sub == launch.for_user.sub
        )
    ).one_or_none()
    if person_id is None:
        return "/privacy/nobody"
    session.add(
        PrivacyLaunchRow(
            id=new_id(),
            organization_id=organization_id,
            registration_id=launch.registration_id,
            person_id=person_id,
            launched_by=administrator_id,
            launched_at=now,
        )
    )
    session.flush()
    return f"/privacy/{person_id}"


def about_person(session: Session, visitor: Visitor, person_id: UUID, now: datetime) -> AboutPerson:
    """For the administrator who came in for this person. Raises `NotHere`."""
    _launch(session, visitor, person_id, now)
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == person_id)).one()
    waiting = [line for line in _requests(session.execute(_ABOUT, {"person_id": person_id})) if not line.handled_at]
    return AboutPerson(
        person_id=person_id,
        name=display_name(person_id, name),
        kept=kept(session, person_id),
        asked={line.wish: line for line in reversed(waiting)},
    )


def ask(session: Session, visitor: Visitor, person_id: UUID, wish: PrivacyWish, now: datetime) -> None:
    """Record what is wished for the operator. While it waits, asking again changes nothing. Raises `NotHere`."""
    launch = _launch(session, visitor, person_id, now)
    session.execute(select(PersonRow.id).where(PersonRow.id == person_id).with_for_update())  # one asks at a time
    standing = select(PrivacyRequestRow.id).where(
        PrivacyRequestRow.person_id == person_id,
        PrivacyRequestRow.wish == wish,
        PrivacyRequestRow.handled_at.is_(None),
    )
    if session.scalars(standing).first() is not None:
        return
    row = PrivacyRequestRow(
        id=new_id(),
        organization_id=launch.organization_id,
        registration_id=launch.registration_id,
        person_id=person_id,
        wish=wish,
        requested_by=visitor.person_id,
        requested_at=now,
        handled_by=None,
        handled_at=None,
    )
    session.add(row)
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=f"privacy.{wish}",
        subject=f"person:{person_id}",
        now=now,
        request=str(row.id),
    )


def copy_is_answered(session: Session, visitor: Visitor, request_id: UUID, now: datetime) -> None:
    """The operator notes that the person has their copy, or can take it. Twice changes nothing. Raises `NotHere`.

    A wish to erase is not noted but carried out, see `erasure.carry_out_for_the_lms`.
    """
    row = session.scalars(
        select(PrivacyRequestRow)
        .where(
            PrivacyRequestRow.id == request_id,
            PrivacyRequestRow.organization_id == visitor.organization_id,
            PrivacyRequestRow.wish == PrivacyWish.EXPORT,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.handled_at is not None:
        return
    row.handled_at, row.handled_by = now, visitor.person_id
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="privacy.answered",
        subject=f"person:{row.person_id}",
        now=now,
        request=str(row.id),
    )


def about_me(session: Session, visitor: Visitor) -> tuple[DataRequest, ...]:
    """What was asked for about the visitor, newest first."""
    return _requests(session.execute(_ABOUT, {"person_id": visitor.person_id}))


def waiting(session: Session, organization_id: UUID) -> tuple[DataRequest, ...]:
    """What waits for the organization's operator, oldest first."""
    return _requests(session.execute(_WAITING, {"organization_id": organization_id}))[::-1]


def _launch(session: Session, visitor: Visitor, person_id: UUID, now: datetime) -> PrivacyLaunchRow:
    row = session.scalars(
        select(PrivacyLaunchRow)
        .where(
            PrivacyLaunchRow.launched_by == visitor.person_id,
            PrivacyLaunchRow.person_id == person_id,
            PrivacyLaunchRow.organization_id == visitor.organization_id,
            PrivacyLaunchRow.launched_at > now - LIFETIME,
        )
        .order_by(PrivacyLaunchRow.launched_at.desc())
    ).first()
    if row is None:
        raise NotHere
    return row


_ASKING = aliased(PersonRow)
# Built once: the trainee's page asks each time, and building costs many times what the database needs to answer.
_REQUESTS = (
    select(PrivacyRequestRow, PersonRow.name, _ASKING.name, RegistrationRow.name)
    .join(PersonRow, PersonRow.id == PrivacyRequestRow.person_id)
    .join(_ASKING, _ASKING.id == PrivacyRequestRow.requested_by)
    .join(RegistrationRow, RegistrationRow.id == PrivacyRequestRow.registration_id)
    .order_by(PrivacyRequestRow.requested_at.desc(), PrivacyRequestRow.id.desc())
    .limit(MOST)
)
_ABOUT = _REQUESTS.where(PrivacyRequestRow.person_id == bindparam("person_id"))
_WAITING = _REQUESTS.where(
    PrivacyRequestRow.organization_id == bindparam("organization_id"), PrivacyRequestRow.handled_at.is_(None)
)


def _requests(
    rows: Result[PrivacyRequestRow, str | None, str | None, str],
) -> tuple[DataRequest, ...]:
    return tuple(
        DataRequest(
            id=row.id,
            wish=row.wish,
            person_id=row.person_id,
            person_name=display_name(row.person_id, name),
            asked_by=display_name(row.requested_by, asked_by),
            asked_at=row.requested_at,
            platform_name=platform,
            handled_at=row.handled_at,
        )
        for row, name, asked_by, platform in rows
    )
