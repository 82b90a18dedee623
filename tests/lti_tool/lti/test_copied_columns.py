"""A12: the column of a copied activity came along with the course, and carries the id of what was copied."""

from typing import Any

import pytest

from lti_tool.lti.gradebook import LineItem, Posted
from tests.lti_tool.lti.server import StubServer, as_json
from tests.lti_tool.lti.test_gradebook import LIST, SCOPES, World

OWN, FORMER, OLDEST = "018f", "017e", "016d"


@pytest.fixture
def world(server: StubServer) -> World:
    return World(server)


def column(world: World, number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"{world.server.url}{LIST}/{number}/lineitem", "scoreMaximum": 100, "label": "Practice", **more}


def find(world: World, *former_ids: str) -> LineItem | Posted:
    return world.gradebook.find_or_make_line_item(
        f"{world.server.url}{LIST}?type_id=1",
        SCOPES,
        resource_link_id="link 7",
        resource_id=OWN,
        former_ids=former_ids,
        label="Observed practice",
        maximum=100,
    )


def queries(world: World) -> list[str]:
    assert {asked.method for asked in world.server.asked_at(LIST)} == {"GET"}
    return [asked.query for asked in world.server.asked_at(LIST)]


def test_lti_a12_a_column_that_came_along_with_its_link_is_not_made_twice(world: World) -> None:
    world.server.reply(LIST, as_json([column(world, 5, resourceLinkId="link 7", resourceId=OLDEST)]))
    assert find(world, FORMER, OLDEST) == LineItem(f"{world.server.url}{LIST}/5/lineitem")
    assert queries(world) == ["type_id=1&resource_link_id=link+7"]


def test_lti_a12_our_own_id_comes_before_those_of_what_was_copied(world: World) -> None:
    came_along = column(world, 5, resourceLinkId="link 7", resourceId=FORMER)
    ours = column(world, 6, resourceLinkId="link 7", resourceId=OWN)
    world.server.reply(LIST, as_json([came_along, ours]))
    assert find(world, FORMER) == LineItem(f"{world.server.url}{LIST}/6/lineitem")


def test_lti_a12_a_column_that_lost_its_link_on_the_way_is_found_by_its_id(world: World) -> None:
    lost = column(world, 5, resourceId=FORMER)
    world.server.reply(LIST, as_json([]), as_json([]), as_json([lost]))
    assert find(world, FORMER) == LineItem(f"{world.server.url}{LIST}/5/lineitem")
    assert queries(world) == [
        "type_id=1&resource_link_id=link+7",
        f"type_id=1&resource_id={OWN}",
        f"type_id=1&resource_id={FORMER}",
    ]


def test_lti_a12_a_column_of_another_link_is_left_alone_and_a_new_one_is_made(world: World) -> None:
    others = as_json([column(world, 5, resourceLinkId="another", resourceId=FORMER)])
    world.server.reply(LIST, others, others, others, as_json(column(world, 9), 201))
    assert find(world, FORMER) == LineItem(f"{world.server.url}{LIST}/9/lineitem")
    made = world.server.asked_at(LIST)[-1]
    assert (made.method, made.json["resourceId"]) == ("POST", OWN)


def test_an_activity_that_is_no_copy_is_looked_for_once(world: World) -> None:
    world.server.reply(LIST, as_json([]), as_json(column(world, 9), 201))
    assert isinstance(find(world), LineItem)
    assert [asked.method for asked in world.server.asked_at(LIST)] == ["GET", "POST"]
