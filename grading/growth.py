"""Growth plans: small steps, made together, active only when the trainee has answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rubrics.refusal import Refused

MOST_GOALS = 5
LONGEST = 2_000
MORE_DAYS = 14
"""What "I need more time" gives, each time it is asked for."""


class PlanState(StrEnum):
    """How far a plan is."""

    PROPOSED = "proposed"
    """Written, and waits for the trainee's answer."""
    ACTIVE = "active"
    """The trainee said yes."""
    CHANGE_WISHED = "change_wished"
    """The trainee would change something."""
    ENDED = "ended"
    """Finished, or no longer needed; it leaves no mark on anybody."""


class GoalState(StrEnum):
    """How far a goal is."""

    UNDER_WAY = "under_way"
    SHOWN = "shown"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Goal:
    """One small step."""

    goal: str
    support: str
    """What others do so that it works."""
    due_on: date
    criterion: str | None = None
    """The key of the criterion that it is tied to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the two agree on."""

    begins_on: date
    ends_on: date
    goals: tuple[Goal, ...]


def check_plan(plan: Plan, today: date) -> None:
    """Raises `Refused` for a plan that nobody could agree to; its code is the field, goals counted from 1."""
    if plan.ends_on < max(plan.begins_on, today):
        raise Refused("ends_on", "The last day comes before the first one, or is over. Please check it.")
    if not plan.goals:
        raise Refused("goal-1", "Please write at least one small step.")
    if len(plan.goals) > MOST_GOALS:
        raise Refused(
            f"goal-{MOST_GOALS}", "A plan has %(most)s steps at most: a few small ones help more.", most=MOST_GOALS
        )
    for number, goal in enumerate(plan.goals, 1):
        _check_goal(goal, number, plan)


def _check_goal(goal: Goal, number: int, plan: Plan) -> None:
    for name, words in (("goal", goal.goal), ("support", goal.support)):
        if not words.strip():
            raise Refused(f"{name}-{number}", "Please write both: the step, and what helps with it.")
        if len(words) > LONGEST:
            raise Refused(f"{name}-{number}", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    if not plan.begins_on <= goal.due_on <= plan.ends_on:
        raise Refused(f"due_on-{number}", "Please choose a day between the first and the last one of the plan.")


def after_answer(state: PlanState, *, agreed: bool) -> PlanState:
    """Where a plan is once the trainee has answered. Raises `Refused` where it has ended."""
    if state is PlanState.ENDED:
        raise Refused("plan_ended", "This plan has ended. Nothing is needed any more.")
    return PlanState.ACTIVE if agreed else PlanState.CHANGE_WISHED
