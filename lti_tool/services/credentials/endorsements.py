"""What somebody says for a holder: offered, read by the holder first, shown only while both want it. Silence is no."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents import badge
from lti_tool.services import audit
from lti_tool.services.authoring import wording as wording_rules
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuer_keys, issuer_signing
from lti_tool.services.credentials.endorsement_lists import digest_of, may_say, of_writer, signers
from lti_tool.services.credentials.holding import found, own_row
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CredentialRow, EndorsementRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.rubric_texts import Text, Use
from rubrics.wording import lint_text

LONGEST = {"name": 200, "words": 2_000}


def offer(session: Session, visitor: Visitor, credential_id: UUID, *, name: str, words: str, now: datetime) -> UUID:
    """Offer words, or other ones in place of those that are not agreed to. The holder is told that there is something.

    Raises `NotHere`; `Refused`: "name", "words", "shown_now".
    """
    row = found(session, visitor.organization_id, credential_id, locked=True)
    may_say(session, visitor, row)
    if row.withdrawn_at is not None:
        raise NotHere
    name, words = " ".join(name.split()), words.strip()
    _check(session, visitor.organization_id, row.language, name, words)
    mine = session.scalars(of_writer(session, visitor, row.id).execution_options(populate_existing=True)).one_or_none()
    if mine is not None and mine.taken_back_at is None and (mine.by_name, mine.words) == (name, words):
        return mine.id
    if mine is not None and mine.agreed_at is not None:
        raise Refused("shown_now", "The holder agreed to what you wrote. Please take that back first, if you like.")
    id_ = mine.id if mine else new_id()
    if mine is None:
        insert_once(
            session, EndorsementRow, id=id_, organization_id=row.organization_id, credential_id=row.id,
            by_person_id=visitor.person_id, by_name=name, words=words, offered_at=now,
        )  # fmt: skip
    else:
        mine.by_name, mine.words, mine.offered_at, mine.taken_back_at = name, words, now, None
        session.flush()
    _audit(session, visitor, "endorsement.offer", id_, now)
    if mine is None or mine.declined_at is None:  # whoever said no is not asked again and again
        _tell(session, row, now)
    return id_


def answer(
    session: Session, visitor: Visitor, endorsement_id: UUID, *, agrees: bool, digest: str, public_url: str,
    now: datetime,
) -> UUID:  # fmt: skip
    """The holder agrees to exactly what they read, or does not, or not any more. The answer is the credential.

    The same twice changes nothing. Raises `NotHere`; `Refused` ("changed_since_shown").
    """
    row, credential = _of_holder(session, visitor, endorsement_id)
    if not agrees:
        if row.declined_at is None:
            row.agreed_at, row.declined_at, row.document = None, now, None
            session.flush()
            _audit(session, visitor, "endorsement.decline", row.id, now)
        return credential.id
    if digest_of(row) != digest:
        raise Refused("changed_since_shown", "These words were changed after you opened them. Please read them again.")
    if row.agreed_at is None:
        row.agreed_at, row.declined_at = now, None
        row.document = _signed(session, credential, row, public_url, now)
        session.flush()
        _audit(session, visitor, "endorsement.agree", row.id, now)
    return credential.id


def take_back(session: Session, visitor: Visitor, endorsement_id: UUID, now: datetime) -> UUID:
    """The writer takes their words back: nobody sees them from now on. Twice changes nothing. Raises `NotHere`."""
    row = session.get(EndorsementRow, endorsement_id)
    if row is None or row.by_person_id not in all_ids(session, {visitor.person_id}):
        raise NotHere
    found(session, visitor.organization_id, row.credential_id, locked=True)
    session.refresh(row)
    if row.taken_back_at is None:
        row.taken_back_at, row.agreed_at, row.document = now, None, None
        session.flush()
        _audit(session, visitor, "endorsement.take_back", row.id, now)
    return row.credential_id


def ask(session: Session, visitor: Visitor, credential_id: UUID, person_id: UUID, now: datetime) -> None:
    """Ask somebody who signed for the visitor whether they would like to say something. Raises `NotHere`."""
    row = own_row(session, visitor, credential_id)
    if person_id not in {each.person_id for each in signers(session, visitor, credential_id)}:
        raise NotHere
    notify.news(
        session, organization_id=row.organization_id, person_id=person_id, now=now, kind=MessageKind.CREDENTIAL,
        path=f"/credentials/{row.id}/say", sender_id=visitor.person_id,
    )  # fmt: skip
    _audit(session, visitor, "endorsement.ask", row.id, now)


def take_over(session: Session, old: CredentialRow, new: CredentialRow, *, public_url: str, now: datetime) -> None:
    """What was said about the one is said about the one in its place; what was agreed to is signed anew for it."""
    for row in session.scalars(select(EndorsementRow).where(EndorsementRow.credential_id == old.id)):
        row.credential_id = new.id
        row.document = _signed(session, new, row, public_url, now) if row.agreed_at else None
    session.flush()


def _check(session: Session, organization_id: UUID, language: str, name: str, words: str) -> None:
    if not name:
        raise Refused("name", "Please say how you would like to be called.")
    if not words:
        raise Refused("words", "Please write what you would like to say.")
    for field, text in (("name", name), ("words", words)):
        if len(text) > LONGEST[field]:
            raise Refused(field, "Please keep to %(most)s characters.", most=LONGEST[field])
        rules = wording_rules.rules(session, organization_id)
        for each in lint_text(Text(field, Use.SUMMARY, language, text), rules):
            if each.blocks:
                raise Refused(field, each.sentence, **each.values)


def _of_holder(session: Session, visitor: Visitor, endorsement_id: UUID) -> tuple[EndorsementRow, CredentialRow]:
    row = session.get(EndorsementRow, endorsement_id)
    if row is None:
        raise NotHere
    credential = own_row(session, visitor, row.credential_id, locked=True)
    session.refresh(row)
    if row.taken_back_at is not None:
        raise NotHere
    return row, credential


def _signed(session: Session, credential: CredentialRow, row: EndorsementRow, public_url: str, now: datetime) -> str:
    issuer = issuer_keys.issuer(session, public_url, credential.organization_id)
    document = badge.endorsement(
        f"urn:uuid:{new_id()}",
        issuer,
        of=f"urn:uuid:{credential.id}",
        words=row.words,
        by=row.by_name,
        on=now,
    )
    return issuer_signing.as_jwt(session, credential.organization_id, document, issuer.did, now)[0]


def _tell(session: Session, row: CredentialRow, now: datetime) -> None:
    notify.news(
        session, organization_id=row.organization_id, person_id=row.person_id, now=now, kind=MessageKind.CREDENTIAL,
        path=f"/credentials/{row.id}",
    )  # fmt: skip


def _audit(session: Session, visitor: Visitor, act: str, subject: UUID, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"endorsement:{subject}", now=now,
    )  # fmt: skip
