"""An example in a browser: written, looked at, agreed on; on a phone and at a desk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from lti_tool.access import Capability
from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.test_library import give


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, and Lea who looks after the rubrics."""
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        give(served.course, "lea", Capability.PROGRAM_LEAD)
        yield served


@pytest.mark.parametrize("where", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_an_example_is_written_and_agreed_on(
    school: Served,
    visitors: Visitors,
    where: str,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    page = visitors.phone() if where == "phone" else visitors.desktop()

    def look(step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), step
        picture(page, step)

    world = school.course.world
    school.sign_in(page, world.enter("lea", TRAINEE).token)
    version_id = version_of(world.session, world.organization_id, "one-to-one-support")
    school.course.kept()
    page.goto(f"{school.url}/examples")
    look("all examples")
    page.goto(f"{school.url}/examples?rubric={version_id}")
    look("examples of a rubric")
    page.get_by_role("link", name="The letter on the table").click()
    look("an example that comes with Attune")
    page.goto(f"{school.url}/examples/new?rubric={version_id}")
    page.get_by_label("Title", exact=True).fill("At the bus stop")
    page.get_by_label("What was done and said").fill("They wait for the bus. “Shall we sit down?”")
    first = page.locator("#rating-comes-back-to-it")
    first.get_by_label("On their own", exact=True).check()
    first.get_by_role("textbox").fill("Begins with the own part.")
    look("writing")
    page.get_by_role("button", name="Save the example").click()
    expect(page.get_by_role("heading", name="Still to come")).to_be_visible()
    look("what is still to come")
    page.get_by_role("link", name="Lets a no stand").click()
    expect(page.locator("#rating-lets-a-no-stand")).to_be_in_viewport()
    page.get_by_role("link", name="Back, without saving").click()
    page.get_by_role("link", name="Examples for this rubric").click()
    page.get_by_role("link", name="A form and a walk").click()
    page.get_by_label("Who agreed").fill("Our peer council")
    page.get_by_role("button", name="We agreed on these ratings").click()
    expect(page.get_by_text("Agreed by Our peer council on")).to_be_visible()
    look("agreed")
