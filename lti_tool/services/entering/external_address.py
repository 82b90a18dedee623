"""Correcting the address at which somebody was invited, as long as nobody has come in with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.mail import is_address
from lti_tool.services import audit
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.external import an_external, end_links
from lti_tool.services.entering.inviting import has_other_ways
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import address_digest, contact_of, is_reached, person_at
from lti_tool.store.people import InvitationRow, PersonRow, SessionRow
from rubrics.refusal import Refused


def correct(
    session: Session,
    visitor: Visitor,
    place: Place,
    person_id: UUID,
    address: str,
    *,
    secret_keys: tuple[str, ...],
    now: datetime,
) -> None:
    """Keep another address for somebody who has not come in yet; their links so far open nothing any more.

    The same address once more says that it is a good one after all. Raises `NotHere` for who is no external of
    this course, and `Refused`.
    """
    person = an_external(session, place, person_id)
    address = address.strip()
    if not is_address(address):
        raise Refused("address_needed", "Please give one e-mail address, such as ana@school.example.")
    if _is_somebody(session, place, person, now):
        raise Refused(
            "came_in",
            "They have come in already, so the address is theirs to change: in Attune, under “How we may reach you”. "
            "You can hand a link and a code over instead.",
        )
    known = person_at(session, place.organization_id, address, secret_keys)
    if known is not None and known.id != person.id:
        raise Refused(
            "address_known",
            "This address belongs to somebody who is here already. Please end this invitation, and invite them.",
        )
    person.email, person.email_digest = address, address_digest(address, secret_keys[0])
    session.flush()
    is_reached(session, person.id)
    end_links(session, person.id, place.course.id, now)
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="external.address",
        subject=f"person:{person.id}",
        now=now,
        course=str(place.course.id),
    )


def _is_somebody(session: Session, place: Place, person: PersonRow, now: datetime) -> bool:
    """Whether somebody has come in as this person, or could in another way: then the address is a key of theirs."""
    entered = select(InvitationRow.id).where(
        InvitationRow.person_id == person.id,
        InvitationRow.entered_at.is_not(None) | (InvitationRow.used_at.is_not(None) & ~InvitationRow.reusable),
    )
    signed_in = select(SessionRow.id).where(SessionRow.person_id == person.id)
    return (
        contact_of(session, person.id, now.date()).confirmed
        or has_other_ways(session, person.id, but_course=place.course.id)
        or any(session.scalars(found).first() is not None for found in (entered, signed_in))
    )
