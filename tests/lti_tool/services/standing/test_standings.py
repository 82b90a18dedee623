"""Where somebody stands, from what Attune keeps."""

from decimal import Decimal

from grading.proof import Answer
from lti_tool.services.standing.standings import stands
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, on_the_way


def test_cap_d1_signed_hours_count_and_others_do_not_yet(world: World) -> None:
    enrollment = on_the_way(world)
    an_entry(world, amount="6", signed_by="jo")
    an_entry(world, amount="7")
    proof = stands(world.session, enrollment, world.now).standing.of("practice")
    assert proof.answer is Answer.NOT_YET
    assert proof.numbers is not None
    assert proof.numbers.sure == Decimal(6)
