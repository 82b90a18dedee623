"""What would be, were something there that is only imagined: as the rules ask for it."""

from decimal import Decimal

from grading.evidence import Kind
from lti_tool.documents.program import read_program
from lti_tool.services.standing import standings, what_if
from lti_tool.services.standing.what_if import MadeUp
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import SMALL, on_the_way

ASKING = (
    SMALL
    + """
[[requirements]]
key = "supervised"
stage = "initial"
title = "Two hours of supervision by somebody with years of it"
at_least = "2 hours"
of = { kind = "supervision", where = { supervisor_years = { at_least = 2 }, setting = ["crisis", "community"] } }

[[requirements]]
key = "longer"
stage = "initial"
title = "One hour by somebody with more years"
at_least = "1 hour"
of = { kind = "supervision", where = { supervisor_years = { at_least = 5 } } }
"""
)


def test_what_is_imagined_is_as_much_as_the_rules_ask_of_it_at_most(world: World) -> None:
    (program,) = read_program(ASKING, source="x")
    assert Kind.SUPERVISION in what_if.kinds(program)
    assert what_if.names(program, Kind.SUPERVISION) == {"setting": ("community", "crisis")}
    enrollment = on_the_way(world, "sam", ASKING)
    stands = standings.stands(world.session, enrollment, world.now)
    made_up = MadeUp(Kind.SUPERVISION, world.now.date(), Decimal(1), {"setting": "crisis"})
    found = what_if.what_if(stands, made_up)
    then = {each.then.requirement.key: each.then.proof.numbers for each in found.changed}
    assert set(then) == {"supervised", "longer"}
    assert all(numbers is not None and numbers.sure == 1 for numbers in then.values())
