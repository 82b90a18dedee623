"""The signer's own word on a signature in their name: from the link of their copy, or signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.services.notifying import notify
from lti_tool.services.signing.signatures import Own, one
from lti_tool.services.signing.unsigning import withdraw_signature
from lti_tool.store.courses import ActivityRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import ObservationRow, SignOffCopyRow, WithdrawalKind
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow


def copy_of(session: Session, secret: str) -> Own:
    """The signature to which the link of a copy leads. Raises `NotHere`."""
    sign_off_id = session.scalars(
        select(SignOffCopyRow.sign_off_id).where(SignOffCopyRow.link_digest == digest_of(secret))
    ).one_or_none()
    found = one(session, sign_off_id) if sign_off_id else None
    if found is None:
        raise NotHere
    return found


def own_one(session: Session, visitor: Visitor, sign_off_id: UUID) -> Own:
    """A signature in the visitor's own name, also from before two accounts of theirs became one. Raises `NotHere`."""
    found = one(session, sign_off_id)
    merged = select(PersonRow.id).where(PersonRow.merged_into == visitor.person_id)
    if found is None or found.given.signer_id not in {visitor.person_id, *session.scalars(merged)}:
        raise NotHere
    return found


def not_me(session: Session, own: Own, now: datetime) -> tuple[UUID, ...]:
    """The person in whose name it was given says that it was not them; instructors and operators are told.

    Before it is final the lane opens again; after that the record counts no more, and the answer names the scores
    to look at. Raises `Refused` (already_withdrawn) the second time.
    """
    given = own.given
    observation = _held(session, given.observation_id)
    by = given.signer_id
    found = withdraw_signature(session, observation, given.id, WithdrawalKind.NOT_ME, by=by, reason=None, now=now)
    instructors, operators = _those_who_look_into_it(session, observation)
    for person_id in sorted((instructors | operators) - {by}):
        notify.news(
            session,
            organization_id=observation.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.SIGNATURE,
            path=f"/a/{observation.activity_id}" if person_id in instructors else "/waiting",
        )
    return found


def it_was_me(session: Session, own: Own, now: datetime) -> None:
    """The signer says that a signature on another's device was theirs. The second time changes nothing."""
    observation = _held(session, own.given.observation_id)
    copy = session.scalars(select(SignOffCopyRow).where(SignOffCopyRow.sign_off_id == own.given.id)).one_or_none()
    if copy is None or copy.confirmed_at is not None:
        return
    copy.confirmed_at = now
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=own.given.signer_id,
        act="observation.confirm_signature",
        subject=f"observation:{observation.id}",
        now=now,
        lane=own.given.lane.value,
    )


def _held(session: Session, observation_id: UUID) -> ObservationRow:
    """Locked until this transaction ends; whose it is, the signature says."""
    return session.scalars(
        select(ObservationRow)
        .where(ObservationRow.id == observation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _those_who_look_into_it(session: Session, observation: ObservationRow) -> tuple[set[UUID], set[UUID]]:
    """Instructors of the course, and operators of the organization."""
    course = select(ActivityRow.course_id).where(ActivityRow.id == observation.activity_id).scalar_subquery()
    members = select(MembershipRow.person_id).where(
        MembershipRow.course_id == course,
        MembershipRow.capability == Capability.INSTRUCTOR,
        MembershipRow.ended_at.is_(None),
    )
    standing = select(GrantRow.person_id).where(
        GrantRow.organization_id == observation.organization_id, GrantRow.revoked_at.is_(None)
    )
    granted = standing.where(GrantRow.capability == Capability.INSTRUCTOR, GrantRow.course_id == course)
    operators = standing.where(GrantRow.capability == Capability.OPERATOR)
    return {*session.scalars(members), *session.scalars(granted)}, set(session.scalars(operators))
