"""Lists of how credentials stand. An entry is given out by chance; the bits are read from the credentials' rows."""

import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.documents import bitstring
from lti_tool.documents.badge import Document, Purpose, status_list
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuer_keys
from lti_tool.store.base import new_id
from lti_tool.store.credentials import STATUSES, CredentialRow, StatusListRow
from lti_tool.store.organizations import OrganizationRow

HALF_FULL = STATUSES // 2
"""A list gets no more than so many: there is always a free entry nearby, and the taken ones stay a crowd."""
GOOD_FOR = timedelta(hours=24)
"""So long a copy of it may be believed."""
MAX_AGE = 300
"""Seconds for which caches keep it: so soon a suspension is seen everywhere."""


def with_room(session: Session, organization_id: UUID, now: datetime) -> StatusListRow:
    """The list that gives out entries now; the first call makes it, and another one once it is half full."""
    session.scalars(
        select(OrganizationRow.id).where(OrganizationRow.id == organization_id).with_for_update(key_share=True)
    ).one()
    row = session.scalars(
        select(StatusListRow)
        .where(StatusListRow.organization_id == organization_id)
        .order_by(StatusListRow.number.desc())
    ).first()
    if row is not None and _given_out(session, row.id) < HALF_FULL:
        return row
    made = StatusListRow(id=new_id(), organization_id=organization_id, number=row.number + 1 if row else 1, made_at=now)
    session.add(made)
    session.flush()
    return made


def any_index() -> int:
    """An entry by chance."""
    return secrets.randbelow(STATUSES)


def is_taken(session: Session, list_id: UUID, index: int) -> bool:
    """Whether a credential has it."""
    asked = select(CredentialRow.id).where(CredentialRow.status_list_id == list_id, CredentialRow.status_index == index)
    return session.scalars(asked).first() is not None


def address_of(public_url: str, organization_id: UUID, number: int) -> str:
    """Where a list is published, without its purpose."""
    return f"{issuer_keys.address_of(public_url, organization_id)}/status/{number}"


def listed(
    session: Session,
    organization_id: UUID,
    public_url: str,
    *,
    number: int,
    purpose: Purpose,
    now: datetime,
    good_for: timedelta = GOOD_FOR,
) -> Document:
    """A list as it stands, unsigned; the same for an hour unless something changes. Raises `NotHere`."""
    row = session.scalars(
        select(StatusListRow).where(StatusListRow.organization_id == organization_id, StatusListRow.number == number)
    ).one_or_none()
    if row is None:
        raise NotHere
    begins = now.replace(minute=0, second=0, microsecond=0)
    encoded = _encoded(_set_bits(session, row.id, purpose))
    address = address_of(public_url, organization_id, number)
    issuer = issuer_keys.issuer(session, public_url, organization_id)
    return status_list(address, issuer, purpose, encoded, (begins, begins + good_for))


def _given_out(session: Session, list_id: UUID) -> int:
    asked = select(func.count()).select_from(CredentialRow).where(CredentialRow.status_list_id == list_id)
    return session.scalars(asked).one()


def _set_bits(session: Session, list_id: UUID, purpose: Purpose) -> tuple[int, ...]:
    since = CredentialRow.withdrawn_at if purpose is Purpose.REVOCATION else CredentialRow.suspended_at
    asked = select(CredentialRow.status_index).where(CredentialRow.status_list_id == list_id, since.is_not(None))
    return tuple(session.scalars(asked.order_by(CredentialRow.status_index)))


@lru_cache(maxsize=64)
def _encoded(set_bits: tuple[int, ...]) -> str:
    return bitstring.encoded(set_bits)
