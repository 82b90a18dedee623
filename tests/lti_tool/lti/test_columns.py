"""Columns of a gradebook over a real wire to a stub platform: found, made, read, changed, taken away."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.columns import Columns, Described
from lti_tool.lti.line_items import Sought
from tests.lti_tool.lti.server import Reply, StubServer, as_json
from tests.lti_tool.lti.test_gradebook import LINE_ITEM, LIST, READ_ONLY, SCORE, World

ONE = "/2/lineitems/5/lineitem"
SCOPES = [SCORE, LINE_ITEM]
WHOLE: dict[str, Any] = {
    "label": "Warm line",
    "scoreMaximum": 100,
    "resourceId": "018f",
    "resourceLinkId": "link 7",
    "tag": "attune",
    "submissionReview": {"url": "https://attune.example/review", "custom": {"a": "b"}},
    "startDateTime": "2026-03-01T09:00:00.000Z",
    "endDateTime": "2026-06-01T09:00:00.000+11:00",
    "gradesReleased": False,
    "https://lms.example/own": {"kept": [1, 2]},
}


@pytest.fixture
def world(server: StubServer) -> World:
    return World(server)


def columns(world: World) -> Columns:
    return world.gradebook.columns


def url(world: World) -> str:
    return f"{world.server.url}{ONE}?type_id=1"


def whole(world: World, **changes: Any) -> dict[str, Any]:
    return {"id": url(world), **WHOLE, **changes}


def test_one_column_is_read_with_its_media_type(world: World) -> None:
    world.server.reply(ONE, as_json(whole(world)))
    expected = Described(url(world), "Warm line", Decimal(100), "018f", "link 7", "attune")
    assert columns(world).read(url(world), [READ_ONLY]) == expected
    (asked,) = world.server.asked_at(ONE)
    assert (asked.method, asked.headers["accept"]) == ("GET", "application/vnd.ims.lis.v2.lineitem+json")


@pytest.mark.parametrize(
    ("said", "maximum"), [(10.5, Decimal("10.5")), ("10", Decimal(10)), (0, None), (None, None), ("many", None)]
)
def test_a_maximum_that_nothing_can_be_of_is_none(world: World, said: object, maximum: Decimal | None) -> None:
    world.server.reply(ONE, as_json(whole(world, scoreMaximum=said)))
    found = columns(world).read(url(world), SCOPES)
    assert isinstance(found, Described)
    assert found.maximum == maximum


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(404), Answer.COLUMN_GONE),
        (Reply(410), Answer.COLUMN_GONE),
        (Reply(403), Answer.NOT_ALLOWED),
        (Reply(503), Answer.PLATFORM_TROUBLED),
        (Reply(200, b"<html>"), Answer.PAGE_INSTEAD),
        (Reply(200, b"[]"), Answer.PAGE_INSTEAD),
        (Reply(200, b"{}"), Answer.PAGE_INSTEAD),
    ],
)
def test_a_column_that_cannot_be_read_is_an_answer_too(world: World, reply: Reply, answer: Answer) -> None:
    world.server.reply(ONE, reply)
    assert columns(world).read(url(world), SCOPES) == posted(answer)
    assert columns(world).change(url(world), SCOPES, label="x") == posted(answer)
    assert [asked.method for asked in world.server.asked_at(ONE)] == ["GET", "GET"]


def test_lti_a09_a_column_is_changed_as_a_whole_and_all_else_of_it_stays(world: World) -> None:
    world.server.reply(ONE, as_json(whole(world)), as_json({}))
    changed = columns(world).change(url(world), SCOPES, label=" Warm line, again ", maximum=Decimal("12.5"))
    assert isinstance(changed, Described)
    assert (changed.label, changed.maximum, changed.resource_id) == ("Warm line, again", Decimal("12.5"), "018f")
    read, put = world.server.asked_at(ONE)
    assert (read.method, put.method) == ("GET", "PUT")
    assert put.headers["content-type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert put.json == whole(world, label="Warm line, again", scoreMaximum=12.5)


def test_lti_a09_what_is_so_already_is_not_sent(world: World) -> None:
    world.server.reply(ONE, as_json(whole(world)))
    changed = columns(world).change(url(world), SCOPES, label="Warm line", maximum=Decimal(100))
    assert changed == columns(world).read(url(world), SCOPES)
    assert {asked.method for asked in world.server.asked_at(ONE)} == {"GET"}


def test_a_change_that_is_not_taken_says_why(world: World) -> None:
    world.server.reply(ONE, as_json(whole(world)), Reply(403))
    assert columns(world).change(url(world), SCOPES, label="x") == posted(Answer.NOT_ALLOWED)


def test_lti_a10_a_column_of_ours_is_taken_away(world: World) -> None:
    world.server.reply(ONE, as_json(whole(world)), Reply(204))
    assert columns(world).remove(url(world), SCOPES, resource_id="018f") == posted(Answer.ACCEPTED)
    assert [asked.method for asked in world.server.asked_at(ONE)] == ["GET", "DELETE"]


@pytest.mark.parametrize("more", [{"tag": ""}, {"tag": "another"}, {"resourceId": ""}, {"resourceId": "another"}])
def test_lti_a10_a_column_of_others_is_left_alone(world: World, more: dict[str, str]) -> None:
    world.server.reply(ONE, as_json(whole(world, **more)))
    assert columns(world).remove(url(world), SCOPES, resource_id="018f") == posted(Answer.COLUMN_NOT_OURS)
    assert [asked.method for asked in world.server.asked_at(ONE)] == ["GET"]


@pytest.mark.parametrize("replies", [[Reply(404)], [as_json({"id": "x", **WHOLE}), Reply(404)]])
def test_lti_a10_a_column_that_is_gone_already_is_as_good(world: World, replies: list[Reply]) -> None:
    world.server.reply(ONE, *replies)
    assert columns(world).remove(url(world), SCOPES, resource_id="018f") == posted(Answer.ACCEPTED)


@pytest.mark.parametrize("scopes", [[], [SCORE], [SCORE, READ_ONLY]])
def test_lti_a04_without_the_scope_for_columns_none_is_changed_made_or_taken_away(
    world: World, scopes: list[str]
) -> None:
    not_offered = posted(Answer.COLUMN_NOT_OFFERED)
    assert columns(world).change(url(world), scopes, label="x") == not_offered
    assert columns(world).remove(url(world), scopes, resource_id="018f") == not_offered
    if READ_ONLY not in scopes:
        assert columns(world).read(url(world), scopes) == not_offered
    assert world.server.asked == []


# ---- a further column ----

FURTHER = Sought("link 7", "further-1", further=True)


def make(world: World, sought: Sought = FURTHER) -> Described | Posted:
    return columns(world).find_or_make(f"{world.server.url}{LIST}", SCOPES, sought, label="Hours", maximum=Decimal(12))


@pytest.mark.parametrize(
    ("family", "link"), [("moodle", {"resourceLinkId": "link 7"}), ("canvas", {}), ("", {"resourceLinkId": "link 7"})]
)
def test_canvas_5_a_further_column_names_its_link_only_where_that_does_not_keep_it_out(
    server: StubServer, family: str, link: dict[str, str]
) -> None:
    world = World(server, family=family)
    world.server.reply(LIST, as_json([]), as_json({"id": url(world)}, 201))
    made = make(world)
    assert isinstance(made, Described)
    assert (made.url, made.label, made.maximum) == (url(world), "Hours", 12)
    said = {"label": "Hours", "scoreMaximum": 12, "resourceId": "further-1", "tag": "attune", **link}
    assert world.server.asked_at(LIST)[1].json == said


def test_lti_a12_a_further_column_is_looked_for_by_our_own_id_and_never_doubled(world: World) -> None:
    there = whole(world, resourceId="further-1", resourceLinkId="")
    world.server.reply(LIST, as_json([whole(world, id=f"{world.server.url}/9", resourceId=""), there]))
    made = make(world)
    assert isinstance(made, Described)
    assert made.url == url(world)
    assert [asked.query for asked in world.server.asked_at(LIST)] == ["resource_id=further-1"]


def test_lti_a12_a_further_column_never_takes_the_one_of_the_link(world: World) -> None:
    of_the_link = whole(world, resourceId="", tag="")
    world.server.reply(LIST, as_json([of_the_link]), as_json({"id": f"{world.server.url}/new"}, 201))
    made = make(world)
    assert isinstance(made, Described)
    assert made.url == f"{world.server.url}/new"


def test_lti_a12_a_further_column_that_came_along_with_a_copied_course_is_taken(world: World) -> None:
    came_along = whole(world, resourceId="further-0", resourceLinkId="")
    world.server.reply(LIST, as_json([]), as_json([came_along]))
    made = make(world, replace(FURTHER, former_ids=("further-0",)))
    assert isinstance(made, Described)
    assert made.url == url(world)


def test_lti_a11_a_column_names_only_the_link_that_launched_us(world: World) -> None:
    world.server.reply(LIST, as_json([]), as_json({"id": url(world)}, 201))
    world.find()
    assert world.server.asked_at(LIST)[1].json["resourceLinkId"] == "link 7"


def test_lti_a37_a_new_column_says_nothing_of_dates_and_release_that_nobody_set(world: World) -> None:
    world.server.reply(LIST, as_json([]), as_json({"id": url(world)}, 201))
    make(world)
    said = set(world.server.asked_at(LIST)[1].json)
    assert not said & {"startDateTime", "endDateTime", "gradesReleased", "submissionReview"}


def test_what_was_made_without_saying_where_is_looked_for_the_next_time(world: World) -> None:
    world.server.reply(LIST, as_json([]), Reply(201))
    assert make(world) == posted(Answer.PAGE_INSTEAD)
    world.server.reply(LIST, as_json([whole(world, resourceId="further-1")]))
    assert isinstance(make(world), Described)


def test_without_a_token_no_column_is_asked_for_and_each_attempt_says_why(world: World) -> None:
    world.server.reply("/token", Reply(503))
    answers = [
        columns(world).read(url(world), SCOPES),
        columns(world).change(url(world), SCOPES, label="x"),
        columns(world).remove(url(world), SCOPES, resource_id="018f"),
        make(world),
    ]
    assert {one.answer for one in answers if isinstance(one, Posted)} == {Answer.TOKEN_NOT_GIVEN}
    assert world.server.asked_at(ONE) == world.server.asked_at(LIST) == []


def test_where_an_answer_breaks_off_midway_it_is_not_known_what_came_of_it(world: World) -> None:
    packed = Reply(200, b"{}", {"Content-Encoding": "gzip"})  # as good as none: nothing packed is read
    world.server.reply(ONE, as_json(whole(world)), packed)
    changed = columns(world).change(url(world), SCOPES, label="x")
    world.server.reply(ONE, as_json(whole(world)), packed)
    removed = columns(world).remove(url(world), SCOPES, resource_id="018f")
    world.server.reply(LIST, as_json([]), packed)
    assert changed == removed == make(world) == Posted(Answer.PLATFORM_UNREACHABLE, retry=True, unknown=True)
