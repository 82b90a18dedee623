"""What a growth plan asks: a few small steps with what helps, within its days, and a yes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from grading.growth import LONGEST, MOST_GOALS, Goal, Plan, PlanState, after_answer, check_plan
from rubrics.refusal import Refused

TODAY = date(2026, 3, 2)
STEP = Goal("Let a silence be.", "Jo plays it through.", TODAY + timedelta(days=30))
PLAN = Plan(TODAY, TODAY + timedelta(days=60), (STEP,))
DAY = timedelta(days=1)


def with_step(**changes: object) -> Plan:
    return replace(PLAN, goals=(STEP, replace(STEP, **changes)))  # type: ignore[arg-type]


def test_a_plan_of_small_steps_within_its_days_can_be_agreed_to() -> None:
    check_plan(PLAN, TODAY)
    check_plan(replace(PLAN, goals=(STEP,) * MOST_GOALS), TODAY)
    check_plan(with_step(due_on=PLAN.begins_on), TODAY)
    check_plan(with_step(due_on=PLAN.ends_on), TODAY)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (replace(PLAN, ends_on=TODAY - DAY), "ends_on"),
        (replace(PLAN, begins_on=PLAN.ends_on + DAY), "ends_on"),
        (replace(PLAN, goals=()), "goal-1"),
        (replace(PLAN, goals=(STEP,) * (MOST_GOALS + 1)), f"goal-{MOST_GOALS}"),
        (with_step(goal=" "), "goal-2"),
        (with_step(support=" "), "support-2"),
        (with_step(support="x" * (LONGEST + 1)), "support-2"),
        (with_step(due_on=PLAN.ends_on + DAY), "due_on-2"),
        (with_step(due_on=PLAN.begins_on - DAY), "due_on-2"),
    ],
)
def test_what_nobody_could_agree_to_is_told_at_its_field(plan: Plan, field: str) -> None:
    with pytest.raises(Refused) as refused:
        check_plan(plan, TODAY)
    assert refused.value.code == field


@pytest.mark.parametrize("state", [PlanState.PROPOSED, PlanState.ACTIVE, PlanState.CHANGE_WISHED])
def test_cap_d3_a_plan_holds_with_a_yes_and_waits_with_a_wish(state: PlanState) -> None:
    assert after_answer(state, agreed=True) is PlanState.ACTIVE
    assert after_answer(state, agreed=False) is PlanState.CHANGE_WISHED


@pytest.mark.parametrize("agreed", [True, False])
def test_a_plan_that_ended_is_not_begun_again_by_an_answer(agreed: bool) -> None:
    with pytest.raises(Refused, match="has ended"):
        after_answer(PlanState.ENDED, agreed=agreed)
