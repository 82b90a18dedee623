"""A bad line, a session that ended, a shared phone: what was written is on the device, locked, and gets to Attune."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lti_tool.services.entering import visitors
from lti_tool.services.observations import observe
from tests.databases import SqliteFiles
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.phones import NO_STORE, Served, course_on_a_port, press, saved_line, step, strength_of
from tests.journeys.waiting import until

WORDS = "Let the silence be."
EVERYTHING_KEPT = """async () => {
  const named = (await indexedDB.databases()).some(({ name }) => name === "attune-device");
  if (!named) return [];
  const database = await new Promise((done) => {
    const opening = indexedDB.open("attune-device");
    opening.onsuccess = () => done(opening.result);
  });
  const all = await new Promise((done) => {
    const asked = database.transaction("kept").objectStore("kept").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  database.close();
  const letters = (bytes) => String.fromCharCode(...new Uint8Array(bytes));
  return all.map((one) => JSON.stringify({ ...one, iv: letters(one.iv), locked: letters(one.locked) }));
}"""
A_DAY_LATER = """async () => {
  const database = await new Promise((done) => {
    const opening = indexedDB.open("attune-device");
    opening.onsuccess = () => done(opening.result);
  });
  await new Promise((done) => {
    const transaction = database.transaction("kept", "readwrite");
    const store = transaction.objectStore("kept");
    store.getAll().onsuccess = ({ target }) => {
      for (const one of target.result) store.put({ ...one, at: Date.now() - (20 * 60 + 1) * 60 * 1000 });
    };
    transaction.oncomplete = done;
  });
  database.close();
}"""


@pytest.fixture
def served(sqlite_files: SqliteFiles, tmp_path: Path, chromium: Browser) -> Iterator[Served]:
    with sqlite_files.fresh(tmp_path) as url, course_on_a_port(url, chromium) as served:
        yield served


@pytest.fixture
def form(served: Served) -> str:
    """The address of a form that Jo has opened."""
    return f"/o/{served.course.begun()}/rate"


def opened(served: Served, context: BrowserContext, path: str) -> Page:
    """The page, once it has the key of this device."""
    page = context.new_page()
    with page.expect_response("**/session/device-key*"):
        page.goto(f"{served.address}{path}")
    return page


def written_offline(served: Served, context: BrowserContext, path: str) -> Page:
    """Jo's form, with words that are on the device only."""
    page = opened(served, context, path)
    context.set_offline(True)
    strength_of(page).fill(WORDS)
    expect(saved_line(page)).to_contain_text("Saved on this device at")
    return page


def nothing_is_kept(page: Page) -> None:
    """The device holds nothing of anybody, at once or in a moment."""
    until(page, lambda: page.evaluate(EVERYTHING_KEPT) == [])


def leaving_asks(page: Page) -> list[str]:
    """Notes each question of the browser whether to leave; one stays."""
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return asked


def ends_the_session(served: Served, context: BrowserContext) -> None:
    course = served.course
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "attune")
    visitor = visitors.who_is_it(course.world.session, token, course.world.now)
    assert visitor is not None
    visitors.end(course.world.session, visitor, course.world.now)
    course.kept()


def test_ux_p3_without_a_connection_the_words_are_on_the_device_and_come_back_after_closing(
    served: Served, form: str
) -> None:
    context = served.context("jo", **PHONE)
    page = written_offline(served, context, form)
    (kept,) = page.evaluate(EVERYTHING_KEPT)
    assert "silence" not in kept
    page.close()
    context.set_offline(False)
    page = opened(served, context, form)
    expect(strength_of(page)).to_have_value(WORDS)
    expect(saved_line(page)).to_contain_text(
        "What was kept on this device only is in the form again. Saved with Attune"
    )
    nothing_is_kept(page)
    page.reload()
    expect(strength_of(page)).to_have_value(WORDS)


def test_ux_c1_back_on_the_line_the_open_page_sends_what_it_kept(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    page = written_offline(served, context, form)
    asked = leaving_asks(page)
    press(page, "Next")
    step(page).get_by_role("radio", name="With a reminder").check()
    page.locator("summary", has_text="Guide").first.click()
    press(page, "Close the guide")
    step(page).get_by_label("What did you see or hear?").fill("Asked where to sit.")
    expect(saved_line(page)).to_contain_text("It goes to Attune when there is a connection again.")
    context.set_offline(False)
    expect(saved_line(page)).to_contain_text("Saved with Attune")
    page.reload()
    assert asked == []
    expect(step(page).get_by_role("radio", name="With a reminder")).to_be_checked()
    expect(step(page).get_by_label("What did you see or hear?")).to_have_value("Asked where to sit.")
    nothing_is_kept(page)


def test_ux_p3_after_the_session_ended_signing_in_again_brings_the_words_to_attune(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    page = opened(served, context, form)
    ends_the_session(served, context)
    strength_of(page).fill(WORDS)
    expect(saved_line(page)).to_contain_text("You are signed out: come in again on this device within 20 hours")
    page.close()
    served.sign_in(context, "jo")
    page = opened(served, context, form)
    expect(strength_of(page)).to_have_value(WORDS)
    expect(saved_line(page)).to_contain_text("Saved with Attune")


def test_looking_it_over_without_a_connection_stays_and_says_what_to_do(served: Served, form: str) -> None:
    context = served.context("jo", **DESKTOP)
    page = opened(served, context, form)
    context.set_offline(True)
    press(page, "Look it over")
    expect(saved_line(page)).to_contain_text("There is no connection just now. What you wrote is saved")
    page.get_by_role("link", name="Stop", exact=True).click()
    strength_of(page).fill(WORDS)
    expect(saved_line(page)).to_contain_text("Saved on this device at")
    press(page, "Look it over")
    expect(strength_of(page)).to_have_value(WORDS)
    context.set_offline(False)
    press(page, "Look it over")
    expect(page.get_by_role("heading", name="Look it over: Sam Example")).to_be_visible()


def newer_words_are_with_attune(served: Served, form: str, words: str) -> None:
    course = served.course
    change = observe.Change(strength=words, growth=None, next_step=None, ratings={})
    observation_id = UUID(form.split("/")[2])
    observe.save(course.world.session, course.world.visitor("jo"), observation_id, change, course.world.now)
    course.kept()


@pytest.mark.parametrize("closed", [True, False], ids=["after closing", "on the open page"])
def test_newer_words_with_attune_are_shown_beside_those_of_the_device_and_nothing_is_written_over(
    served: Served, form: str, accessible, picture, closed: bool
) -> None:
    context = served.context("jo", **PHONE)
    page = written_offline(served, context, form)
    newer_words_are_with_attune(served, form, "Asked before helping.")
    if closed:
        page.close()
        context.set_offline(False)
        page = opened(served, context, form)
    else:
        context.set_offline(False)
    versions = page.locator(".two-versions")
    expect(versions).to_contain_text("First: a strength you saw: What did Sam Example do that helped?")
    expect(versions).to_contain_text(WORDS)
    expect(versions).to_contain_text("Asked before helping.")
    expect(strength_of(page)).to_have_value("Asked before helping.")
    accessible(page)
    picture(page, "two versions")
    page.wait_for_timeout(1500)
    page.reload()  # the choice waits
    expect(strength_of(page)).to_have_value("Asked before helping.")
    press(page, "Take the one on this device" if closed else "Keep the one with Attune")
    expect(versions).to_have_count(0)
    expect(strength_of(page)).to_have_value(WORDS if closed else "Asked before helping.")
    if closed:
        expect(saved_line(page)).to_contain_text("Saved with Attune")
    nothing_is_kept(page)


def test_another_person_on_the_same_phone_reads_nothing_of_it(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    written_offline(served, context, form).close()
    context.set_offline(False)
    served.sign_in(context, "amara")
    page = context.new_page()
    page.goto(f"{served.address}/waiting")
    (kept,) = page.evaluate(EVERYTHING_KEPT)
    assert "silence" not in kept
    keys = page.evaluate(
        "fetch('/session/device-key?mark=' + document.body.dataset.mark).then((answer) => answer.json())"
    )
    assert all(one["mark"] not in kept for one in keys["keys"])
    page.close()
    served.sign_in(context, "jo")
    expect(strength_of(opened(served, context, form))).to_have_value(WORDS)


def test_ux_p3_after_twenty_hours_any_page_takes_away_what_anybody_left(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    page = written_offline(served, context, form)
    page.close()
    context.set_offline(False)
    served.sign_in(context, "amara")
    page = context.new_page()
    page.goto(f"{served.address}/waiting")
    page.evaluate(A_DAY_LATER)
    page.reload()
    nothing_is_kept(page)


def test_signing_out_says_that_something_waits_on_the_device(served: Served, form: str, accessible, picture) -> None:
    context = served.context("jo", **PHONE)
    written_offline(served, context, form).close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{served.address}/waiting")
    press(page, "Sign out")
    expect(page.get_by_text("Some of what you wrote is on this device only.")).to_be_visible()
    accessible(page)
    picture(page, "signing out with words on the device")
    press(page, "Stay signed in")
    press(page, "Sign out")
    press(page, "Sign out all the same")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    (kept,) = page.evaluate(EVERYTHING_KEPT)
    assert "silence" not in kept


def test_with_nothing_on_the_device_signing_out_asks_nothing(served: Served, form: str) -> None:
    page = opened(served, served.context("jo", **PHONE), form)
    press(page, "Sign out")
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_where_a_browser_keeps_nothing_the_page_says_so_and_leaving_asks_first(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    context.add_init_script(NO_STORE)
    page = context.new_page()
    page.goto(f"{served.address}{form}")
    context.set_offline(True)
    strength_of(page).fill(WORDS)
    expect(saved_line(page)).to_contain_text("Not saved yet")
    expect(saved_line(page)).to_contain_text("keeps nothing on the device")
    asked = leaving_asks(page)
    page.evaluate("location.reload()")
    until(page, lambda: asked)
    assert asked == ["beforeunload"]
    expect(strength_of(page)).to_have_value(WORDS)
    context.set_offline(False)
    expect(saved_line(page)).to_contain_text("Saved with Attune")


def test_ux_c1_a_trainees_words_are_kept_on_the_device_too(served: Served) -> None:
    context = served.context("sam", **PHONE)
    path = f"/o/{served.course.shared()}"
    page = opened(served, context, path)
    context.set_offline(True)
    page.get_by_role("textbox", name="Your words").first.fill("I was nervous.")
    expect(saved_line(page).first).to_contain_text("Saved on this device at")
    page.close()
    context.set_offline(False)
    page = opened(served, context, path)
    expect(page.get_by_role("textbox", name="Your words").first).to_have_value("I was nervous.")
    expect(saved_line(page).first).to_contain_text("Saved with Attune")


def test_p13_leaving_the_page_leaves_nothing_that_can_be_read(served: Served, form: str) -> None:
    context = served.context("jo", **PHONE)
    page = written_offline(served, context, form)
    context.set_offline(False)
    context.route("**/save", lambda route: route.abort())
    context.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    page.get_by_role("link", name="Leave this page").click()
    expect(page.get_by_text("elsewhere")).to_be_visible()
    page.goto(f"{served.address}/support")
    (kept,) = page.evaluate(EVERYTHING_KEPT)
    assert "silence" not in kept
