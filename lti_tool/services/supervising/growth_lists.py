"""Growth plans as those read them who may: the two whose plan it is, and program leads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from grading.growth import GoalState, PlanState
from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere, in_organization
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader, log_reading
from lti_tool.services.supervising import growth_plans
from lti_tool.store.courses import ActivityRow
from lti_tool.store.growth import GrowthPlanRow
from lti_tool.store.observations import AssessmentRow, ObservationRow
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.observation import READ_BY_TRAINEE

MOST = 100


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan in a list."""

    id: UUID
    trainee_id: UUID
    trainee_name: str
    owner_id: UUID
    owner_name: str
    state: PlanState
    ends_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is read."""

    id: UUID
    goal: str
    support: str
    due_on: date
    state: GoalState
    criterion: str | None
    """Its key."""
    criterion_words: str | None
    """What the criterion says, in the rubric's words."""


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan as it is read."""

    line: PlanLine
    begins_on: date
    version_id: UUID | None
    """The edition of the rubric to whose criteria its steps can be tied."""
    steps: tuple[Step, ...]
    answer: str | None
    answered_at: datetime | None
    ended_at: datetime | None
    digest: str
    """Of exactly what is shown, for saying yes to it."""
    readers: tuple[Reader, ...]


def plans_of(session: Session, visitor: Visitor) -> tuple[PlanLine, ...]:
    """Those of the visitor, as trainee or as whoever helps; what goes on comes first."""
    helps = and_(
        GrowthPlanRow.owner_id == visitor.person_id,
        GrowthPlanRow.trainee_id.not_in(conflicts_of(session, visitor.person_id)),
        exists().where(
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.course_id == GrowthPlanRow.course_id,
            MembershipRow.ended_at.is_(None),
        ),
    )
    return _lines(session, or_(GrowthPlanRow.trainee_id == visitor.person_id, helps))


def plan(session: Session, visitor: Visitor, plan_id: UUID, now: datetime) -> ReadPlan:
    """One of them. A program lead's reading is noted. Raises `NotHere` for everybody else."""
    found = _lines(session, GrowthPlanRow.id == plan_id, GrowthPlanRow.organization_id == visitor.organization_id)
    if not found:
        raise NotHere
    line = found[0]
    row = session.get_one(GrowthPlanRow, plan_id)
    if not growth_plans.takes_part(session, visitor, row):
        if Capability.PROGRAM_LEAD not in in_organization(session, visitor):
            raise NotHere
        log_reading(session, visitor, trainee_id=line.trainee_id, seen={None: {Field.GROWTH_PLAN}}, now=now)
    return ReadPlan(
        line=line,
        begins_on=row.begins_on,
        version_id=_version(session, row),
        steps=_steps(session, plan_id),
        answer=row.answer,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        digest=growth_plans.digest_of_plan(session, row),
        readers=readers(line),
    )


def readers(line: PlanLine | None = None) -> tuple[Reader, ...]:
    """Who can see a plan; by name, as far as it is known."""
    names = {Who.TRAINEE: (line.trainee_name,), Who.SUPPORTER: (line.owner_name,)} if line else {}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.GROWTH_PLAN].see)


def criteria_of(session: Session, version_id: UUID) -> dict[str, str]:
    """The criteria to which a step can be tied: what each says, by key."""
    return {each.key: each.statement for each in rubric_of(session, version_id).rubric.criteria}


def next_step_of(session: Session, visitor: Visitor, observation_id: UUID | None) -> str | None:
    """The next step that the visitor wrote in an observation of theirs: nothing is written twice."""
    return session.scalars(
        select(AssessmentRow.next_step)
        .join(ObservationRow, ObservationRow.id == AssessmentRow.observation_id)
        .where(
            ObservationRow.id == observation_id,
            ObservationRow.state.in_(READ_BY_TRAINEE),
            AssessmentRow.observer_id == visitor.person_id,
            AssessmentRow.of_oneself.is_(False),
        )
    ).first()


def _lines(session: Session, *which: Any) -> tuple[PlanLine, ...]:
    trainee, owner = aliased(PersonRow), aliased(PersonRow)
    over = case((GrowthPlanRow.state == PlanState.ENDED, 1), else_=0)
    rows = session.execute(
        select(GrowthPlanRow, trainee.name, owner.name)
        .join(trainee, trainee.id == GrowthPlanRow.trainee_id)
        .join(owner, owner.id == GrowthPlanRow.owner_id)
        .where(*which)
        .order_by(over, GrowthPlanRow.ends_on, GrowthPlanRow.id)
        .limit(MOST)
    )
    return tuple(
        PlanLine(
            id=row.id,
            trainee_id=row.trainee_id,
            trainee_name=display_name(row.trainee_id, trainee_name),
            owner_id=row.owner_id,
            owner_name=display_name(row.owner_id, owner_name),
            state=row.state,
            ends_on=row.ends_on,
        )
        for row, trainee_name, owner_name in rows
    )


def _version(session: Session, row: GrowthPlanRow) -> UUID | None:
    """That of its steps, of the observation that it came from, or of an activity of its course."""
    tied = [goal.rubric_version_id for goal in growth_plans.goals_of(session, row.id) if goal.rubric_version_id]
    if tied:
        return tied[0]
    observed = select(ObservationRow.rubric_version_id).where(ObservationRow.id == row.observation_id)
    there = select(ActivityRow.rubric_version_id).where(ActivityRow.course_id == row.course_id)
    return session.scalars(observed).first() or session.scalars(there.order_by(ActivityRow.created_at.desc())).first()


def _steps(session: Session, plan_id: UUID) -> tuple[Step, ...]:
    goals = growth_plans.goals_of(session, plan_id)
    words: dict[UUID, dict[str, str]] = {
        version_id: criteria_of(session, version_id)
        for version_id in {goal.rubric_version_id for goal in goals if goal.rubric_version_id}
    }
    return tuple(
        Step(
            goal.id,
            goal.goal,
            goal.support,
            goal.due_on,
            goal.state,
            goal.criterion,
            words.get(goal.rubric_version_id, {}).get(goal.criterion or "") if goal.rubric_version_id else None,
        )
        for goal in goals
    )
