"""The page on which a path is paused."""

from datetime import timedelta

from sqlalchemy import select

from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import PathPauseRow
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.path_rows import SMALL, on_the_way
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def path_of(course: Course, text: str = RENEWED) -> str:
    enrollment = on_the_way(course.world, text=text)
    if text is RENEWED:
        decided(course.world, enrollment, course.world.now.date() - timedelta(days=40))
    course.kept()
    return f"/path/{enrollment.id}/pause"


def read(course: Course, address: str, who: str = "sam") -> Read:
    answer = course.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def test_ux_s8_cap_a5_before_a_pause_it_is_said_what_stands_still_and_what_does_not(course: Course) -> None:
    page = read(course, path_of(course)).text
    assert "how long your certificate is valid" in page
    assert "Valid until January 21, 2027 after 30 days of a pause: February 20, 2027" in page
    assert "these dates stay where they are: Proof is kept until January 21, 2028" in page
    assert "what your LMS shows: it stays as it is" in page


def test_ux_s8_no_reason_is_asked(course: Course) -> None:
    address = path_of(course, SMALL)
    html = course.browser("sam").get(address).text
    assert "<textarea" not in html
    assert html.count('name="since"') == 1
    assert course.browser("sam").act(address).status_code == 303
    page = read(course, address).text
    assert "Your path is paused since March 2, 2026." in page
    assert course.browser("sam").act(f"{address}/end", key="a-key-of-one-form-2").status_code == 303
    assert "You can pause at any time." in read(course, address).text


def test_a_day_that_cannot_be_is_shown_again_as_it_was_typed(course: Course) -> None:
    address = path_of(course, SMALL)
    for typed in ("soon", "2025-01-01"):
        answer = course.browser("sam").act(address, since=typed)
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.text
    assert course.world.session.scalars(select(PathPauseRow)).all() == []


def test_others_have_no_such_page(course: Course) -> None:
    address = path_of(course, SMALL)
    assert course.browser("noor").get(address).status_code == 404
    assert course.browser("jo").act(address).status_code == 404
    assert course.world.session.scalars(select(DecisionRow)).all() == []
