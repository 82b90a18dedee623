"""Writing a rubric in a real browser: on a phone, by keyboard, by dragging, two authors at once, offline and back."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, expect
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from lti_tool.access import Capability
from lti_tool.app import create_app
from lti_tool.services import organizations
from lti_tool.services.authoring import drafts
from lti_tool.services.entering import visitors
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.sign_off import Assurance
from rubrics.translation import Translation
from tests.conftest import Clock
from tests.databases import SECRET, SqliteFiles
from tests.journeys.conftest import DESKTOP
from tests.journeys.waiting import PATIENCE_MS, saving, until
from tests.living import HOST, free_port
from tests.rubrics.making import a_criterion, a_rubric

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
SMALLEST = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
FIRST = a_criterion().statement


@dataclass(frozen=True, slots=True)
class Desk:
    """A draft on a real port, and browsers for its authors; scripts must run without any error."""

    sessions: sessionmaker[Session]
    address: str
    browser: Browser
    organization_id: UUID
    draft_id: UUID
    problems: list[str]

    @property
    def home(self) -> str:
        return f"/drafts/{self.draft_id}"

    def context(self, who: str, **options: object) -> BrowserContext:
        """A browser in which this program lead is signed in."""
        with self.sessions.begin() as session:
            person = PersonRow(id=new_id(), organization_id=self.organization_id, name=who, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(
                GrantRow(
                    id=new_id(), organization_id=self.organization_id, person_id=person.id,
                    capability=Capability.PROGRAM_LEAD, granted_at=NOW,
                )
            )  # fmt: skip
            token = visitors.open_session(
                session, organization_id=self.organization_id, person_id=person.id, assurance=Assurance.LINK_WITH_CODE,
                now=NOW,
            )  # fmt: skip
        context = self.browser.new_context(locale="en-US", timezone_id="UTC", **options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.add_cookies([{"name": "attune", "value": token, "url": self.address}])
        return context

    def page(self, who: str, path: str = "", **options: object) -> Page:
        """A page of the draft."""
        page = self.context(who, **options).new_page()
        page.goto(f"{self.address}{self.home}{path}")
        return page

    def statements(self) -> list[str]:
        """The draft's criteria as they stand."""
        with self.sessions() as session:
            found = drafts.draft(session, self.organization_id, self.draft_id)
        return [criterion.statement for criterion in found.rubric.criteria]


@pytest.fixture
def desk(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    address = f"http://{HOST}:{free_port()}"
    with sqlite_files.fresh(tmp_path) as url:
        app = create_app(
            Settings(database_url=url, public_url=address, secret_keys=(SECRET,), lab=True), clock=Clock(NOW)
        )
        engine = open_engine(url, (SECRET,))
        server = make_server(HOST, int(address.rpartition(":")[2]), app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        sessions = open_sessions(engine)
        with sessions.begin() as session:
            organization_id = organizations.organization_named(session, "School", NOW)
            criteria = (a_criterion(), *(a_criterion(f"c{number}", statement=f"Does {number}") for number in (1, 2, 3)))
            rubric = a_rubric(*criteria, translations=(Translation(language="es", title="Una conversación"),))
            draft_id = drafts.begin(session, drafts.Author(organization_id, None), rubric, NOW)
        problems: list[str] = []
        yield Desk(sessions, address, chromium, organization_id, draft_id, problems)

        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["attune"].sessions.engine.dispose()
        engine.dispose()
        assert not problems, "\n".join(problems)


def saved_line(page: Page) -> Locator:
    return page.locator("[data-saved-line]")


def statement(page: Page) -> Locator:
    return page.get_by_label("What can be seen or heard", exact=True)


def saved(page: Page) -> None:
    expect(saved_line(page)).to_have_text("Saved with Attune at 09:00 AM")


def test_a_small_rubric_is_written_on_a_phone_and_a_change_taken_back(desk: Desk) -> None:
    page = desk.page("Lea", **PHONE)
    page.goto(f"{desk.address}/rubrics/new")
    page.get_by_label("Title").fill("Warm line, one call")
    page.get_by_label("What it is for").fill("For a call of up to half an hour.")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Warm line, one call")
    page.get_by_label("What can be seen or heard").fill("Asks before giving advice")
    page.get_by_role("button", name="Add it", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asks before giving advice")
    page.get_by_label("What is seen, and which help was needed").first.fill("The observer asked instead.")
    saved(page)
    page.get_by_role("checkbox", name="Relational").check()
    with saving(page, "choice"):
        page.get_by_role("checkbox", name="choice", exact=True).check()
    saved(page)
    page.reload()
    expect(page.get_by_label("What is seen, and which help was needed").first).to_have_value(
        "The observer asked instead."
    )
    expect(page.get_by_role("checkbox", name="choice", exact=True)).to_be_checked()
    page.get_by_role("button", name="Undo my last change").first.click()
    expect(page.get_by_text("Your last change is taken back.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="choice", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Do it again").first.click()
    expect(page.get_by_role("checkbox", name="choice", exact=True)).to_be_checked()


def test_criteria_are_reordered_by_keyboard_alone(desk: Desk) -> None:
    page = desk.page("Lea", **DESKTOP)
    down = page.get_by_role("button", name=re.compile(f"Down.*{FIRST}"))
    down.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("[data-reordered]")).to_have_text("Now at place 3 of 4.")
    expect(down).to_be_focused()
    until(page, lambda: desk.statements() == ["Does 1", "Does 2", FIRST, "Does 3"])
    page.reload()
    page.get_by_role("button", name="Undo my last change").first.click()
    expect(page.get_by_text("Your last change is taken back.")).to_be_visible()
    assert desk.statements() == ["Does 1", FIRST, "Does 2", "Does 3"]


def test_criteria_are_reordered_by_dragging(desk: Desk) -> None:
    page = desk.page("Lea", **DESKTOP)
    first, third = (page.locator("[data-handle]").nth(at).bounding_box() for at in (0, 2))
    assert first is not None
    assert third is not None
    page.mouse.move(first["x"] + 20, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(third["x"] + 20, third["y"] + 20, steps=8)
    page.mouse.move(third["x"] + 20, third["y"] + 110, steps=4)
    with page.expect_response("**/place"):
        page.mouse.up()
    assert desk.statements() == ["Does 1", "Does 2", FIRST, "Does 3"]
    expect(page.locator("[data-criterion] .row-name")).to_have_text(["Does 1", "Does 2", FIRST, "Does 3"])


def meet(desk: Desk, **options: object) -> tuple[Page, Page]:
    """Lea writes at what Jo changed since she opened it."""
    lea, jo = desk.page("Lea", "/criteria/pauses", **options), desk.page("Jo", "/criteria/pauses", **DESKTOP)
    statement(jo).fill("Jo's words")
    saved(jo)
    statement(lea).fill("Lea's words")
    expect(lea.get_by_text("Changed by Jo since you opened it.")).to_be_visible()
    expect(lea.locator(".changed .words")).to_have_text("Jo's words")
    expect(statement(lea)).to_have_value("Lea's words")
    assert desk.statements()[0] == "Jo's words"
    return lea, jo


def test_two_authors_at_one_place_see_both_texts_and_one_keeps_theirs(desk: Desk) -> None:
    lea, _jo = meet(desk, **PHONE)
    expect(saved_line(lea)).to_contain_text("except what is marked")
    lea.get_by_role("button", name="Keep mine").click()
    saved(lea)
    expect(lea.get_by_text("Changed by Jo since you opened it.")).to_be_hidden()
    assert desk.statements()[0] == "Lea's words"


def test_two_authors_at_one_place_see_both_texts_and_one_takes_the_others(desk: Desk) -> None:
    lea, _jo = meet(desk, **DESKTOP)
    lea.get_by_role("button", name="Take theirs").click()
    expect(statement(lea)).to_have_value("Jo's words")
    expect(lea.get_by_text("Changed by Jo since you opened it.")).to_be_hidden()
    lea.reload()
    expect(statement(lea)).to_have_value("Jo's words")


def test_without_scripts_two_authors_see_both_texts_too(desk: Desk) -> None:
    lea = desk.page("Lea", "/criteria/pauses", java_script_enabled=False, **DESKTOP)
    jo = desk.page("Jo", "/criteria/pauses", **DESKTOP)
    statement(jo).fill("Jo's words")
    saved(jo)
    statement(lea).fill("Lea's words")
    lea.get_by_role("button", name="Save", exact=True).click()
    expect(lea.get_by_text("Changed by Jo since you opened it.")).to_be_visible()
    expect(statement(lea)).to_have_value("Lea's words")
    lea.get_by_role("button", name="Keep mine").click()
    expect(lea.get_by_text("Saved with Attune.")).to_be_visible()
    assert desk.statements()[0] == "Lea's words"


def test_while_attune_cannot_be_reached_nothing_is_lost(desk: Desk) -> None:
    context = desk.context("Lea", **PHONE)
    page = context.new_page()
    page.goto(f"{desk.address}{desk.home}/criteria/pauses")
    context.set_offline(True)
    statement(page).fill("Words of a tunnel")
    expect(saved_line(page)).to_contain_text("Not saved yet")
    context.set_offline(False)
    saved(page)
    assert desk.statements()[0] == "Words of a tunnel"


def test_an_answer_that_never_came_is_no_other_author(desk: Desk) -> None:
    context = desk.context("Lea", **DESKTOP)
    page = context.new_page()
    page.goto(f"{desk.address}{desk.home}/criteria/pauses")

    def lose(route: object) -> None:
        route.fetch()
        route.abort()

    context.route("**/save", lose)
    statement(page).fill("One")
    expect(saved_line(page)).to_contain_text("Not saved yet")
    context.unroute("**/save")
    statement(page).fill("One and two")
    saved(page)
    expect(page.locator(".changed")).to_have_count(0)
    assert desk.statements()[0] == "One and two"


def test_what_is_looked_at_again_stands_beside_its_field(desk: Desk) -> None:
    page = desk.page("Lea", "/criteria/pauses", **DESKTOP)
    statement(page).fill("Understands the person")
    expect(page.locator("[id='below-criteria.pauses.statement'] .advice li").first).to_be_visible()
    statement(page).fill("Offers a pause")
    expect(page.locator("[id='below-criteria.pauses.statement'] .advice li")).to_have_count(0)


@pytest.mark.parametrize("options", [SMALLEST, DESKTOP | {"color_scheme": "dark"}], ids=["320 px", "wide and dark"])
def test_every_page_fits_its_screen_and_is_accessible(
    desk: Desk, accessible: Callable[[Page | Frame], None], options: dict[str, object]
) -> None:
    page = desk.page("Lea", **options)
    page.get_by_role("button", name=re.compile("Duplicate.*Does 1")).click()
    for path in ("", "/criteria/pauses", "/translations/es", "/translations/es/pauses", "/history"):
        page.goto(f"{desk.address}{desk.home}{path}")
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = "[...document.querySelectorAll('main .btn')].filter(({offsetHeight: high}) => high && high < 44)"
        assert page.evaluate(f"{small}.length") == 0, path
