"""The days that rules name, as far as they have come."""

from grading.known import day_of, known, stage_began
from grading.periods import Period
from grading.requirements.selection import Anchor, Named
from tests.grading.decided import day, decided, evidence, step_program


def test_a_day_is_named_so_much_earlier_or_later_than_what_happened() -> None:
    found = known(step_program(), evidence(entered="2026-01-10"), day("2026-03-01"))
    entered = Named.ENTERED
    assert day_of(Anchor(entered), found) == day("2026-01-10")
    assert day_of(Anchor(entered, earlier=Period(days=3)), found) == day("2026-01-07")
    assert day_of(Anchor(entered, later=Period(months=1)), found) == day("2026-02-10")


def test_a_stage_begins_with_the_decision_on_the_one_before_and_the_first_one_on_entering() -> None:
    program = step_program()
    first, full = program.stages
    there = evidence(decided("certified", "2026-02-01", "provisional"), entered="2026-01-10")
    found = known(program, there, day("2026-03-01"))
    assert [stage_began(first, found), stage_began(full, found)] == [day("2026-01-10"), day("2026-02-01")]
    assert day_of(Anchor(Named.STAGE, name="provisional"), found) == day("2026-01-10")
    assert day_of(Anchor(Named.STAGE, name="nothing"), found) is None
    assert stage_began(full, known(program, there, day("2026-01-20"))) is None
