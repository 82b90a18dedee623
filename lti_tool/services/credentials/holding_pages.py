"""The page of a credential that its holder opens to whom they give its address, changes, moves and closes."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials.endorsement_lists import Said
from lti_tool.services.credentials.endorsement_lists import agreed as agreed_to
from lti_tool.services.credentials.holding import described, own_row
from lti_tool.services.credentials.issuing import CredentialState
from lti_tool.services.entering.visitors import Visitor, digest_of
from lti_tool.store.base import new_id
from lti_tool.store.credentials import CredentialRow, CredentialShareRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST_LINK = 200


@dataclass(frozen=True, slots=True)
class Public:
    """Everything that anybody reads on the page."""

    name: str
    """As the holder wishes; "" where they show none."""
    stage: str
    program: str
    program_language: str
    body: str
    illustrative: bool
    issuer: str
    issued_at: datetime
    valid_from: date
    valid_until: date | None
    state: CredentialState
    said: tuple[Said, ...]
    row: CredentialRow
    """What was issued, for checking it; it is handed out only where the name is shown, which stands in it."""


def show(
    session: Session, visitor: Visitor, credential_id: UUID, *, name: bool, said: bool, agreed: bool, now: datetime
) -> None:
    """Open a page for it, or change what an open one shows: the holder's name, what was said for them.

    `agreed` says that they know that what is certified tells of health or family. Raises `NotHere`; `Refused`
    ("reveals") where it does and they did not.
    """
    row = own_row(session, visitor, credential_id, locked=True)
    if described(session, [row], now)[0].reveals and not agreed:
        raise Refused(
            "reveals",
            "What is certified tells something about you, or about your family. Please say that this may be seen.",
        )
    page = _open(session, row.id)
    if page is not None:
        if (page.shows_name, page.shows_endorsements) != (name, said):
            page.shows_name, page.shows_endorsements = name, said
            session.flush()
            _audit(session, visitor, "credential_page.change", row.id, now)
        return
    _add(session, row, name=name, said=said, now=now)
    _audit(session, visitor, "credential_page.open", row.id, now)


def close(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> None:
    """Close it at once: its address leads nowhere. Twice changes nothing. Raises `NotHere`."""
    row = own_row(session, visitor, credential_id, locked=True)
    page = _open(session, row.id)
    if page is not None:
        page.ended_at = now
        session.flush()
        _audit(session, visitor, "credential_page.close", row.id, now)


def move(session: Session, visitor: Visitor, credential_id: UUID, now: datetime) -> None:
    """Give an open page another address; the one before leads nowhere. Raises `NotHere`, also where none is open."""
    row = own_row(session, visitor, credential_id, locked=True)
    page = _open(session, row.id)
    if page is None:
        raise NotHere
    page.ended_at = now
    session.flush()
    _add(session, row, name=page.shows_name, said=page.shows_endorsements, now=now)
    _audit(session, visitor, "credential_page.move", row.id, now)


def take_over(session: Session, old_id: UUID, new_id_: UUID) -> None:
    """An open page shows the credential that takes the place of the one it showed, at the same address."""
    page = _open(session, old_id)
    if page is not None:
        page.credential_id = new_id_
        session.flush()


def public(session: Session, link: str, now: datetime) -> Public:
    """What stands at an address. Raises `NotHere`, the same for a closed page and for one that never was."""
    if len(link) > LONGEST_LINK:
        raise NotHere
    page = session.scalars(
        select(CredentialShareRow).where(
            CredentialShareRow.link_digest == digest_of(link), CredentialShareRow.ended_at.is_(None)
        )
    ).one_or_none()
    if page is None:
        raise NotHere
    row = session.get_one(CredentialRow, page.credential_id)
    held = described(session, [row], now)[0]
    return Public(
        name=held.name if page.shows_name else "",
        stage=held.stage,
        program=held.program.name,
        program_language=held.program.language,
        body=held.program.body,
        illustrative=held.program.illustrative,
        issuer=held.issuer,
        issued_at=held.issued_at,
        valid_from=held.valid_from,
        valid_until=held.valid_until,
        state=held.state,
        said=agreed_to(session, row.id) if page.shows_endorsements else (),
        row=row,
    )


def _open(session: Session, credential_id: UUID) -> CredentialShareRow | None:
    return session.scalars(
        select(CredentialShareRow)
        .where(CredentialShareRow.credential_id == credential_id, CredentialShareRow.ended_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def _add(session: Session, row: CredentialRow, *, name: bool, said: bool, now: datetime) -> None:
    link = secrets.token_urlsafe(32)
    insert_once(
        session,
        CredentialShareRow,
        id=new_id(),
        organization_id=row.organization_id,
        credential_id=row.id,
        link=link,
        link_digest=digest_of(link),
        shows_name=name,
        shows_endorsements=said,
        opened_at=now,
    )


def _audit(session: Session, visitor: Visitor, act: str, credential_id: UUID, now: datetime) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"credential:{credential_id}",
        now=now,
    )
