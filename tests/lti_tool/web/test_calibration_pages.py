"""Rating together on its pages: beginning, rating alone, revealing, talking, closing, one's own report."""

from datetime import timedelta
from uuid import UUID

import pytest

from lti_tool.access import Capability
from lti_tool.services.authoring import examples
from lti_tool.services.authoring.drafts import Author
from tests.lti_tool.services.rating_together import Together
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.desk import FilledIn
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_library import give
from tests.lti_tool.web.test_queries import BOUND, counted


class Tables:
    """Ines leads in her course; Jo and Amara rate."""

    def __init__(self, course: Course, number: int = 2) -> None:
        self.course = course
        self.together = Together(course.world, number)
        course.kept()
        self.ines, self.jo, self.amara = (course.browser(who) for who in ("ines", "jo", "amara"))

    def begin(self, browser: Browser | None = None, path: str = "", key: str = "a-key-of-one-form-1") -> str:
        answer = (browser or self.ines).act(
            path or f"{self.course.home}/calibrations/new", key, title="Listening in March",
            examples=[str(one) for one in self.together.examples],
            people=[str(one.person_id) for one in (self.together.jo, self.together.amara)],
        )  # fmt: skip
        assert answer.status_code == 303, answer.text
        return str(answer.location).partition("?")[0]

    def items(self, path: str) -> list[UUID]:
        found = self.together.items(UUID(path.rpartition("/")[2]))
        self.course.kept()
        return found

    def rate(self, browser: Browser, path: str, level: str, why: str = "") -> None:
        for item_id in self.items(path):
            fields = {}
            for key in self.together.rubric():
                fields |= {f"level.{key}": level, f"evidence.{key}": why}
            self.course.kept()
            answer = browser.post(
                f"{path}/items/{item_id}/rate", data={"csrf_token": browser.token(), "then": "stay", **fields}
            )
            assert answer.status_code == 303, answer.text

    def revealed(self) -> str:
        path = self.begin()
        for browser, level, why in ((self.jo, "4", "Jo's reason"), (self.amara, "2", "Amara's reason")):
            self.rate(browser, path, level, why)
            assert browser.act(f"{path}/hand-in").status_code == 303
        assert self.ines.act(f"{path}/reveal").status_code == 303
        return path

    def read(self, browser: Browser, path: str) -> Read:
        answer = browser.get(path)
        assert answer.status_code == 200, answer.text
        assert not list(problems_of(answer.text))
        return Read(answer.text)


@pytest.fixture
def tables(course: Course) -> Tables:
    return Tables(course)


def test_cap_e5_from_beginning_to_the_own_report(tables: Tables) -> None:
    tables.read(tables.ines, f"{tables.course.home}/calibrations/new")
    path = tables.begin()
    (first, _) = tables.items(path)
    assert "To rate" in tables.read(tables.jo, "/calibrations").text
    page = tables.read(tables.jo, f"{path}/items/{first}/rate").text
    assert "They sit by the window." in page
    assert "Agreed reason" not in page
    begin = tables.read(tables.jo, path)
    assert "Begin rating" in begin.text
    assert f"{path}/items/{first}/rate" in begin.links
    tables.rate(tables.jo, path, "4", "Jo's reason")
    assert "Hand in" in tables.read(tables.jo, path).text
    assert tables.jo.act(f"{path}/hand-in").status_code == 303
    assert "You have handed in." in tables.read(tables.jo, path).text
    tables.rate(tables.amara, path, "2", "Amara's reason")
    tables.amara.act(f"{path}/hand-in")
    led = tables.read(tables.ines, path).text
    assert "Reveal the ratings" in led
    assert "reason" not in led
    assert tables.ines.act(f"{path}/reveal").status_code == 303
    talk = tables.read(tables.jo, f"{path}/items/{first}").text
    for words in ("Jo's reason", "Amara's reason", "Agreed reason", "Jo Example (you)", "agreed rating"):
        assert words in talk, words
    key = tables.together.rubric()[0]
    tables.course.kept()
    fields = {f"outcome.{key}": "open", f"words.{key}": "We go on talking."}
    assert tables.ines.act(f"{path}/items/{first}", **fields).status_code == 303
    assert "Left open in the talk." in tables.read(tables.jo, f"{path}/items/{first}").text
    assert tables.ines.act(f"{path}/close", words="Level 3 was read differently.").status_code == 303
    closed = tables.read(tables.jo, path).text
    assert "Your own ratings beside the agreed ones" in closed
    assert "Level 3 was read differently." in closed
    assert "Your own ratings" not in tables.read(tables.ines, path).text


def test_cap_e5_who_leads_reads_letters_and_no_words(tables: Tables) -> None:
    path = tables.revealed()
    page = tables.read(tables.ines, f"{path}/items/{tables.items(path)[0]}").text
    assert "Observer A" in page
    assert "Jo's reason" not in page
    assert "Jo Example" not in page


def test_ux_c1_what_is_typed_is_saved_as_one_goes_also_a_reason_without_a_level(tables: Tables) -> None:
    path = tables.begin()
    item_id, key = tables.items(path)[0], tables.together.rubric()[0]
    tables.course.kept()
    saved = tables.jo.post(
        f"{path}/items/{item_id}/save", json={f"evidence.{key}": "She waits."},
        headers={"X-CSRFToken": tables.jo.token()},
    )  # fmt: skip
    assert saved.status_code == 200, saved.text
    assert "She waits." in tables.read(tables.jo, f"{path}/items/{item_id}/rate").text
    assert tables.jo.act(f"{path}/hand-in").status_code >= 400


def test_ux_c1_a_form_that_was_not_taken_is_shown_again_as_it_was_typed(tables: Tables) -> None:
    one = str(tables.together.examples[0])
    answer = tables.ines.act(f"{tables.course.home}/calibrations/new", title="May: pauses", examples=[one])
    assert answer.status_code == 422
    assert "May: pauses" in answer.text
    assert FilledIn(answer.text).values["examples"] == [one]
    path = tables.revealed()
    longer = "x" * 20_001
    answer = tables.ines.act(f"{path}/close", words=longer)
    assert answer.status_code == 422
    assert longer in answer.text


def test_ux_c6_a_withdrawn_example_says_so_to_who_was_about_to_rate_it(tables: Tables) -> None:
    path = tables.begin()
    item_id = tables.items(path)[0]
    by = Author(tables.course.world.organization_id, tables.together.ines.person_id)
    examples.put_away(tables.together.session, by, tables.together.examples[0], tables.course.world.now)
    tables.course.kept()
    answer = tables.jo.get(f"{path}/items/{item_id}/rate")
    assert answer.status_code >= 400
    assert "put away meanwhile" in Read(answer.text).text
    assert "An example that was put away" in tables.read(tables.jo, path).text


def test_a_program_lead_begins_one_for_the_organization(tables: Tables) -> None:
    give(tables.course, "lea", Capability.PROGRAM_LEAD)
    lea = tables.course.browser("lea")
    assert "which rubric" in tables.read(lea, "/calibrations/new").text
    tables.read(lea, f"/calibrations/new?rubric={tables.together.version_id}")
    path = tables.begin(lea, f"/calibrations/new?rubric={tables.together.version_id}")
    assert tables.read(lea, path)
    assert tables.ines.get(path).status_code == 404
    assert "Of your organization" in tables.read(lea, "/calibrations").text


def test_ux_c3_who_would_rather_not_steps_out_without_a_reason(tables: Tables) -> None:
    path = tables.begin()
    assert tables.jo.act(f"{path}/leave").status_code == 303
    assert tables.jo.get(path).status_code == 404


def test_cap_e5_who_is_calibrated_until_when_is_noted_by_who_leads(tables: Tables) -> None:
    path = tables.revealed()
    tables.ines.act(f"{path}/close", words="")
    until = (tables.course.world.now + timedelta(days=300)).date().isoformat()
    jo = str(tables.together.jo.person_id)
    assert tables.ines.act(f"{path}/qualified", people=jo, kind="Calibrated", until="soon").status_code == 422
    assert tables.ines.act(f"{path}/qualified", people=jo, kind="Calibrated", until=until).status_code == 303
    assert "Calibrated" in tables.read(tables.jo, "/qualifications").text


def test_pages_about_rating_together_ask_the_database_no_more_with_more(tables: Tables) -> None:
    path = tables.revealed()
    item_id = tables.items(path)[0]
    pages = [(tables.jo, "/calibrations"), (tables.jo, path), (tables.jo, f"{path}/items/{item_id}"),
             (tables.ines, path), (tables.ines, f"{tables.course.home}/calibrations"),
             (tables.ines, f"{tables.course.home}/calibrations/new")]  # fmt: skip
    before = [number(tables, browser, page) for browser, page in pages]
    for turn in range(4):
        tables.begin(key=f"a-key-of-one-form-{turn + 2}")
    tables.together.agreed("One more")
    tables.course.kept()
    assert [number(tables, browser, page) for browser, page in pages] == before
    assert max(before) <= BOUND


def number(tables: Tables, browser: Browser, page: str) -> int:
    with counted(tables.course.app.extensions["attune"].sessions.engine) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)


def test_rating_leads_from_example_to_example_and_back_to_a_rating_that_was_handed_in(tables: Tables) -> None:
    path = tables.begin()
    first, second = tables.items(path)
    key = tables.together.rubric()[0]
    tables.course.kept()
    rate = {"csrf_token": tables.jo.token(), f"level.{key}": "4", "then": "next"}
    long = tables.jo.post(f"{path}/items/{first}/rate", data=rate | {f"evidence.{key}": "x" * 20_001})
    assert "Please shorten" in Read(long.text).text
    assert "x" * 20_001 in long.text
    answer = tables.jo.post(f"{path}/items/{first}/rate", data=rate)
    assert answer.location == f"{path}/items/{second}/rate"
    assert tables.jo.post(f"{path}/items/{second}/rate", data=rate).location == f"{path}?said=draft_saved"
    tables.rate(tables.jo, path, "4", "Jo's reason")
    tables.jo.act(f"{path}/hand-in")
    assert tables.jo.get(f"{path}/items/{first}/rate").location == path
    assert tables.jo.act(f"{path}/take-up-again").location == path
    assert tables.jo.get(f"{path}/items/{first}/rate").status_code == 200


def test_one_is_put_away_before_its_end_and_not_after(tables: Tables) -> None:
    path = tables.begin()
    away = tables.ines.act(f"{path}/put-away")
    assert (away.status_code, away.location) == (303, "/calibrations?said=calibration_put_away")
    closed = tables.begin(key="another-key-of-a-form")
    for browser in (tables.jo, tables.amara):
        tables.rate(browser, closed, "4", "A reason")
        browser.act(f"{closed}/hand-in")
    tables.ines.act(f"{closed}/reveal")
    key, first = tables.together.rubric()[0], tables.items(closed)[0]
    tables.course.kept()
    odd = tables.ines.act(f"{closed}/items/{first}", **{f"outcome.{key}": "very well", f"words.{key}": ""})
    assert odd.status_code == 400
    tables.ines.act(f"{closed}/close", words="")
    assert tables.ines.act(f"{closed}/put-away").status_code == 422
    give(tables.course, "lea", Capability.PROGRAM_LEAD)
    assert tables.course.browser("lea").act("/calibrations/new", title="Without an edition").status_code == 404
