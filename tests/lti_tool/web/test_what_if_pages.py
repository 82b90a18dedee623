"""What if: made up, side by side, and nothing of it is kept."""

import pytest
from sqlalchemy import Engine

from grading.evidence import Outcome
from grading.ledger import EntryKind
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_my_programs import keep, text_of
from tests.lti_tool.web.test_queries import counted


@pytest.fixture
def way(course: Course) -> OnTheWay:
    world = course.world
    on = OnTheWay(world.session, world.visitor("sam"), shipped("icrc-pr"), world.now)
    on.entry(EntryKind.PRACTICE, "480", signer=world.visitor("jo"))
    course.kept()
    return on


def page(course: Course, way: OnTheWay, query: str, status: int = 200) -> str:
    answer = course.browser("sam").get(f"/path/{way.enrollment_id}/what-if?{query}")
    assert answer.status_code == status, answer.text
    assert not list(problems_of(answer.text))
    return str(answer.text)


def test_first_one_says_of_what_kind_it_is(course: Course, way: OnTheWay) -> None:
    html = page(course, way, "")
    assert '<option value="practice">practice</option>' in html
    assert '<option value="statement">statements of your own</option>' in html


def test_thirty_more_hours_stand_beside_what_is(course: Course, way: OnTheWay) -> None:
    html = page(course, way, "kind=practice&try=1&amount=30")
    keep("whatif", html)
    said = text_of(html)
    assert "made up, not real" in said
    assert "30 hours, practice" in said
    assert "As it is 0 of 8 met · 8 open" in said
    assert "As it would be 1 of 8 met · 7 open" in said
    assert "480 of 500 hours" in said
    assert "510 of 500 hours" in said


def test_words_of_the_program_can_be_chosen(course: Course, way: OnTheWay) -> None:
    said = text_of(page(course, way, "kind=training&try=1&amount=12&is-category=advocacy"))
    assert "12 of 10 hours" in said
    assert "12 of 46 hours" in said


def test_what_counts_for_nothing_says_so(course: Course, way: OnTheWay) -> None:
    said = text_of(page(course, way, "kind=training&try=1&amount=1&is-category=nothing&on=1999-01-01"))
    assert "1 of 46 hours" in said  # the program has no window for it
    said = text_of(page(course, way, "kind=education&try=1&amount=1"))
    assert "It would change no answer and no number" in said


@pytest.mark.parametrize("query", ["amount=many", "amount=-3", "on=soon", "amount=1&on=2026-13-01"])
def test_what_cannot_be_read_is_told_and_stays_in_the_form(course: Course, way: OnTheWay, query: str) -> None:
    html = page(course, way, f"kind=practice&try=1&{query}", 422)
    assert "Please check" in text_of(html)
    assert f'value="{query.partition("=")[2].partition("&")[0]}"' in html


@pytest.mark.parametrize("query", ["kind=finding&try=1", "kind=nothing&try=1", "try=1", "kind=practice&try=1&is-x=y"])
def test_what_is_not_offered_does_no_harm(course: Course, way: OnTheWay, query: str) -> None:
    page(course, way, query)


def test_a_months_pause_says_which_dates_stay(course: Course, way: OnTheWay) -> None:
    way.decided(Outcome.CERTIFIED, course.world.visitor("ines"))
    course.kept()
    html = page(course, way, "pause=1")
    keep("pause", html)
    said = text_of(html)
    assert "A pause of 30 days" in said
    assert "These would stay where they are: Valid until" in said


def test_a_months_pause_moves_what_the_program_lets_stand_still(course: Course) -> None:
    world = course.world
    text = shipped("icrc-pr").replace('time_zone = "UTC"', 'time_zone = "UTC"\npausable = ["validity"]', 1)
    on = OnTheWay(world.session, world.visitor("sam"), text, world.now)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"))
    course.kept()
    assert "These dates would move:" in text_of(page(course, on, "pause=1"))


def test_nothing_of_it_is_kept(course: Course, way: OnTheWay) -> None:
    engine: Engine = course.app.extensions["attune"].sessions.engine
    page(course, way, "")
    with counted(engine) as said:
        page(course, way, "kind=practice&try=1&amount=30&pause=1")
    assert not [each for each in said if not each.startswith(("SELECT", "WITH"))]
