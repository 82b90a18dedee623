"""Growth plans: proposed by somebody who observes or supervises, and active once the trainee has said yes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grading.growth import MORE_DAYS, Goal, GoalState, Plan, PlanState, after_answer, check_plan
from lti_tool.services import audit
from lti_tool.services.asking import ask
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.growth import GrowthGoalRow, GrowthPlanRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.observations import ObservationRow, ObserverRow
from lti_tool.store.people import PersonRow
from rubrics.observation import READ_BY_TRAINEE
from rubrics.refusal import Refused
from rubrics.sign_off import digest_of


def propose(
    session: Session,
    visitor: Visitor,
    place: Place,
    trainee_id: UUID,
    plan: Plan,
    *,
    observation_id: UUID | None,
    now: datetime,
) -> UUID:
    """Write a plan for a trainee whom the visitor may observe; the trainee is told, and answers.

    Raises `Refused` for a plan that nobody could agree to, `NotHere` for a trainee who is not the visitor's.
    """
    trainee_name(session, visitor, place, trainee_id, observation_id)
    check_plan(plan, now.date())
    row = GrowthPlanRow(
        id=new_id(),
        organization_id=place.organization_id,
        course_id=place.course.id,
        trainee_id=trainee_id,
        owner_id=visitor.person_id,
        state=PlanState.PROPOSED,
        begins_on=plan.begins_on,
        ends_on=plan.ends_on,
        proposed_by=visitor.person_id,
        proposed_at=now,
        observation_id=observation_id,
    )
    session.add(row)
    session.flush()
    _write_goals(session, row, plan.goals, place.activity.rubric_version_id, now)
    _note(session, visitor, row, "growth_plan.propose", now)
    _tell(session, visitor, row, now)
    return row.id


def trainee_name(
    session: Session, visitor: Visitor, place: Place, trainee_id: UUID, observation_id: UUID | None = None
) -> str:
    """The trainee's name, for who may propose a plan to them: whoever may propose an observation, or made that one.

    Raises `NotHere` for others.
    """
    if not _observed(session, visitor.person_id, place, trainee_id, observation_id):
        return ask.check_may_propose(session, visitor, place, trainee_id)
    return display_name(trainee_id, session.get_one(PersonRow, trainee_id).name)


def change(
    session: Session, visitor: Visitor, plan_id: UUID, plan: Plan, *, version_id: UUID | None, now: datetime
) -> None:
    """Write it differently, as its owner: the trainee answers anew. Raises `Refused`, `NotHere`.

    `version_id` is the edition of the rubric to whose criteria its steps are tied.
    """
    row = held(session, visitor, plan_id)
    if visitor.person_id != row.owner_id:
        raise NotHere
    _goes_on(row)
    check_plan(plan, now.date())
    session.execute(delete(GrowthGoalRow).where(GrowthGoalRow.plan_id == row.id))
    row.begins_on, row.ends_on = plan.begins_on, plan.ends_on
    row.state, row.answered_at, row.answer = PlanState.PROPOSED, None, None
    row.proposed_at = now
    session.flush()
    _write_goals(session, row, plan.goals, version_id, now)
    _note(session, visitor, row, "growth_plan.change", now)
    _tell(session, visitor, row, now)


def answer(
    session: Session, visitor: Visitor, plan_id: UUID, digest: str, *, agreed: bool, words: str, now: datetime
) -> None:
    """The trainee's answer to exactly what was shown. Raises `Refused` where it changed meanwhile, `NotHere`."""
    row = held(session, visitor, plan_id)
    if visitor.person_id != row.trainee_id:
        raise NotHere
    if digest != digest_of_plan(session, row):
        raise Refused("changed_since_shown", "This changed after the page was shown. Please read it again first.")
    row.state = after_answer(row.state, agreed=agreed)
    row.answered_at, row.answer = now, words.strip() or None
    session.flush()
    _note(session, visitor, row, "growth_plan.answer", now, agreed=agreed)
    _tell(session, visitor, row, now)


def set_goal(
    session: Session, visitor: Visitor, plan_id: UUID, goal_id: UUID, *, state: GoalState, now: datetime
) -> None:
    """Say how far a step is; either of the two may. Raises `Refused` where the plan is not active, `NotHere`."""
    row, goal = _held_goal(session, visitor, plan_id, goal_id)
    if goal.state is state:
        return
    goal.state, goal.changed_at = state, now
    session.flush()
    _note(session, visitor, row, "growth_plan.step", now, number=goal.number, state=state.value)
    _tell(session, visitor, row, now)


def more_time(session: Session, visitor: Visitor, plan_id: UUID, goal_id: UUID, *, now: datetime) -> date:
    """The trainee takes two more weeks for a step, and the plan lasts as long. Raises `Refused`, `NotHere`."""
    row, goal = _held_goal(session, visitor, plan_id, goal_id)
    if visitor.person_id != row.trainee_id:
        raise NotHere
    goal.due_on = max(goal.due_on, now.date()) + timedelta(days=MORE_DAYS)
    row.ends_on = max(row.ends_on, goal.due_on)
    goal.changed_at = now
    session.flush()
    _note(session, visitor, row, "growth_plan.more_time", now, number=goal.number)
    _tell(session, visitor, row, now)
    return goal.due_on


def end(session: Session, visitor: Visitor, plan_id: UUID, *, now: datetime) -> None:
    """End it, without a reason; either of the two may. Twice changes nothing. Raises `NotHere`."""
    row = held(session, visitor, plan_id)
    if row.state is PlanState.ENDED:
        return
    row.state, row.ended_at = PlanState.ENDED, now
    session.flush()
    _note(session, visitor, row, "growth_plan.end", now)
    _tell(session, visitor, row, now)


def held(session: Session, visitor: Visitor, plan_id: UUID) -> GrowthPlanRow:
    """The plan, locked, for one of the two. Raises `NotHere`."""
    row = session.scalars(
        select(GrowthPlanRow)
        .where(GrowthPlanRow.id == plan_id, GrowthPlanRow.organization_id == visitor.organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or not takes_part(session, visitor, row):
        raise NotHere
    return row


def takes_part(session: Session, visitor: Visitor, row: GrowthPlanRow) -> bool:
    """Whether it is the visitor's, or they help with it: still in its course, and without a conflict between the two.

    A plan that was agreed on stays the trainee's own either way, who may end it.
    """
    if visitor.person_id == row.trainee_id:
        return True
    if visitor.person_id != row.owner_id or row.trainee_id in conflicts_of(session, visitor.person_id):
        return False
    try:
        standing_of(session, visitor.person_id, row.course_id)
    except NotHere:
        return False
    return True


def goals_of(session: Session, plan_id: UUID) -> Sequence[GrowthGoalRow]:
    """Its steps, in their order."""
    return session.scalars(
        select(GrowthGoalRow).where(GrowthGoalRow.plan_id == plan_id).order_by(GrowthGoalRow.number)
    ).all()


def digest_of_plan(session: Session, row: GrowthPlanRow) -> str:
    """Of exactly what the two read, so that a yes is a yes to that."""
    steps: Any = [
        [goal.number, goal.goal, goal.support, goal.due_on.isoformat(), goal.criterion or ""]
        for goal in goals_of(session, row.id)
    ]
    days = [row.begins_on.isoformat(), row.ends_on.isoformat()]
    return digest_of(rfc8785.dumps({"plan": str(row.id), "days": days, "steps": steps}))


def _held_goal(session: Session, visitor: Visitor, plan_id: UUID, goal_id: UUID) -> tuple[GrowthPlanRow, GrowthGoalRow]:
    row = held(session, visitor, plan_id)
    goal = session.get(GrowthGoalRow, goal_id, populate_existing=True)
    if goal is None or goal.plan_id != row.id:
        raise NotHere
    if row.state is not PlanState.ACTIVE:
        raise Refused("plan_not_active", "The plan is not agreed on, or has ended. Please read where it stands first.")
    return row, goal


def _goes_on(row: GrowthPlanRow) -> None:
    if row.state is PlanState.ENDED:
        raise Refused("plan_ended", "This plan has ended. Please write a new one, if one is wished for.")


def _write_goals(
    session: Session, row: GrowthPlanRow, goals: Sequence[Goal], version_id: UUID | None, now: datetime
) -> None:
    session.add_all(
        GrowthGoalRow(
            id=new_id(),
            organization_id=row.organization_id,
            plan_id=row.id,
            number=number,
            rubric_version_id=version_id if goal.criterion else None,
            criterion=goal.criterion,
            goal=goal.goal.strip(),
            support=goal.support.strip(),
            due_on=goal.due_on,
            state=GoalState.UNDER_WAY,
            changed_at=now,
        )
        for number, goal in enumerate(goals, 1)
    )
    session.flush()


def _observed(session: Session, person_id: UUID, place: Place, trainee_id: UUID, observation_id: UUID | None) -> bool:
    found = (
        select(ObserverRow.id)
        .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
        .where(
            ObservationRow.id == observation_id,
            ObservationRow.activity_id == place.activity.id,
            ObservationRow.trainee_id == trainee_id,
            ObservationRow.state.in_(READ_BY_TRAINEE),
            ObserverRow.person_id == person_id,
        )
    )
    return session.scalars(found).first() is not None


def _tell(session: Session, visitor: Visitor, row: GrowthPlanRow, now: datetime) -> None:
    if row.owner_id in conflicts_of(session, row.trainee_id):
        return
    notify.news(
        session,
        organization_id=row.organization_id,
        person_id=row.trainee_id if visitor.person_id == row.owner_id else row.owner_id,
        now=now,
        kind=MessageKind.PLAN,
        path=f"/plans/{row.id}",
        sender_id=visitor.person_id,
    )


def _note(
    session: Session, visitor: Visitor, row: GrowthPlanRow, act: str, now: datetime, **facts: str | int | bool
) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"growth_plan:{row.id}",
        now=now,
        **facts,
    )
