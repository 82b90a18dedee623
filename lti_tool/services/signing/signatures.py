"""Signatures under one observation, and one person's own over all courses; which of them still stand, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import (
    ObservationRow,
    SignOffCopyRow,
    SignOffRow,
    SignOffWithdrawalRow,
    WithdrawalKind,
)
from lti_tool.store.people import PersonRow
from rubrics.observation import OVER, UNCHANGEABLE, State
from rubrics.sign_off import Assurance, Lane, Meaning

SIGNER, TAKER, TRAINEE, DEVICE = (aliased(PersonRow) for _ in range(4))
MOST = 20


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That a signature does not stand any more."""

    kind: WithdrawalKind
    by_name: str | None
    """None where a conflict did it: who declared it is not told."""
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A signature, whether it stands or not."""

    id: UUID
    observation_id: UUID
    lane: Lane
    attempt: int
    signer_id: UUID
    signer_name: str
    meaning: Meaning
    attestation: str
    assurance: Assurance
    signed_at: datetime
    digest: str
    device_of_name: str | None
    """On whose device, where it was given in person."""
    confirmed_at: datetime | None
    """When the signer said that it was them, of one that was given in person."""
    withdrawn: Withdrawn | None

    @property
    def stands(self) -> bool:
        """Whether nobody withdrew it."""
        return self.withdrawn is None


@dataclass(frozen=True, slots=True)
class Own:
    """One of somebody's own signatures, with where it is."""

    given: Given
    trainee_name: str
    activity_title: str
    course_title: str
    state: State

    @property
    def readable(self) -> bool:
        """Whether its words are still there: they go when the trainee takes the observation back."""
        return self.state is not State.WITHDRAWN

    @property
    def final(self) -> bool:
        """Whether it can no longer be taken back alone."""
        return self.state in UNCHANGEABLE


@dataclass(frozen=True, slots=True)
class Disputed:
    """A signature of which the person in whose name it was given says that it was not them."""

    observation_id: UUID
    trainee_name: str
    signer_name: str
    lane: Lane
    at: datetime


def given_under(session: Session, observation_id: UUID) -> tuple[Given, ...]:
    """All signatures that were ever given under this one, first given first. Who may see them, the caller asks."""
    rows = session.execute(_UNDER, {"observation_id": observation_id})
    return tuple(_given(row) for row in rows)


def own_count(session: Session, visitor: Visitor) -> int:
    """How many signatures were given in the visitor's name."""
    return session.scalars(select(func.count(SignOffRow.id)).where(_own(visitor.person_id))).one()


def own_signatures(session: Session, visitor: Visitor, first: int, most: int) -> tuple[Own, ...]:
    """Signatures in the visitor's name, over all courses, newest first; `most` of them, from `first` on."""
    rows = session.execute(
        _with_where().where(_own(visitor.person_id)).order_by(SignOffRow.signed_at.desc(), SignOffRow.id)
        .offset(first).limit(most)
    )  # fmt: skip
    return tuple(_own_of(row) for row in rows)


def one(session: Session, sign_off_id: UUID) -> Own | None:
    """One signature with where it is; whose eyes it is for, the caller knows."""
    row = session.execute(_with_where().where(SignOffRow.id == sign_off_id)).one_or_none()
    return None if row is None else _own_of(row)


def disputed(session: Session, place: Place) -> tuple[Disputed, ...]:
    """For the instructors of the course, newest first: as long as nothing stands in the place of the signature.

    That is until the lane is signed again, or until the trainee has another observation in this activity signed.
    """
    again, later = aliased(SignOffRow), aliased(ObservationRow)
    rows = session.execute(
        select(SignOffRow, SignOffWithdrawalRow.at, SIGNER.name, ObservationRow.trainee_id, TRAINEE.name)
        .join(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .join(ObservationRow, ObservationRow.id == SignOffRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(SIGNER, SIGNER.id == SignOffRow.signer_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
        .where(
            SignOffWithdrawalRow.kind == WithdrawalKind.NOT_ME,
            ActivityRow.course_id == place.course.id,
            or_(ObservationRow.state.not_in(OVER), ObservationRow.state == State.SUPERSEDED),
            ~exists(
                select(again.id).where(
                    again.observation_id == SignOffRow.observation_id,
                    again.lane == SignOffRow.lane,
                    again.attempt > SignOffRow.attempt,
                )
            ),
            ~exists(
                select(later.id).where(
                    later.activity_id == ObservationRow.activity_id,
                    later.trainee_id == ObservationRow.trainee_id,
                    later.released_at > SignOffWithdrawalRow.at,
                )
            ),
        )
        .order_by(SignOffWithdrawalRow.at.desc())
        .limit(MOST)
    )
    return tuple(
        Disputed(
            signature.observation_id,
            display_name(trainee_id, trainee),
            display_name(signature.signer_id, signer),
            signature.lane,
            at,
        )
        for signature, at, signer, trainee_id, trainee in rows
    )


def _own(person_id: UUID) -> ColumnElement[bool]:
    """Somebody who had two accounts finds the signatures of both."""
    before = select(PersonRow.id).where(PersonRow.merged_into == person_id)
    return or_(SignOffRow.signer_id == person_id, SignOffRow.signer_id.in_(before))


def _query(*more: Any) -> Any:
    return (
        select(
            SignOffRow, SIGNER.name, DEVICE.name, SignOffCopyRow.confirmed_at, SignOffWithdrawalRow, TAKER.name, *more
        )
        .join(SIGNER, SIGNER.id == SignOffRow.signer_id)
        .outerjoin(DEVICE, DEVICE.id == SignOffRow.device_of)
        .outerjoin(SignOffCopyRow, SignOffCopyRow.sign_off_id == SignOffRow.id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .outerjoin(TAKER, TAKER.id == SignOffWithdrawalRow.by)
    )


_UNDER = (
    _query()
    .where(SignOffRow.observation_id == bindparam("observation_id"))
    .order_by(SignOffRow.signed_at, SignOffRow.id)
)


def _with_where() -> Any:
    return (
        _query(ObservationRow.trainee_id, TRAINEE.name, ActivityRow.title, CourseRow.title, ObservationRow.state)
        .join(ObservationRow, ObservationRow.id == SignOffRow.observation_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(TRAINEE, TRAINEE.id == ObservationRow.trainee_id)
    )


def _own_of(row: Sequence[Any]) -> Own:
    trainee_id, trainee, activity, course, state = row[6:]
    return Own(_given(row), display_name(trainee_id, trainee), activity, course, state)


def _given(row: Sequence[Any]) -> Given:
    signature, signer, device, confirmed_at, withdrawal, taker = row[:6]
    return Given(
        id=signature.id,
        observation_id=signature.observation_id,
        lane=signature.lane,
        attempt=signature.attempt,
        signer_id=signature.signer_id,
        signer_name=display_name(signature.signer_id, signer),
        meaning=signature.meaning,
        attestation=signature.attestation,
        assurance=signature.assurance,
        signed_at=signature.signed_at,
        digest=signature.digest,
        device_of_name=display_name(signature.device_of, device) if signature.device_of else None,
        confirmed_at=confirmed_at,
        withdrawn=_withdrawn(withdrawal, taker) if withdrawal else None,
    )


def _withdrawn(row: SignOffWithdrawalRow, taker: str | None) -> Withdrawn:
    return Withdrawn(row.kind, display_name(row.by, taker) if row.by else None, row.reason, row.at)
