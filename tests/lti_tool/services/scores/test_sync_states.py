"""How a gradebook column stands: counts and pages, in the database, whatever there is."""

from datetime import timedelta

import pytest

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.cohorts import name_order
from lti_tool.services.scores import gradebook, needing_person, own_cells, placed_view, sync_states
from lti_tool.services.scores.sync_states import Asked, Scope, SyncPage
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.gradebook_scores import column_of, score_in
from tests.lti_tool.services.path_rows import on_the_way
from tests.lti_tool.services.scores.test_placed_programs import opened, placed
from tests.lti_tool.web.test_queries import counted


def page(world: World, asked: Asked | None = None) -> SyncPage:
    place = world.place(world.visitor("ines"))
    scope = Scope(place.organization_id, place.course.id, column_of(world).id)
    return sync_states.sync_page(world.session, scope, asked)


def test_counts_are_of_everyone_whatever_the_list_shows(world: World) -> None:
    score_in(world, "sam", DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value)
    score_in(world, "noor", DeliveryState.WAITING)
    seen = page(world, Asked(state="waiting"))
    assert [line.person_name for line in seen.lines] == ["Noor Example"]
    assert seen.counts.by_state == {DeliveryState.NEEDS_PERSON: 1, DeliveryState.WAITING: 1}
    assert (seen.counts.nothing_left, seen.counts.trying, seen.counts.people) == (1, 1, 2)
    assert seen.found == 1


@pytest.mark.parametrize("by_name", [2_000, 0])
def test_what_needs_a_person_comes_first_however_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch, by_name: int
) -> None:
    monkeypatch.setattr(name_order, "BY_NAME", by_name)
    score_in(world, "noor", DeliveryState.ACCEPTED)
    score_in(world, "sam", DeliveryState.DIFFERS)
    seen = page(world)
    assert [line.person_name for line in seen.lines] == ["Sam Example", "Noor Example"]
    assert seen.in_order == (by_name > 0)
    assert [line.state for line in page(world, Asked(state="differs", page=9)).lines] == [DeliveryState.DIFFERS]


def test_something_moves_while_a_score_is_due_in_a_moment_and_not_while_its_column_rests(world: World) -> None:
    row = score_in(world, "sam", DeliveryState.WAITING)
    assert page(world).moving(world.now)
    row.next_attempt_at = world.now + timedelta(hours=2)
    world.session.flush()
    assert not page(world).moving(world.now)
    row.next_attempt_at = world.now
    column_of(world).stopped_at = world.now
    world.session.flush()
    assert not page(world).moving(world.now)


def test_an_activity_counts_what_waits_for_a_person_in_columns_that_are_sent_to(world: World) -> None:
    score_in(world, "sam", DeliveryState.DIFFERS)
    score_in(world, "noor", DeliveryState.ACCEPTED)
    assert world.activity_id is not None
    assert needing_person.of_activity(world.session, world.activity_id) == 1
    (column,) = needing_person.in_course(world.session, world.place(world.visitor("ines")).course.id)
    assert (column.title, column.scores, column.gone, column.further) == ("Observed practice", 1, False, False)
    column_of(world).stopped_at = world.now
    world.session.flush()
    assert needing_person.of_activity(world.session, world.activity_id) == 0


def test_columns_are_named_with_what_waits_in_them(world: World) -> None:
    score_in(world, "sam", DeliveryState.DIFFERS)
    (column,) = gradebook.columns(world.session, world.place(world.visitor("ines")))
    assert (column.line_item_id, column.for_a_person) == (column_of(world).id, 1)


def test_what_waits_for_a_column_that_is_gone_is_with_the_instructors(world: World) -> None:
    score_in(world, "sam", DeliveryState.WAITING)
    sam = world.visitor("sam").person_id
    assert world.activity_id is not None
    assert own_cells.of_activity(world.session, sam, world.activity_id).states == {DeliveryState.WAITING}
    column_of(world).gone_at = world.now
    world.session.flush()
    assert own_cells.of_activity(world.session, sam, world.activity_id).states == {DeliveryState.NEEDS_PERSON}
    column_of(world).stopped_at = world.now
    world.session.flush()
    assert own_cells.of_activity(world.session, sam, world.activity_id).states == frozenset()


def test_a_placed_programs_column_is_asked_for_as_often_with_200_people_as_with_20(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    opened(world, placed_id)
    ines, numbers = world.visitor("ines"), []
    for begin, end in ((0, 20), (20, 200)):
        for number in range(begin, end):
            world.enter(f"person {number:03}", TRAINEE)
        world.session.flush()
        world.session.expire_all()
        with counted(world.session.get_bind().engine) as said:
            seen = placed_view.column(world.session, ines, placed_id)
        assert seen.trainees >= end
        numbers.append(len(said))
    assert numbers[0] == numbers[1]
