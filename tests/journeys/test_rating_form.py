"""The rating form in a real browser: nothing typed is lost, on a phone, without scripts, by keyboard."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, Route, expect

from lti_tool.services.observations import observe
from tests.databases import SqliteFiles
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phones import Served, course_on_a_port, press, saved_line, step, strength_of
from tests.journeys.waiting import saving, until

ONE_MORE_WORD = """field => {
  field.value += " be.";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  location.reload();
}"""
"""With no time between the word and going, in which the device could keep it."""
SMALLEST = {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DARK = {"color_scheme": "dark"}


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


@pytest.fixture
def form(served: Served) -> str:
    """The address of a form that Jo has opened."""
    return f"/o/{served.course.begun()}/rate"


def test_a_phone_shows_one_thing_at_a_time_and_a_wide_screen_all(served: Served, form: str) -> None:
    phone = served.page("jo", form, **PHONE)
    expect(step(phone)).to_contain_text("First: a strength you saw")
    press(phone, "Next")
    expect(step(phone)).to_contain_text("1 of 8")
    press(phone, "Next")
    expect(step(phone)).to_contain_text("2 of 8")
    press(phone, "Back")
    expect(step(phone)).to_contain_text("1 of 8")
    assert phone.get_by_role("button", name="Look it over").is_hidden()
    wide = served.page("jo", form, **DESKTOP)
    expect(wide.locator(".step:visible")).to_have_count(10)
    assert wide.get_by_role("button", name="Next", exact=True).is_hidden()


def test_levels_are_rows_that_answer_to_a_thumb(served: Served, form: str) -> None:
    phone = served.page("jo", form, **PHONE)
    press(phone, "Next")
    for row in step(phone).locator(".choice").all():
        box = row.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    row = step(phone).locator(".choice").nth(1)
    row.click(position={"x": 300, "y": 5})
    expect(step(phone).get_by_role("radio", name="With prompting")).to_be_checked()


def test_ux_c1_what_is_typed_is_saved_by_itself_and_is_there_after_a_reload(served: Served, form: str) -> None:
    page = served.page("jo", form, **PHONE)
    page.get_by_label("What did Sam Example do that helped?").fill("Let the silence be.")
    expect(saved_line(page)).to_have_text("Saved with Attune at 09:00 AM")
    press(page, "Next")
    step(page).get_by_role("radio", name="With a reminder").check()
    with saving(page, "Asked where to sit."):
        step(page).get_by_label("What did you see or hear?").fill("Asked where to sit.")
        press(page, "Next")
        press(page, "Back")
    expect(saved_line(page)).to_have_text("Saved with Attune at 09:00 AM")
    page.reload()
    expect(step(page)).to_contain_text("1 of 8")
    expect(step(page).get_by_role("radio", name="With a reminder")).to_be_checked()
    expect(step(page).get_by_label("What did you see or hear?")).to_have_value("Asked where to sit.")


def test_what_is_typed_while_the_script_is_on_its_way_is_saved_too(served: Served, form: str) -> None:
    context = served.context("jo", **DESKTOP)
    page = context.new_page()
    held: list[Route] = []
    page.route("**/autosave.js*", lambda route: held.append(route))
    page.goto(f"{served.address}{form}", wait_until="commit")
    page.get_by_label("What did Sam Example do that helped?").fill("Let the silence be.")
    until(page, lambda: held)
    (route,) = held
    with page.expect_response("**/save") as saved:
        route.continue_()
    assert saved.value.ok


def test_leaving_asks_also_in_the_first_second_after_a_word(served: Served, form: str) -> None:
    page = served.page("jo", form, **PHONE)
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    strength = page.get_by_label("What did Sam Example do that helped?")
    strength.fill("Let the silence")
    strength.press("End")
    strength.evaluate(ONE_MORE_WORD)
    until(page, lambda: asked)
    expect(saved_line(page)).to_contain_text("Saved with Attune")
    assert asked == ["beforeunload"]
    expect(strength).to_have_value("Let the silence be.")


def test_what_is_not_saved_goes_out_at_once_when_the_page_is_put_away(served: Served, form: str) -> None:
    page = served.page("jo", form, **PHONE)
    page.evaluate("window.setTimeout = () => 0")  # in the background a timer may never ring
    page.get_by_label("What did Sam Example do that helped?").fill("Let the silence be.")
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', { value: 'hidden' });"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(saved_line(page)).to_contain_text("Saved with Attune")


def test_a_form_that_is_sent_waits_for_a_save_under_way(served: Served, form: str) -> None:
    context = served.context("jo", **DESKTOP)
    page = context.new_page()
    page.goto(f"{served.address}{form}")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    held: list[Route] = []
    context.route("**/save", lambda route: route.continue_() if held else held.append(route))
    strength = page.get_by_label("What did Sam Example do that helped?")
    strength.fill("Older words.")
    expect(saved_line(page)).to_have_text("Saving …")
    strength.fill("Newer words.")
    press(page, "Save")
    page.wait_for_timeout(500)
    assert [url.rpartition("/")[2] for url in posted] == ["save"]
    held[0].continue_()
    expect(page.get_by_text("Saved with Attune. You can come back")).to_be_visible()
    assert posted[-1].endswith("/rate")
    page.wait_for_timeout(200)
    page.reload()
    expect(strength).to_have_value("Newer words.")


def test_the_way_out_is_open_even_when_something_is_not_saved(served: Served, form: str) -> None:
    context = served.context("jo", **DESKTOP)
    page = context.new_page()
    page.goto(f"{served.address}{form}")
    context.route("**/save", lambda route: route.abort())
    context.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    page.get_by_label("What did Sam Example do that helped?").fill("Let the silence be.")
    expect(saved_line(page)).to_contain_text("Saved on this device")
    page.on("dialog", lambda dialog: pytest.fail("leaving was held up"))
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_text("elsewhere")).to_be_visible()


def test_a_form_that_was_shared_elsewhere_says_so_and_keeps_the_words_on_the_screen(served: Served) -> None:
    course = served.course
    observation_id = course.begun()
    page = served.page("jo", f"/o/{observation_id}/rate", **DESKTOP)
    observe.stop(course.world.session, course.world.visitor("jo"), observation_id, course.world.now)
    course.kept()
    strength = page.get_by_label("What did Sam Example do that helped?")
    strength.fill("Let the silence be.")
    expect(saved_line(page)).to_contain_text("Not saved. Your words are still here, and you can copy them.")
    expect(saved_line(page)).to_contain_text("This form is closed")
    expect(strength).to_have_value("Let the silence be.")


def test_without_scripts_the_same_form_saves_and_shares(served: Served, form: str) -> None:
    page = served.page("jo", form, java_script_enabled=False, **DESKTOP)
    expect(page.get_by_text("Press Save before you leave this page.")).to_be_visible()
    page.get_by_label("What did Sam Example do that helped?").fill("Let the silence be.")
    for group in page.locator(".step", has=page.get_by_label("What did you see or hear?")).all():
        group.get_by_role("radio", name="On their own", exact=True).check()
    for evidence in page.get_by_label("What did you see or hear?").all():
        evidence.fill("Waited, then asked.")
    press(page, "Save")
    expect(page.get_by_text("Saved with Attune. You can come back")).to_be_visible()
    press(page, "Look it over")
    press(page, "Share with Sam Example")
    expect(page.get_by_text("It is shared.")).to_be_visible()


def test_the_form_can_be_filled_in_by_keyboard_alone(served: Served, form: str) -> None:
    page = served.page("jo", form, **PHONE)
    page.get_by_label("What did Sam Example do that helped?").focus()
    page.keyboard.type("Let the silence be.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(step(page)).to_contain_text("1 of 8")
    page.keyboard.press("Tab")  # the guide
    page.keyboard.press("Tab")  # the levels
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(step(page).get_by_role("radio", name="With prompting")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Asked first.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(step(page)).to_contain_text("2 of 8")


def test_a_link_from_what_is_still_needed_opens_its_place(served: Served, form: str) -> None:
    page = served.page("jo", form.replace("/rate", "/share"), **PHONE)
    page.get_by_role("link", name="Listens more than they speak").click()
    expect(step(page)).to_contain_text("2 of 8")
    expect(step(page)).to_be_focused()


def test_a_trainees_words_are_saved_as_they_are_written(served: Served) -> None:
    page = served.page("sam", f"/o/{served.course.shared()}", **PHONE)
    words = page.get_by_role("textbox", name="Your words")
    words.fill("I was nervous.")
    expect(saved_line(page)).to_have_text("Saved with Attune at 09:00 AM")
    page.reload()
    expect(words).to_have_value("I was nervous.")
    press(page, "Look over my answer")
    expect(page.get_by_text("This is what others will read:")).to_be_visible()


@pytest.mark.parametrize("options", [SMALLEST, DESKTOP | DARK], ids=["320 px", "wide and dark"])
def test_every_page_fits_its_screen_and_is_accessible(
    served: Served, accessible: Callable[[Page | Frame], None], options: dict[str, object]
) -> None:
    course, home = served.course, served.course.home
    asked, begun, shared, answered, signed = (
        course.asked(), course.begun(), course.shared(), course.answered(), course.signed()
    )  # fmt: skip
    of_sam = (shared, f"{shared}/answer", f"{shared}/who", f"{shared}/withdraw", signed)
    of_jo = (f"{asked}/begin", f"{asked}/not-now", f"{asked}/decline")
    of_jo += (f"{begun}/rate", f"{begun}/share", f"{begun}/stop", f"{answered}/sign/peer")
    pages = {
        "sam": [home, f"{home}/ask", f"{home}/rubric", "/opened", *(f"/o/{path}" for path in of_sam)],
        "jo": [home, *(f"/o/{path}" for path in of_jo)],
        "ines": [home, f"{home}/people", f"{home}/gradebook", f"/o/{answered}"],
    }
    for who, paths in pages.items():
        context = served.context(who, **options)
        page = context.new_page()
        for path in paths:
            answer = page.goto(f"{served.address}{path}")
            assert answer is not None
            assert answer.status == 200, path
            for details in page.locator("details").all():
                details.evaluate("each => { each.open = true }")
            wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert wide <= room, f"{path} is {wide - room} px wider than the screen"
            accessible(page)
        context.close()


def test_a_form_with_something_still_needed_is_accessible_too(
    served: Served, accessible: Callable[[Page | Frame], None]
) -> None:
    page = served.page("sam", f"{served.course.home}/ask", **PHONE)
    press(page, "Ask, and agree to be observed")
    expect(page.get_by_role("alert")).to_contain_text("Please choose whom you would like to ask.")
    expect(page.get_by_role("alert")).to_be_focused()
    accessible(page)


def test_ux_s8_pausing_saves_first_and_going_on_finds_everything(
    served: Served, form: str, accessible: Callable[[Page | Frame], None], picture: Callable[[Page, str], None]
) -> None:
    page = served.page("jo", form, **PHONE)
    picture(page, "the form with pause and stop")
    strength_of(page).fill("Let the silence be.")
    press(page, "Pause")
    expect(page.locator("main")).to_contain_text("aused")
    accessible(page)
    picture(page, "paused")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("Go on|Resume|Continue")).first.click()
    page.goto(f"{served.address}{form}")
    expect(strength_of(page)).to_have_value("Let the silence be.")


def test_ux_e1_each_group_of_levels_is_named_by_its_own_criterion(served: Served, form: str) -> None:
    page = served.page("jo", form, **DESKTOP)
    expect(page.get_by_role("group", name=re.compile("Which help was needed today"))).to_have_count(8)
    group = page.get_by_role("group", name=re.compile("^Listens more than they speak.* Which help"))
    expect(group.get_by_role("radio")).not_to_have_count(0)


def test_ux_e1_a_whole_rating_is_written_by_keyboard_alone(served: Served, form: str) -> None:
    page = served.page("jo", form, **PHONE)
    strength_of(page).focus()
    page.keyboard.type("Let the silence be.")
    for number in range(1, 9):
        tab_to(page, "Next")
        page.keyboard.press("Enter")
        expect(step(page)).to_contain_text(f"{number} of 8")
        while page.evaluate("document.activeElement.type") != "radio":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("Asked first.")
    tab_to(page, "Next")
    page.keyboard.press("Enter")
    tab_to(page, "Look it over")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look it over: Sam Example")).to_be_visible()
    tab_to(page, "Share with Sam Example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is shared.")).to_be_visible()


def tab_to(page: Page, label: str) -> None:
    """Goes on with Tab until the button with this name has the focus."""
    for _time in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == label:
            return
    raise AssertionError(f"{label} is not reached by Tab")


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
        {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
        {
            "viewport": {"width": 320, "height": 568},
            "has_touch": True,
            "color_scheme": "dark",
            "reduced_motion": "reduce",
        },
    ],
    ids=["1280 px at 200 %", "1280 px at 400 %", "small, dark and without motion"],
)
def test_ux_e3_the_form_is_usable_at_every_zoom(
    served: Served, form: str, accessible: Callable[[Page | Frame], None], picture: Callable[[Page, str], None],
    options: dict[str, object],
) -> None:  # fmt: skip
    page = served.page("jo", form, **options)
    strength_of(page).fill("Let the silence be. Then Maria cried.")
    strength_of(page).dispatch_event("change")
    expect(saved_line(page)).to_contain_text("Saved with Attune")
    expect(page.locator(".hint:visible")).to_be_visible()
    press(page, "Next")
    step(page).get_by_role("radio", name="With a reminder").check()
    page.locator("summary", has_text="Guide").and_(page.locator(":visible")).first.click()
    accessible(page)
    picture(page, "zoomed")
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room
    press(page, "Close the guide")
    for button in page.locator(".step-buttons button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
