"""Two accounts are asked to be made one: both see it on a phone, and the other one calls it off."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from lti_tool.services.entering import merge_requests
from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.services.conftest import TRAINEE


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        yield served


def test_what_was_asked_is_read_by_both_and_called_off_with_one_tap(
    school: Served,
    visitors: Visitors,
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    world = school.course.world
    other = world.enter("samantha", TRAINEE)
    merge_requests.ask(world.session, world.visitor("sam"), other.person_id, world.now)
    token = world.enter("sam", TRAINEE).token
    school.course.kept()

    pages = []
    for secret in (token, other.token):
        page = visitors.phone()
        school.sign_in(page, secret)
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{school.url}/merge")
        pages.append(page)
    mine, others = pages
    expect(mine.get_by_role("heading", name="You asked to make two accounts one")).to_be_visible()
    look(mine, "asked")
    expect(others.get_by_text("The other account: Sam Example.")).to_be_visible()
    look(others, "asked by another")
    others.get_by_role("button", name="Call it off").click()
    expect(others.get_by_text("It is called off.")).to_be_visible()
    mine.reload()
    expect(mine.get_by_role("heading", name="You asked to make two accounts one")).to_have_count(0)
