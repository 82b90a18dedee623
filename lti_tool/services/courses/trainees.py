"""One trainee in one activity: states, signatures and a number, never what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability, Field, Who, may_see
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses.places import NotHere, Place, Standing
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, display_name, lanes_of, lines, listing, ways_to
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.services.scores import gradebook
from lti_tool.services.scores.sync_states import ScoreLine
from lti_tool.store.observations import ObservationRow, SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.observation import State
from rubrics.sign_off import Lane

MOST = 100


@dataclass(frozen=True, slots=True)
class SignedBy:
    """That someone signed in a lane."""

    lane: Lane
    signer_name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Trainee:
    """A trainee of an activity, as far as the reader may see."""

    person_id: UUID
    name: str
    observations: tuple[ObservationLine, ...]
    """Newest first. An observer sees those that are theirs; instructors and those who sign see all."""
    signed: Mapping[UUID, tuple[SignedBy, ...]]
    """By observation."""
    finished: int | None
    """How many are finished; None for a reader who does not see all."""
    sees_score: bool
    score: ScoreLine | None
    """None where there is no number yet, or the reader does not see it."""


_OF_TRAINEE = listing(
    ObservationRow.activity_id == bindparam("activity_id"),
    ObservationRow.trainee_id == bindparam("person_id"),
    limit=MOST,
    newest_first=True,
)


def trainee(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> Trainee:
    """The trainee for this reader; what they saw of each observation is written in the read log.

    Raises `NotHere` where nothing of this person is for them to see.
    """
    standing = Standing(place.capabilities, place.lanes, place.external)
    needed = frozenset(place.activity.lanes)
    relations = relations_of(session, visitor.person_id, place.course.id)
    everywhere = _of_all(lanes_of(person_id, standing, relations), standing, needed)
    found = [
        (line, ways)
        for line in lines(session, _OF_TRAINEE, activity_id=place.activity.id, person_id=person_id)
        if (ways := ways_to(line, visitor.person_id, standing, needed, relations)) - {Who.TRAINEE}
    ]
    name = _name(session, place, person_id, whoever=bool(found))
    if not everywhere and not found:
        raise NotHere
    signed = _signed(session, [line.id for line, ways in found if may_see(Field.SIGN_OFF, ways)])
    sees_score = may_see(Field.SCORE, everywhere)
    score = gradebook.score_of(session, place, person_id) if sees_score else None
    log_reading(
        session,
        visitor,
        trainee_id=person_id,
        seen={line.id: _fields(line, score is not None, line.id in signed) for line, _ways in found},
        now=now,
    )
    return Trainee(
        person_id=person_id,
        name=name,
        observations=tuple(line for line, _ways in found),
        signed=signed,
        finished=sum(line.state is State.RELEASED for line, _ways in found) if everywhere else None,
        sees_score=sees_score,
        score=score,
    )


def _of_all(lanes: frozenset[Lane], standing: Standing, needed: frozenset[Lane]) -> frozenset[Who]:
    """How the reader, who signs for the trainee in these lanes, stands to every observation of theirs here."""
    ways = {
        Who.SUPERVISOR: bool(lanes & needed),
        Who.INSTRUCTOR: Capability.INSTRUCTOR in standing.capabilities,
    }
    return frozenset(who for who, stands in ways.items() if stands)


def _name(session: Session, place: Place, person_id: UUID, *, whoever: bool) -> str:
    """The name of a trainee of the course, also of one who left; with `whoever`, of anyone who was seen in it."""
    found = session.execute(
        select(PersonRow.name, MembershipRow.capability)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(MembershipRow.course_id == place.course.id, PersonRow.id == person_id)
    ).one_or_none()
    if found is None or not (whoever or found.capability is Capability.TRAINEE):
        raise NotHere
    return display_name(person_id, found.name)


def _signed(session: Session, observation_ids: Sequence[UUID]) -> Mapping[UUID, tuple[SignedBy, ...]]:
    rows = session.execute(
        select(SignOffRow.observation_id, SignOffRow.lane, SignOffRow.signer_id, PersonRow.name, SignOffRow.signed_at)
        .join(PersonRow, PersonRow.id == SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id.in_(observation_ids), SignOffWithdrawalRow.id.is_(None))
        .order_by(SignOffRow.signed_at)
    )
    found: dict[UUID, list[SignedBy]] = {}
    for observation_id, lane, signer_id, name, signed_at in rows:
        found.setdefault(observation_id, []).append(SignedBy(lane, display_name(signer_id, name), signed_at))
    return {observation_id: tuple(signatures) for observation_id, signatures in found.items()}


def _fields(line: ObservationLine, score: bool, signed: bool) -> list[Field]:
    """What the page shows of one observation; the score is made of those that are finished."""
    shown = {Field.STATUS: True, Field.SIGN_OFF: signed, Field.SCORE: score and line.state is State.RELEASED}
    return [field for field, there in shown.items() if there]
