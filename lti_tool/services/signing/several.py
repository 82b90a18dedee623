"""Signing several at once: one that is not possible never stops the others, and all can be taken back for a while."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.finishing import finalize_due as finalize_due
from lti_tool.services.observations.lines import ObservationLine, line
from lti_tool.services.observations.moves import held
from lti_tool.services.signing import sign_off
from lti_tool.services.signing.sign_off import PLAIN, Reader, ToSign
from lti_tool.services.signing.unsigning import own_signature, withdraw_signature
from lti_tool.store.observations import SignOffRow, SignOffWithdrawalRow, WithdrawalKind
from rubrics.observation import UNCHANGEABLE
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

UNDO = timedelta(minutes=10)
"""So long nothing of several that were signed at once is final, or sent on."""
MOST = 20
CHANGED = Refused("changed_since_shown", "This changed after the page was shown. Please read it again before you sign.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One that somebody wants to sign, in one lane."""

    observation_id: UUID
    lane: Lane


@dataclass(frozen=True, slots=True)
class Shown:
    """One of several as the page shows it: what would be signed, or why that is not possible now."""

    chosen: Chosen
    to_sign: ToSign | None
    line: ObservationLine | None
    """None: it is not there for this person any more."""
    not_yet: Refused | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several that were signed at once."""

    chosen: Chosen
    line: ObservationLine | None
    signed: bool
    stands: bool
    """Whether the signature stands: it was not taken back meanwhile."""
    final: bool
    not_yet: Refused | None


def shown(
    session: Session, visitor: Visitor, chosen: Sequence[Chosen], now: datetime, *, reader: Reader = PLAIN
) -> tuple[Shown, ...]:
    """Everything that would be signed, each in full; what cannot be signed says why."""
    return tuple(_shown(session, visitor, one, now, reader) for one in _once(chosen))


def _shown(session: Session, visitor: Visitor, chosen: Chosen, now: datetime, reader: Reader) -> Shown:
    try:
        found = sign_off.preview(session, visitor, chosen.observation_id, chosen.lane, now, reader=reader)
    except NotHere:
        return Shown(chosen, None, None, None)
    except Refused as refused:
        return Shown(chosen, None, line(session, visitor.organization_id, chosen.observation_id), refused)
    return Shown(chosen, found, found.record.line, None)


def sign_all(
    session: Session,
    visitor: Visitor,
    digests: Sequence[tuple[Chosen, str]],
    now: datetime,
    *,
    reader: Reader = PLAIN,
) -> None:
    """Sign each whose page was shown with this digest. One that is refused is noted, and the others go on.

    What each led to, `outcomes` says. Nothing is final before `now + UNDO`.
    """
    # All are locked before the first entry in the audit, in one order: two who sign the same ones never wait for
    # each other in a circle.
    for chosen, _ in sorted(digests, key=lambda pair: pair[0].observation_id):
        _lock(session, visitor, chosen)
    for chosen, digest in digests:
        _sign_one(session, visitor, chosen, digest, now, reader)


def _lock(session: Session, visitor: Visitor, chosen: Chosen) -> None:
    try:
        held(session, visitor, chosen.observation_id)
    except NotHere:
        return


def _sign_one(session: Session, visitor: Visitor, chosen: Chosen, digest: str, now: datetime, reader: Reader) -> None:
    try:
        with session.begin_nested():
            sign_off.sign(
                session,
                visitor,
                chosen.observation_id,
                lane=chosen.lane,
                digest=digest,
                now=now,
                reader=reader,
                undo_until=now + UNDO,
            )
    except Refused as refused:
        if refused.code != CHANGED.code:
            note = sign_off.note_refusal
            note(session, visitor, chosen.observation_id, lane=chosen.lane, code=refused.code, now=now)
    except (NotHere, IntegrityError):
        return


def outcomes(
    session: Session, visitor: Visitor, chosen: Sequence[Chosen], at: datetime, now: datetime
) -> tuple[Outcome, ...]:
    """What became of each that the visitor wanted to sign at this moment, as it is now."""
    return tuple(_outcome(session, visitor, one, at, now) for one in _once(chosen))


def _outcome(session: Session, visitor: Visitor, chosen: Chosen, at: datetime, now: datetime) -> Outcome:
    (found,) = shown(session, visitor, [chosen], now)
    row = session.execute(
        select(SignOffRow.id, SignOffWithdrawalRow.id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(
            SignOffRow.observation_id == chosen.observation_id,
            SignOffRow.lane == chosen.lane,
            SignOffRow.signer_id == visitor.person_id,
            SignOffRow.signed_at == at,
        )
        .order_by(SignOffRow.attempt.desc())
    ).first()
    final = found.line is not None and found.line.state in UNCHANGEABLE
    if row is not None:
        return Outcome(chosen, found.line, signed=True, stands=row[1] is None, final=final, not_yet=None)
    not_yet = found.not_yet or (CHANGED if found.to_sign else None)
    return Outcome(chosen, found.line, signed=False, stands=False, final=final, not_yet=not_yet)


def take_all_back(session: Session, visitor: Visitor, chosen: Sequence[Chosen], at: datetime, now: datetime) -> None:
    """Take back, without a reason, what the visitor signed at this moment and what is not final yet.

    After the time for it nothing happens: `outcomes` says what stands.
    """
    if now >= at + UNDO:
        return
    for one in sorted(_once(chosen), key=lambda one: one.observation_id):
        _lock(session, visitor, one)
    for one in _once(chosen):
        _take_one_back(session, visitor, one, at, now)


def _take_one_back(session: Session, visitor: Visitor, chosen: Chosen, at: datetime, now: datetime) -> None:
    try:
        observation = held(session, visitor, chosen.observation_id)
        signature = own_signature(session, visitor, chosen.observation_id, chosen.lane)
    except NotHere:
        return
    if signature.signed_at != at or observation.state in UNCHANGEABLE:
        return
    by, kind = visitor.person_id, WithdrawalKind.UNDONE
    withdraw_signature(session, observation, signature.id, kind, by=by, reason=None, now=now)


def _once(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    return tuple(dict.fromkeys(chosen))[:MOST]
