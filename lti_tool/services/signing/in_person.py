"""Signing in person, on the trainee's device: less sure than any other way, and said so wherever it shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.stand_in import stand_in
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import contact_of
from lti_tool.services.observations.lines import ObservationLine, display_name, line
from lti_tool.services.observations.read import ready_to_sign
from lti_tool.services.signing.gates import check
from lti_tool.store.courses import ActivityRow
from lti_tool.store.mail import MailKind
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane

MOST = 100


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who could sign now, in person, in this lane."""

    person_id: UUID
    name: str
    lane: Lane


def may_begin(session: Session, visitor: Visitor, seen: ObservationLine) -> bool:
    """Whether the visitor's own observation may be signed in person at all."""
    activity = session.get_one(ActivityRow, seen.activity_id)
    enough = activity.least_assurance is Assurance.IN_PERSON and activity.code_since is None
    return seen.trainee_id == visitor.person_id and enough


def is_offered(session: Session, visitor: Visitor, seen: ObservationLine, now: datetime) -> bool:
    """Whether the visitor could hand their device over for a signature now."""
    if seen.trainee_id != visitor.person_id or not seen.lanes_open or not ready_to_sign(seen, now):
        return False
    return may_begin(session, visitor, seen)


def possible_signers(session: Session, visitor: Visitor, observation_id: UUID, now: datetime) -> tuple[Signer, ...]:
    """Who could sign the visitor's own observation now, by lane and name. Raises `NotHere`, `Refused`."""
    seen = _own(session, visitor, observation_id)
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, GrantRow.lane)
        .join(GrantRow, GrantRow.person_id == PersonRow.id)
        .join(
            MembershipRow,
            (MembershipRow.person_id == PersonRow.id) & (MembershipRow.course_id == GrantRow.course_id),
        )
        .where(
            GrantRow.course_id == seen.course_id,
            GrantRow.capability == Capability.SUPERVISOR,
            GrantRow.revoked_at.is_(None),
            MembershipRow.ended_at.is_(None),
        )
        .limit(MOST)
    )
    named = [Signer(id_, display_name(id_, name), lane) for id_, name, lane in rows if lane in seen.lanes_open]
    able = [one for one in named if _may(session, seen, one, now)]
    return tuple(sorted(able, key=lambda one: (one.lane, one.name.casefold())))


def signer(session: Session, visitor: Visitor, observation_id: UUID, person_id: UUID) -> Visitor:
    """The person who signs on the visitor's device, as `services.signing.sign_off` sees a visitor; what they may sign
    is its to say. Raises `NotHere` for somebody of another course, `Refused` where the activity asks for more.
    """
    seen = line(session, visitor.organization_id, observation_id)
    member = select(MembershipRow.id).where(
        MembershipRow.course_id == seen.course_id,
        MembershipRow.person_id == person_id,
        MembershipRow.ended_at.is_(None),
    )
    if person_id == visitor.person_id or session.scalars(member).first() is None:
        raise NotHere
    _own(session, visitor, observation_id)
    return stand_in(session, person_id)


def check_name(who: Visitor, typed: str) -> None:
    """The signer types their own name, as it stands on the page. Raises `Refused`."""
    name = display_name(who.person_id, who.name)
    if _plain(typed) != _plain(name):
        raise Refused("name_differs", "Please type the name as it stands above: %(name)s.", name=name)


def gets_copy(session: Session, who: Visitor, now: datetime) -> bool:
    """Whether the signer is told by mail, so that they can say that it was not them."""
    contact = contact_of(session, who.person_id, now.date())
    return contact.address is not None and contact.wants(MailKind.COPY)


def _own(session: Session, visitor: Visitor, observation_id: UUID) -> ObservationLine:
    seen = line(session, visitor.organization_id, observation_id)
    if seen.trainee_id != visitor.person_id:
        raise NotHere
    if not may_begin(session, visitor, seen):
        raise Refused(
            "own_device_needed",
            "This activity asks for more than a signature on your device: your supervisor signs on their own, after "
            "opening Attune from the course or with a link and a code.",
        )
    return seen


def _may(session: Session, seen: ObservationLine, one: Signer, now: datetime) -> bool:
    try:
        check(session, stand_in(session, one.person_id), seen, one.lane, now=now, assurance=Assurance.IN_PERSON)
    except (Refused, NotHere):
        return False
    return True


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
