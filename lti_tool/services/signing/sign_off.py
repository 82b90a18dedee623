"""Signing: what would be signed is shown, and exactly that is signed."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import visitors
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.finishing import finish
from lti_tool.services.observations.moves import held, move_on
from lti_tool.services.observations.read import Record, read
from lti_tool.services.practicum.placements import where
from lti_tool.services.signing.confirming import assurance_of
from lti_tool.services.signing.gates import check, someone_else_signs
from lti_tool.services.signing.signed_words import Act, document, readable
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, SignedDocumentRow, SignOffCopyRow, SignOffRow
from rubrics.language import for_reader
from rubrics.observation import Move, State
from rubrics.refusal import Refused
from rubrics.sign_off import ATTESTATIONS, Assurance, Lane, Meaning, digest_of


@dataclass(frozen=True, slots=True)
class Reader:
    """In which words the signer reads the page, and on whose device."""

    language: str = "en"
    """The page's own language."""
    wanted: tuple[str, ...] = ("en",)
    """The languages for the words of the rubric, best first."""
    say: Callable[[str], str] = str
    """Puts the attestation into `language`: the sentence that is read is the one that is signed."""
    device_of: UUID | None = None
    """Whose device it is, where the signer does so in person; None: their own."""


PLAIN = Reader()


@dataclass(frozen=True, slots=True)
class ToSign:
    """What the signer is shown; `digest` is of `document`, which says all of it."""

    record: Record
    """Its rubric is in the words that are shown and signed."""
    document: bytes
    digest: str
    attestation: str
    lane: Lane
    meaning: Meaning
    assurance: Assurance

    @property
    def words(self) -> dict[str, Any]:
        """The document for a page: what is read is what is signed."""
        return readable(json.loads(self.document))


def preview(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    lane: Lane,
    now: datetime,
    *,
    reader: Reader = PLAIN,
    with_code: bool = True,
) -> ToSign:
    """What would be signed now. Raises `Refused` where the visitor may not sign, `NotHere` for a stranger.

    `with_code`: as in `gates.check`.
    """
    record = _in_words_of(reader, _record(session, visitor, observation_id, lane, now))
    # Held here, so that the gates find it read.
    activity = session.get_one(ActivityRow, record.line.activity_id)
    asked = activity.code_since is not None
    assurance = Assurance.IN_PERSON if reader.device_of else assurance_of(visitor, now, code_asked=asked)
    check(session, visitor, record.line, lane, now=now, assurance=assurance, with_code=with_code)
    observers = {observer.person_id for observer in record.line.taking_part if observer.handed_in}
    meaning = Meaning.OBSERVED if visitor.person_id in observers else Meaning.REVIEWED
    attestation = reader.say(ATTESTATIONS[meaning])
    act = Act(visitor, lane, meaning, attestation, assurance, reader.language)
    salt = session.get_one(ObservationRow, observation_id).salt
    words = rfc8785.dumps(document(record, act, salt, where(session, observation_id)))
    return ToSign(record, words, digest_of(words), attestation, lane, meaning, assurance)


def _record(session: Session, visitor: Visitor, observation_id: UUID, lane: Lane, now: datetime) -> Record:
    try:
        return read(session, visitor, observation_id, now)
    except NotHere:
        someone_else_signs(session, visitor, observation_id, lane)
        raise


def _in_words_of(reader: Reader, record: Record) -> Record:
    """The version keeps its digest, which is of the rubric in all its languages."""
    return replace(record, version=replace(record.version, rubric=for_reader(record.version.rubric, reader.wanted)))


def sign(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    *,
    lane: Lane,
    digest: str,
    now: datetime,
    reader: Reader = PLAIN,
    undo_until: datetime | None = None,
) -> tuple[UUID, ...]:
    """Sign what was shown: `digest` is that of the page, in the same words. The last lane makes it final.

    With `undo_until` nothing is final before then. The answer names the scores to look at. Raises `Refused` when
    what would be signed is no longer what was shown.
    """
    observation = held(session, visitor, observation_id)
    shown = preview(session, visitor, observation_id, lane, now, reader=reader)
    if shown.digest != digest:
        raise Refused(
            "changed_since_shown",
            "This record changed after the page was shown. Please read it again before you sign.",
        )
    try:
        with session.begin_nested():
            signature = _keep_signature(session, visitor, observation, shown, now, device_of=reader.device_of)
    except IntegrityError:
        # A code is asked for since it was looked at, and the database takes none without: looked at again, it says so.
        session.expire_all()
        preview(session, visitor, observation_id, lane, now, reader=reader)
        raise
    _keep_copy(session, signature, now)
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act="observation.sign",
        subject=f"observation:{observation.id}",
        now=now,
        lane=lane.value,
        meaning=shown.meaning.value,
        digest=digest,
    )
    if observation.state is State.SHARED:
        move_on(session, observation, Move.LET_WINDOW_PASS, person_id=None, now=now)
    observation.changed_at = now
    if undo_until is not None:
        observation.finalize_after = max(undo_until, observation.finalize_after or undo_until)
    if shown.record.line.lanes_open - {lane}:
        return ()
    return finish(session, observation, person_id=visitor.person_id, now=now)


def note_refusal(
    session: Session, visitor: Visitor, observation_id: UUID, *, lane: Lane, code: str, now: datetime
) -> None:
    """Write down that the visitor was not let sign, and by which rule."""
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="observation.sign_refused",
        subject=f"observation:{observation_id}",
        now=now,
        lane=lane.value,
        rule=code,
    )


def _attempts(session: Session, observation_id: UUID, lane: Lane) -> int:
    """How often this lane was signed before."""
    found = select(func.count()).where(SignOffRow.observation_id == observation_id, SignOffRow.lane == lane)
    return session.scalars(found).one()


def _keep_signature(
    session: Session,
    visitor: Visitor,
    observation: ObservationRow,
    shown: ToSign,
    now: datetime,
    *,
    device_of: UUID | None,
) -> SignOffRow:
    signature = SignOffRow(
        id=new_id(),
        organization_id=observation.organization_id,
        observation_id=observation.id,
        signer_id=visitor.person_id,
        lane=shown.lane,
        meaning=shown.meaning,
        attestation=shown.attestation,
        assurance=shown.assurance,
        digest=shown.digest,
        signed_at=now,
        attempt=1 + _attempts(session, observation.id, shown.lane),
        device_of=device_of,
    )
    session.add(signature)
    session.flush()
    session.add(
        SignedDocumentRow(
            sign_off_id=signature.id,
            organization_id=observation.organization_id,
            document=shown.document.decode(),
        )
    )
    session.flush()
    return signature


def _keep_copy(session: Session, signature: SignOffRow, now: datetime) -> None:
    """The link of the signer's copy goes out by mail, and is kept nowhere else."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignOffCopyRow(
            organization_id=signature.organization_id,
            sign_off_id=signature.id,
            link_digest=visitors.digest_of(secret),
            made_at=now,
        )
    )
    session.flush()
    notify.copy(session, sign_off_id=signature.id, person_id=signature.signer_id, secret=secret, now=now)
