"""Growth plans: made by two, active only when the trainee has answered."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from grading.growth import Goal, GoalState, Plan, PlanState
from lti_tool.services.asking import recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.supervising import growth_lists, growth_plans
from lti_tool.store.people import MembershipRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import program_lead


def a_plan(world: World, goal: str = "Let a silence be.") -> Plan:
    today = world.now.date()
    ines = world.visitor("ines")
    criterion = next(iter(growth_lists.criteria_of(world.session, world.place(ines).activity.rubric_version_id)))
    step = Goal(goal, "Jo plays it through with Sam.", today + timedelta(days=30), criterion)
    return Plan(today, today + timedelta(days=60), (step,))


def proposed(world: World, observation_id: UUID | None = None, who: str = "jo") -> UUID:
    visitor = world.visitor(who)
    return growth_plans.propose(
        world.session, visitor, world.place(visitor), world.visitor("sam").person_id, a_plan(world),
        observation_id=observation_id, now=world.now,
    )  # fmt: skip


def read(world: World, plan_id: UUID, who: str = "sam") -> growth_lists.ReadPlan:
    return growth_lists.plan(world.session, world.visitor(who), plan_id, world.now)


def answered(world: World, plan_id: UUID, *, agreed: bool = True, words: str = "", who: str = "sam") -> None:
    growth_plans.answer(
        world.session, world.visitor(who), plan_id, read(world, plan_id, who).digest, agreed=agreed, words=words,
        now=world.now,
    )  # fmt: skip


def test_cap_d3_ux_f11_a_plan_is_active_only_once_the_trainee_has_answered(world: World) -> None:
    plan_id = proposed(world, world.answered())
    before = read(world, plan_id)
    assert before.line.state is PlanState.PROPOSED
    goal_id = before.steps[0].id
    with pytest.raises(Refused, match="not agreed on"):
        growth_plans.set_goal(
            world.session, world.visitor("jo"), plan_id, goal_id, state=GoalState.SHOWN, now=world.now
        )
    answered(world, plan_id, words="Role play helps me.")
    after = read(world, plan_id, "jo")
    assert (after.line.state, after.answer) == (PlanState.ACTIVE, "Role play helps me.")


def test_a_step_is_tied_to_what_the_criterion_says(world: World) -> None:
    (step,) = read(world, proposed(world, world.answered())).steps
    assert step.criterion_words


def test_a_wish_for_a_change_is_written_anew_and_answered_anew(world: World) -> None:
    plan_id = proposed(world, world.answered())
    answered(world, plan_id, agreed=False, words="Fewer steps.")
    found = read(world, plan_id, "jo")
    assert found.line.state is PlanState.CHANGE_WISHED
    growth_plans.change(
        world.session, world.visitor("jo"), plan_id, a_plan(world, "Ask before helping."),
        version_id=found.version_id, now=world.now,
    )  # fmt: skip
    again = read(world, plan_id)
    assert (again.line.state, again.answer, again.steps[0].goal) == (PlanState.PROPOSED, None, "Ask before helping.")


def test_a_yes_is_a_yes_to_what_was_shown(world: World) -> None:
    plan_id = proposed(world, world.answered())
    shown = read(world, plan_id).digest
    found = read(world, plan_id, "jo")
    growth_plans.change(
        world.session, world.visitor("jo"), plan_id, a_plan(world, "Something else."), version_id=found.version_id,
        now=world.now,
    )  # fmt: skip
    with pytest.raises(Refused, match="read it again"):
        growth_plans.answer(world.session, world.visitor("sam"), plan_id, shown, agreed=True, words="", now=world.now)


def test_ux_p2_the_trainee_takes_more_time_for_a_step_and_the_plan_lasts_as_long(world: World) -> None:
    plan_id = proposed(world, world.answered())
    answered(world, plan_id)
    (step,) = read(world, plan_id).steps
    sam = world.visitor("sam")
    with pytest.raises(NotHere):
        growth_plans.more_time(world.session, sam, plan_id, uuid4(), now=world.now)
    days = [growth_plans.more_time(world.session, sam, plan_id, step.id, now=world.now) for _ in range(3)]
    assert days[-1] == step.due_on + timedelta(days=42)
    assert read(world, plan_id).line.ends_on == days[-1]
    with pytest.raises(NotHere):
        growth_plans.more_time(world.session, world.visitor("jo"), plan_id, step.id, now=world.now)


def test_either_ends_it_and_twice_is_once(world: World) -> None:
    plan_id = proposed(world, world.answered())
    growth_plans.end(world.session, world.visitor("sam"), plan_id, now=world.now)
    growth_plans.end(world.session, world.visitor("jo"), plan_id, now=world.now + timedelta(days=1))
    assert read(world, plan_id).ended_at == world.now
    with pytest.raises(Refused, match="has ended"):
        answered(world, plan_id)


def test_only_the_trainee_answers_and_only_who_wrote_it_changes_it(world: World) -> None:
    plan_id = proposed(world, world.answered())
    with pytest.raises(NotHere):
        answered(world, plan_id, who="jo")
    with pytest.raises(NotHere):
        growth_plans.change(world.session, world.visitor("sam"), plan_id, a_plan(world), version_id=None, now=world.now)


def test_nobody_else_reads_it_but_program_leads(world: World) -> None:
    plan_id = proposed(world, world.answered())
    program_lead(world)
    assert read(world, plan_id, "lea").line.state is PlanState.PROPOSED
    for other in ("amara", "ines"):
        with pytest.raises(NotHere):
            read(world, plan_id, other)


def test_who_neither_observed_nor_is_assigned_proposes_nothing(world: World) -> None:
    with pytest.raises(NotHere):
        proposed(world, who="amara")
    with pytest.raises(NotHere):
        proposed(world, uuid4(), who="amara")


def test_whoever_is_assigned_or_instructs_may_propose(world: World) -> None:
    assert proposed(world, who="ines")


@pytest.mark.parametrize(
    ("goals", "code"),
    [((), "goal-1"), ((("", "help"),), "goal-1"), ((("step", ""),), "support-1"), ((("x" * 2_001, "help"),), "goal-1")],
)
def test_a_plan_that_nobody_could_agree_to_says_where(
    world: World, goals: tuple[tuple[str, str], ...], code: str
) -> None:
    today, ines = world.now.date(), world.visitor("ines")
    plan = Plan(today, today + timedelta(days=9), tuple(Goal(goal, support, today) for goal, support in goals))
    with pytest.raises(Refused) as refused:
        growth_plans.propose(
            world.session, ines, world.place(ines), world.visitor("sam").person_id, plan, observation_id=None,
            now=world.now,
        )  # fmt: skip
    assert refused.value.code == code


@pytest.mark.parametrize("why", ["conflict", "left"])
def test_cap_c11_a_plan_is_closed_to_whoever_left_the_course_or_has_a_conflict_and_stays_the_trainees(
    world: World, why: str
) -> None:
    plan_id, sam, jo = proposed(world, world.answered()), world.visitor("sam"), world.visitor("jo")
    answered(world, plan_id)
    if why == "conflict":
        recusal.declare(world.session, sam, jo.person_id, world.now)
    else:
        world.session.execute(
            update(MembershipRow).where(MembershipRow.person_id == jo.person_id).values(ended_at=world.now)
        )
    assert growth_lists.plans_of(world.session, jo) == ()
    with pytest.raises(NotHere):
        read(world, plan_id, "jo")
    with pytest.raises(NotHere):
        growth_plans.end(world.session, jo, plan_id, now=world.now)
    growth_plans.end(world.session, sam, plan_id, now=world.now)
    assert read(world, plan_id).line.state is PlanState.ENDED


def test_either_says_how_far_a_step_is_and_twice_is_once(world: World) -> None:
    plan_id = proposed(world, world.answered())
    answered(world, plan_id)
    (step,) = read(world, plan_id).steps
    for who, state in (("jo", GoalState.SHOWN), ("sam", GoalState.SHOWN)):
        growth_plans.set_goal(world.session, world.visitor(who), plan_id, step.id, state=state, now=world.now)
    assert [one.state for one in read(world, plan_id).steps] == [GoalState.SHOWN]
    noted = select(AuditEntryRow.person_id).where(AuditEntryRow.act == "growth_plan.step")
    assert world.session.scalars(noted).all() == [world.visitor("jo").person_id]
    growth_plans.end(world.session, world.visitor("sam"), plan_id, now=world.now)
    with pytest.raises(Refused, match="This plan has ended"):
        growth_plans.change(world.session, world.visitor("jo"), plan_id, a_plan(world), version_id=None, now=world.now)
