"""What was signed, word for word, as it was kept: whatever language it is read in later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Field, may_see
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.read import Record, read
from lti_tool.services.signing.signed_words import readable
from lti_tool.store.observations import SignedDocumentRow, SignOffRow
from rubrics.sign_off import Lane, digest_of


@dataclass(frozen=True, slots=True)
class Signed:
    """The document under one signature."""

    record: Record
    document: Mapping[str, Any]
    """As `services.signing.signed_words.readable` reads it."""
    digest: str
    unchanged: bool
    """Whether the document still fits the digest that was signed."""


def signed(
    session: Session, visitor: Visitor, observation_id: UUID, lane: Lane, now: datetime, *, attempt: int | None = None
) -> Signed:
    """What was signed in this lane, for whoever may read what was seen; the read log has it. Raises `NotHere`.

    Without `attempt` it is the last one, whether it still stands or not.
    """
    record = read(session, visitor, observation_id, now)
    whole = may_see(Field.SELF_ASSESSMENT, record.who) and may_see(Field.MEETING, record.who)
    if not record.views or not whole or not may_see(Field.SIGN_OFF, record.who):
        raise NotHere
    wanted = () if attempt is None else (SignOffRow.attempt == attempt,)
    found = session.execute(
        select(SignOffRow.digest, SignedDocumentRow.document)
        .join(SignedDocumentRow, SignedDocumentRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffRow.lane == lane, *wanted)
        .order_by(SignOffRow.attempt.desc())
    ).first()
    if found is None:
        raise NotHere
    digest, kept = found
    return Signed(record, readable(json.loads(kept)), digest, digest_of(kept.encode()) == digest)
