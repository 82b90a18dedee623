"""“I would like supervision”: who is told, who answers, and what happens when nobody does."""

from lti_tool.services import supervision
from tests.lti_tool.services.conftest import World


def test_cap_c10_a_trainee_asks_in_one_tap_and_reads_by_when_there_is_an_answer(world: World) -> None:
    sam = world.visitor("sam")
    supervision.ask(world.session, sam, world.place(sam), now=world.now)
    wish = supervision.own(world.session, sam, world.place(sam), world.now)
    assert wish is not None
    assert (wish.answer_by - wish.asked_at).days == 2
    assert wish.with_names == ("Amara Example", "Jo Example")
