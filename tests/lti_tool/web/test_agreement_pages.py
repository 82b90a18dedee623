"""How observers rate beside each other: to each their own, for oneself alone; a rubric's for program leads."""

from typing import Any

import pytest

from lti_tool.store.courses import ActivityRow
from lti_tool.store.rubrics import RubricVersionRow
from tests.lti_tool.services.rated_by_several import milder_by_one, observers, rated_by
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import lead
from tests.lti_tool.web.test_progress_pages import keep
from tests.lti_tool.web.test_queries import BOUND, counted


@pytest.fixture
def lea(course: Course) -> Any:
    return lead(course)


def address(course: Course) -> str:
    activity = course.world.session.get_one(ActivityRow, course.world.activity_id)
    version = course.world.session.get_one(RubricVersionRow, activity.rubric_version_id)
    return f"/rubrics/{version.rubric_id}/agreement"


def rated(course: Course, people: int, times: int) -> None:
    """So many observers; the first gives one level more than the others, the last one uses one level only."""
    everybody = observers(course.world, people)
    for number in range(times):
        levels = [1 + (number + place) % 4 for place in range(4)]
        given: dict[Any, list[int | None]] = {who: [*levels] for who in everybody}
        given[everybody[0]] = [level + 1 for level in levels]
        given[everybody[-1]] = [3]
        rated_by(course.world, given, days=-number)
    course.kept()


def test_cap_e6_an_observer_reads_that_they_are_milder_and_what_may_help(course: Course) -> None:
    jo, amara = (course.world.visitor(who).person_id for who in ("jo", "amara"))
    milder_by_one(course.world, jo, amara)
    course.kept()
    page = course.browser("jo").get("/agreement/own").text
    keep("agreement-own", page)
    read = Read(page).text
    assert "We noticed a difference, larger than chance would explain." in read
    assert "On the whole you gave 1.0 levels more than the others who saw the same." in read
    assert "Who can see this: only you" in " ".join(read.split())
    assert "0 of 96" in read
    assert 'href="/calibrations"' in page
    assert "Amara" not in read
    assert not list(problems_of(page))
    other = Read(course.browser("amara").get("/agreement/own").text).text
    assert "On the whole you gave 1.0 levels less than the others who saw the same." in other


def test_cap_e6_who_uses_one_level_reads_what_may_help(course: Course) -> None:
    jo, amara = (course.world.visitor(who).person_id for who in ("jo", "amara"))
    for number in range(10):
        rated_by(course.world, {jo: [3], amara: [1, 5, 3, 3]}, days=-number)
    course.kept()
    read = Read(course.browser("jo").get("/agreement/own").text).text
    assert "We noticed: your levels lie much closer together than those of the others." in read
    assert "One strong impression easily colors the rest." in read
    assert "On the whole you gave the same levels as the others." in read


def test_whoever_observed_little_reads_that_it_is_too_few_to_tell(course: Course) -> None:
    jo, amara = (course.world.visitor(who).person_id for who in ("jo", "amara"))
    milder_by_one(course.world, jo, amara, 3)
    course.kept()
    page = course.browser("jo").get("/agreement/own").text
    assert "Too few to tell (3)." in Read(page).text
    assert not list(problems_of(page))
    nothing = course.browser("sam").get("/agreement/own").text
    assert "Nothing that you observed was released yet." in Read(nothing).text
    assert 'href="/agreement/own"' in course.browser("jo").get("/waiting").text


def test_cap_e6_program_leads_see_how_far_observers_agree_and_never_who(course: Course, lea: Any) -> None:
    rated(course, 5, 12)
    page = lea.get(address(course)).text
    keep("agreement-rubric", page)
    read = " ".join(Read(page).text.split())
    assert "From 12 released observations that two or more people rated, by 5 observers." in read
    assert "1 of 5 observers rate milder than others who saw the same" in read
    assert "1 of 5 observers use much less of the scale" in read
    assert "At most one level apart 90 of 100" in read
    assert "(between" in read
    assert "Observer0" not in read
    assert not list(problems_of(page))
    assert address(course) in lea.get(address(course).replace("/agreement", "/ratings")).text
    assert address(course) in lea.get(address(course).replace("/agreement", "")).text


def test_what_cannot_be_computed_is_said_in_words(course: Course, lea: Any) -> None:
    people = observers(course.world, 5)
    for number in range(10):
        rated_by(course.world, {who: [4, None] for who in people}, days=-number)
    course.kept()
    read = Read(lea.get(address(course)).text).text
    assert "cannot be computed because: no variation" in read
    assert "Too few to tell." in read


def test_below_five_observers_nothing_is_told(course: Course, lea: Any) -> None:
    rated(course, 4, 12)
    page = lea.get(address(course)).text
    assert "There are too few observers to say how far they agree." in Read(page).text
    assert "Gwet" not in page
    assert "observers rate milder" not in page


def test_only_program_leads_see_the_observers_of_a_rubric(course: Course) -> None:
    for who in ("ines", "jo", "sam"):
        assert course.browser(who).get(address(course)).status_code == 404


def test_of_much_it_asks_as_often_as_of_little(course: Course, lea: Any) -> None:
    engine, times = course.app.extensions["attune"].sessions.engine, []
    for more in (10, 6):
        rated(course, 6, more)
        lea.get(address(course))
        with counted(engine) as asked:
            assert lea.get(address(course)).status_code == 200
        times.append(len(asked))
    assert times[0] == times[1] <= BOUND
