"""A draft becomes a published rubric: what is still to be done, the review, publishing, and what changed later."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Dialog, Frame, Page, expect

from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from rubrics.rubric import Principle, Rubric
from tests.databases import SqliteFiles
from tests.journeys.conftest import Visitors
from tests.journeys.served import Served, served_course
from tests.journeys.waiting import until
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web.test_library import SPANISH, give
from tests.rubrics.making import LEVELS, a_criterion, a_rubric

Look = Callable[[Page, str], None]
LISTENS = a_criterion(
    "listens",
    statement="Lets the person finish what they are saying",
    principles=frozenset({Principle.TRUST}),
    may_be_not_observed=False,
)


@pytest.fixture
def school(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Served]:
    """A course, Lea who writes rubrics, and Rea who reviews them."""
    with sqlite_files.fresh(tmp_path) as url, served_course(url) as served:
        give(served.course, "lea", Capability.PROGRAM_LEAD)
        give(served.course, "rea", Capability.REVIEWER)
        yield served


@pytest.fixture
def look(picture: Callable[[Page, str], None], accessible: Callable[[Page | Frame], None]) -> Look:
    """Check what is on the screen, and keep a picture."""

    def look(page: Page, step: str) -> None:
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        picture(page, step)

    return look


def sit_down(school: Served, page: Page, who: str) -> Page:
    """As this person, at the rubrics."""
    school.sign_in(page, school.course.world.enter(who, TRAINEE).token)
    school.course.kept()
    page.goto(f"{school.url}/rubrics")
    return page


def lea_of(school: Served) -> Author:
    return Author(school.course.world.organization_id, school.course.world.visitor("lea").person_id)


def begun(school: Served, rubric: Rubric) -> UUID:
    world = school.course.world
    draft_id = drafts.begin(world.session, lea_of(school), rubric, world.now)
    school.course.kept()
    return draft_id


def written_at(page: Page, place: str, words: str) -> None:
    """The link led to this field of the builder: fill it in, and have it saved."""
    field = page.locator(f"[id='field-{place}']")
    expect(field).to_be_in_viewport()
    field.fill(words)
    field.blur()
    expect(page.get_by_text("Saved with Attune")).to_be_visible()


def reviewed(school: Served, page: Page, look: Look) -> None:
    """Rea reads what waits, and says what she thinks of it."""
    page.reload()
    look(page, "waiting for your review")
    page.get_by_role("link", name="Read and review").click()
    look(page, "the draft to read")
    page.get_by_label("Ready to publish").check()
    page.get_by_label("In your words").fill("It reads kindly, and a person could say no at each step.")
    page.get_by_label("Your name, as you want it published").fill("Rea O.")
    page.get_by_role("button", name="Give your review").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(page.get_by_text("Waiting for your review")).to_have_count(0)


def published(page: Page, look: Look, step: str) -> None:
    """Lea publishes what is ready."""
    page.reload()
    look(page, step)
    page.get_by_role("button", name="Publish this rubric").click()
    expect(page.get_by_text("It is published.")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", pytest.param("desktop", marks=pytest.mark.full)])
def test_cap_a6_from_a_draft_to_two_editions(school: Served, visitors: Visitors, look: Look, size: str) -> None:
    """Each page by what it is for, and by what is on it for the one who reads it."""
    lea, rea = (sit_down(school, getattr(visitors, size)(), who) for who in ("lea", "rea"))
    unfinished = replace(LISTENS, levels=(replace(LEVELS[0], anchor=""), replace(LEVELS[1], label="Fail"), LEVELS[2]))
    draft_id = begun(school, a_rubric(a_criterion(), unfinished, translations=(SPANISH,)))
    lea.reload()
    look(lea, "the library")
    lea.goto(f"{school.url}/drafts/{draft_id}/publish")
    look(lea, "still to be done")
    lea.get_by_role("link", name="Criterion 2, Level 1, What is seen").click()
    written_at(lea, "criteria.listens.levels.1.anchor", LEVELS[0].anchor)
    lea.go_back()
    lea.get_by_role("link", name="Criterion 2, Level 2, Name").click()
    written_at(lea, "criteria.listens.levels.2.label", LEVELS[1].label)
    lea.goto(f"{school.url}/drafts/{draft_id}/publish")
    expect(lea.get_by_text("Still to be done")).to_have_count(0)
    lea.get_by_role("button", name="Ask for a review").click()
    expect(lea.get_by_text("Reviewers see it now")).to_be_visible()
    reviewed(school, rea, look)
    published(lea, look, "ready to be published")
    look(lea, "the first edition")
    lea.get_by_role("link", name="español").click()
    expect(lea.get_by_text("Ofrece una pausa")).to_be_visible()

    reworded = replace(LISTENS, statement="Lets the person finish", must_be_met=True)
    draft_id = begun(school, a_rubric(reworded, a_criterion(), translations=(SPANISH,)))
    lea.goto(f"{school.url}/drafts/{draft_id}/publish")
    lea.get_by_role("button", name="Ask for a review").click()
    reviewed(school, rea, look)
    lea.goto(f"{school.url}/drafts/{draft_id}/publish")
    published(lea, look, "ready once more")
    lea.get_by_role("link", name="All editions of this rubric").click()
    look(lea, "the editions")
    lea.get_by_role("link", name="What changed since edition 1").click()
    expect(lea.get_by_role("heading", level=1)).to_have_text("What changed from edition 1 to edition 2")
    expect(lea.get_by_text("Lets the person finish what they are saying")).to_be_visible()
    look(lea, "what changed")


def test_ux_a_review_that_is_not_sent_yet_is_asked_about_before_the_page_is_left(
    school: Served, visitors: Visitors
) -> None:
    """Staying keeps what was typed; "Leave this page" is never in the way of anyone."""
    draft_id = begun(school, a_rubric(LISTENS))
    drafts_page = f"{school.url}/drafts/{draft_id}"
    lea, rea = (sit_down(school, visitors.phone(), who) for who in ("lea", "rea"))
    lea.goto(f"{drafts_page}/publish")
    lea.get_by_role("button", name="Ask for a review").click()
    expect(lea.get_by_text("Reviewers see it now")).to_be_visible()
    rea.goto(f"{drafts_page}/review")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    rea.on("dialog", stay)
    rea.get_by_label("In your words").fill("Half a thought")
    rea.get_by_role("link", name="All rubrics").click()
    until(rea, lambda: asked)
    expect(rea.get_by_label("In your words")).to_have_value("Half a thought")
    assert asked == ["beforeunload"]
    rea.get_by_role("link", name="Leave this page").click()
    expect(rea.get_by_label("In your words")).to_have_count(0)
    assert asked == ["beforeunload"]
