"""How far those went who entered a program in some days, from what is kept of where they stand, and from decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from grading.evidence import Outcome
from grading.funnel import LEAST, Alike, Reached, funnel
from grading.lifecycle.status import Status
from grading.proof import Answer
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.seen import KeptAnswerRow, KeptStandingRow
from rubrics.observation import State

BEFORE_READY = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Entered:
    """Everybody who entered a program in some days."""

    people: int
    steps: tuple[Reached, ...]
    """Empty where there are too few people."""
    answers: Mapping[str, Mapping[Answer, int]]
    """For each requirement by its key: of how many people which answer is kept."""

    @property
    def enough(self) -> bool:
        """Whether there are enough people to be shown."""
        return self.people >= LEAST


def entered(session: Session, program_id: UUID, first: date, last: date, now: datetime) -> Entered:
    """Of those who entered on these days, also who ended it since. Whose program it is, the caller asks."""
    there = _where(program_id, first, last)
    groups = [Alike(*row) for row in session.execute(_counted(there, now))]
    people = sum(each.people for each in groups)
    if people < LEAST:
        return Entered(people, (), {})
    return Entered(people, funnel(groups), _answers(session, program_id, there))


def _where(program_id: UUID, first: date, last: date) -> tuple[Any, ...]:
    return (EnrollmentRow.program_id == program_id, EnrollmentRow.entered_on.between(first, last))


def _counted(there: tuple[Any, ...], now: datetime) -> Any:
    """Grouped by what is so of them: at most 32 rows, however many people."""
    kept = KeptStandingRow
    worked_out = and_(kept.enrollment_id.is_not(None), or_(kept.stale_at.is_(None), kept.made_at < kept.stale_at))
    each = (
        select(
            _observed().label("observed"),
            and_(worked_out, kept.asked > 0, kept.met * 2 >= kept.asked).label("half"),
            and_(worked_out, kept.status.not_in(BEFORE_READY)).label("ready"),
            _certified(now).label("certified"),
            worked_out.label("known"),
        )
        .select_from(EnrollmentRow)
        .outerjoin(kept, kept.enrollment_id == EnrollmentRow.id)
        .where(*there)
        .subquery()
    )
    ways = (
        func.coalesce(each.c.observed, False),
        func.coalesce(each.c.half, False),
        func.coalesce(each.c.ready, False),
        func.coalesce(each.c.certified, False),
        func.coalesce(each.c.known, False),
    )
    return select(func.count(), *ways).group_by(*ways)


def _observed() -> Any:
    """Somebody who is known by another id since, was observed under it too."""
    released = ObservationRow.state == State.RELEASED
    directly = exists(select(ObservationRow.id).where(ObservationRow.trainee_id == EnrollmentRow.person_id, released))
    before = (
        select(PersonRow.merged_into)
        .join(ObservationRow, ObservationRow.trainee_id == PersonRow.id)
        .where(PersonRow.merged_into.is_not(None), released)
    )
    return or_(directly, EnrollmentRow.person_id.in_(before))


def _certified(now: datetime) -> Any:
    later = aliased(DecisionRow)
    return exists(
        select(DecisionRow.id).where(
            DecisionRow.enrollment_id == EnrollmentRow.id,
            DecisionRow.outcome == Outcome.CERTIFIED,
            DecisionRow.taken_back_at.is_(None),
            DecisionRow.released_at <= now,
            ~exists(select(later.id).where(later.supersedes_id == DecisionRow.id)),
        )
    )


def _answers(session: Session, program_id: UUID, there: tuple[Any, ...]) -> dict[str, dict[Answer, int]]:
    rows = session.execute(
        select(KeptAnswerRow.requirement, KeptAnswerRow.answer, func.count())
        .join(EnrollmentRow, EnrollmentRow.id == KeptAnswerRow.enrollment_id)
        .where(KeptAnswerRow.program_id == program_id, *there)
        .group_by(KeptAnswerRow.requirement, KeptAnswerRow.answer)
    )
    found: dict[str, dict[Answer, int]] = {}
    for requirement, answer, count in rows:
        found.setdefault(requirement, {})[answer] = count
    return found
