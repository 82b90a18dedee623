"""The page of a copied course, and what a copied link shows to whom."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.authoring import author
from lti_tool.services.entering.enter import Entered
from lti_tool.store.copies import ActivityCopyRow
from lti_tool.store.courses import ActivityRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import INSTRUCTOR, TRAINEE
from tests.lti_tool.services.copying import open_copy
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import counted

OpenCopy = Callable[..., tuple[Any, Entered]]


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3, response_days=1)


@pytest.fixture
def opened(course: Course) -> OpenCopy:
    def opened(who: str = "ines", roles: tuple[str, ...] = INSTRUCTOR, **changes: Any) -> tuple[Any, Entered]:
        """Somebody opens a link of the copy: their browser, and where the launch led."""
        entered = open_copy(course.world, who, roles, **changes)
        course.kept()
        browser = course.app.test_client()
        browser.set_cookie("__Host-attune", entered.token, domain=HOST, secure=True)
        return browser, entered

    return opened


def page_of(entered: Entered) -> str:
    return f"/courses/{entered.course_id}/copied"


def decide(browser: Any, course: Course, entered: Entered, choice: str, key: str = "a-key-of-one-form-1") -> Any:
    return browser.act(page_of(entered), key, **{f"choice-{course.world.activity_id}": choice})


def test_a_trainee_reads_that_a_copied_activity_is_not_ready_yet(opened: OpenCopy) -> None:
    browser, entered = opened("sam", TRAINEE)
    answer = browser.get(entered.path)
    assert answer.status_code == 200
    assert "your instructor has to confirm it first" in answer.text
    assert not list(problems_of(answer.text))
    assert browser.get(page_of(entered)).status_code == 403
    assert browser.act(page_of(entered)).status_code == 403
    assert browser.act(f"{page_of(entered)}/undo").status_code == 403


def test_an_instructor_is_led_to_the_page_that_shows_the_settings_and_no_people(
    course: Course, opened: OpenCopy
) -> None:
    course.signed()
    browser, entered = opened()
    answer = browser.get(entered.path)
    assert (answer.status_code, answer.location) == (303, page_of(entered))
    html = browser.get(answer.location).text
    page = Read(html)
    assert page.headings[:2] == ["Copied course: Practicum, spring", "Observed practice"]
    assert "This course was copied from Peer support practicum." in page.text
    assert "No one's practice record travels." in page.text
    facts = {term: value.strip() for term, value in page.facts.items()}
    assert facts["Observations that each trainee needs"] == "3"
    assert facts["Who signs"] == "peer lane, clinical lane"
    assert facts["To answer before signing"] == "1 day"
    assert facts["Rubric"].endswith(", edition 1")
    assert page.checked(f"choice-{course.world.activity_id}") == ["copy"]
    for name in ("Sam", "Jo ", "Amara", "Noor"):
        assert name not in page.text
    assert not list(problems_of(html))


def test_confirming_makes_the_copy_and_the_link_leads_to_it(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    answer = decide(browser, course, entered, "copy")
    assert (answer.status_code, answer.location) == (303, f"{page_of(entered)}?said=copies_decided")
    html = browser.get(answer.location).text
    assert "Nothing waits for a decision." in html
    assert "a copy is used here since" in html
    assert not list(problems_of(html))
    copy_id = course.world.session.scalars(select(ActivityCopyRow.activity_id)).one()
    assert browser.get(entered.path).location == f"/a/{copy_id}"
    trainee, again = opened("sam", TRAINEE)
    assert again.path == f"/a/{copy_id}"
    assert trainee.get(again.path).status_code == 200


def test_the_same_form_sent_twice_makes_one_copy(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    for _time in range(2):
        assert decide(browser, course, entered, "copy").status_code == 303
    assert decide(browser, course, entered, "copy", key="another-key-of-a-form").status_code == 303
    copies = select(ActivityRow.id).where(ActivityRow.course_id == entered.course_id)
    assert len(course.world.session.scalars(copies).all()) == 1


def test_what_is_left_behind_can_be_set_up_anew(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    decide(browser, course, entered, "leave")
    assert "left behind on" in browser.get(page_of(entered)).text
    link = UUID(entered.path.split("/")[2])
    answer = browser.get(entered.path)
    assert (answer.status_code, answer.location) == (303, f"/links/{link}/choose")
    assert browser.get(answer.location).status_code == 200


def test_a_decision_can_be_made_anew_until_the_copy_is_used(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    decide(browser, course, entered, "copy")
    undone = browser.act(f"{page_of(entered)}/undo", origin=str(course.world.activity_id))
    assert (undone.status_code, undone.location) == (303, f"{page_of(entered)}?said=copy_undone")
    assert Read(browser.get(undone.location).text).checked(f"choice-{course.world.activity_id}") == ["copy"]
    assert browser.act(f"{page_of(entered)}/undo", "another-key-of-a-form", origin="nonsense").status_code == 400


@pytest.mark.parametrize(
    "fields", [{"choice-nonsense": "copy"}, {f"choice-{UUID(int=7)}": "nonsense"}, {"choice-": ""}]
)
def test_a_choice_that_the_page_does_not_offer_is_not_understood(opened: OpenCopy, fields: dict[str, str]) -> None:
    browser, entered = opened()
    assert browser.act(page_of(entered), **fields).status_code == 400


def test_the_page_of_another_course_is_not_here(course: Course, opened: OpenCopy) -> None:
    _, entered = opened()
    stranger = course.browser("noor")
    assert stranger.get(page_of(entered)).status_code == 404
    assert stranger.get(entered.path).status_code == 404
    assert decide(stranger, course, entered, "copy").status_code == 404


def test_the_activitys_page_says_that_a_copied_activity_waits(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    decide(browser, course, entered, "copy")
    assert "waits for your decision" not in browser.get(browser.get(entered.path).location).text
    browser.act(f"{page_of(entered)}/undo", origin=str(course.world.activity_id))
    place_new(course, browser, UUID(entered.path.split("/")[2]))
    activity = browser.get(browser.get(entered.path).location)
    assert "1 activity of a copied course waits for your decision." in Read(activity.text).text
    assert page_of(entered) in Read(activity.text).links


def test_the_page_asks_as_often_with_many_activities_as_with_one(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    engine = course.app.extensions["attune"].sessions.engine
    with counted(engine) as few:
        assert browser.get(page_of(entered)).status_code == 200
    for number in range(12):
        more_of_the_origin(course, f"Activity {number}")
    with counted(engine) as many:
        assert "Activity 11" in browser.get(page_of(entered)).text
    assert len(many) <= len(few) <= 15


def more_of_the_origin(course: Course, title: str) -> None:
    session, world = course.world.session, course.world
    origin = session.get_one(ActivityRow, world.activity_id)
    choice = author.ActivityChoice(version_id=origin.rubric_version_id, title=title)
    author.place_activity(session, world.visitor("ines"), origin.course_id, choice, now=world.now)
    course.kept()


def test_the_course_itself_says_that_a_copied_activity_waits(course: Course, opened: OpenCopy) -> None:
    browser, entered = opened()
    page = Read(browser.get(f"/courses/{entered.course_id}").text)
    assert "1 activity of a copied course waits for your decision." in page.text
    assert page_of(entered) in page.links
    trainee, _ = opened("sam", TRAINEE)
    assert "your decision" not in trainee.get(f"/courses/{entered.course_id}").text


def place_new(course: Course, browser: Any, link_id: UUID) -> None:
    version_id = course.world.session.get_one(ActivityRow, course.world.activity_id).rubric_version_id
    course.kept()
    answer = browser.act(
        f"/links/{link_id}/choose", version_id=str(version_id), title="Something new",
        column_shows="completion", required_observations="1", lanes="peer", response_days="7",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
