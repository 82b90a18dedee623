"""The self-care plan, one box a day, and the quiet question after an observation: each its owner's alone."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.operating import clean
from lti_tool.store.wellbeing import CheckInRow, DebriefPromptRow
from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

HOW = "How was that for you?"
BOXES = {"what_helps": "Swimming", "signs": "Short answers", "people": "My sister", "limits": "No calls after eight"}


def saved(course: Course, who: str, address: str, **fields: str) -> Any:
    browser = course.browser(who)
    return browser.post(address, json=fields, headers={"X-CSRFToken": browser.token()})


def today(course: Course) -> str:
    return f"/self-care/days/{course.app.extensions['attune'].clock().date()}"


def read(course: Course, who: str, path: str = "/self-care") -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


@pytest.mark.parametrize("who", ["sam", "jo", "amara", "ines"])
def test_cap_f3_ux_o5_everybody_has_a_plan_and_a_check_in_for_themselves(course: Course, who: str) -> None:
    assert course.browser(who).act("/self-care", **BOXES).status_code == 303
    assert course.browser(who).act(today(course), today="Tired, and glad").status_code == 303
    html = course.browser(who).get("/self-care").text
    assert all(f"\n{words}</textarea>" in html for words in (*BOXES.values(), "Tired, and glad"))
    assert "Who can see this: only you" in Read(html).text
    for other in {"sam", "jo", "amara", "ines", "noor"} - {who}:
        for path in ("/self-care", "/self-care/days", "/journal"):
            text = course.browser(other).get(path).text
            assert not any(words in text for words in (*BOXES.values(), "Tired, and glad")), (other, path)


def test_ux_c1_each_box_is_saved_as_one_writes_and_the_others_stay(course: Course) -> None:
    course.browser("sam").act("/self-care", **BOXES)
    assert "saved_at" in saved(course, "sam", "/self-care/save", signs="Headaches").json
    assert "saved_at" in saved(course, "sam", f"{today(course)}/save", today="Better").json
    html = course.browser("sam").get("/self-care").text
    assert all(f"\n{words}</textarea>" in html for words in ("Swimming", "Headaches", "Better"))


def test_ux_c2_ux_f2_all_of_it_is_optional_and_nothing_is_scored_or_counted(course: Course) -> None:
    for number in range(3):
        saved(course, "sam", f"{today(course)}/save", today=f"Day {number}")
        course.app.extensions["attune"].clock.advance(hours=24)
        course.renew("sam")
    page = read(course, "sam")
    assert "has no effect on anything" in page.text
    assert page.fields["today"][0].get("required", "no") == "no"
    html = course.browser("sam").get("/self-care").text
    assert 'type="number"' not in html
    assert 'type="range"' not in html
    assert 'type="radio"' not in html
    for path in ("/self-care", "/self-care/days", course.home):
        text = read(course, "sam", path).text.lower()
        assert "streak" not in text
        assert "3 days" not in text
        assert "days in a row" not in text


def test_other_days_are_read_back_newest_first_without_the_days_between(course: Course) -> None:
    for number in range(22):
        saved(course, "sam", f"{today(course)}/save", today=f"Day {number}.")
        course.app.extensions["attune"].clock.advance(hours=48)
        course.renew("sam")
    page = read(course, "sam", "/self-care/days")
    assert page.before("Day 21.", "Day 2.")
    assert "Day 1." not in page.text
    older = read(course, "sam", next(link for link in page.links if "before=" in link))
    assert older.before("Day 1.", "Day 0.")
    assert "Day 2." not in older.text


def test_ux_c5_a_days_words_can_be_brought_back_for_a_day(course: Course) -> None:
    sam, day = course.browser("sam"), today(course)
    sam.act(day, today="Raw")
    assert sam.act(f"{day}/put-away").status_code == 303
    page = read(course, "sam", "/self-care/days")
    assert "Raw" not in page.text
    assert "You can bring them back until" in page.text
    sam.act(f"{day}/put-away/undo", then="bring")
    assert "Raw" in read(course, "sam", "/self-care/days").text


@pytest.mark.parametrize("at_once", [True, False])
def test_ux_c5_afterwards_nothing_of_a_day_is_left(course: Course, at_once: bool) -> None:
    sam, day = course.browser("sam"), today(course)
    sam.act(day, today="Raw")
    sam.act(f"{day}/put-away")
    if at_once:
        sam.act(f"{day}/put-away/undo", then="delete")
    else:
        course.app.extensions["attune"].clock.advance(hours=25)
        course.renew("sam")
        assert course.browser("sam").act(f"{day}/put-away/undo", then="bring").status_code == 404
        clean.clean(course.world.session, course.world.now)
    course.kept()
    assert not course.world.session.scalars(select(CheckInRow)).all()


@pytest.mark.parametrize("day", ["2026-02-01", "never", "2026-13-01"])
def test_only_today_is_written_about(course: Course, day: str) -> None:
    answer = course.browser("sam").act(f"/self-care/days/{day}", today="Words that stay")
    assert answer.status_code in (404, 422)
    assert answer.status_code == 404 or "Words that stay" in answer.text
    assert course.browser("sam").act(f"/self-care/days/{day}/put-away").status_code == 404


def test_nothing_typed_is_lost_where_a_box_is_too_full(course: Course) -> None:
    answer = course.browser("sam").act("/self-care", what_helps="long " * 1_001, signs="Short answers")
    assert answer.status_code == 422
    assert "Please shorten this" in answer.text
    assert "\nShort answers</textarea>" in answer.text
    assert "long long" in answer.text
    answer = course.browser("sam").act(today(course), today="long " * 1_001)
    assert answer.status_code == 422
    assert "long long" in answer.text


# ---- after an observation ----


@pytest.mark.parametrize("who", ["sam", "jo"])
@pytest.mark.parametrize("state", ["shared", "answered", "signed"])
def test_cap_c10_ux_o5_whoever_was_in_it_is_asked_how_it_was(course: Course, who: str, state: str) -> None:
    page = read(course, who, f"/o/{getattr(course, state)()}")
    assert HOW in page.text
    assert "Only you see this question" in page.text
    assert "/support" in page.links


@pytest.mark.parametrize("who", ["sam", "jo"])
def test_cap_c10_a_stopped_one_is_asked_about_too(course: Course, who: str) -> None:
    observation_id = course.begun()
    course.browser("jo").act(f"/o/{observation_id}/stop")
    assert HOW in read(course, who, f"/o/{observation_id}").text


@pytest.mark.parametrize("state", ["asked", "begun"])
def test_nobody_is_asked_before_or_meanwhile(course: Course, state: str) -> None:
    observation_id = getattr(course, state)()
    assert not any(HOW in course.browser(who).get(f"/o/{observation_id}").text for who in ("sam", "jo"))


def test_cap_c10_the_question_is_seen_by_nobody_else(course: Course) -> None:
    course.world.grant(course.world.visitor("noor"), Lane.PEER)
    observation_id = course.shared()
    for who in ("ines", "noor"):
        answer = course.browser(who).get(f"/o/{observation_id}")
        assert answer.status_code == 200
        assert HOW not in answer.text


def test_cap_c10_writing_for_oneself_leads_to_an_entry_that_has_begun(course: Course) -> None:
    observation_id = course.shared()
    first_words = read(course, "sam", f"/o/{observation_id}").fields["words"]
    begun = next(field for field in first_words if field.get("type") == "hidden")
    there = course.browser("sam").act("/journal", words=str(begun["value"])).location
    assert "After the session of March 2, 2026" in course.browser("sam").get(there).text


def test_cap_c10_supervision_is_one_tap_away_for_the_trainee(course: Course) -> None:
    observation_id = course.shared()
    html = course.browser("sam").get(f"/o/{observation_id}").text
    assert f'action="{course.home}/supervision/ask"' in html
    assert (
        course.browser("sam").act(f"{course.home}/supervision/ask", observation=str(observation_id)).status_code == 303
    )
    assert "/supervision/ask" not in course.browser("jo").get(f"/o/{observation_id}").text


def test_cap_c10_whoever_does_not_want_to_be_asked_is_not_asked_again(course: Course) -> None:
    observation_id = course.shared()
    for _time in range(2):
        answer = course.browser("sam").act(f"/o/{observation_id}/not-again", key=f"a-key-of-one-form-{_time}")
        assert answer.status_code == 303
    assert HOW not in read(course, "sam", f"/o/{observation_id}").text
    assert HOW in read(course, "jo", f"/o/{observation_id}").text
    course.kept()
    assert len(course.world.session.scalars(select(DebriefPromptRow)).all()) == 1


@pytest.mark.parametrize("who", ["ines", "amara", "noor"])
def test_only_whoever_was_in_it_puts_the_question_away(course: Course, who: str) -> None:
    observation_id: UUID = course.shared()
    assert course.browser(who).act(f"/o/{observation_id}/not-again").status_code == 404
