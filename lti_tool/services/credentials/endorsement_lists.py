"""What was said for holders, as the holder, whoever wrote it, and anybody read it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.certification import deciding
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials.holding import described, found, own_row
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.services.wellbeing.safeguarding import leads_of
from lti_tool.store.credentials import CredentialRow, EndorsementRow
from lti_tool.store.people import PersonRow

MOST = 50


@dataclass(frozen=True, slots=True)
class Said:
    """Words for a holder, as they can be shown."""

    by_name: str
    words: str
    on: datetime
    document: str
    """Signed by the issuer of the credential."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Words for a holder, as the holder or their writer reads them."""

    id: UUID
    credential_id: UUID
    by_name: str
    words: str
    offered_at: datetime
    digest: str
    """Of exactly this name and these words: the holder agrees to what they read."""
    agreed: bool
    declined: bool
    """For the holder's eyes: a writer only sees whether it is shown."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Before whoever would like to say something."""

    credential_id: UUID
    holder: str
    """As the holder is called here."""
    stage: str
    program: str
    own: Offered | None
    """What they offered already."""
    writer: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signed for the holder, and can be asked for words."""

    person_id: UUID
    name: str


def desk(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> Desk:
    """For whoever signed for the holder, or leads programs. Raises `NotHere` for everybody else."""
    row = found(session, visitor.organization_id, credential_id)
    may_say(session, visitor, row)
    held = described(session, [row], now)[0]
    mine = session.scalars(of_writer(session, visitor, row.id)).one_or_none()
    holder = session.get_one(PersonRow, same_human(session, row.person_id))
    return Desk(
        credential_id=row.id,
        holder=display_name(holder.id, holder.name),
        stage=held.stage,
        program=held.program.name,
        own=offered(mine) if mine and mine.taken_back_at is None else None,
        writer=display_name(visitor.person_id, visitor.name),
    )


def of_credential(session: Session, visitor: Visitor, credential_id: UUID) -> tuple[Offered, ...]:
    """What was said for the visitor, for them to read first. Raises `NotHere`."""
    row = own_row(session, visitor, credential_id)
    return tuple(offered(each) for each in session.scalars(standing(row.id)))


def written(session: Session, visitor: Visitor) -> tuple[Desk, ...]:
    """What the visitor said for others, the newest first."""
    ids = all_ids(session, {visitor.person_id})
    rows = session.execute(
        select(EndorsementRow, CredentialRow, PersonRow.name)
        .join(CredentialRow, CredentialRow.id == EndorsementRow.credential_id)
        .join(PersonRow, PersonRow.id == CredentialRow.person_id)
        .where(EndorsementRow.by_person_id.in_(ids), EndorsementRow.taken_back_at.is_(None))
        .order_by(EndorsementRow.offered_at.desc(), EndorsementRow.id)
        .limit(MOST)
    ).all()
    writer = display_name(visitor.person_id, visitor.name)
    return tuple(
        Desk(each.credential_id, display_name(of.person_id, name), "", "", offered(each), writer)
        for each, of, name in rows
    )


def agreed(session: Session, credential_id: UUID) -> tuple[Said, ...]:
    """What the holder agreed to have shown, as it stands now."""
    rows = session.scalars(standing(credential_id).where(EndorsementRow.agreed_at.is_not(None)))
    return tuple(Said(each.by_name, each.words, each.offered_at, each.document or "") for each in rows)


def signers(session: Session, visitor: Visitor, credential_id: UUID) -> tuple[Signer, ...]:
    """Who signed for the visitor and can be asked for words, by name. Raises `NotHere`."""
    row = own_row(session, visitor, credential_id)
    signed = {UUID(each) for each in deciding.parts_of(session, row.person_id).signed} - {visitor.person_id}
    asked = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(signed))
    every = (Signer(person_id, display_name(person_id, name)) for person_id, name in session.execute(asked))
    return tuple(sorted(every, key=lambda each: each.name.casefold()))[:MOST]


def readers(*, holder: str, writer: str) -> tuple[Reader, ...]:
    """Who can see words: the holder and the writer; anybody only once they agreed and opened a page."""
    names = {Who.SIDE: (holder, writer) if writer else ()}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.ENDORSEMENT].see)


def may_say(session: Session, visitor: Visitor, row: CredentialRow) -> None:
    """Whether they signed for the holder, or lead programs. Raises `NotHere` where they did neither."""
    human = same_human(session, row.person_id)
    if visitor.person_id == human:
        raise NotHere
    leads = {each.person_id for each in leads_of(session, row.organization_id, Capability.PROGRAM_LEAD)}
    signed = deciding.parts_of(session, human).signed
    if visitor.person_id not in leads and str(visitor.person_id) not in signed:
        raise NotHere


def of_writer(session: Session, visitor: Visitor, credential_id: UUID) -> Select[EndorsementRow]:
    """The row of what the visitor said about a credential."""
    return select(EndorsementRow).where(
        EndorsementRow.credential_id == credential_id,
        EndorsementRow.by_person_id.in_(all_ids(session, {visitor.person_id})),
    )


def standing(credential_id: UUID) -> Select[EndorsementRow]:
    """The rows of what was said and not taken back, in the order in which it was."""
    return (
        select(EndorsementRow)
        .where(EndorsementRow.credential_id == credential_id, EndorsementRow.taken_back_at.is_(None))
        .order_by(EndorsementRow.offered_at, EndorsementRow.id)
        .limit(MOST)
    )


def digest_of(row: EndorsementRow) -> str:
    """Of exactly the name and the words: the holder agrees to what they read."""
    return sha256(f"{row.by_name}\n{row.words}".encode()).hexdigest()


def offered(row: EndorsementRow) -> Offered:
    """The row as pages show it."""
    return Offered(
        id=row.id,
        credential_id=row.credential_id,
        by_name=row.by_name,
        words=row.words,
        offered_at=row.offered_at,
        digest=digest_of(row),
        agreed=row.agreed_at is not None,
        declined=row.declined_at is not None,
    )
