"""Our own LTI keys: the newest signs, retired ones stay published while old signatures may be read."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.lti.keys import SigningKey, new_key
from lti_tool.store.base import new_id
from lti_tool.store.platforms import ToolKeyRow

PUBLISHED_AFTER_RETIREMENT = timedelta(days=14)


def signing_key(session: Session, now: datetime) -> SigningKey:
    """The key to sign with; the first call ever makes it."""
    row = session.scalars(
        select(ToolKeyRow).where(ToolKeyRow.retired_at.is_(None)).order_by(ToolKeyRow.created_at.desc())
    ).first()
    row = row or _make(session, now)
    return SigningKey(row.private_pem, row.public_jwk["kid"])


def rotate(session: Session, now: datetime) -> SigningKey:
    """A new key for everything from now on; the former ones stay published for two weeks."""
    for row in session.scalars(select(ToolKeyRow).where(ToolKeyRow.retired_at.is_(None))):
        row.retired_at = now
    row = _make(session, now)
    return SigningKey(row.private_pem, row.public_jwk["kid"])


def published(session: Session, now: datetime) -> list[dict[str, Any]]:
    """The public keys for our key set, newest first."""
    rows = session.scalars(
        select(ToolKeyRow.public_jwk)
        .where(
            or_(
                ToolKeyRow.retired_at.is_(None),
                ToolKeyRow.retired_at > now - PUBLISHED_AFTER_RETIREMENT,
            )
        )
        .order_by(ToolKeyRow.created_at.desc())
    )
    return list(rows)


def _make(session: Session, now: datetime) -> ToolKeyRow:
    key = new_key()
    row = ToolKeyRow(id=new_id(), private_pem=key.private_pem, public_jwk=key.public_jwk, created_at=now)
    session.add(row)
    session.flush()
    return row
