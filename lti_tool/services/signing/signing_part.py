"""What the page of an observation says about its signatures, and what this reader can do about them."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_see
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.superseding import Superseded, superseded
from lti_tool.services.signing.signatures import Given, given_under
from lti_tool.store.observations import ObservationRow
from rubrics.observation import UNCHANGEABLE, State
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class SigningPart:
    """Of one observation, for one reader."""

    given: tuple[Given, ...]
    """All that were ever given, first given first; empty for whoever may not see signatures."""
    to_take_back: frozenset[Lane]
    """Lanes in which the reader's own signature stands, and can still be taken back alone."""
    waits_until: datetime | None
    """All lanes have signed; until then the last signature can be taken back, and nothing is sent on."""
    superseded: Superseded | None
    supersedes_id: UUID | None
    """The record in whose place this one stands."""
    may_supersede: bool


def signing_part(session: Session, visitor: Visitor, record: Record) -> SigningPart:
    """What stands, what does not, and why; the reader's own ways to change that."""
    line = record.line
    sees, reads = may_see(Field.SIGN_OFF, record.who), may_see(Field.ASSESSMENT, record.who)
    given = _without_words(given_under(session, line.id), reads) if sees else ()
    mine = frozenset(one.lane for one in given if one.stands and one.signer_id == visitor.person_id)
    takes_part = Who.OBSERVER in record.who or (bool(mine) and Who.SUPERVISOR in record.who)
    waits = line.state is State.ANSWERED and not line.lanes_open
    return SigningPart(
        given=given,
        to_take_back=mine if line.state not in UNCHANGEABLE | {State.WITHDRAWN} else frozenset(),
        waits_until=line.finalize_after if waits else None,
        superseded=_superseded(session, line.id, reads) if sees and line.state is State.SUPERSEDED else None,
        supersedes_id=session.get_one(ObservationRow, line.id).supersedes_id if sees else None,
        may_supersede=takes_part and line.state in (State.FINAL, State.RELEASED),
    )


def _without_words(given: tuple[Given, ...], reads: bool) -> tuple[Given, ...]:
    """Why a signature was taken back is about what was seen: only for those who read that."""
    if reads:
        return given
    return tuple(replace(one, withdrawn=replace(one.withdrawn, reason=None)) if one.withdrawn else one for one in given)


def _superseded(session: Session, observation_id: UUID, reads: bool) -> Superseded | None:
    found = superseded(session, observation_id)
    return found if reads or found is None else replace(found, reason=None)
