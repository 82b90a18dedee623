"""Rows E01, E02 and W06: the way back to the LMS, with what it may show."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.claims import Course as LtiCourse
from lti_tool.paths import TEMPLATES
from lti_tool.web import way_back
from lti_tool.web.way_back import to_lms
from tests.lti_tool.services.conftest import ISSUER
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

BACK = f"{ISSUER}/mod/lti/return.php?course=2&instanceid=1&sesskey=secret"
IN_FRAME = {"Sec-Fetch-Dest": "iframe"}


def launched(course: Course, who: str = "sam", **changes: object) -> Browser:
    token = course.world.enter(who, course.roles[who], return_url=BACK, **changes).token
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
    assert isinstance(browser, Browser)
    return browser


@pytest.mark.parametrize("headers", [{}, IN_FRAME], ids=["in a window", "in a frame"])
@pytest.mark.parametrize("path", ["{home}", "/waiting", "/opened", "/support", "/o/{observation}"])
def test_lti_e01_every_page_of_a_launched_session_leads_back(
    course: Course, headers: dict[str, str], path: str
) -> None:
    observation = course.asked()
    browser = launched(course)
    answer = browser.get(path.format(home=course.home, observation=observation), headers=headers)
    assert answer.status_code == 200
    links = Read(answer.text).links
    assert not re.search(r'href="https://lms[^"]*"[^>]*target', answer.text)
    assert links.index(BACK) < links.index("/support")


def test_each_activity_leads_back_to_its_own_course_whatever_was_opened_last(course: Course) -> None:
    browser = launched(course)
    elsewhere = LtiCourse(id="course-2", title="Other", label=None)
    course.world.enter("sam", course.roles["sam"], context=elsewhere, return_url=f"{ISSUER}/course/2")
    course.kept()
    assert BACK in Read(browser.get(course.home).text).links
    observation_id = course.asked()
    for page in ("", "/who", "/step-aside", "/paper"):
        assert BACK in Read(browser.get(f"/o/{observation_id}{page}").text).links, page


def test_whatever_pages_of_an_observation_call_it_they_say_of_which_course_it_is() -> None:
    """`line` is a usual word for one of many: the frame of every page must not take it for an observation."""
    assert not re.search(r"\bline\b", re.sub(r"{#.*?#}", "", (TEMPLATES / "base.html").read_text(), flags=re.DOTALL))
    for view in (Path(way_back.__file__).parent).rglob("*.py"):
        calls = [ast.unparse(each) for each in ast.walk(ast.parse(view.read_text())) if isinstance(each, ast.Call)]
        pages = [call for call in calls if call.startswith("render_template(") and " line=" in call]
        assert [call for call in pages if "page_course_id=" not in call] == [], view.name


def test_without_a_return_address_there_is_no_way_back_to_offer(come_in: Callable[..., Browser]) -> None:
    assert "Back to your course" not in come_in(operator=True).get("/operator").text


def test_lti_w06_a_reviewer_goes_back_with_a_word_of_what_was_done(course: Course) -> None:
    sam = course.world.visitor("sam").person_id
    page = launched(course, "ines").get(f"{course.home}/trainees/{sam}?from=gradebook")
    (address,) = [link for link in Read(page.text).links if "lti_msg" in link]
    assert address.startswith(f"{BACK}&lti_msg=")
    said = parse_qs(urlsplit(address).query)
    assert said["lti_msg"] == ["You looked at it. Nothing was changed."]
    assert re.fullmatch(r"[0-9a-f]{10}", said["lti_log"][0])


def test_who_came_from_one_of_our_pages_is_not_sent_to_the_gradebook(course: Course) -> None:
    sam = course.world.visitor("sam").person_id
    assert "lti_msg" not in launched(course, "ines").get(f"{course.home}/trainees/{sam}").text


@given(st.text(), st.sampled_from(["", "a=1", "a=1&b=%26", "lti_msg=old"]), st.sampled_from(["", "end"]))
def test_lti_e01_whatever_is_said_the_addresss_own_parts_stay(words: str, query: str, fragment: str) -> None:
    words = words.encode("utf-8", "replace").decode()
    parts = urlsplit(to_lms(urlsplit(BACK)._replace(query=query, fragment=fragment).geturl(), lti_msg=words))
    assert (parts.netloc, parts.path, parts.fragment) == (urlsplit(BACK).netloc, urlsplit(BACK).path, fragment)
    assert parts.query.startswith(query)
    assert parse_qs(parts.query, keep_blank_values=True)["lti_msg"][-1] == words
