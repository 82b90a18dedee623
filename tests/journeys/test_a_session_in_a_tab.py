"""A session that no cookie carries: it lives in one tab, through pages, forms, the history and loading again."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect
from sqlalchemy import select

from lti_tool.services.authoring import author
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import SessionRow
from lti_tool.store.platforms import RegistrationRow
from rubrics.sign_off import Lane
from tests.journeys.frames import (
    PATIENT,
    STORAGE_ONLY,
    frame_of,
    launch,
    load_again,
    sees,
    sessions_in_tabs,
    to_support,
)
from tests.journeys.phones import NO_STORE
from tests.journeys.sites import Sites
from tests.journeys.waiting import until
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, TRAINEE, World

Opened = Callable[..., BrowserContext]


@pytest.fixture
def tab(place: Sites, browser_with: Opened) -> tuple[BrowserContext, World]:
    """No cookies in frames, but a tab's own storage; and a course in which Jo has begun to observe Sam."""
    place.cookies.in_frames = False
    with place.app.extensions["attune"].sessions.writing.begin() as session:
        registration = session.scalars(select(RegistrationRow)).one()
        now = datetime.now(UTC)
        world = World(session, now, registration.organization_id, registration.id)
        course_id = world.enter("ines", INSTRUCTOR).course_id
        assert course_id is not None
        version_id = version_of(session, registration.organization_id)
        choice = author.ActivityChoice(version_id=version_id, title="Warm line")
        ines = world.visitor("ines", INSTRUCTOR)
        world.activity_id = author.place_activity(session, ines, course_id, choice, now=now)
        for who, roles in (("jo", ASSISTANT), ("sam", TRAINEE)):
            world.visitor(who, roles)
        world.grant(world.visitor("jo"), Lane.PEER)
        world.begin()
    context = browser_with(STORAGE_ONLY)
    context.add_init_script(PATIENT)
    return context, world


def as_jo(context: BrowserContext, place: Sites, world: World) -> Page:
    return launch(context, place, "Waiting for you", person="jo", activity=str(world.activity_id))


def test_p15_a_tab_walks_through_pages_forms_history_and_loading_again(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    tool = page.frame_locator("[name=tool]")
    assert sessions_in_tabs(place)[-1] is True

    tool.get_by_role("link", name="Continue").first.click()
    sees(page, "Observing Sam Example")
    rating = frame_of(page).url
    assert re.search(r"/o/[0-9a-f-]{36}/rate$", rating)
    expect(tool.get_by_role("heading", level=1)).to_be_focused()
    assert frame_of(page).evaluate("document.title") == "Observing Sam Example · Attune"

    words = "You waited, and then you asked."
    tool.get_by_label("What did Sam Example do that helped?").fill(words)
    expect(tool.locator("[data-saved-line]")).to_contain_text("Saved")

    load_again(page)
    sees(page, "Observing Sam Example")
    expect(tool.get_by_label("What did Sam Example do that helped?")).to_have_value(words)
    assert frame_of(page).url == rating

    page.evaluate("history.back()")
    sees(page, "Waiting for you")
    page.evaluate("history.forward()")
    sees(page, "Observing Sam Example")


def test_a_file_is_saved_under_its_name_and_the_page_stays(place: Sites, tab: tuple[BrowserContext, World]) -> None:
    context, world = tab
    with place.app.extensions["attune"].sessions.writing.begin() as session:
        row = session.scalars(select(ObservationRow)).one()
        row.starts_at, row.ends_at = world.now, world.now + timedelta(hours=1)
        address = f"/o/{row.id}/time.ics"
    page = as_jo(context, place, world)
    before = frame_of(page).url
    with page.expect_download() as saved:
        frame_of(page).evaluate(
            """(address) => {
              const link = Object.assign(document.createElement("a"), { href: address, textContent: "Calendar file" });
              document.querySelector("main").append(link);
              link.click();
            }""",
            address,
        )
    assert saved.value.suggested_filename == "appointment.ics"
    assert saved.value.path().read_text().startswith("BEGIN:VCALENDAR")
    sees(page, "Waiting for you")
    assert frame_of(page).url == before


def test_p15_no_address_ever_holds_the_tabs_secret(place: Sites, tab: tuple[BrowserContext, World]) -> None:
    context, world = tab
    addresses: list[str] = []
    context.on("request", lambda request: addresses.append(request.url))
    page = as_jo(context, place, world)
    secret = json.loads(frame_of(page).evaluate("sessionStorage.getItem('attune-tab')"))["secret"]
    page.frame_locator("[name=tool]").get_by_role("link", name="Continue").first.click()
    sees(page, "Observing Sam Example")
    load_again(page)
    sees(page, "Observing Sam Example")
    assert not [address for address in addresses if secret in address]
    assert [address for address in addresses if "/tab/" in address]


def test_a_form_that_needs_more_is_shown_again_and_one_that_is_done_leads_on(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    context, world = tab
    page = launch(context, place, "Good to see you, Noor", person="noor", activity=str(world.activity_id))
    tool = page.frame_locator("[name=tool]")
    tool.get_by_role("link", name="Ask for an observation").first.click()
    sees(page, "Ask for an observation")
    asking = frame_of(page).url
    tool.get_by_role("button", name="Ask, and agree to be observed").click()
    expect(tool.get_by_role("alert")).to_contain_text("Please choose whom you would like to ask.")
    expect(tool.get_by_role("alert")).to_be_focused()
    assert frame_of(page).url == asking
    for label in ("Jo Example", "Live", "No"):
        tool.locator(".choice", has=page.get_by_text(label, exact=True)).locator("label").click()
    tool.get_by_role("button", name="Ask, and agree to be observed").click()
    expect(tool.get_by_text("Your request is on its way.")).to_be_visible()
    page.evaluate("history.back()")
    sees(page, "Ask for an observation")


def test_what_is_chosen_in_a_tab_reaches_the_lms_also_after_loading_again(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    """The answer is a form to another site: the first document's policy must let it go there."""
    context, _world = tab
    page = launch(context, place, "Add", person="ines", picks="1")
    tool = page.frame_locator("[name=tool]")
    load_again(page)
    sees(page, "Add")
    tool.get_by_role("link", name="Observed practice").first.click()
    tool.get_by_label("Title").fill("Chosen in a tab")
    tool.get_by_role("radio", name="peer support").first.check()
    tool.get_by_role("button", name="Add to the course").click()
    sees(page, "Added: Chosen in a tab")


def test_another_person_in_the_same_tab_takes_its_place(place: Sites, tab: tuple[BrowserContext, World]) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    before = frame_of(page).evaluate("sessionStorage.getItem('attune-tab')")
    place.cookies.in_frames = True
    page.goto(f"{place.lms.origin}/course?person=sam")
    sees(page, "Good to see you, Sam")
    assert before is not None
    until(page, lambda: frame_of(page).evaluate("sessionStorage.getItem('attune-tab') === null"))


def test_words_that_are_not_saved_yet_are_asked_about_before_the_page_goes(
    place: Sites,
    tab: tuple[BrowserContext, World],
    picture: Callable[[Page, str], None],
    accessible: Callable[[Page | Frame], None],
) -> None:
    context, world = tab
    context.add_init_script(NO_STORE)  # what is kept on the device is not lost, and nothing is asked
    page = as_jo(context, place, world)
    tool = page.frame_locator("[name=tool]")
    tool.get_by_role("link", name="Continue").first.click()
    context.route("**/save", lambda route: route.abort())
    helped = tool.get_by_label("What did Sam Example do that helped?")
    helped.fill("You waited.")
    expect(tool.locator("[data-saved-line]")).to_contain_text("Not saved yet")
    to_support(tool)
    stay = tool.get_by_role("button", name="Stay on this page")
    expect(stay).to_be_visible()
    accessible(frame_of(page))
    picture(page, "Words are not saved yet")
    stay.click()
    expect(helped).to_have_value("You waited.")
    context.unroute("**/save")
    helped.fill("You waited. Then you asked.")
    expect(tool.locator("[data-saved-line]")).to_contain_text("Saved")
    to_support(tool)
    sees(page, "Support")


def test_a_server_that_does_not_answer_costs_neither_the_page_nor_the_words(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    tool = page.frame_locator("[name=tool]")
    context.route("**/support", lambda route: route.abort())
    to_support(tool)
    expect(tool.get_by_role("alert")).to_contain_text("did not answer just now")
    context.unroute("**/support")
    to_support(tool)
    sees(page, "Support")


def test_a_script_that_the_pages_own_policy_would_stop_is_not_run(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    planted = '<script src="/static/planted.js?{0}" nonce="{1}"></script>'
    html = f"""<title>Support</title><main id="main"><h1>Support</h1></main><a id="leave"></a>
    {planted.format("good", "its-own-nonce")}{planted.format("without", "")}{planted.format("wrong", "another")}
    <img src="data:," onerror="parent.ran = 'inline'">"""
    headers = {"Content-Type": "text/html", "Content-Security-Policy": "script-src 'nonce-its-own-nonce'"}
    context.route("**/support", lambda route: route.fulfill(body=html, headers=headers))
    ran = "window.ran = [...(window.ran ?? []), new URL(import.meta.url).search]"
    context.route("**/planted.js*", lambda route: route.fulfill(body=ran, content_type="text/javascript"))
    to_support(page.frame_locator("[name=tool]"))
    sees(page, "Support")
    until(page, lambda: frame_of(page).evaluate("window.ran"))
    page.wait_for_timeout(500)  # for those that may not run
    assert frame_of(page).evaluate("window.ran") == ["?good"]


def test_a_session_that_has_ended_says_so_and_is_not_tried_again(
    place: Sites, tab: tuple[BrowserContext, World]
) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    with place.app.extensions["attune"].sessions.writing.begin() as session:
        for row in session.scalars(select(SessionRow)):
            row.ended_at = datetime.now(UTC)
    page.frame_locator("[name=tool]").get_by_role("link", name="Continue").first.click()
    sees(page, "Please come in again")
    until(page, lambda: frame_of(page).evaluate("sessionStorage.getItem('attune-tab') === null"))
    load_again(page)
    sees(page, "Please come in again")


def test_the_way_out_works_in_a_tab_as_anywhere(place: Sites, tab: tuple[BrowserContext, World]) -> None:
    context, world = tab
    page = as_jo(context, place, world)
    to_support(page.frame_locator("[name=tool]"))
    sees(page, "Support")
    frame = frame_of(page)
    page.clock.set_fixed_time(datetime.now(UTC))  # however slow this machine is, the presses come one after the other
    frame.locator("main").focus()
    page.keyboard.press("Shift")
    expect(frame.locator("#leave-said")).to_have_text(re.compile("twice more"))
    context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="<h1>Elsewhere</h1>"))
    for _time in range(2):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.wikipedia.org/")
