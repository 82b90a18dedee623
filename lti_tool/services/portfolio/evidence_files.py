"""Files of evidence: brought, given captions, and handed out to whoever may open them."""

import io
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.documents import captions as webvtt
from lti_tool.documents.magic import HEAD, recognize_head
from lti_tool.file_store import FileStore
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.portfolio import evidence
from lti_tool.services.portfolio.evidence_lists import note_seen
from lti_tool.store.evidence import EvidenceRow
from rubrics.evidence import EvidenceKind, EvidenceState, not_taken, title_of, words_of
from rubrics.refusal import Refused

LONGEST_LANGUAGE = 20
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is whole, and in the store under a name of its own; nobody can see it yet."""

    name: str
    kind: EvidenceKind
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What is handed out."""

    name: str
    """In the store."""
    kind: EvidenceKind
    media_type: str
    size: int
    digest: str
    title: str


def arrive(store: FileStore, content: IO[bytes], largest: int) -> Arrived:
    """Put what came into the store, whole or not at all; the database is not asked meanwhile.

    Raises `Refused` with what to do where its first bytes or its size say that it cannot be taken; and what the
    store raises.
    """
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    if size == 0:
        raise not_taken("file_empty")
    if size > largest:
        raise too_large(largest)
    kind = recognize_head(content.read(HEAD)).kind
    content.seek(0)
    name = secrets.token_hex(16)
    store.put(name, content)
    content.seek(0)
    return Arrived(name, kind, size)


def too_large(largest: int) -> Refused:
    """What is said of a file that is larger than the operator allows."""
    return Refused(
        "file_large",
        "This file is larger than %(limit)s MB. Please make it shorter or smaller, or bring it in parts.",
        limit=largest // MEGABYTE,
    )


def bring(
    session: Session,
    visitor: Visitor,
    place: Place,
    arrived: Arrived,
    *,
    title: str,
    words: str,
    observation_id: UUID | None,
    now: datetime,
) -> UUID:
    """Keep it, for nobody else, and to be looked at by the worker. Raises `Refused`, `NotHere`."""
    row = evidence.begun(visitor, place, arrived.kind, title_of(title), now)
    row.words, row.state = words_of(words), EvidenceState.CHECKING
    row.observation_id = evidence.own_observation(session, visitor, place.course.id, observation_id)
    row.stored_name, row.size = arrived.name, arrived.size
    return evidence.kept(session, row, now)


def bring_captions(
    session: Session,
    visitor: Visitor,
    store: FileStore,
    evidence_id: UUID,
    content: bytes,
    *,
    language: str,
    now: datetime,
) -> str | None:
    """Give a recording captions; the answer is the name of those that they take the place of, to be deleted.

    Raises `Refused`, `NotHere`, and what the store raises.
    """
    row = evidence.own(session, visitor, evidence_id)
    if row.kind not in (EvidenceKind.VIDEO, EvidenceKind.AUDIO) or row.state not in SHOWN:
        raise Refused("captions_of_what", "Captions belong to a video or a sound recording.")
    tag = language.strip()[:LONGEST_LANGUAGE]
    if not tag.replace("-", "").isalnum() or not tag.isascii():
        raise Refused("captions_language", "Please say which language they are in, such as en or es.")
    text = webvtt.checked(content)
    former, name = row.captions_name, secrets.token_hex(16)
    store.put(name, io.BytesIO(text.encode()))
    row.captions_name, row.captions_language = name, tag
    session.flush()
    evidence.audited(session, row, "evidence.captions", now)
    return former


def content(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> Content:
    """What whoever may open it is handed; that somebody else did is written down. Raises `NotHere`."""
    row = _opened(session, visitor, evidence_id, now)
    if row.stored_name is None or row.media_type is None or row.digest is None or row.size is None:
        raise NotHere
    return Content(row.stored_name, row.kind, row.media_type, row.size, row.digest, row.title or "")


def captions(session: Session, visitor: Visitor, store: FileStore, evidence_id: UUID, now: datetime) -> Iterator[bytes]:
    """Its captions, for whoever may open it. Raises `NotHere`, and what the store raises."""
    row = _opened(session, visitor, evidence_id, now)
    if row.captions_name is None:
        raise NotHere
    return store.read(row.captions_name)


SHOWN = frozenset({EvidenceState.CHECKING, EvidenceState.READY})


def _opened(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> EvidenceRow:
    """Its owner, too, opens only what was looked at: until then it is not known what it would do in a browser."""
    row = evidence.the_one(session, visitor, evidence_id)
    if row.state is not EvidenceState.READY:
        raise NotHere
    if row.owner_id != visitor.person_id:
        note_seen(session, visitor, row, now)
    return row
