"""A rubric on a phone as others see it, what it covers, and the frameworks that it names, in a browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.authoring import author, drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.store.frameworks import FrameworkRow
from rubrics.rubric import Principle
from tests.databases import SqliteFiles
from tests.journeys.conftest import RULES, Visitors
from tests.journeys.served import Served, served_course
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.test_library import give

NARROWEST = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, and Lea who writes rubrics."""
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        give(served.course, "lea", Capability.PROGRAM_LEAD)
        yield served


@pytest.fixture
def look(
    picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]
) -> Callable[[Page, str], None]:
    """Check what is on the screen, and keep a picture."""

    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), step
        picture(page, step)

    return look


def sit_down(school: Served, page: Page) -> Page:
    school.sign_in(page, school.course.world.enter("lea", TRAINEE).token)
    school.course.kept()
    return page


def seen(page: Page, picture: Callable[[Page, str], None], step: str) -> None:
    """Check the page around the phone by itself: what the phone shows is a page of its own, with its own landmarks."""
    found = Axe().run(page, options=RULES | {"iframes": False})
    assert found.violations_count == 0, found.generate_report()
    picture(page, step)


def begun(school: Served) -> str:
    """A draft of the first rubric without its criteria for choice."""
    world = school.course.world
    used = world.place(world.visitor("ines")).activity.rubric_version_id
    rubric = author.rubric_of(world.session, used).rubric
    kept = tuple(
        replace(criterion, principles=criterion.principles - {Principle.CHOICE} or frozenset({Principle.SAFETY}))
        for criterion in rubric.criteria
    )
    by = Author(world.organization_id, world.visitor("lea").person_id)
    draft_id = drafts.begin(world.session, by, replace(rubric, criteria=kept), world.now)
    school.course.kept()
    return f"{school.url}/drafts/{draft_id}"


def framework_id(school: Served, key: str) -> UUID:
    world = school.course.world
    named = select(FrameworkRow.id).where(
        FrameworkRow.organization_id == world.organization_id, FrameworkRow.key == key
    )
    return world.session.scalars(named).one()


def test_a_draft_is_tried_out_on_a_phone_that_stands_on_the_page(
    school: Served,
    visitors: Visitors,
    look: Callable[[Page, str], None],
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    address = f"{begun(school)}/preview"
    page = sit_down(school, visitors.desktop())
    page.goto(address)
    phone = page.frame_locator("iframe.phone")
    expect(phone.get_by_role("heading", name="First: a strength you saw")).to_be_visible()
    phone.get_by_role("button", name="Next").click()
    expect(phone.get_by_role("group", name="Which help was needed today?")).to_be_visible()
    phone.get_by_role("radio").first.check()
    accessible(page.frames[1])
    seen(page, picture, "coverage preview observer desktop")
    page.get_by_role("link", name="The trainee", exact=True).click()
    expect(page.frame_locator("iframe.phone").get_by_text("Not published yet.")).to_be_visible()
    seen(page, picture, "coverage preview trainee desktop")
    held = sit_down(school, visitors.phone())
    held.goto(address)
    expect(held.locator("iframe")).to_be_hidden()
    look(held, "coverage preview on a phone")
    held.get_by_role("link", name="Open it on its own").click()
    expect(held.get_by_role("heading", name="First: a strength you saw")).to_be_visible()
    look(held, "coverage preview opened on a phone")


def test_cap_a1_what_a_rubric_covers_is_seen_at_a_glance_on_every_screen(
    school: Served, visitors: Visitors, look: Callable[[Page, str], None]
) -> None:
    address = f"{begun(school)}/coverage"
    pages = {
        "desktop": visitors.desktop(),
        "phone": visitors.phone(**NARROWEST),
        "dark": visitors.desktop(color_scheme="dark"),
        "forced colors": visitors.desktop(forced_colors="active"),
    }
    for name, page in pages.items():
        sit_down(school, page).goto(address)
        expect(page.get_by_text("No criterion stands for choice yet.")).to_be_visible()
        expect(page.get_by_role("img", name="What the criteria cover")).to_be_visible()
        page.get_by_text("The picture as a table").click()
        look(page, f"coverage {name}")


def test_a_framework_is_read_written_and_searched(
    school: Served, visitors: Visitors, look: Callable[[Page, str], None]
) -> None:
    home = f"{school.url}/frameworks/{framework_id(school, 'starter')}"
    for name, page in (
        ("desktop", visitors.desktop()),
        ("phone dark", visitors.phone(color_scheme="dark", **NARROWEST)),
    ):
        sit_down(school, page)
        for what, path in (("list", f"{school.url}/frameworks"), ("one", home), ("shown by", f"{home}/coverage")):
            page.goto(path)
            look(page, f"frameworks {what} {name}")
    page = sit_down(school, visitors.desktop())
    page.goto(f"{school.url}/frameworks")
    page.get_by_role("link", name="Write a framework of your own").click()
    page.get_by_label("Title").fill("What our people ask for")
    page.get_by_role("button", name="Begin it").click()
    page.get_by_role("link", name="Add a competency").click()
    page.get_by_label("What people are to be able to do").fill("Says what comes next")
    page.get_by_label("Code").fill("A1")
    look(page, "frameworks write")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Look for a competency").fill("comes next")
    page.get_by_role("button", name="Look", exact=True).click()
    page.get_by_role("link", name="A1 Says what comes next").click()
    expect(page.get_by_role("heading", name="Says what comes next")).to_be_visible()
    look(page, "frameworks competency")
