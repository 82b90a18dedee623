"""Files on the web: brought by a lead, shown row by row, taken in, and taken along by those who read."""

import io
import re
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lti_tool.access import Capability
from lti_tool.documents import formats
from lti_tool.documents.brought import Options
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.services.competencies import frameworks
from lti_tool.services.exchange import file_work
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow
from tests.lti_tool.published import version_of
from tests.lti_tool.services.competencies.test_frameworks import of_many
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.exchange.test_bringing import A1, FRAMEWORK, RUBRIC
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import counted

KEY = "a-key-of-one-form-1"


class Lea:
    """Leads the program; the worker does what waits when it is told to."""

    def __init__(self, course: Course, who: str = "lea") -> None:
        self.course, self.who = course, who
        world = course.world
        world.session.add(
            GrantRow(
                id=new_id(), organization_id=world.organization_id, person_id=world.visitor(who, TRAINEE).person_id,
                capability=Capability.PROGRAM_LEAD, granted_at=world.now,
            )
        )  # fmt: skip
        course.kept()
        self.browser = course.browser(who)

    def bring(self, text: str, name: str = "mine.toml", key: str = KEY, **fields: str) -> TestResponse:
        file = FileStorage(io.BytesIO(text.encode()), name)
        form = {"csrf_token": self.browser.token(), "act": key, "file": file, **fields}
        boundary, body = encode_multipart(form)  # in memory: a file of the test's own would stay open
        kind = f'multipart/form-data; boundary="{boundary}"'
        answer: TestResponse = self.browser.post("/files", data=body, content_type=kind)
        return answer

    def work(self, address: str) -> None:
        app = self.course.app.extensions["attune"]
        file_work.work(app.sessions.writing, UUID(address.split("/")[-1]), app.clock)

    def read(self, text: str, key: str = KEY) -> str:
        """The address of a file that the worker has read."""
        address = self.bring(text, key=key).location
        self.work(address)
        return address

    def page(self, address: str) -> Read:
        html = self.browser.get(address).text
        assert not list(problems_of(html))
        return Read(html)

    def take_in(self, address: str, **fields: str) -> TestResponse:
        shown = hidden(self.browser.get(address).text)["shown"]
        answer: TestResponse = self.browser.act(f"{address}/take-in", shown=shown, **fields)
        return answer


@pytest.fixture
def lea(course: Course) -> Lea:
    return Lea(course)


def test_a_file_is_brought_shown_and_taken_in(lea: Lea, looked_at: list[UUID]) -> None:
    address = lea.bring(RUBRIC).location
    assert looked_at[-1] == UUID(address.split("/")[-1])
    assert "It waits for its turn" in lea.page(address).text
    lea.work(address)
    page = lea.page(address)
    assert "2 of 2 rows would make a difference" in page.text
    assert "Offers a pause when it becomes too much" in page.text
    assert lea.take_in(address).location == address
    assert "It waits for its turn" in lea.page(address).text
    lea.work(address)
    page = lea.page(address)
    assert "It was taken in" in page.text
    assert "What came in" in page.headings
    assert "One conversation" in page.text


def test_what_differs_is_told_place_by_place(lea: Lea) -> None:
    first = lea.read(RUBRIC)
    lea.take_in(first)
    lea.work(first)
    page = lea.page(lea.read(RUBRIC.replace("Paused unaided.", "Paused in time."), key=f"{KEY}2"))
    assert page.before("Paused unaided.", "Paused in time.")
    assert "Level 3, What is seen" in page.facts


def test_drafts_that_are_open_are_asked_about(lea: Lea) -> None:
    first = lea.read(RUBRIC)
    lea.take_in(first)
    lea.work(first)
    address = lea.read(RUBRIC.replace("One conversation", "One talk"), key=f"{KEY}2")
    refused = lea.take_in(address)
    assert refused.status_code == 422
    assert "Please say what is to become of the drafts" in refused.text
    assert lea.take_in(address, rewrite="yes").status_code == 303
    lea.work(address)
    assert "One talk" in lea.page(address).text


def test_the_same_file_again_has_nothing_to_take_in(lea: Lea) -> None:
    first = lea.read(FRAMEWORK)
    lea.take_in(first)
    lea.work(first)
    page = lea.page(lea.read(FRAMEWORK, key=f"{KEY}2"))
    assert "There is nothing to take in" in page.text
    assert "shown" not in page.fields


def test_rows_can_be_narrowed_down_and_stand_a_hundred_on_a_page(lea: Lea) -> None:
    world = lea.course.world
    frameworks.save(world.session, world.organization_id, of_many(3), bundled=False, now=world.now)
    lea.course.kept()
    more = "".join(A1.replace('"A1"', f'"A{number}"').replace('parent = "A"', "") for number in range(2, 230))
    first = lea.read(FRAMEWORK)
    lea.take_in(first)
    lea.work(first)
    address = lea.read(FRAMEWORK.replace(A1, "") + more, key=f"{KEY}2")
    page = lea.page(address)
    assert "What changes (229)" in page.text
    assert "Page 3" in page.text
    gone = lea.page(f"{address}?show=gone")
    assert "Listens more than they speak" in gone.text
    assert "A228" not in gone.text
    same = lea.page(f"{address}?show=same")
    assert "Competency A" in same.text
    with counted(lea.course.app.extensions["attune"].sessions.engine) as said:
        lea.browser.get(address)
    assert len(said) <= 5


def test_what_is_to_be_mended_is_listed_with_its_place_and_can_be_downloaded(lea: Lea) -> None:
    address = lea.read(RUBRIC.replace("met_at = 3", 'met_at = "three"'))
    page = lea.page(address)
    assert "Please check this first" in page.headings
    assert "criteria[1].met_at" in page.text
    listed = lea.browser.get(f"{address}/problems")
    assert listed.headers["Content-Disposition"] == "attachment; filename=please-check.csv"
    assert "criteria[1].met_at" in listed.text
    assert lea.browser.act(f"{address}/again", language="es").location == address
    assert "It waits for its turn" in lea.page(address).text


def test_a_form_without_a_file_is_shown_again_with_its_choices(lea: Lea) -> None:
    form = {"csrf_token": lea.browser.token(), "act": KEY, "language": "es-MX"}
    answer = lea.browser.post("/files", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Please choose a file first" in answer.text
    assert 'value="es-MX"' in answer.text


def test_a_file_that_is_too_large_is_told_so(lea: Lea) -> None:
    assert lea.bring("x" * 20_000_001).status_code == 422
    answer = lea.bring("x" * 20_200_000)
    assert answer.status_code == 413
    assert "This file is larger than 20 MB" in answer.text
    assert Lea(lea.course, "lou").bring("x").status_code == 303


def test_the_same_post_twice_brings_one_file_and_another_file_is_another(lea: Lea) -> None:
    first = lea.bring(RUBRIC).location
    assert lea.bring(RUBRIC).location == first
    assert lea.bring(FRAMEWORK).location != first


def test_a_file_can_be_taken_away(lea: Lea) -> None:
    address = lea.read(RUBRIC)
    assert lea.browser.act(f"{address}/take-away").location.endswith("said=file_taken_away")
    assert lea.browser.get(address).status_code == 404


def test_another_lead_does_not_see_the_file(lea: Lea) -> None:
    address = lea.read(RUBRIC)
    other = Lea(lea.course, "lou")
    for path in ("", "/progress", "/problems"):
        assert other.browser.get(address + path).status_code == 404
    assert "mine.toml" not in other.page("/files").text


def test_two_leads_at_once_the_second_is_shown_what_would_change_now(lea: Lea) -> None:
    other = Lea(lea.course, "lou")
    mine, others = lea.read(FRAMEWORK), other.read(FRAMEWORK.replace('"Listening"', '"Listens"'))
    lea.take_in(mine)
    other.take_in(others)
    lea.work(mine)
    other.work(others)
    page = other.page(others)
    assert "Something changed here since you looked" in page.text
    assert page.facts["Statement"] == " Before: Listening After: Listens"


@pytest.mark.parametrize("who", ["sam", "ines", "jo"])
def test_others_have_no_files(course: Course, who: str) -> None:
    assert course.browser(who).get("/files").status_code == 404


@pytest.mark.parametrize("kind", [kind for kind, known in FORMATS.items() if known.rubrics])
def test_a_published_rubric_is_taken_along_by_those_who_observe(course: Course, kind: Format) -> None:
    world = course.world
    page = Read(course.browser("jo").get(f"/rubrics/versions/{version_of(world.session, world.organization_id)}").text)
    (address,) = [link for link in page.links if link.endswith(f"/file/{kind.value}")]
    answer = course.browser("jo").get(address)
    assert answer.status_code == 200
    suffix = FORMATS[kind].suffix
    name = answer.headers["Content-Disposition"].removeprefix("attachment; filename=")
    assert re.fullmatch(rf"trauma-informed-peer-support-edition-1\.{suffix}", name)
    assert answer.mimetype == FORMATS[kind].content_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert formats.recognize(answer.data, source=name, options=Options()) is kind


def test_others_take_nothing_along_and_a_format_that_cannot_hold_it_is_not_there(course: Course) -> None:
    world = course.world
    address = f"/rubrics/versions/{version_of(world.session, world.organization_id)}/file"
    assert course.browser("sam").get(f"{address}/toml").status_code == 404
    for kind in ("docx", "moodle"):
        assert course.browser("jo").get(f"{address}/{kind}").status_code == 404


@pytest.mark.parametrize("kind", [kind for kind, known in FORMATS.items() if known.frameworks])
def test_a_framework_is_taken_along(course: Course, kind: Format) -> None:
    world = course.world
    saved = frameworks.save(world.session, world.organization_id, of_many(2), bundled=False, now=world.now)
    course.kept()
    answer = course.browser("ines").get(f"/frameworks/{saved.framework_id}/file/{kind.value}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=many.{FORMATS[kind].suffix}"
    assert formats.recognize(answer.data, source="many", options=Options()) is kind


def test_a_file_to_fill_in_speaks_the_readers_language(lea: Lea) -> None:
    page = lea.page("/files")
    found = [link for link in page.links if "/files/template/" in link]
    assert len(found) == 4
    for address in found:
        answer = lea.browser.get(address, headers={"Accept-Language": "es"})
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert lea.browser.get("/files/template/toml").status_code == 404
