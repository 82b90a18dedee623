"""Mentors on the web: what is shared with them, and what they can never do."""

from typing import Any
from uuid import UUID

import pytest

from tests.lti_tool.services.conftest import ROLE
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.pages import Read

MENTOR = (f"{ROLE}#Mentor",)


def mentor(course: Course, *mentees: str, who: str = "max") -> Any:
    """The browser of a mentor of these, just launched."""
    token = course.world.enter(who, MENTOR, mentees=mentees).token
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", token, domain=HOST, secure=True)
    return browser


def share(course: Course, observation_id: UUID, wish: str = "yes", key: str = "a-key-of-one-form-9") -> Any:
    return course.browser("sam").act(f"/o/{observation_id}/mentors", key=key, share=wish)


def text(browser: Any, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text).text


def test_cap_c15_a_mentors_first_page_is_what_is_shared_with_them(course: Course) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    assert max_.get(course.home).location == f"{course.home}/shared"
    assert "Nothing is shared with you now." in text(max_, f"{course.home}/shared")
    assert "Sam Example" not in text(max_, f"{course.home}/shared")
    assert "said=shared_with_mentors" in share(course, observation_id).location
    assert f"/o/{observation_id}" in Read(max_.get(f"{course.home}/shared").text).links


def test_ux_t4_widening_asks_first_and_narrowing_is_done_at_once(course: Course) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    assert "Your mentors cannot read this: Max Example." in text(course.browser("sam"), f"/o/{observation_id}")
    asked = text(course.browser("sam"), f"/o/{observation_id}/mentors")
    assert "They can read it: Max Example." in asked
    assert "They never rate or sign" in asked
    share(course, observation_id)
    assert max_.get(f"/o/{observation_id}").status_code == 200
    assert "You share this with your mentors: Max Example." in text(course.browser("sam"), f"/o/{observation_id}")
    share(course, observation_id, "no", key="a-key-of-one-form-8")
    assert max_.get(f"/o/{observation_id}").status_code == 404
    assert "Nothing is shared with you now." in text(max_, f"{course.home}/shared")


def test_a_mentor_writes_to_the_trainee_and_the_page_says_who_reads_it(course: Course) -> None:
    observation_id = course.answered()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    page = text(max_, f"/o/{observation_id}")
    assert "I was nervous at first." in page
    assert "Who can see this: the trainee, mentors the trainee: Sam Example mentors: Max Example" in page
    sent = max_.act(f"/o/{observation_id}/comment", comment="What a calm start.")
    assert "said=commented" in sent.location
    seen = course.browser("sam").get(f"/o/{observation_id}")
    assert "From mentors" in Read(seen.text).headings
    assert "What a calm start." in seen.text
    for who in ("jo", "ines"):
        assert "What a calm start." not in course.browser(who).get(f"/o/{observation_id}").text


def test_a_comment_that_is_not_taken_is_shown_again(course: Course) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    long = max_.act(f"/o/{observation_id}/comment", comment="y" * 5_001)
    assert (long.status_code, "y" * 5_001 in long.text) == (422, True)
    assert max_.act(f"/o/{observation_id}/comment").status_code == 400


def test_ux_c5_a_comment_is_taken_back_and_brought_back(course: Course) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    max_.act(f"/o/{observation_id}/comment", comment="Too blunt")
    comment = next(
        field["value"]
        for field in Read(max_.get(f"/o/{observation_id}").text).fields["comment"]
        if field.get("type") == "hidden"
    )
    path = f"/o/{observation_id}/comment/take-back"
    assert "said=comment_taken_back" in max_.act(path, comment=comment).location
    assert "Too blunt" not in text(course.browser("sam"), f"/o/{observation_id}")
    assert "Bring it back" in max_.get(f"/o/{observation_id}").text
    assert "said=comment_brought_back" in max_.act(path, key="k" * 20, comment=comment, bring="back").location
    assert "Too blunt" in text(course.browser("sam"), f"/o/{observation_id}")
    assert max_.act(path, key="m" * 20, comment="no id").status_code == 400


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("begin", {"person_served": "not_applicable"}),
        ("rate", {"strength": "Mine"}),
        ("share", {}),
        ("stop", {}),
        ("answer", {"words": "Mine"}),
        ("answer/save", {"words": "Mine"}),
        ("more-time", {}),
        ("talk", {"wish": "held"}),
        ("reply", {"reply": "Mine"}),
        ("amend", {}),
        ("mentors", {"share": "no"}),
        ("withdraw", {}),
    ],
)
def test_cap_c15_a_mentor_neither_rates_nor_answers_nor_decides(
    course: Course, path: str, fields: dict[str, str]
) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    assert max_.act(f"/o/{observation_id}/{path}", **fields).status_code in (403, 404)


def test_cap_c15_a_mentor_never_signs(course: Course) -> None:
    observation_id = course.answered()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    assert max_.get(f"/o/{observation_id}/sign/peer").status_code >= 400
    assert max_.act(f"/o/{observation_id}/sign/peer", digest="0" * 64).status_code >= 400
    assert f"/o/{observation_id}/sign/peer" not in Read(max_.get(f"/o/{observation_id}").text).links
    saved = max_.post(f"/o/{observation_id}/save", json={"strength": "x"}, headers={"X-CSRFToken": max_.token()})
    assert saved.status_code == 404


@pytest.mark.parametrize("who", ["sam", "jo", "ines", "noor"])
def test_the_mentors_page_is_for_mentors(course: Course, who: str) -> None:
    assert course.browser(who).get(f"{course.home}/shared").status_code == 403


def test_a_wish_that_the_page_does_not_offer_is_not_understood(course: Course) -> None:
    assert share(course, course.shared(), "perhaps").status_code == 400


def test_ux_t3_the_trainee_reads_that_a_mentor_opened_it(course: Course) -> None:
    observation_id = course.shared()
    max_ = mentor(course, "sam")
    share(course, observation_id)
    max_.get(f"/o/{observation_id}")
    opened = text(course.browser("sam"), "/opened")
    assert "Max Example" in opened
    assert "what was seen" in opened
