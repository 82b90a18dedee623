"""Supervision on screen: one tap for the trainee, one list for whoever supervises, names and days for instructors."""

import re
from typing import Any

from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

A_DIGEST = re.compile(r'name="digest" value="([0-9a-f]+)"')


def read(course: Course, who: str, path: str = "/supervision") -> str:
    answer = course.browser(who).get(path if path.startswith("/a/") else f"{course.home}{path}")
    assert answer.status_code == 200, answer.text
    return str(Read(answer.text).text)


def act(course: Course, who: str, path: str, **fields: Any) -> Any:
    return course.browser(who).act(path if path.startswith("/a/") else f"{course.home}{path}", **fields)


def test_cap_c10_ux_p7_one_tap_and_the_promised_day_and_who_has_it_stand_on_the_page(course: Course) -> None:
    assert act(course, "sam", "/supervision/ask").status_code == 303
    page = read(course, "sam")
    assert "You get an answer by March 4, 2026" in page
    assert "It is with: Amara Example, Jo Example." in page
