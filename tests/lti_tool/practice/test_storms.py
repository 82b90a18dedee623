"""Storms, clocks and the log of kept scores: what the proof under fire is made with."""

import json
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from lti_tool.practice import Forecast, PracticeLms, running_practice_lms
from lti_tool.practice.storms import Storm
from tests.lti_tool.practice.stub_tool import StubTool, score, send
from tests.lti_tool.practice.test_misbehavior import control


def met(forecast: Forecast, place: str = "scores", calls: int = 400) -> list[str | None]:
    storm = Storm(forecast)
    found = [storm.take(place, "") for _ in range(calls)]
    return [one.kind if one else None for one in found]


def test_the_same_seed_is_the_same_storm_and_another_is_not() -> None:
    rates = {"503": 0.1, "drop": 0.05, "token slow": 0.5}
    once, again, other = (met(Forecast(seed, rates)) for seed in (7, 7, 8))
    assert once == again != other
    assert 20 <= once.count("503") <= 60
    assert 5 <= once.count("drop") <= 40
    assert "slow" not in once
    assert "slow" in met(Forecast(7, rates), "token")


def test_a_place_that_is_not_named_has_fair_weather() -> None:
    assert set(met(Forecast(7, {"503": 1.0}), "lineitems")) == {None}
    assert set(met(Forecast(7, {"503": 1.0}, places=("lineitems",)), "lineitems")) == {"503"}


def test_a_column_is_gone_a_while_and_comes_back() -> None:
    storm = Storm(Forecast(7, {"scores gone-a-while": 1.0}))
    assert [(storm.take("scores", "5") or storm).kind for _ in range(3)] == ["404"] * 3  # type: ignore[union-attr]
    assert storm.take("results", "5") is not None
    assert storm.take("results", "6") is None
    assert storm.counts["scores 404"] == 3


def test_a_storm_blows_until_it_is_calmed_and_says_what_it_did(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.storm(Forecast(1, {"503": 1.0}, places=("scores",), values={"503": 3}))
    first = send(tool, column, score())
    assert (first.status, first.headers["retry-after"]) == (503, "3")
    assert lms.calm() == {"scores": 1, "scores 503": 1, "token": 1}
    assert send(tool, column, score()).status == 200
    assert lms.calm() == {}


def test_a_connection_is_reset_before_anything_is_done(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.misbehave("scores", "reset")
    with pytest.raises((ConnectionResetError, RemoteDisconnected)):
        send(tool, column, score())
    assert lms.scores() == ()
    assert send(tool, column, score()).status == 200


def test_tokens_are_forgotten_in_the_middle(lms: PracticeLms, tool: StubTool, column: str) -> None:
    lms.misbehave("scores", "forget-tokens")
    assert send(tool, column, score()).status == 401
    assert tool.ask_for_token().status == 200


def test_every_score_that_was_kept_is_in_the_log_and_refused_ones_are_not(
    lms: PracticeLms, tool: StubTool, column: str
) -> None:
    sent = score()
    send(tool, column, sent)
    assert send(tool, column, sent).status == 409
    lms.teacher_grades("sam", 1.0)
    [ours, theirs] = lms.accepted("sam")
    assert (ours.timestamp, ours.by_teacher) == (sent["timestamp"], False)
    assert (theirs.given, theirs.by_teacher) == (1.0, True)
    [row] = control(lms, "GET", "scores").json
    assert (row["user_id"], row["given"]) == (lms.user_id("sam"), 1.0)
    assert row["accepted"][0][2:] == [sent["timestamp"], False]


def test_the_clock_of_the_lms_can_be_wrong(own_lms: PracticeLms, own_tool: StubTool) -> None:
    before = own_lms.platform.clock()
    assert control(own_lms, "POST", "clock", {"seconds": 3600}).status == 204
    assert (own_lms.platform.clock() - before).total_seconds() > 3599
    assert own_tool.ask_for_token().status == 400, "what was signed an hour ago is over"
    own_lms.move_clock(0)
    assert own_tool.ask_for_token().status == 200
    assert control(own_lms, "POST", "clock", {"seconds": "1"}).status == 400


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"seed": 1, "rates": {"scores sunshine": 0.1}},
        {"seed": 1, "rates": {"nowhere 503": 0.1}},
        {"seed": 1, "rates": {"503": 0.6, "502": 0.6}},
        {"seed": 1, "rates": {"503": -0.1}},
        {"seed": 1, "rates": {"503": 0.1}, "places": ["nowhere"]},
        {"seed": 1, "rates": {"503": 0.1}, "more": 1},
        {"seed": 1, "rates": {"503": "often"}},
    ],
)
def test_a_storm_that_makes_no_sense_is_told_so(lms: PracticeLms, wish: dict[str, Any]) -> None:
    assert control(lms, "POST", "storm", wish).status == 400


def test_another_process_makes_a_storm(lms: PracticeLms, tool: StubTool, column: str) -> None:
    assert control(lms, "POST", "storm", {"seed": 1, "rates": {"500": 1}, "places": ["scores"]}).status == 204
    assert send(tool, column, score()).status == 500
    assert control(lms, "GET", "storm").json == {"scores": 1, "scores 500": 1, "token": 1}
    assert control(lms, "DELETE", "storm").json == {"scores": 1, "scores 500": 1, "token": 1}
    assert control(lms, "GET", "storm").json == {}


def test_what_is_saved_late_is_saved_at_the_end(tmp_path: Path) -> None:
    with running_practice_lms(tmp_path, save_every=600) as lms:
        file = tmp_path / "practice-lms.json"
        before = file.read_text()
        lms.add_course("Second cohort")
        assert file.read_text() == before
    assert "Second cohort" in {course["title"] for course in json.loads(file.read_text())["courses"]}
