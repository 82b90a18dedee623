"""A person's own record: bounded, however much there is; one, whichever account they come with."""

from datetime import timedelta

from sqlalchemy import Engine, event, insert

from lti_tool.services.entering import merging
from lti_tool.services.observations import own_record
from lti_tool.store.base import new_id
from lti_tool.store.observations import ObservationRow
from rubrics.observation import State
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.terms import NEXT, next_term

MANY = 10_000
ON_A_PAGE = 40


def counted(world: World, first: int) -> tuple[int, int]:
    """How many lines a page has, and how many statements it took."""
    bind = world.session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    shown = own_record.own_record(world.session, world.visitor("sam"), first, ON_A_PAGE)
    event.remove(engine, "before_cursor_execute", note)
    return len(shown), len(said)


def many(world: World) -> None:
    one = world.session.get_one(ObservationRow, world.ask())
    rows = [
        {
            "id": new_id(), "organization_id": one.organization_id, "activity_id": one.activity_id,
            "rubric_version_id": one.rubric_version_id, "trainee_id": one.trainee_id, "observer_id": one.observer_id,
            "state": State.CANCELED, "salt": "salt", "requested_at": world.now,
            "changed_at": world.now + timedelta(seconds=number),
        }
        for number in range(MANY)
    ]  # fmt: skip
    world.session.execute(insert(ObservationRow), rows)
    world.session.flush()


def test_cap_d9_the_record_page_keeps_bounded_queries_with_10000_observations(world: World) -> None:
    world.ask()
    counted(world, 0)  # reads what a session reads once
    _, few = counted(world, 0)
    many(world)
    assert own_record.count(world.session, world.visitor("sam")) == MANY + 2
    for first in (0, MANY // 2, MANY - ON_A_PAGE):
        assert counted(world, first) == (ON_A_PAGE, few)


def test_cap_p41_two_accounts_that_were_made_one_have_one_record_over_both_courses(world: World) -> None:
    before = world.answered()
    world.sign("jo", before)
    next_term(world)
    new = world.visitor("sam-again", TRAINEE, **NEXT)
    stays = merging.merge(world.session, new, world.visitor("sam").person_id, world.now)
    assert stays == world.visitor("sam").person_id
    again = world.enter("sam-again", TRAINEE, **NEXT)
    assert again.person_id == stays
    shown = own_record.own_record(world.session, world.visitor("sam"), 0, ON_A_PAGE)
    assert [line.id for line in shown] == [before]
