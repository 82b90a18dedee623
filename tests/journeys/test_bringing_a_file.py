"""A program lead brings files: waits, sees what would change, takes it in, mends what is to be mended."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Frame, Page, expect

from lti_tool.access import Capability
from lti_tool.documents import formats
from lti_tool.documents.brought import Brought
from lti_tool.documents.formats import Format
from lti_tool.services.exchange import file_work
from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.documents.test_formats import FRAMEWORK
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.test_library import give
from tests.rubrics.making import a_criterion, a_rubric

Look = Callable[[Page, str], None]
TWO = Brought(
    rubrics=(
        a_rubric(),
        a_rubric(
            a_criterion("stays", statement="Stays with the group after someone leaves"), key="group", title="A group"
        ),
    )
)


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, and Lea who leads the program."""
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        give(served.course, "lea", Capability.PROGRAM_LEAD)
        yield served


@pytest.fixture
def look(picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]) -> Look:
    """Check what is on the screen, and keep a picture."""

    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    return look


def bring(school: Served, page: Page, name: str, content: bytes) -> None:
    page.goto(f"{school.url}/files")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def worker_goes_on(school: Served, page: Page) -> None:
    """The worker does what waits, while the page stays open."""
    sessions = school.course.app.extensions["attune"].sessions.writing
    file_work.work(sessions, UUID(page.url.split("?")[0].split("/")[-1]), lambda: datetime.now(UTC))


@pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_files_are_brought_shown_and_taken_in(school: Served, visitors: Visitors, look: Look, size: str) -> None:
    """Pages follow by themselves once the worker has gone on."""
    page = getattr(visitors, size)()
    school.sign_in(page, school.course.world.enter("lea", TRAINEE).token)
    school.course.kept()
    page.goto(f"{school.url}/files")
    look(page, "bring a file")
    bring(school, page, "rubrics.xlsx", formats.write(TWO, Format.RUBRICS_XLSX))
    look(page, "it waits")
    worker_goes_on(school, page)
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    expect(page.get_by_text("5 of 5 rows would make a difference.")).to_be_visible()
    look(page, "what would change")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("It waits for its turn")).to_be_visible()
    worker_goes_on(school, page)
    expect(page.get_by_role("heading", name="What came in")).to_be_visible()
    look(page, "what came in")

    bring(school, page, "mine.json", formats.write(FRAMEWORK, Format.JSON))
    worker_goes_on(school, page)
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("It waits for its turn")).to_be_visible()
    worker_goes_on(school, page)
    expect(page.get_by_role("heading", name="What came in")).to_be_visible()
    (mine,) = FRAMEWORK.frameworks
    other = replace(mine, title="Ours", competencies=(replace(mine.competencies[0], statement="Listens"),))
    bring(school, page, "mine.json", formats.write(Brought(frameworks=(other,)), Format.JSON))
    worker_goes_on(school, page)
    expect(page.get_by_text("not in the file", exact=True).first).to_be_visible()
    look(page, "a framework that changes")

    wrong = formats.write(TWO, Format.RUBRICS_CSV).replace(b'"3"', b'"high"')
    bring(school, page, "wrong.csv", wrong)
    worker_goes_on(school, page)
    expect(page.get_by_role("heading", name="Please check this first")).to_be_visible()
    look(page, "please check this first")
    page.goto(f"{school.url}/files")
    look(page, "files so far")
