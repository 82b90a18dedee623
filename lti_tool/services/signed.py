"""What was signed, word for word, as it was kept: whatever language it is read in later."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.places import NotHere
from lti_tool.services.read import Record, read
from lti_tool.services.visitors import Visitor
from lti_tool.store.observations import SignedDocumentRow, SignOffRow
from rubrics.sign_off import Lane, digest_of


@dataclass(frozen=True, slots=True)
class Signed:
    """The document under one signature."""

    record: Record
    document: Mapping[str, Any]
    """As `services.sign_off` wrote it; its salt is left out."""
    digest: str
    unchanged: bool
    """Whether the document still fits the digest that was signed."""


def signed(session: Session, visitor: Visitor, observation_id: UUID, lane: Lane, now: datetime) -> Signed:
    """What was signed in this lane, for whoever may read what was seen; the read log has it. Raises `NotHere`."""
    record = read(session, visitor, observation_id, now)
    if record.assessment is None or not any(signature.lane is lane for signature in record.signatures):
        raise NotHere
    found = session.execute(
        select(SignOffRow.digest, SignedDocumentRow.document)
        .join(SignedDocumentRow, SignedDocumentRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffRow.lane == lane)
    ).one_or_none()
    if found is None:
        raise NotHere
    digest, kept = found
    document = {name: value for name, value in json.loads(kept).items() if name != "salt"}
    return Signed(record, document, digest, digest_of(kept.encode()) == digest)
