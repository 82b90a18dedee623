"""Moments and numbers that no page sends: each is answered in words, and nothing breaks."""

import pytest

from tests.lti_tool.web.course import Course

LAST, FIRST = "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize("at", [LAST, FIRST, "tomorrow"])
def test_a_moment_at_the_end_of_time_is_no_moment_of_signing(course: Course, at: str) -> None:
    observation_id = course.signed()
    jo = course.browser("jo")
    chosen = f"{observation_id}:peer"
    assert jo.get("/several/done", query_string={"at": at, "o": chosen}).status_code == 400
    assert jo.act("/several/take-back", at=at, o=chosen).status_code == 400


@pytest.mark.parametrize(("day", "zone"), [("9999-12-31", "America/New_York"), ("0001-01-01", "Pacific/Auckland")])
def test_a_day_at_the_end_of_time_is_asked_for_again(course: Course, day: str, zone: str) -> None:
    observation_id = course.asked()
    sent = {"day": day, "start": "23:30" if day[0] == "9" else "00:30", "minutes": "60", "zone": zone, "where": ""}
    answer = course.browser("jo").act(f"/o/{observation_id}/time", **sent)
    assert answer.status_code == 422
    assert "Please choose" in answer.text


@pytest.mark.parametrize("attempt", ["0", "-1", "9" * 30])
def test_an_attempt_that_there_never_was_is_not_there(course: Course, attempt: str) -> None:
    observation_id = course.signed()
    page = course.browser("sam").get(f"/o/{observation_id}/signed/peer", query_string={"attempt": attempt})
    assert page.status_code == 404
