"""Signing: what would be signed is shown, and exactly that is signed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit, deliver
from lti_tool.services.lines import display_name, lanes_of
from lti_tool.services.moves import held, move_on
from lti_tool.services.places import NotHere, standing_of
from lti_tool.services.read import Record, read, ready_to_sign
from lti_tool.services.relations import relations_of
from lti_tool.services.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.observations import ObservationRow, SignedDocumentRow, SignOffRow, SignOffWithdrawalRow
from rubrics.assessment import Rating
from rubrics.language import for_reader
from rubrics.observation import Move, State
from rubrics.refusal import Refused
from rubrics.rubric import Criterion
from rubrics.sign_off import ATTESTATIONS, Lane, Meaning, digest_of, may_sign


@dataclass(frozen=True, slots=True)
class Reader:
    """In which words the signer reads the page."""

    language: str = "en"
    """The page's own language."""
    wanted: tuple[str, ...] = ("en",)
    """The languages for the words of the rubric, best first."""
    say: Callable[[str], str] = str
    """Puts the attestation into `language`: the sentence that is read is the one that is signed."""


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


def preview(
    session: Session,
    visitor: Visitor,
    observation_id: UUID,
    lane: Lane,
    now: datetime,
    *,
    reader: Reader = PLAIN,
) -> ToSign:
    """What would be signed now. Raises `Refused` where the visitor may not sign, `NotHere` for a stranger."""
    record = _in_words_of(reader, read(session, visitor, observation_id, now))
    row = session.get_one(ObservationRow, observation_id)
    _check(session, visitor, record, lane, now)
    meaning = Meaning.OBSERVED if visitor.person_id == row.observer_id else Meaning.REVIEWED
    attestation = reader.say(ATTESTATIONS[meaning])
    content = _document(visitor, record, row, lane, meaning)
    document = rfc8785.dumps({**content, "language": reader.language, "attestation": attestation})
    return ToSign(record, document, digest_of(document), attestation, lane, meaning)


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
) -> tuple[UUID, ...]:
    """Sign what was shown: `digest` is that of the page, in the same words. The last lane makes it final.

    The answer names the scores to look at. Raises `Refused` when what would be signed is no
    longer what was shown.
    """
    observation = held(session, visitor, observation_id)
    shown = preview(session, visitor, observation_id, lane, now, reader=reader)
    if shown.digest != digest:
        raise Refused(
            "changed_since_shown",
            "This record changed after the page was shown. Please read it again before you sign.",
        )
    _keep_signature(session, visitor, observation, shown, now)
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
    if shown.record.line.lanes_open - {lane}:
        observation.changed_at = now
        return ()
    return _finish(session, visitor, observation, now)


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


def _finish(session: Session, visitor: Visitor, observation: ObservationRow, now: datetime) -> tuple[UUID, ...]:
    """The trainee has read and answered all of it before, so that final and released are one moment."""
    move_on(session, observation, Move.FINALIZE, person_id=visitor.person_id, now=now)
    observation.released_at = now
    move_on(session, observation, Move.RELEASE, person_id=visitor.person_id, now=now)
    return deliver.desire(session, observation.activity_id, observation.trainee_id, now)


def _check(session: Session, visitor: Visitor, record: Record, lane: Lane, now: datetime) -> None:
    line = record.line
    needed = frozenset(record.lanes_needed)
    may_sign(
        signer=str(visitor.person_id),
        lanes_of_signer=lanes_of(
            line.trainee_id,
            standing_of(session, visitor.person_id, line.course_id),
            relations_of(session, visitor.person_id, line.course_id),
        ),
        lane=lane,
        lanes_needed=needed,
        lanes_signed=needed - line.lanes_open,
        signers=_signers(session, line.id),
        trainee=str(line.trainee_id),
        state=State.ANSWERED if ready_to_sign(line, now) else line.state,
    )
    if record.assessment is None:
        raise NotHere


def _signers(session: Session, observation_id: UUID) -> frozenset[str]:
    """Of the signatures that stand."""
    rows = session.scalars(
        select(SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffWithdrawalRow.id.is_(None))
    )
    return frozenset(str(signer_id) for signer_id in rows)


def _attempts(session: Session, observation_id: UUID, lane: Lane) -> int:
    """How often this lane was signed before."""
    found = select(func.count()).where(SignOffRow.observation_id == observation_id, SignOffRow.lane == lane)
    return session.scalars(found).one()


def _keep_signature(
    session: Session, visitor: Visitor, observation: ObservationRow, shown: ToSign, now: datetime
) -> None:
    signature = SignOffRow(
        id=new_id(),
        organization_id=observation.organization_id,
        observation_id=observation.id,
        signer_id=visitor.person_id,
        lane=shown.lane,
        meaning=shown.meaning,
        attestation=shown.attestation,
        assurance=visitor.assurance,
        digest=shown.digest,
        signed_at=now,
        attempt=1 + _attempts(session, observation.id, shown.lane),
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


def _document(visitor: Visitor, record: Record, row: ObservationRow, lane: Lane, meaning: Meaning) -> dict[str, Any]:
    """Everything on the page, in a form that has one spelling only (RFC 8785)."""
    assessment, rubric = record.assessment, record.version.rubric
    if assessment is None:
        raise NotHere
    line = record.line
    return {
        "attune": "sign-off/1",
        "salt": row.salt,
        "observation": str(line.id),
        "activity": line.activity_title,
        "course": line.course_title,
        "trainee": {"id": str(line.trainee_id), "name": line.trainee_name},
        "observer": {"id": str(line.observer_id), "name": line.observer_name},
        "signer": {"id": str(visitor.person_id), "name": display_name(visitor.person_id, visitor.name)},
        "lane": lane.value,
        "meaning": meaning.value,
        "mode": record.consent.mode.value if record.consent else None,
        "recorded": record.consent.recorded if record.consent else None,
        "person_served": record.person_served.value if record.person_served else None,
        "rubric": {
            "key": rubric.key,
            "title": rubric.title,
            "version": record.version.number,
            "digest": record.version.digest,
            "language": rubric.language,
        },
        "strength": assessment.strength,
        "growth": assessment.growth,
        "next_step": assessment.next_step,
        "ratings": [_rated(criterion, assessment.rating(criterion.key)) for criterion in rubric.criteria],
        "response": record.response,
        "answered_at": line.answered_at.isoformat() if line.answered_at else None,
    }


def _rated(criterion: Criterion, rating: Rating | None) -> dict[str, Any]:
    level = criterion.level(rating.level) if rating is not None and rating.level is not None else None
    return {
        "criterion": criterion.key,
        "statement": criterion.statement,
        "level": level.number if level else None,
        "label": level.label if level else None,
        "anchor": level.anchor if level else None,
        "not_observed": rating.not_observed if rating else None,
        "evidence": rating.evidence if rating else None,
    }
