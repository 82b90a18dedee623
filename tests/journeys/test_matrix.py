"""The cohort at a glance with the keyboard alone: filtered, put in order, kept as a view, a cell's proof read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from lti_tool.services.standing import kept_standings
from lti_tool.store.base import new_id
from lti_tool.store.programs import EnrollmentRow
from tests.databases import SqliteFiles
from tests.journeys import keyboard
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.test_the_path import Desk
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.path_rows import SMALL, an_entry, program_in_use, program_lead

BEGUN = ("bela", "chidi")
NOT_BEGUN = ("ana", "dolores", "emeka")
MANY = "".join(
    f"""
[[requirements]]
key = "training-{number}"
stage = "initial"
title = "Training number {number}"
at_least = "{number} hours"
of = {{ kind = "training" }}
"""
    for number in range(1, 13)
)
"""More columns than a screen is wide."""


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        yield served


@pytest.fixture
def cohort(served: Served) -> str:
    """The address of the cohort of Lea's program: two have begun, three have not."""
    world = served.course.world
    program_lead(world)
    program_id, versions = program_in_use(world, SMALL + MANY)
    for name in BEGUN + NOT_BEGUN:
        _enrolled(world, name, program_id, versions[-1])
    for name in BEGUN:
        an_entry(world, name, "4", signed_by="jo")
    kept_standings.note_new(world.session, world.now)
    served.course.kept()
    return f"/programs/{program_id}/cohort"


def _enrolled(world: World, name: str, program_id: UUID, version_id: UUID) -> None:
    person_id = world.visitor(name, TRAINEE).person_id
    row = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=program_id, person_id=person_id,
        version_id=version_id, entered_on=world.now.date() - timedelta(days=20), enrolled_by=person_id,
        enrolled_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()


def test_cap_c13_a_cohort_is_filtered_ordered_and_kept_as_a_view_by_keyboard_alone(
    served: Served, cohort: str, visitors: Visitors, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    page = visitors.desktop()
    lea = Desk(served, page, served.course.token("lea"), picture, accessible)
    lea.at(cohort, "Cohort: Peer support")
    assert _people(page) == [f"{name.title()} Example" for name in sorted(BEGUN + NOT_BEGUN)]
    keyboard.enter(page, page.get_by_text("Whom to show, and how"))
    keyboard.tab_to(page, page.get_by_role("checkbox", name="in progress"))
    page.keyboard.press("Space")
    keyboard.tab_to(page, page.get_by_label("Order", exact=True))
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        keyboard.enter(page, page.get_by_role("button", name="Show these people"))
    lea.sees("Cohort: Peer support")
    assert "order=" in page.url
    assert set(_people(page)) == {f"{name.title()} Example" for name in BEGUN}
    keyboard.enter(page, page.locator("summary", has_text="Keep this view"))
    keyboard.write(page, page.get_by_label("What you call it"), "Those on the way")
    with page.expect_navigation():
        keyboard.enter(page, page.get_by_role("button", name="Keep this view"))
    lea.at(cohort, "Cohort: Peer support")
    assert len(_people(page)) == len(BEGUN + NOT_BEGUN)
    with page.expect_navigation():
        keyboard.enter(page, page.get_by_role("link", name="Those on the way", exact=True))
    lea.sees("Cohort: Peer support")
    assert set(_people(page)) == {f"{name.title()} Example" for name in BEGUN}


def test_cap_c13_each_cell_is_reached_and_seen_and_its_proof_read_by_keyboard_alone(
    served: Served, cohort: str, visitors: Visitors, picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:  # fmt: skip
    page = visitors.desktop()
    lea = Desk(served, page, served.course.token("lea"), picture, accessible)
    lea.at(cohort, "Cohort: Peer support")
    rows = page.locator(".matrix tbody tr")
    cells = rows.nth(0).locator("a[data-proof]")
    keyboard.tab_to(page, cells.first)
    last = cells.count() - 1
    for number in range(1, last + 1):
        page.keyboard.press("ArrowRight")
        _is_on_the_screen(page, cells.nth(number))
    for number in range(1, rows.count()):
        page.keyboard.press("ArrowDown")
        _is_on_the_screen(page, rows.nth(number).locator("a[data-proof]").nth(last))
    for number in range(last - 1, -1, -1):
        page.keyboard.press("ArrowLeft")
        _is_on_the_screen(page, rows.nth(rows.count() - 1).locator("a[data-proof]").nth(number))
    page.keyboard.press("Enter")
    proof = page.locator("#proof")
    expect(proof.get_by_role("heading", name="10 hours of practice")).to_be_focused()
    expect(proof).to_contain_text("Emeka Example")
    page.evaluate("scrollTo(0, 0)")  # what is half under the head would be too small a target
    accessible(page)
    picture(page, "The proof of a cell")
    page.keyboard.press("Escape")
    expect(proof).to_have_count(0)
    expect(rows.last.locator("a[data-proof]").first).to_be_focused()


def _people(page: Page) -> list[str]:
    return page.locator(".matrix tbody th a").all_inner_texts()


def _is_on_the_screen(page: Page, cell: Locator) -> None:
    """It has the focus, and neither the heads nor the names lie over it."""
    expect(cell).to_be_focused()
    keyboard.is_seen(cell)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
