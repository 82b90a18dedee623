"""The sample program on its pages: put in place by one button, looked at, taken away by one button."""

import re
from typing import Any

from lti_tool.services.programs import sample_program
from tests.lti_tool.services.programs.test_edition_moves import PLAIN
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import in_use, lead
from tests.lti_tool.web.test_queries import BOUND, counted

HOME = "/programs/sample"
OF_A_PROOF = re.compile(r'<h1 id="proof-heading"[^>]*>')
COMES_WITH_A_PROOF = "points to proof-heading, which is not there"
PAGES = (
    HOME, f"{HOME}/cohort", *(f"{HOME}/cohort/{each}" for each in ("alma", "bo", "carla", "dara", "emil", "fay")),
    f"{HOME}/cohort/bo/requirements/observed",
)  # fmt: skip


def in_place(course: Course) -> Any:
    browser = lead(course)
    assert browser.act(HOME, key="a-key-of-a-sample-1").location == f"{HOME}?said=sample_in_place"
    return browser


def page(browser: Any, path: str) -> Read:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert set(problems_of(OF_A_PROOF.sub("<h1>", answer.text))) <= {COMES_WITH_A_PROOF}, path
    return Read(answer.text)


def test_cap_f2_a_program_lead_puts_it_in_place_looks_at_it_and_takes_it_away(course: Course) -> None:
    browser = lead(course)
    listed = page(browser, "/programs")
    assert "Everybody in it is made up, it counts nowhere, and you can take it away again." in listed.text
    assert HOME not in listed.links
    answer = browser.act(HOME, key="a-key-of-a-sample-2")
    shown = page(browser, answer.location)
    assert "Nobody in it exists" in shown.text
    assert "100 hours of practice" in shown.text
    assert {f"{HOME}/cohort", f"{HOME}/cohort/alma"} <= set(shown.links)
    listed = page(browser, "/programs")
    assert {HOME, f"{HOME}/cohort"} <= set(listed.links)
    assert "No program is in use yet." in listed.text, "a sample is no program in use"
    answer = browser.act(f"{HOME}/take-away", key="a-key-of-a-sample-3")
    assert answer.location == "/programs?said=sample_away"
    assert HOME not in page(browser, answer.location).links
    assert [browser.get(each).status_code for each in PAGES] == [404] * len(PAGES)
    assert browser.act(HOME, key="a-key-of-a-sample-4").status_code == 303
    assert page(browser, HOME)


def test_each_of_its_pages_says_that_it_is_a_sample(course: Course) -> None:
    browser = in_place(course)
    for each in PAGES:
        assert "sample" in page(browser, each).text, each
    for each in PAGES[:-1]:
        assert "Everybody in it is made up, and nothing of it counts anywhere." in page(browser, each).text, each


def test_its_cohort_is_the_table_of_every_cohort_and_each_answer_says_why(course: Course) -> None:
    browser = in_place(course)
    html = browser.get(f"{HOME}/cohort").text
    read = Read(html)
    for name in ("Alma", "Bo", "Carla", "Dara", "Emil", "Fay"):
        assert name in read.text
    for shape in ("met", "open", "waiting"):
        assert f'href="#shape-{shape}"' in html
    assert "ready for a person" in read.text
    assert "paused" in read.text
    cells = re.findall(rf'href="({HOME}/cohort/\w+/requirements/\w+)" data-proof', html)
    assert len(cells) == 6 * 7
    for each in (one for one in cells if "/bo/" in one):
        assert "The rule in plain words" in page(browser, each).headings, each


def test_a_path_of_a_made_up_person_says_what_is_next_without_a_place_to_do_it(course: Course) -> None:
    browser = in_place(course)
    read = page(browser, f"{HOME}/cohort/bo")
    assert {"Where you stand", "Next, when you are ready", "What counts", "Dates"} <= set(read.headings)
    assert "Bo is in the middle of it." in read.text
    assert not [each for each in read.links if each.startswith(("/path", "/ledger", "/people-of", "/a/", "/o/"))]
    assert "asked for a decision. A person decides" in page(browser, f"{HOME}/cohort/dara").text
    assert "Your path is paused" not in page(browser, f"{HOME}/cohort/emil").text, "pausing is for real paths"


def test_it_is_for_program_leads_alone(course: Course) -> None:
    in_place(course)
    for who in ("sam", "ines", "jo"):
        browser = course.browser(who)
        assert [browser.get(each).status_code for each in PAGES] == [404] * len(PAGES), who
        assert browser.act(HOME, key=f"a-key-of-{who}-1").status_code == 404
        assert browser.act(f"{HOME}/take-away", key=f"a-key-of-{who}-2").status_code == 404
    assert "Peer support certificate" not in course.browser("sam").get("/programs/open").text
    course.kept()
    assert sample_program.is_in_place(course.world.session, course.world.organization_id)


def test_who_is_not_made_up_is_not_here(course: Course) -> None:
    browser = in_place(course)
    for each in ("/cohort/nobody", "/cohort/..", "/cohort/bo/requirements/nothing", "/cohort/Bo"):
        assert browser.get(f"{HOME}{each}").status_code == 404, each


def test_with_programs_in_use_it_can_still_be_looked_at_below_them(course: Course) -> None:
    browser = lead(course)
    in_use(course, PLAIN)
    assert page(browser, "/programs").before("Those that come with Attune", "Look at a sample program")


def test_its_pages_ask_the_database_next_to_nothing(course: Course) -> None:
    browser = in_place(course)
    for each in PAGES:
        browser.get(each)
        with counted(course.app.extensions["attune"].sessions.engine) as statements:
            browser.get(each)
        assert len(statements) <= BOUND, each
