"""What leaves for a gradebook, in each platform's ways, over a real wire: these members, and no words."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.scores import DesiredScore
from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.quirks import quirks_of
from lti_tool.lti.results import Result
from lti_tool.lti.score_wire import Sending, cleared_body, score_body
from tests.lti_tool.lti.platform import AGS, NOW
from tests.lti_tool.lti.server import Reply, StubServer, as_json
from tests.lti_tool.lti.test_gradebook import COLUMN, SCOPES, SCORE, World, assertion

RESULT = AGS + "scope/result.readonly"
READING = [*SCOPES, RESULT]
CANVAS = "https://canvas.instructure.com/lti/submission"
FAMILIES = ["moodle", "canvas", "", "sakai"]
LINE = "Signed by an observer."
HELD = NOW - timedelta(days=2)
PLAIN = {"userId", "scoreGiven", "scoreMaximum", "timestamp", "activityProgress", "gradingProgress"}
ACTIVITY = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}
GRADING = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}


@pytest.fixture
def canvas(server: StubServer) -> World:
    return World(server, family="canvas")


@pytest.fixture
def moodle(server: StubServer) -> World:
    return World(server, family="moodle")


def said(world: World) -> list[dict[str, Any]]:
    return [asked.json for asked in world.scores()]


def clear(world: World) -> Posted:
    return world.gradebook.clear_score(f"{world.server.url}{COLUMN}", SCOPES, sub="6", timestamp=NOW)


# ---- nothing but this leaves ----


@pytest.mark.parametrize("family", FAMILIES)
def test_lti_a29_the_narrative_firewall_only_these_members_leave_on_any_platform(
    server: StubServer, family: str
) -> None:
    world = World(server, family=family)
    for first in (True, False):
        for completed in (True, False):
            for moment in (None, HELD):
                world.post(first=first, completed=completed, moment=moment, comment=LINE)
    clear(world)
    for body in said(world):
        assert set(body) <= PLAIN | {"comment", "submission", CANVAS}
        assert body.get("comment") in (None, LINE)
        assert set(body.get("submission", {})) <= {"submittedAt"}
        assert set(body.get(CANVAS, {})) <= {"new_submission", "submitted_at"}
        assert all("://" in name for name in set(body) - PLAIN - {"comment", "submission"})
        if family != "canvas":
            assert set(body) <= PLAIN | {"comment"}


def test_the_type_that_goes_to_the_gradebook_has_no_place_for_words_but_the_neutral_line() -> None:
    assert {one.name for one in fields(Sending) if one.type is str} == {"sub", "comment"}
    assert {one.name for one in fields(DesiredScore) if one.type is str} == set()


@given(
    sending=st.builds(
        Sending,
        sub=st.text(min_size=1),
        desired=st.decimals(0, 100, places=2).map(lambda score: DesiredScore(score, Decimal(100))),
        timestamp=st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        completed=st.booleans(),
        first=st.booleans(),
        comment=st.sampled_from(["", LINE]),
        moment=st.none() | st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    ),
    family=st.sampled_from(FAMILIES),
)
def test_lti_a20_whatever_is_sent_a_score_is_fully_graded_and_whole(sending: Sending, family: str) -> None:
    ways = quirks_of(family).scores
    body = score_body(sending, ways, NOW)
    assert body["gradingProgress"] == "FullyGraded"
    assert body["activityProgress"] in ACTIVITY
    assert body.keys() >= PLAIN
    assert "scoringUserId" not in body
    cleared = cleared_body(sending.sub, sending.timestamp, ways)
    assert cleared["gradingProgress"] in GRADING
    json.dumps([body, cleared], allow_nan=False)


def test_lti_a25_what_waits_for_a_signature_is_not_sent_at_all(server: StubServer) -> None:
    # PendingManual empties the cell in Moodle and asks for a grader in Canvas; there is no way to send it.
    for family in FAMILIES:
        world = World(server, family=family)
        world.post()
        clear(world)
    assert {body["gradingProgress"] for body in said(world)} == {"FullyGraded", "NotReady"}


def test_lti_a27_nobody_is_named_as_the_one_who_scored(canvas: World) -> None:
    canvas.post(moment=HELD)
    assert "scoringUserId" not in said(canvas)[0]


@pytest.mark.parametrize("score", ["NaN", "Infinity", "-Infinity", "-0.01", "-1"])
def test_lti_a21_a_score_is_a_finite_number_from_0_on(moodle: World, score: str) -> None:
    ways = quirks_of("moodle").scores
    # The core makes no such score; here it is forced past its checks.
    desired = DesiredScore.__new__(DesiredScore)
    object.__setattr__(desired, "score", Decimal(score))
    object.__setattr__(desired, "maximum", Decimal(100))
    with pytest.raises(ValueError, match="from 0 on"):
        score_body(Sending(sub="6", desired=desired, timestamp=NOW, completed=True), ways, NOW)


# ---- the comment ----


def test_lti_a26_without_a_line_of_the_organization_there_is_no_comment(moodle: World) -> None:
    moodle.post()
    assert "comment" not in said(moodle)[0]


def test_moodle_s5_the_line_goes_with_every_score_as_leaving_it_out_would_take_it_away(moodle: World) -> None:
    for first in (True, False, False):
        moodle.post(first=first, comment=LINE)
    assert [body.get("comment") for body in said(moodle)] == [LINE] * 3
    assert quirks_of("moodle").scores.comment_is_feedback


def test_canvas_4_the_line_goes_with_the_first_score_only_as_comments_add_up(canvas: World) -> None:
    for first in (True, False, False):
        canvas.post(first=first, comment=LINE)
    assert [body.get("comment") for body in said(canvas)] == [LINE, None, None]


# ---- attempts and lateness ----


def test_canvas_2_only_the_first_score_is_an_attempt(canvas: World) -> None:
    for first in (True, False, False):
        canvas.post(first=first)
    assert [body.get(CANVAS) for body in said(canvas)] == [None, {"new_submission": False}, {"new_submission": False}]


def test_lti_a28_what_was_done_has_its_own_time_so_that_nobody_counts_as_late(canvas: World) -> None:
    canvas.post(moment=HELD)
    canvas.post(moment=HELD, first=False)
    written = "2026-02-28T09:00:00.000Z"
    assert [body["submission"] for body in said(canvas)] == [{"submittedAt": written}] * 2
    assert [body[CANVAS] for body in said(canvas)] == [
        {"submitted_at": written},
        {"new_submission": False, "submitted_at": written},
    ]


def test_lti_a28_nothing_is_said_to_have_been_done_in_the_future(canvas: World) -> None:
    canvas.post(moment=NOW + timedelta(days=1))
    at = datetime.fromisoformat(said(canvas)[0]["submission"]["submittedAt"])
    assert NOW <= at < NOW + timedelta(minutes=1)


def test_a_platform_that_reads_no_such_member_gets_none(moodle: World) -> None:
    moodle.post(moment=HELD, first=False)
    assert set(said(moodle)[0]) == PLAIN


def test_canvas_attempts_that_are_used_up_do_not_keep_a_score_out(canvas: World) -> None:
    used_up = as_json({"errors": {"message": "The maximum number of allowed attempts has been reached"}}, 422)
    canvas.server.reply(f"{COLUMN}/scores", used_up, Reply(200))
    assert canvas.post().answer is Answer.ACCEPTED
    assert [body.get(CANVAS) for body in said(canvas)] == [None, {"new_submission": False}]
    canvas.server.reply(f"{COLUMN}/scores", used_up)
    assert canvas.post(first=False) == posted(Answer.NO_ATTEMPTS_LEFT)
    assert len(canvas.scores()) == 3


# ---- emptying a cell ----


@pytest.mark.parametrize("family", FAMILIES)
def test_lti_a24_a_cell_is_emptied_without_a_score_and_nothing_asks_to_keep_it(server: StubServer, family: str) -> None:
    world = World(server, family=family)
    assert clear(world) == posted(Answer.ACCEPTED)
    (body,) = said(world)
    own = body.pop(CANVAS, None)
    assert own == ({"new_submission": False} if family == "canvas" else None)
    assert body == {
        "userId": "6",
        "timestamp": "2026-03-02T09:00:00.000Z",
        "activityProgress": "Initialized",
        "gradingProgress": "NotReady",
    }


def test_a_cell_is_not_emptied_without_the_scope(moodle: World) -> None:
    answer = moodle.gradebook.clear_score(f"{moodle.server.url}{COLUMN}", [RESULT], sub="6", timestamp=NOW)
    assert answer == posted(Answer.COLUMN_NOT_OFFERED)
    assert moodle.server.asked == []


# ---- what the LMS shows for one person ----


def shown(world: World, scopes: list[str] | None = None) -> Result | Posted | None:
    column = f"{world.server.url}{COLUMN}?type_id=2"
    return world.gradebook.result_of(column, READING if scopes is None else scopes, "6")


def test_lti_a17_a_result_is_read_below_the_column_for_one_person_and_without_a_limit(moodle: World) -> None:
    row = {"userId": "6", "resultScore": 66.67, "resultMaximum": 100, "timestamp": "2026-03-02T09:00:00+00:00"}
    moodle.server.reply(f"{COLUMN}/results", as_json([row]))
    share, full = Decimal("0.6667"), Decimal(100)
    assert shown(moodle) == Result("6", share, NOW, Decimal("66.67"), full)
    (asked,) = moodle.server.asked_at(f"{COLUMN}/results")
    assert asked.query == "type_id=2&user_id=6"
    assert asked.headers["accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"


def test_lti_a35_a_result_that_says_no_maximum_is_of_1(moodle: World) -> None:
    moodle.server.reply(f"{COLUMN}/results", as_json([{"userId": 6, "resultScore": 0.5}]))
    assert shown(moodle) == Result("6", Decimal("0.5"), None, Decimal("0.5"), Decimal(1))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"id": "x", "userId": "6"}],
        [{"userId": "6", "resultScore": None}],
        [{"userId": "7", "resultScore": 1, "resultMaximum": 1}],
        ["x", None],
    ],
)
def test_an_empty_cell_is_not_a_0_and_another_person_s_is_not_theirs(moodle: World, rows: list[Any]) -> None:
    moodle.server.reply(f"{COLUMN}/results", as_json(rows))
    assert shown(moodle) is None


def test_where_the_filter_is_not_kept_to_all_pages_are_looked_at(moodle: World) -> None:
    others = as_json([{"userId": "1", "resultScore": 1}], Link=f'<{moodle.server.url}/more>; rel="next"')
    moodle.server.reply(f"{COLUMN}/results", others)
    moodle.server.reply("/more", as_json([{"userId": "6", "resultScore": 0, "resultMaximum": 10}]))
    result = shown(moodle)
    assert isinstance(result, Result)
    assert (result.score, result.maximum) == (0, 10)


def test_lti_a14_a_next_page_of_results_on_another_machine_gets_no_token(moodle: World) -> None:
    with StubServer() as stranger:
        link = f'<{stranger.url}/more>; rel="next"'
        moodle.server.reply(f"{COLUMN}/results", as_json([], Link=link))
        assert shown(moodle) == posted(Answer.ADDRESS_NOT_KNOWN)
        assert stranger.asked == []


def test_lti_a15_results_in_a_circle_end(moodle: World) -> None:
    link = f'<{moodle.server.url}{COLUMN}/results>; rel="next"'
    moodle.server.reply(f"{COLUMN}/results", as_json([], Link=link))
    assert shown(moodle) == posted(Answer.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (Reply(404), Answer.COLUMN_GONE),
        (Reply(403), Answer.NOT_ALLOWED),
        (Reply(429), Answer.BUSY),
        (Reply(500), Answer.PLATFORM_TROUBLED),
        (Reply(200, b"<html>"), Answer.PAGE_INSTEAD),
    ],
)
def test_what_cannot_be_read_changed_nothing(moodle: World, reply: Reply, answer: Answer) -> None:
    moodle.server.reply(f"{COLUMN}/results", reply)
    assert shown(moodle) == posted(answer)


def test_without_the_scope_nothing_is_read(moodle: World) -> None:
    assert shown(moodle, SCOPES) == posted(Answer.RESULTS_NOT_OFFERED)
    assert moodle.server.asked == []


# ---- whether it may be there ----


@pytest.mark.parametrize("reply", [Reply(200, b"<html>"), Reply(302), Reply(408), Reply(500, b"x"), Reply(504)])
def test_lti_a31_an_answer_from_which_nobody_can_tell_is_read_before_it_is_sent_again(
    moodle: World, reply: Reply
) -> None:
    moodle.server.reply(f"{COLUMN}/scores", reply)
    answer = moodle.post()
    assert (answer.unknown, answer.retry) == (True, True)
    assert clear(moodle).unknown


@pytest.mark.parametrize("reply", [Reply(200), Reply(400, b"[]"), Reply(403), Reply(404), Reply(422), Reply(429)])
def test_an_answer_that_is_certain_is_not_asked_about_again(moodle: World, reply: Reply) -> None:
    moodle.server.reply(f"{COLUMN}/scores", reply)
    assert not moodle.post().unknown


@pytest.mark.parametrize("reply", [Reply(409), as_json({"errors": {"message": "x before last updated y"}}, 400)])
def test_lti_a34_something_newer_is_read_and_where_that_is_not_allowed_a_person_looks(
    moodle: World, reply: Reply
) -> None:
    moodle.server.reply(f"{COLUMN}/scores", reply)
    assert moodle.post(scopes=READING) == Posted(Answer.NEWER_SCORE_THERE, retry=True, unknown=True)
    assert moodle.post(scopes=SCOPES) == Posted(Answer.NEWER_SCORE_THERE, retry=False, unknown=True)


def test_silence_after_it_was_sent_is_not_silence_before(moodle: World) -> None:
    moodle.tokens.kept[SCORE] = "token-0"
    moodle.server.stop()
    assert moodle.post() == Posted(Answer.PLATFORM_UNREACHABLE, retry=True, unknown=False)


# ---- clocks, and how much a platform takes ----


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(), -timedelta(minutes=7)])
def test_every_answer_says_by_how_much_the_platform_s_clock_is_ahead(moodle: World, ahead: timedelta) -> None:
    at = {"Date": format_datetime(NOW + ahead, usegmt=True)}
    for reply in (Reply(200, b"", at), Reply(503, b"", at), Reply(409, b"", at)):
        moodle.server.reply(f"{COLUMN}/scores", reply)
        measured = moodle.post().clock_ahead
        assert measured is not None
        assert abs(measured - ahead) < timedelta(seconds=5)


@pytest.mark.parametrize("said", ["", "yesterday", "Mon, 99 Mar 2026 09:00:00 GMT"])
def test_a_platform_that_does_not_say_what_time_it_is_is_believed_to_be_right(moodle: World, said: str) -> None:
    moodle.server.reply(f"{COLUMN}/scores", Reply(200, b"", {"Date": said}))
    assert moodle.post().clock_ahead is None


@pytest.mark.parametrize("ahead", [-timedelta(minutes=10), timedelta(days=3)])
def test_lti_t02_a_token_refused_for_our_clock_is_asked_for_by_the_platform_s(moodle: World, ahead: timedelta) -> None:
    at = format_datetime(NOW + ahead, usegmt=True)
    refused = as_json({"error": "invalid_request"}, 400, Date=at)
    moodle.server.reply("/token", refused, as_json({"access_token": "token-2", "expires_in": 3600}))
    assert moodle.post().answer is Answer.ACCEPTED
    first, second = (assertion(asked) for asked in moodle.server.asked_at("/token"))
    assert abs(second["iat"] - first["iat"] - ahead.total_seconds()) <= 1
    assert second["exp"] - second["iat"] == first["exp"] - first["iat"]
    assert second["jti"] != first["jti"]


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(seconds=50)])
def test_lti_t08_a_token_refused_for_another_reason_is_asked_for_once(moodle: World, ahead: timedelta) -> None:
    at = format_datetime(NOW + ahead, usegmt=True)
    moodle.server.reply("/token", as_json({"error": "invalid_client"}, 401, Date=at))
    assert moodle.post() == posted(Answer.TOKEN_REFUSED)
    assert len(moodle.server.asked_at("/token")) == 1


def test_a_token_refused_twice_is_refused(moodle: World) -> None:
    at = format_datetime(NOW + timedelta(hours=1), usegmt=True)
    moodle.server.reply("/token", as_json({"error": "invalid_client"}, 400, Date=at))
    assert moodle.post() == posted(Answer.TOKEN_REFUSED)
    assert len(moodle.server.asked_at("/token")) == 2


@pytest.mark.parametrize(
    ("left", "wait"),
    [("600.0", None), ("150", None), ("149", 0.1), ("50", 10), ("0", 15), ("-40", 15), ("x", None), ("nan", None)],
)
def test_canvas_8_where_little_is_left_the_next_call_waits(canvas: World, left: str, wait: float | None) -> None:
    canvas.server.reply(f"{COLUMN}/scores", Reply(200, b"", {"X-Rate-Limit-Remaining": left}))
    assert canvas.post().slow_down == (None if wait is None else timedelta(seconds=wait))


def test_a_platform_that_counts_nothing_is_not_waited_for(moodle: World) -> None:
    moodle.server.reply(f"{COLUMN}/scores", Reply(200, b"", {"X-Rate-Limit-Remaining": "0"}))
    assert moodle.post().slow_down is None


def test_how_many_calls_at_once_a_family_takes_is_known() -> None:
    assert quirks_of("canvas").at_once < quirks_of("moodle").at_once == quirks_of("sakai").at_once


def test_two_answers_are_alike_whatever_the_clock_says(moodle: World) -> None:
    assert moodle.post() == replace(posted(Answer.ACCEPTED), clock_ahead=timedelta(hours=1))


def test_lti_t06_several_that_need_a_token_at_once_ask_for_it_once(moodle: World) -> None:
    gradebook = moodle.gradebook

    def post(number: int) -> Posted:
        desired = DesiredScore(Decimal(number), Decimal(100))
        column = f"{moodle.server.url}{COLUMN}"
        return gradebook.post_score(column, SCOPES, sub=str(number), desired=desired, timestamp=NOW, completed=False)

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(post, range(12))) == {posted(Answer.ACCEPTED)}
        assert len(moodle.server.asked_at("/token")) == 1
        moodle.tokens.kept[SCORE] = "one that is not taken"
        moodle.server.reply("/token", as_json({"access_token": "token-2", "expires_in": 3600}))
        assert set(pool.map(post, range(12))) == {posted(Answer.ACCEPTED)}
