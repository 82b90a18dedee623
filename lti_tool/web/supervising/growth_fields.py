"""The form of a growth plan: what it holds, and the plan that it makes."""

from collections.abc import Mapping
from datetime import date, timedelta

from grading.growth import MOST_GOALS, Goal, Plan
from lti_tool.services.supervising.growth_lists import ReadPlan
from rubrics.refusal import Refused

USUAL_DAYS = 60
OF_A_STEP = ("goal", "support", "due_on", "criterion")


def first_fields(today: date, step: str | None) -> dict[str, str]:
    """Two months from today on; the step that was written before, if any."""
    fields = {"begins_on": today.isoformat(), "ends_on": (today + timedelta(days=USUAL_DAYS)).isoformat()}
    return fields | ({"goal-1": step} if step else {})


def of_plan(plan: ReadPlan) -> dict[str, str]:
    """The plan as the form shows it."""
    fields = {"begins_on": plan.begins_on.isoformat(), "ends_on": plan.line.ends_on.isoformat()}
    for number, step in enumerate(plan.steps, 1):
        fields |= {
            f"goal-{number}": step.goal,
            f"support-{number}": step.support,
            f"due_on-{number}": step.due_on.isoformat(),
            f"criterion-{number}": step.criterion or "",
        }
    return fields


def compacted(typed: Mapping[str, str]) -> dict[str, str]:
    """The same with no empty row between others, so that what is said of a row stands beside it."""
    rows = [number for number in range(1, MOST_GOALS + 1) if _row(typed, number, ("goal", "support"))]
    fields = {name: value for name, value in typed.items() if name.partition("-")[0] not in OF_A_STEP}
    for place, number in enumerate(rows, 1):
        fields |= {f"{name}-{place}": typed.get(f"{name}-{number}", "") for name in OF_A_STEP}
    return fields


def typed_plan(typed: Mapping[str, str], criteria: Mapping[str, str]) -> Plan:
    """The plan that the form makes; rows without words are left out, a step without a day ends with the plan.

    Raises `Refused` for a day that is none; its code is the field.
    """
    begins_on, ends_on = _day(typed, "begins_on"), _day(typed, "ends_on")
    goals = []
    for number in range(1, MOST_GOALS + 1):
        goal, support = typed.get(f"goal-{number}", "").strip(), typed.get(f"support-{number}", "").strip()
        if not goal and not support:
            continue
        due_on = _day(typed, f"due_on-{number}") if typed.get(f"due_on-{number}") else ends_on
        chosen = typed.get(f"criterion-{number}", "")
        goals.append(Goal(goal, support, due_on, chosen if chosen in criteria else None))
    return Plan(begins_on, ends_on, tuple(goals))


def _row(typed: Mapping[str, str], number: int, names: tuple[str, ...]) -> str:
    return "".join(typed.get(f"{name}-{number}", "").strip() for name in names)


def _day(typed: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(typed.get(name, ""))
    except ValueError as error:
        raise Refused(name, "Please give a day.") from error
