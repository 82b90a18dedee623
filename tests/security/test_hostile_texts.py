"""What people, platforms and files say is text on every page, and never a script."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Route

from rubrics.sign_off import Lane
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.test_every_page import IN_COURSE, OF_OBSERVATION, PEOPLE
from tests.security.hostile import HOSTILE, MARK, SPELLED, observed, written_over

pytestmark = pytest.mark.slow

ELSEWHERE = (
    "/waiting", "/opened", "/contact", "/signatures", "/messages", "/messages/sent", "/record", "/support", "/merge",
    "/ledger", "/evidence", "/journal", "/frameworks", "/library", "/signing-code?back=/waiting",
)  # fmt: skip


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3)
    written_over(course)
    return course


def paths_of(course: Course) -> list[str]:
    found = [f"{course.home}{path}" for path in IN_COURSE]
    for observation_id in observed(course).values():
        found += [f"/o/{observation_id}{path}" for path in OF_OBSERVATION]
    return [*found, *ELSEWHERE]


def opened(course: Course, people: tuple[str, ...] = PEOPLE, *, one_in: int = 1) -> Iterator[tuple[str, str, str]]:
    """Who, what address, and the page; of the addresses one in so many."""
    paths = paths_of(course)[::one_in]
    for who in people:
        for path in paths:
            answer = course.browser(who).get(path)
            assert answer.status_code < 500, (who, path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield who, path, answer.text


def test_sec_14_what_people_and_platforms_wrote_stays_text_on_every_page(course: Course) -> None:
    pages = list(opened(course))
    assert sum(MARK in page for _who, _path, page in pages) > 50
    found = [(who, path, part) for who, path, page in pages for part in SPELLED if part in page]
    assert not found
    assert not [(who, path) for who, path, page in pages if ">49<" in page or ">49'" in page]


def test_sec_14_a_form_that_comes_back_and_an_error_show_it_as_text(course: Course) -> None:
    sam = course.browser("sam")
    for path in (f"/o/{course.asked()}/withdraw", "/contact/address", f"{course.home}/ask", "/trouble"):
        answer = sam.act(path, key="a-key-of-one-form-9", address=HOSTILE, note=HOSTILE, words=HOSTILE, code=HOSTILE)
        assert not [part for part in SPELLED if part in answer.text], path


@pytest.mark.browser
@pytest.mark.parametrize("one_in", [7, pytest.param(1, marks=pytest.mark.full)], ids=["a sample", "all"])
def test_sec_14_in_a_browser_nothing_of_it_runs(course: Course, chromium: Chromium, one_in: int) -> None:
    """Also without the policy of scripts, which would stop what came through."""
    paths = {(who, path) for who, path, page in opened(course, ("jo", "sam"), one_in=one_in) if MARK in page}
    ran: list[str] = []
    context = chromium.new_context()
    page = context.new_page()
    page.expose_function("hit", lambda: ran.append(page.url))
    page.on("dialog", lambda dialog: dialog.dismiss())
    sitting = {"who": ""}

    def answered(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname != HOST or route.request.method != "GET":
            route.abort()
            return
        answer = course.browser(sitting["who"]).get(f"{parts.path}?{parts.query}")
        headers = {name: value for name, value in answer.headers if not name.startswith("Content-Security")}
        body = answer.get_data()
        answer.close()
        route.fulfill(status=answer.status_code, headers=headers, body=body)

    page.route("**/*", answered)
    for who, path in sorted(paths):
        sitting["who"] = who
        page.goto(f"https://{HOST}{path}", wait_until="load")
        assert page.evaluate("typeof window.hit") == "function"
        assert page.locator("img[src='x']").count() == 0, path
    context.close()
    assert len(paths) > (20 if one_in == 1 else 4)
    assert not ran
