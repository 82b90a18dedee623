"""Who else may see it: wider only after a look at exactly what they will read, narrower at once; and taking it back."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.portfolio.evidence import audited, check_goes_on, own, own_observation, the_one
from lti_tool.services.portfolio.evidence_readers import Somebody, who_would_see
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.messages import MessageKind
from rubrics.evidence import FILES, UNDO, EvidenceState, Sharing, check_may_be_required, is_wider
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Preview:
    """What sharing it so would mean."""

    people: tuple[Somebody, ...]
    """Who could open it then."""
    shown: str
    """Names exactly what they would read; an act that widens carries it."""


def preview(session: Session, visitor: Visitor, evidence_id: UUID, wished: Sharing) -> Preview:
    """For its owner, before the act. Raises `NotHere`."""
    row = the_one(session, visitor, evidence_id)
    if row.owner_id != visitor.person_id:
        raise NotHere
    return Preview(who_would_see(session, row, wished), _shown(row))


def share(session: Session, visitor: Visitor, evidence_id: UUID, wished: Sharing, *, shown: str, now: datetime) -> None:
    """Share it so. Wider needs what was shown before; narrower needs nothing. Raises `Refused`, `NotHere`."""
    row = own(session, visitor, evidence_id)
    if wished is row.sharing:
        return
    _check_is_here(row)
    if is_wider(wished, row.sharing):
        check_goes_on(session, row)
        if row.state is EvidenceState.NOT_TAKEN:
            raise Refused("evidence_not_taken", "There is nothing here that others could open. Please bring it anew.")
        if shown != _shown(row):
            raise Refused("evidence_preview", "Please look at what the others will read first, and then decide.")
    before = {one.id for one in who_would_see(session, row, row.sharing)}
    row.sharing = wished
    session.flush()
    audited(session, row, "evidence.share", now, sharing=wished.value)
    tell(session, row, now, but=before)


def tell(session: Session, row: EvidenceRow, now: datetime, *, but: set[UUID] | None = None) -> None:
    """Tell those with whom it is shared that it is there, except those who knew; nothing before it can be opened."""
    if row.state is not EvidenceState.READY:
        return
    for one in who_would_see(session, row, row.sharing):
        if one.id not in (but or ()):
            notify.news(
                session,
                organization_id=row.organization_id,
                person_id=one.id,
                now=now,
                kind=MessageKind.EVIDENCE,
                path=f"/evidence/{row.id}",
                sender_id=row.owner_id,
            )


def attach(session: Session, visitor: Visitor, evidence_id: UUID, observation_id: UUID | None, now: datetime) -> None:
    """Let it belong to an observation of the owner's own, or to none; it is theirs alone again until they share it."""
    row = own(session, visitor, evidence_id)
    _check_is_here(row)
    wished = own_observation(session, visitor, row.course_id, observation_id)
    if wished == row.observation_id:
        return
    if wished is not None:
        check_goes_on(session, row)
    row.observation_id, row.sharing, row.required_viewing = wished, Sharing.ONLY_ME, False
    session.flush()
    audited(session, row, "evidence.attach", now, observation=str(wished) if wished else None)


def require(session: Session, visitor: Visitor, evidence_id: UUID, *, required: bool, now: datetime) -> None:
    """Say that whoever observes or signs is asked to see it first. Raises `Refused` for a video without captions."""
    row = own(session, visitor, evidence_id)
    _check_is_here(row)
    if required:
        check_goes_on(session, row)
        check_may_be_required(row.kind, captions=row.captions_name is not None)
        if row.observation_id is None:
            raise Refused("required_of_what", "Please choose the observation that it belongs to first.")
    if row.required_viewing is not required:
        row.required_viewing = required
        session.flush()
        audited(session, row, "evidence.required", now, required=required)


def take_back(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> None:
    """Nobody else sees it from this moment on; for a day it can be brought back. Raises `NotHere`."""
    row = own(session, visitor, evidence_id)
    if row.state is EvidenceState.WITHDRAWN:
        return
    row.state, row.withdrawn_at, row.sharing, row.moved_at = EvidenceState.WITHDRAWN, now, Sharing.ONLY_ME, now
    session.flush()
    audited(session, row, "evidence.take_back", now)


def bring_back(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> bool:
    """Undo that, within a day: it is the owner's alone again. True: its file is to be looked at again.

    Raises `Refused`, `NotHere`.
    """
    row = own(session, visitor, evidence_id)
    if row.withdrawn_at is None:
        return False
    if now >= row.withdrawn_at + UNDO:
        raise Refused("evidence_gone", "A day has gone by since, and its content is taken away. Please bring it anew.")
    row.state, row.withdrawn_at, row.moved_at = _state_before(row), None, now
    session.flush()
    audited(session, row, "evidence.bring_back", now)
    return row.state is EvidenceState.CHECKING


def take_away(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> tuple[str, ...]:
    """Take its content away now; that there was something remains. The answer are the names to delete in the store."""
    row = own(session, visitor, evidence_id)
    if row.state is not EvidenceState.WITHDRAWN:
        raise Refused("evidence_take_back_first", "Please take it back first; then its content can be taken away.")
    names = emptied(row)
    session.flush()
    audited(session, row, "evidence.take_away", now)
    return names


def emptied(row: EvidenceRow) -> tuple[str, ...]:
    """Leave nothing in the row of what it said; the answer are the names to delete in the store."""
    names = tuple(name for name in (row.stored_name, row.captions_name) if name)
    row.title = row.words = row.address = row.stored_name = row.captions_name = row.digest = None
    row.required_viewing = False
    return names


def _state_before(row: EvidenceRow) -> EvidenceState:
    if row.kind not in FILES or row.digest is not None:
        return EvidenceState.READY
    return EvidenceState.CHECKING if row.stored_name is not None else EvidenceState.NOT_TAKEN


def _check_is_here(row: EvidenceRow) -> None:
    if row.state is EvidenceState.WITHDRAWN:
        raise Refused("evidence_taken_back", "It is taken back. Please bring it back first.")


def _shown(row: EvidenceRow) -> str:
    content = [row.title, row.words, row.address, row.digest, row.captions_name]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
