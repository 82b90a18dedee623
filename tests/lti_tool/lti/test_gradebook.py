"""Section 8 of the conformance list and Moodle's traps: scores and columns, over a real wire to a stub platform."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import jwt
import pytest

from grading.scores import DesiredScore
from lti_tool.lti.gradebook import Answer, Gradebook, LineItem, Posted, sentence
from lti_tool.lti.keys import SigningKey, new_key
from lti_tool.lti.names import LTI, RESULT_SCOPE
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.safe_http import SafeHttp
from tests.lti_tool.lti.platform import AGS, NOW, REGISTRATION
from tests.lti_tool.lti.server import Asked, Reply, StubServer, as_json

SCORE, LINE_ITEM, READ_ONLY = AGS + "scope/score", AGS + "scope/lineitem", AGS + "scope/lineitem.readonly"
SCOPES = [SCORE, LINE_ITEM]
COLUMN, LIST = "/2/lineitems/5/lineitem", "/2/lineitems"
KEY = new_key()
HTTP = SafeHttp(lab=True)
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"


class Tokens:
    """A store of tokens that only remembers."""

    def __init__(self, **kept: str) -> None:
        self.kept: dict[str, str] = {}
        self.put_until: list[datetime] = []

    def get(self, scopes: str) -> str | None:
        return self.kept.get(scopes)

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        self.kept[scopes] = token
        self.put_until.append(expires_at)


class World:
    """A stub platform with a token service, and our gradebook client for it."""

    def __init__(self, server: StubServer, **registration: Any) -> None:
        self.server, self.tokens = server, Tokens()
        self.deployment_id: str | None = None
        url = server.url
        at = {"issuer": url, "auth_url": f"{url}/auth", "token_url": f"{url}/token", "jwks_url": f"{url}/jwks"}
        self.registration: PlatformRegistration = replace(REGISTRATION, **{**at, **registration})
        server.reply("/token", as_json({"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600}))
        server.reply(f"{COLUMN}/scores", Reply(200))

    @property
    def gradebook(self) -> Gradebook:
        key = SigningKey(KEY.private_pem, KEY.public_jwk["kid"])
        return Gradebook(HTTP, self.registration, key, self.tokens, NOW, deployment_id=self.deployment_id)

    def post(self, path: str = f"{COLUMN}?type_id=2", **changes: Any) -> Posted:
        wanted: dict[str, Any] = {
            "scopes": SCOPES,
            "sub": "6",
            "desired": DesiredScore(Decimal("66.67"), Decimal(100)),
            "timestamp": NOW,
            "completed": True,
            **changes,
        }
        return self.gradebook.post_score(self.server.url + path, wanted.pop("scopes"), **wanted)

    def find(self, path: str = f"{LIST}?type_id=1", scopes: list[str] | None = None) -> LineItem | Posted:
        return self.gradebook.find_or_make_line_item(
            self.server.url + path,
            SCOPES if scopes is None else scopes,
            resource_link_id="link 7",
            resource_id="018f",
            label="Observed practice",
            maximum=100,
        )

    def scores(self) -> list[Asked]:
        return self.server.asked_at(f"{COLUMN}/scores")


@pytest.fixture
def world(server: StubServer) -> World:
    return World(server)


# ---- the score on the wire ----


def test_lti_a18_a_score_is_posted_with_its_media_type_and_token(world: World) -> None:
    assert world.post() == Posted(Answer.ACCEPTED, retry=False)
    (asked,) = world.scores()
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"
    assert asked.headers["authorization"] == "Bearer token-1"


def test_lti_a19_a_score_says_exactly_this_and_nothing_else(world: World) -> None:
    world.post()
    assert world.scores()[0].json == {
        "userId": "6",
        "scoreGiven": 66.67,
        "scoreMaximum": 100,
        "timestamp": "2026-03-02T09:00:00.000Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }


def test_the_narrative_firewall_no_words_can_reach_the_wire(world: World) -> None:
    assert {field.name: field.type for field in fields(DesiredScore)} == {"score": Decimal, "maximum": Decimal}
    for completed in (True, False):
        world.post(completed=completed, sub="x")
    for asked in world.scores():
        kinds = {name: type(value) for name, value in asked.json.items()}
        assert set(kinds) == {
            "userId", "scoreGiven", "scoreMaximum", "timestamp", "activityProgress", "gradingProgress"
        }  # fmt: skip
        assert asked.json["activityProgress"] in ("Completed", "InProgress")


def test_moodle_s4_the_grading_progress_is_always_fully_graded_with_a_score(world: World) -> None:
    for score in ("0", "0.01", "100"):
        for completed in (True, False):
            world.post(desired=DesiredScore(Decimal(score), Decimal(100)), completed=completed)
    said = [asked.json for asked in world.scores()]
    assert {one["gradingProgress"] for one in said} == {"FullyGraded"}
    assert [one["scoreGiven"] for one in said] == [0, 0, 0.01, 0.01, 100, 100]


def test_lti_a20_an_unfinished_activity_is_in_progress(world: World) -> None:
    world.post(completed=False)
    assert world.scores()[0].json["activityProgress"] == "InProgress"


@pytest.mark.parametrize(
    ("family", "moment", "written"),
    [
        ("canvas", datetime(2026, 3, 2, 9, 0, 0, 123_456, UTC), "2026-03-02T09:00:00.123Z"),
        ("moodle", datetime(2026, 3, 2, 9, 0, 0, 999_999, UTC), "2026-03-02T09:00:00.000Z"),
        ("", datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=11))), "2026-03-02T09:00:00.000Z"),
    ],
)
def test_lti_a22_timestamps_have_parts_of_a_second_and_a_zone(
    server: StubServer, family: str, moment: datetime, written: str
) -> None:
    world = World(server, family=family)
    world.post(timestamp=moment)
    assert world.scores()[0].json["timestamp"] == written


@pytest.mark.parametrize(
    ("column", "asked_at", "query"),
    [
        (f"{COLUMN}?type_id=2", f"{COLUMN}/scores", "type_id=2"),
        (COLUMN, f"{COLUMN}/scores", ""),
        (f"{COLUMN}/", f"{COLUMN}/scores", ""),
        (f"{COLUMN}?a=/x?y&b=", f"{COLUMN}/scores", "a=/x?y&b="),
    ],
)
def test_lti_a16_scores_go_to_the_columns_path_with_its_query_kept(
    world: World, column: str, asked_at: str, query: str
) -> None:
    assert world.post(column).answer is Answer.ACCEPTED
    assert [(asked.path, asked.query) for asked in world.scores()] == [(asked_at, query)]


def test_lti_a01_without_the_scope_nothing_is_sent(world: World) -> None:
    assert world.post(scopes=[LINE_ITEM]) == Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    assert world.server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/2/lineitems/5/lineitem",
        "http://127.0.0.1:1/2/lineitems/5/lineitem",
        "http://127.0.0.1/x",
        "javascript:alert(1)",
        "",
        "file:///etc/passwd",
    ],
)
def test_a_token_goes_only_to_hosts_of_the_registration(world: World, address: str) -> None:
    posted = world.gradebook.post_score(
        address,
        SCOPES,
        sub="6",
        desired=DesiredScore(Decimal(1), Decimal(100)),
        timestamp=NOW,
        completed=True,
    )
    assert posted == Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)
    assert world.server.asked == []


def test_a_column_may_lie_at_the_host_of_any_address_of_the_registration(server: StubServer) -> None:
    elsewhere = "https://sso.lms.example"
    world = World(server, issuer=elsewhere, auth_url=f"{elsewhere}/auth", jwks_url=f"{elsewhere}/jwks")
    assert world.post().answer is Answer.ACCEPTED


# ---- what platforms answer ----


@pytest.mark.parametrize(
    ("row", "reply", "answer", "retry"),
    [
        ("a30", Reply(200), Answer.ACCEPTED, False),
        ("a30", Reply(201), Answer.ACCEPTED, False),
        ("a30", Reply(202), Answer.ACCEPTED, False),
        ("a30", Reply(204), Answer.ACCEPTED, False),
        ("a30", as_json({"resultUrl": "https://lms.example/results/1"}), Answer.ACCEPTED, False),
        ("a31", Reply(200, b"<!doctype html><title>Log in</title>"), Answer.PAGE_INSTEAD, True),
        ("a32", Reply(302, b"", {"Location": "/login"}), Answer.PAGE_INSTEAD, True),
        ("a33", Reply(400, b"[]"), Answer.PERSON_NOT_IN_COURSE, False),
        ("a33", Reply(422, b'{"errors":{"message":"User not found in course or is not a student"}}'),
         Answer.PERSON_NOT_IN_COURSE, False),
        ("a32", as_json({"errors": [{"message": "timestamp is missing"}]}, 400), Answer.NOT_UNDERSTOOD, False),
        ("a32", Reply(403, b"no"), Answer.NOT_ALLOWED, False),
        ("a32", Reply(403, b"403 Forbidden (Rate Limit Exceeded)"), Answer.BUSY, True),
        ("a32", Reply(404, b"<html>"), Answer.COLUMN_GONE, True),
        ("a32", Reply(412), Answer.COLUMN_GONE, True),
        ("a32", Reply(409, b'"Refusing score with an earlier timestamp"'), Answer.NEWER_SCORE_THERE, False),
        ("a32", Reply(400, b'{"errors":{"message":"Provided timestamp of X before last updated timestamp of Y"}}'),
         Answer.NEWER_SCORE_THERE, False),
        ("a32", Reply(422, b'{"errors":[{"message":"cannot be changed at this time: ..."}]}'),
         Answer.COLUMN_NOT_OPEN, False),
        ("a32", Reply(422, b'{"errors":{"message":"This course has concluded. AGS requests ..."}}'),
         Answer.COURSE_CONCLUDED, False),
        ("a32", Reply(422, b'{"errors":{"message":"The maximum number of allowed attempts has been reached"}}'),
         Answer.NO_ATTEMPTS_LEFT, False),
        ("a32", Reply(400, b'{"errors":{"message":"Provided submitted_at timestamp of X in the future"}}'),
         Answer.CLOCKS_APART, True),
        ("a32", Reply(401), Answer.TOKEN_REFUSED, True),
        ("a32", Reply(401, b'{"errors":{"message":"Access Token not linked to a Tool associated with this Context"}}'),
         Answer.NOT_ALLOWED, False),
        ("a32", Reply(401, b'{"errors":{"message":"Insufficient permissions"}}'), Answer.SCOPE_NOT_GRANTED, False),
        ("a32", Reply(408), Answer.PLATFORM_TROUBLED, True),
        ("a32", Reply(410), Answer.COLUMN_GONE, True),
        ("a32", Reply(422, b"{}"), Answer.NOT_UNDERSTOOD, False),
        ("a32", Reply(429), Answer.BUSY, True),
        ("a32", Reply(500, b"oops"), Answer.PLATFORM_TROUBLED, True),
        ("moodle s8", Reply(500, b"[]"), Answer.COLUMN_LOCKED, True),
        ("a32", Reply(502, b""), Answer.PLATFORM_TROUBLED, True),
        ("a32", Reply(503, b""), Answer.PLATFORM_TROUBLED, True),
    ],
)  # fmt: skip
def test_lti_each_answer_has_its_meaning(world: World, row: str, reply: Reply, answer: Answer, retry: bool) -> None:
    world.server.reply(f"{COLUMN}/scores", reply)
    posted = world.post()
    assert (posted.answer, posted.retry) == (answer, retry)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", timedelta(seconds=7)),
        ("Mon, 02 Mar 2026 09:02:00 GMT", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 08:00:00 GMT", timedelta()),
        ("9999999999999999", timedelta(hours=6)),
        ("86400", timedelta(hours=6)),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_lti_a32_the_platforms_wish_to_wait_is_heard(
    world: World, status: int, said: str, wait: timedelta | None
) -> None:
    world.server.reply(f"{COLUMN}/scores", Reply(status, b"", {"Retry-After": said}))
    heard = world.post().retry_after
    assert heard == wait or (heard is not None and wait is not None and abs(heard - wait) < timedelta(seconds=2))


def test_lti_a32_a_platform_that_is_down_is_tried_again_later(world: World) -> None:
    world.tokens.kept[SCORE] = "token-0"
    world.server.stop()
    assert world.post() == Posted(Answer.PLATFORM_UNREACHABLE, retry=True)


def test_a_result_of_which_the_answer_breaks_off_is_not_known(world: World) -> None:
    world.server.reply(f"{COLUMN}/results", Reply(200, b"[]", {"Content-Encoding": "gzip"}))
    found = world.gradebook.result_of(world.server.url + COLUMN, [RESULT_SCOPE], "6")
    assert found == Posted(Answer.PLATFORM_UNREACHABLE, retry=True)


def test_moodle_s1_nothing_of_the_answer_is_kept(world: World) -> None:
    world.server.reply(f"{COLUMN}/scores", Reply(400, b"[]", {"X-Echo": "the posted score"}))
    posted = world.post()
    assert {field.name for field in fields(posted)} == {
        "answer", "retry", "retry_after", "unknown", "clock_ahead", "slow_down",
    }  # fmt: skip


# ---- tokens ----


def test_lti_t01_a_token_is_asked_for_with_a_signed_assertion(world: World) -> None:
    world.post()
    (asked,) = world.server.asked_at("/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert set(asked.form) == {"grant_type", "client_assertion_type", "client_assertion", "scope"}
    assert asked.form["grant_type"] == "client_credentials"
    assert asked.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def assertion(asked: Asked) -> dict[str, Any]:
    public = jwt.PyJWK(KEY.public_jwk).key
    unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
    token = asked.form["client_assertion"]
    assert jwt.get_unverified_header(token)["kid"] == KEY.public_jwk["kid"]
    return jwt.decode(token, public, algorithms=["RS256"], options=unchecked)


def test_lti_t02_the_assertion_names_us_and_lives_five_minutes_at_most(world: World) -> None:
    world.post()
    said = assertion(world.server.asked_at("/token")[0])
    assert said["iss"] == said["sub"] == REGISTRATION.client_id
    assert said["aud"] == f"{world.server.url}/token"
    assert 0 < said["exp"] - said["iat"] <= 300
    assert said["exp"] > NOW.timestamp()
    assert len(said["jti"]) >= 22


def test_moodle_t2_the_assertion_is_back_dated(world: World) -> None:
    world.post()
    assert assertion(world.server.asked_at("/token")[0])["iat"] == NOW.timestamp() - 10


def test_lti_t02_every_assertion_has_an_id_of_its_own(world: World) -> None:
    world.server.reply("/token", as_json({"access_token": "t", "expires_in": 0}))
    for _ in range(3):
        world.post()
    assert len({assertion(asked)["jti"] for asked in world.server.asked_at("/token")}) == 3


def test_lti_t02_a_registration_may_name_another_audience(server: StubServer) -> None:
    World(server, token_audience="https://lms.example/oauth").post()
    assert assertion(server.asked_at("/token")[0])["aud"] == "https://lms.example/oauth"


def test_lti_t04_only_the_scope_that_is_needed_is_asked_for(world: World) -> None:
    world.server.reply(LIST, as_json([]), as_json({"id": world.server.url + COLUMN}, 201))
    world.find()
    world.post()
    assert [asked.form["scope"] for asked in world.server.asked_at("/token")] == [LINE_ITEM, SCORE]


def test_lti_t05_a_token_without_the_scope_is_of_no_use(world: World) -> None:
    world.server.reply("/token", as_json({"access_token": "t", "expires_in": 3600, "scope": LINE_ITEM}))
    assert world.post() == Posted(Answer.SCOPE_NOT_GRANTED, retry=False)
    assert world.tokens.kept == {}


def test_lti_t06_a_token_is_used_until_a_minute_before_it_ends(world: World) -> None:
    for _ in range(3):
        world.post()
    assert len(world.server.asked_at("/token")) == 1
    assert world.tokens.put_until == [NOW + timedelta(minutes=59)]


def test_lti_t03_a_token_for_one_deployment_is_not_used_in_another(world: World) -> None:
    for world.deployment_id in ("1", "2", "1"):
        world.post()
    said = [assertion(asked) for asked in world.server.asked_at("/token")]
    assert [claims[LTI + "deployment_id"] for claims in said] == ["1", "2"]


@pytest.mark.parametrize(
    ("said", "minutes"), [("3600", 59), (None, 59), (120, 1), (60, None), (-5, 59), ("x", 59), (10**12, 59), (True, 59)]
)
def test_lti_t06_any_lifetime_is_survived(world: World, said: object, minutes: int | None) -> None:
    world.server.reply("/token", as_json({"access_token": "t", "expires_in": said}))
    assert world.post().answer is Answer.ACCEPTED
    assert world.tokens.put_until == ([] if minutes is None else [NOW + timedelta(minutes=minutes)])


def test_moodle_t1_a_token_may_be_called_html(world: World) -> None:
    body = json.dumps({"access_token": "a" * 32, "token_type": "Bearer", "expires_in": 3600, "scope": SCORE}).encode()
    world.server.reply("/token", Reply(200, body, {"Content-Type": "text/html; charset=utf-8"}))
    assert world.post().answer is Answer.ACCEPTED


def test_lti_t07_a_token_that_is_not_taken_any_more_is_replaced_once(world: World) -> None:
    world.tokens.kept[SCORE] = "old"
    world.server.reply(f"{COLUMN}/scores", Reply(401), Reply(200))
    assert world.post().answer is Answer.ACCEPTED
    assert [asked.headers["authorization"] for asked in world.scores()] == ["Bearer old", "Bearer token-1"]
    assert world.tokens.kept[SCORE] == "token-1"


def test_lti_t07_a_fresh_token_that_is_not_taken_is_not_asked_for_again(world: World) -> None:
    world.tokens.kept[SCORE] = "old"
    world.server.reply(f"{COLUMN}/scores", Reply(401))
    assert world.post() == Posted(Answer.TOKEN_REFUSED, retry=True)
    assert len(world.scores()) == 2
    assert len(world.server.asked_at("/token")) == 1


@pytest.mark.parametrize(
    ("reply", "answer", "retry"),
    [
        (as_json({"error": "invalid_scope"}, 400), Answer.SCOPE_NOT_GRANTED, False),
        (as_json({"error": "invalid_client"}, 400), Answer.TOKEN_REFUSED, True),
        (as_json({"error": "invalid_client"}, 401), Answer.TOKEN_REFUSED, True),
        (Reply(400, b'{"error": "Cannot find kid "x""}'), Answer.TOKEN_REFUSED, True),
        (Reply(403), Answer.TOKEN_REFUSED, True),
        (Reply(404), Answer.TOKEN_REFUSED, True),
        (Reply(429, b"", {"Retry-After": "5"}), Answer.BUSY, True),
        (Reply(500), Answer.TOKEN_NOT_GIVEN, True),
        (Reply(302), Answer.TOKEN_NOT_GIVEN, True),
        (Reply(200, b"<html>"), Answer.TOKEN_NOT_GIVEN, True),
        (Reply(200, b"[]"), Answer.TOKEN_NOT_GIVEN, True),
        (Reply(200, b"{}"), Answer.TOKEN_NOT_GIVEN, True),
        (as_json({"access_token": "two\nlines"}), Answer.TOKEN_NOT_GIVEN, True),
        (as_json({"access_token": "x" * 9_000}), Answer.TOKEN_NOT_GIVEN, True),
        (as_json({"access_token": 5}), Answer.TOKEN_NOT_GIVEN, True),
    ],
)
def test_lti_t08_a_token_that_is_not_given_is_an_answer_too(
    world: World, reply: Reply, answer: Answer, retry: bool
) -> None:
    world.server.reply("/token", reply)
    posted = world.post()
    assert (posted.answer, posted.retry) == (answer, retry)
    assert world.scores() == []


# ---- columns ----


def column(world: World, number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{world.server.url}/2/lineitems/{number}/lineitem?type_id=1",
        "scoreMaximum": 100,
        "label": "x",
        **more,
    }


def test_lti_a07_the_list_is_asked_for_with_its_media_type_and_filter_and_no_limit(world: World) -> None:
    world.server.reply(LIST, as_json([column(world, 5, resourceLinkId="link 7", resourceId="018f")]))
    assert world.find() == LineItem(f"{world.server.url}/2/lineitems/5/lineitem?type_id=1")
    (asked,) = world.server.asked_at(LIST)
    assert asked.headers["accept"] == CONTAINER
    assert asked.query == "type_id=1&resource_link_id=link+7"


def test_lti_a03_the_column_made_with_the_link_is_found(world: World) -> None:
    coupled = column(world, 5, resourceLinkId="link 7", resourceId="", tag="")
    world.server.reply(LIST, as_json([coupled]))
    assert world.find() == LineItem(coupled["id"])


def test_lti_a12_the_column_with_our_id_comes_before_the_one_made_with_the_link(world: World) -> None:
    coupled = column(world, 5, resourceLinkId="link 7")
    ours = column(world, 6, resourceLinkId="link 7", resourceId="018f")
    world.server.reply(LIST, as_json([coupled, ours]))
    assert world.find() == LineItem(ours["id"])


@pytest.mark.parametrize(
    "others",
    [
        [{"resourceLinkId": "another", "resourceId": "018f"}],
        [{"resourceLinkId": "link 7", "resourceId": "another"}],
        [{}],
        [{"tag": "attune"}],
    ],
)
def test_lti_a12_columns_of_others_are_left_alone(world: World, others: list[dict[str, Any]]) -> None:
    items = [column(world, 9, **other) for other in others]
    world.server.reply(LIST, as_json([*items, "x", None]), as_json(column(world, 10), 201))
    assert world.find() == LineItem(column(world, 10)["id"])


def test_lti_a08_a_column_is_made_where_there_is_none(world: World) -> None:
    world.server.reply(LIST, as_json([]), as_json(column(world, 10), 201))
    assert world.find() == LineItem(column(world, 10)["id"])
    made = world.server.asked_at(LIST)[1]
    assert (made.method, made.query) == ("POST", "type_id=1")
    assert made.headers["content-type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert made.json == {
        "label": "Observed practice",
        "scoreMaximum": 100,
        "resourceLinkId": "link 7",
        "resourceId": "018f",
        "tag": "attune",
    }


def test_lti_a03_a_column_is_not_made_where_only_reading_is_allowed(world: World) -> None:
    world.server.reply(LIST, as_json([]))
    assert world.find(scopes=[READ_ONLY, SCORE]) == Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    assert len(world.server.asked_at(LIST)) == 1


def test_lti_a04_with_the_score_scope_only_the_list_is_never_asked_for(world: World) -> None:
    assert world.find(scopes=[SCORE]) == Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    assert world.server.asked == []


NEXT: list[Callable[[str], str]] = [
    lambda url: f'<{url}>; rel="next"',
    lambda url: f"<{url}>; rel=next",
    lambda url: f'<{url}>; title="a, b; c"; rel="next"',
    lambda url: f'<{url}>;rel="prev next";title=x',
    lambda url: f'<https://lms.example/first>; rel="first", <{url}>; rel="Next"',
]


@pytest.mark.parametrize("header", NEXT)
def test_lti_a13_the_next_page_is_asked_for_as_it_was_written(world: World, header: Callable[[str], str]) -> None:
    following = f"{world.server.url}/next/Page?page=AbC%2FdEf&x=1,2;3"
    wanted = column(world, 5, resourceLinkId="link 7")
    world.server.reply(LIST, Reply(200, b"[]", {"Link": header(following)}))
    world.server.reply("/next/Page", as_json([wanted]))
    assert world.find() == LineItem(wanted["id"])
    assert world.server.asked_at("/next/Page")[0].query == "page=AbC%2FdEf&x=1,2;3"


def test_lti_a13_the_next_page_may_be_relative(world: World) -> None:
    wanted = column(world, 5, resourceLinkId="link 7")
    world.server.reply(LIST, Reply(200, b"[]", {"Link": '</more?from=Z>; rel="next"'}))
    world.server.reply("/more", as_json([wanted]))
    assert world.find() == LineItem(wanted["id"])


@pytest.mark.parametrize(
    "header", ['<{url}>; rel="prev"', '{url}; rel="next"', "<{url}>; rel=\u201dnext\u201d", "", "<>", 'rel="next"']
)
def test_moodle_l9_a_link_header_that_cannot_be_read_is_no_next_page(world: World, header: str) -> None:
    link = header.format(url=f"{world.server.url}/more").encode().decode("latin-1")
    world.server.reply(LIST, Reply(200, b"[]", {"Link": link}), as_json(column(world, 10), 201))
    assert isinstance(world.find(), LineItem)
    assert world.server.asked_at("/more") == []


def test_lti_a14_a_next_page_on_another_machine_gets_no_token(world: World) -> None:
    with StubServer() as stranger:
        stranger.reply("/more", as_json([]))
        world.server.reply(LIST, Reply(200, b"[]", {"Link": f'<{stranger.url}/more>; rel="next"'}))
        assert world.find() == Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)
        assert stranger.asked == []


def test_lti_a15_pages_in_a_circle_end(world: World) -> None:
    world.server.reply(LIST, Reply(200, b"[]", {"Link": f'<{world.server.url}{LIST}>; rel="next"'}))
    assert world.find() == Posted(Answer.NOT_UNDERSTOOD, retry=False)
    assert len(world.server.asked_at(LIST)) == 50


def test_a_column_on_another_machine_is_not_taken(world: World) -> None:
    elsewhere = {**column(world, 5, resourceLinkId="link 7"), "id": "https://evil.example/lineitem"}
    world.server.reply(LIST, as_json([elsewhere]))
    assert world.find() == Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)
    world.server.reply(LIST, as_json([]), as_json(elsewhere, 201))
    assert world.find() == Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(400, b"{}"), Answer.NOT_UNDERSTOOD),
        (Reply(403), Answer.NOT_ALLOWED),
        (Reply(404), Answer.COLUMN_GONE),
        (Reply(429), Answer.BUSY),
        (Reply(500), Answer.PLATFORM_TROUBLED),
        (Reply(200, b"<html>"), Answer.PAGE_INSTEAD),
        (Reply(200, b"{}"), Answer.PAGE_INSTEAD),
        (Reply(302), Answer.PAGE_INSTEAD),
    ],
)
def test_lti_a32_a_list_that_is_not_given_is_an_answer_too(world: World, reply: Reply, answer: Answer) -> None:
    world.server.reply(LIST, reply)
    found = world.find()
    assert isinstance(found, Posted)
    assert found.answer is answer
    world.server.reply(LIST, as_json([]), reply)
    made = world.find()
    assert isinstance(made, Posted)
    assert made.answer is answer


def test_every_answer_has_a_sentence_of_its_own() -> None:
    assert len({sentence(answer) for answer in Answer}) == len(Answer)
