"""The page on which a certification, its renewal or the way back is asked for."""

from datetime import timedelta

import pytest

from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.path_rows import an_entry, on_the_way
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

HURTFUL = ("expired", "revoked", "overdue", "failed", "must", "penalty", "only", "days left")


def certified(course: Course, days_ago: int) -> str:
    today = course.world.now.date()
    enrollment = on_the_way(course.world, text=RENEWED, entered_on=today - timedelta(days=days_ago + 100))
    decided(course.world, enrollment, today - timedelta(days=days_ago))
    address = f"/path/{enrollment.id}/renewal"
    course.kept()
    return address


def read(course: Course, address: str, who: str = "sam") -> str:
    answer = course.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return Read(answer.text).text


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [
        (100, "You can renew it from"),
        (300, "and you can renew it now."),
        (370, "You can still renew it, late, until"),
        (500, "Here is the way back: until"),
        (900, "you apply as for a first certification"),
    ],
)
def test_cap_d2_ux_d5_each_time_of_a_certificate_is_said_as_a_fact_with_the_way_on(
    course: Course, days_ago: int, said: str
) -> None:
    page = read(course, certified(course, days_ago))
    assert said in page
    assert not [word for word in HURTFUL if f" {word} " in page]


def test_one_button_asks_and_another_takes_it_back(course: Course) -> None:
    address = certified(course, 300)
    assert course.browser("sam").act(address, stage="renewal").status_code == 303
    page = read(course, address)
    assert "waiting for a decision" in page
    assert "You applied on March 2, 2026." in page
    assert course.browser("sam").act(f"{address}/take-back", key="a-key-of-one-form-2").status_code == 303
    assert "waiting for a decision" not in read(course, address)


def test_what_is_not_open_is_said_and_not_done(course: Course) -> None:
    answer = course.browser("sam").act(certified(course, 100), stage="renewal")
    assert answer.status_code == 422
    assert "This cannot be asked for now." in answer.text


def test_a_first_certification_shows_its_button_once_everything_is_there(course: Course) -> None:
    enrollment = on_the_way(course.world, text=RENEWED)
    address = f"/path/{enrollment.id}/renewal"
    course.kept()
    assert "Take the time you need." in read(course, address)
    an_entry(course.world, amount="10", signed_by="jo")
    course.kept()
    assert "Apply: Certification" in read(course, address)
    assert course.browser("noor").get(address).status_code == 404
