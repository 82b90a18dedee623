"""Supervision agreements as lists show them: that there is one and how far it is, never what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, defer

from lti_tool.services.caseload.supervisors import Team
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import PersonRow
from lti_tool.store.supervision import AgreementSignatureRow
from lti_tool.store.supervision import SupervisionAgreementRow as Row
from rubrics.sign_off import Lane

TRAINEE, SUPERVISOR = aliased(PersonRow), aliased(PersonRow)
MOST = 500
WITHOUT_WORDS = tuple(defer(column) for column in (Row.expectations, Row.channels, Row.confidentiality))
"""For lists: what two people agreed on is read by the two, and by nobody on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A trainee and a supervisor, in one lane of one course."""

    trainee_id: UUID
    supervisor_id: UUID
    lane: Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """That there is an edition, and how far it is: nothing of what it says."""

    id: UUID
    pair: Pair
    trainee_name: str
    supervisor_name: str
    number: int
    written_at: datetime
    in_force_at: datetime | None
    ended_at: datetime | None
    every_days: int
    signed_by: frozenset[UUID]

    @property
    def waits(self) -> bool:
        """Whether it still waits for a signature."""
        return self.in_force_at is None and self.ended_at is None

    @property
    def stands(self) -> bool:
        """Whether it is in force."""
        return self.in_force_at is not None and self.ended_at is None

    def other_name(self, person_id: UUID) -> str:
        """The name of the other one of the two."""
        return self.supervisor_name if person_id == self.pair.trainee_id else self.trainee_name


def own(session: Session, visitor: Visitor, place: Place) -> tuple[AgreementLine, ...]:
    """The visitor's own in this course, on either side: those that stand or wait, then the ended ones."""
    mine = (Row.trainee_id == visitor.person_id) | (Row.supervisor_id == visitor.person_id)
    found = lines(session, place, mine)
    return tuple(sorted(found, key=lambda line: (line.ended_at is not None, line.other_name(visitor.person_id))))


def standing(session: Session, course_id: UUID) -> tuple[Row, ...]:
    """All that are in force in a course, without what they say."""
    return tuple(
        session.scalars(
            select(Row)
            .where(Row.course_id == course_id, Row.in_force_at.is_not(None), Row.ended_at.is_(None))
            .options(*WITHOUT_WORDS)
        )
    )


def without(team: Team, agreed: Iterable[Row], lanes: Iterable[Lane]) -> tuple[Pair, ...]:
    """Who is assigned to a trainee in one of these lanes and has no agreement with them that is in force."""
    there = {(row.trainee_id, row.supervisor_id, row.lane) for row in agreed}
    return tuple(
        Pair(trainee_id=one.trainee_id, supervisor_id=one.person_id, lane=one.lane)
        for one in team.assigned
        if not one.backup
        and one.lane in lanes
        and one.lane in team.lanes_for(one.person_id, one.trainee_id)
        and (one.trainee_id, one.person_id, one.lane) not in there
    )


def lines(session: Session, place: Place, *which: ColumnElement[bool]) -> tuple[AgreementLine, ...]:
    """Editions of the course as lists show them, newest first."""
    rows = session.execute(
        select(Row, TRAINEE.name, SUPERVISOR.name)
        .join(TRAINEE, TRAINEE.id == Row.trainee_id)
        .join(SUPERVISOR, SUPERVISOR.id == Row.supervisor_id)
        .options(*WITHOUT_WORDS)
        .where(Row.course_id == place.course.id, *which)
        .order_by(Row.written_at.desc(), Row.id.desc())
        .limit(MOST)
        .execution_options(populate_existing=True)
    ).all()
    signed = signers_of(session, [row.id for row, _, _ in rows])
    return tuple(
        AgreementLine(
            id=row.id,
            pair=Pair(trainee_id=row.trainee_id, supervisor_id=row.supervisor_id, lane=row.lane),
            trainee_name=display_name(row.trainee_id, trainee_name),
            supervisor_name=display_name(row.supervisor_id, supervisor_name),
            number=row.number,
            written_at=row.written_at,
            in_force_at=row.in_force_at,
            ended_at=row.ended_at,
            every_days=row.every_days,
            signed_by=frozenset(signed.get(row.id, ())),
        )
        for row, trainee_name, supervisor_name in rows
    )


def signers_of(session: Session, agreement_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    """Who signed each edition; somebody who had two accounts is one person."""
    rows = session.execute(
        select(AgreementSignatureRow.agreement_id, _human())
        .join(PersonRow, PersonRow.id == AgreementSignatureRow.person_id)
        .where(AgreementSignatureRow.agreement_id.in_(agreement_ids))
    )
    found: dict[UUID, set[UUID]] = {}
    for agreement_id, person_id in rows:
        found.setdefault(agreement_id, set()).add(person_id)
    return found


def _human() -> Any:
    return func.coalesce(PersonRow.merged_into, AgreementSignatureRow.person_id)


def of_pair(pair: Pair) -> tuple[ColumnElement[bool], ...]:
    """A condition: the editions of these two in this lane."""
    return (Row.trainee_id == pair.trainee_id, Row.supervisor_id == pair.supervisor_id, Row.lane == pair.lane)
