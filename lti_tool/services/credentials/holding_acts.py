"""A holder has a credential made, another one in its place, or withdraws it. Nothing of it happens by itself."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.certificate_pdf import wordings
from lti_tool.services.credentials import endorsements, holding_pages, issuing
from lti_tool.services.credentials.holding import enrollment_of, holds, newest, own_row
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import contact_of
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused

LONGEST_NAME = 200
BY_HOLDER = "Its holder withdrew it."


@dataclass(frozen=True, slots=True)
class Wish:
    """How the holder wishes it."""

    name: str
    language: str
    with_email: bool = False
    """Whether who knows their address may recognize it: only a digest goes in."""


def ask(session: Session, visitor: Visitor, decision_id: UUID, wish: Wish, *, public_url: str, now: datetime) -> UUID:
    """Have one made. The same wish twice is one credential.

    Raises `NotHere`; `Refused`: "name", "language", and those of `issuing.issue`.
    """
    enrollment = enrollment_of(session, visitor, decision_id)
    wish = _checked(wish)
    if decision_id not in {each.decision.id for each, _ in newest(session, enrollment, now)}:
        raise _nothing_now()
    row = issuing.issue(
        session,
        enrollment,
        session.get_one(DecisionRow, decision_id),
        name=wish.name,
        language=wish.language,
        by=visitor.person_id,
        now=now,
        public_url=public_url,
        email=_email(session, visitor, wish, now),
    )
    return row.id


def has_address(session: Session, visitor: Visitor, now: datetime) -> bool:
    """Whether the visitor has an e-mail address that was shown to be theirs."""
    return contact_of(session, visitor.person_id, now.date()).confirmed


def checked_name(name: str) -> str:
    """The name as it goes onto a credential. Raises `Refused` ("name")."""
    tidy = " ".join("".join(each for each in name if each.isprintable() or each.isspace()).split())
    if not tidy:
        raise Refused("name", "Please say how your name should stand on it.")
    if len(tidy) > LONGEST_NAME:
        raise Refused("name", "Please keep the name to %(most)s characters.", most=LONGEST_NAME)
    return tidy


def again(
    session: Session, visitor: Visitor, credential_id: UUID, wish: Wish, *, public_url: str, now: datetime
) -> UUID:
    """Another one in its place, as the holder wishes it now; an open page shows the new one. Twice gives the same.

    Raises `NotHere`; `Refused`: "name", "language", "withdrawn_by_program", and those of `issuing.replace`.
    """
    row = own_row(session, visitor, credential_id)
    wish = _checked(wish)
    if row.withdrawn_at is not None and row.withdrawn_by != row.person_id and not _is_replaced(session, row):
        raise Refused(
            "withdrawn_by_program",
            "The program withdrew this credential. Please ask the program leads, or appeal as the decision says.",
        )
    if not holds(session, session.get_one(EnrollmentRow, row.enrollment_id), now):
        raise _nothing_now()
    made = issuing.replace(
        session, row, name=wish.name, language=wish.language, by=visitor.person_id, now=now, public_url=public_url,
        email=_email(session, visitor, wish, now),
    )  # fmt: skip
    take_over(session, row, made, public_url=public_url, now=now)
    return made.id


def take_over(session: Session, old: CredentialRow, new: CredentialRow, *, public_url: str, now: datetime) -> None:
    """What the holder opened and agreed to for the one is so for the one in its place."""
    holding_pages.take_over(session, old.id, new.id)
    endorsements.take_over(session, old, new, public_url=public_url, now=now)


def give_up(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> None:
    """The holder withdraws it themselves: whoever checks it reads so. Twice changes nothing. Raises `NotHere`."""
    row = own_row(session, visitor, credential_id, locked=True)
    issuing.withdraw(session, row, BY_HOLDER, row.person_id, now)


def _is_replaced(session: Session, row: CredentialRow) -> bool:
    return session.scalars(select(CredentialRow.id).where(CredentialRow.replaces_id == row.id)).first() is not None


def _checked(wish: Wish) -> Wish:
    if wish.language not in wordings():
        raise Refused("language", "Please choose one of these languages.")
    return Wish(checked_name(wish.name), wish.language, wish.with_email)


def _email(session: Session, visitor: Visitor, wish: Wish, now: datetime) -> str:
    contact = contact_of(session, visitor.person_id, now.date())
    return contact.address or "" if wish.with_email and contact.confirmed else ""


def _nothing_now() -> Refused:
    return Refused(
        "nothing_now",
        "The certification does not hold now, so nothing new can be carried. Your path says what can be done.",
    )
