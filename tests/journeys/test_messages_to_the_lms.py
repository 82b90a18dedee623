"""What our scripts say to the LMS around a frame, and which answers they believe: small pages, no server."""

import json
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from lti_tool.paths import STATIC
from tests.journeys.conftest import Visitors
from tests.journeys.waiting import patient, until

LMS, TOOL, STRANGER = "https://lms.test", "https://tool.test", "https://stranger.test"
PARENT = """<!doctype html><title>LMS</title>
<iframe name="tool" src="{tool}/frame"></iframe>
<script>
  const heard = [];
  const how = {how};
  addEventListener("message", ({{ data, source, origin }}) => {{
    heard.push({{ ...data, origin }});
    if (data.subject === "lti.capabilities") return; // as Moodle does
    const answer = {{
      subject: `${{data.subject}}.response`, message_id: data.message_id, key: data.key, value: data.value ?? "kept",
      ...how.answer,
    }};
    source.postMessage(answer, origin);
  }});
</script>"""
FRAME = """<!doctype html><title>Attune</title><body data-platform="{platform}">
<script type="module" src="/static/frame.js"></script>
<script type="module">
  import {{ get, put }} from "/static/platform_storage.js";
  window.put = (key, value) => put({{ platform: "{platform}", target: "_parent" }}, key, value);
  window.get = (key) => get({{ platform: "{platform}", target: "_parent" }}, key);
</script>"""
ERRORS = ("storage_exhaustion", "unsupported_subject", "wrong_origin", "bad_request")


def opened(page: Page, *, platform: str = LMS, **how: Any) -> Frame:
    """The frame of a page of ours in a page of the LMS, which answers as told."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(TOOL)
        if path.startswith("/static/"):
            name = path.removeprefix("/static/").partition("?")[0]
            route.fulfill(body=(STATIC / name).read_text(encoding="utf-8"), content_type="text/javascript")
        elif path == "/frame":
            route.fulfill(body=FRAME.format(platform=platform), content_type="text/html")
        else:
            route.fulfill(body=PARENT.format(tool=TOOL, how=json.dumps(how)), content_type="text/html")

    page.route("**/*", answer)
    page.goto(f"{LMS}/course")
    frame = page.frame("tool")
    assert frame
    until(page, lambda: frame.evaluate("window.put !== undefined"))
    return frame


def heard(page: Page, subject: str) -> list[dict[str, Any]]:
    """The messages of this kind that came to the LMS's page."""
    return [message for message in page.evaluate("heard") if message["subject"] == subject]


def test_an_answer_as_it_should_be_is_believed(visitors: Visitors) -> None:
    page = visitors.desktop()
    page.add_init_script(patient(1500))
    frame = opened(page)
    assert frame.evaluate("put('k', 'v')") is True
    assert frame.evaluate("get('k')") == "kept"


@pytest.mark.parametrize("code", ERRORS)
def test_lti_p05_an_answer_that_tells_of_a_problem_is_no_yes(visitors: Visitors, code: str) -> None:
    frame = opened(visitors.desktop(), answer={"error": {"code": code, "message": "no"}})
    assert frame.evaluate("put('k', 'v')") is False
    assert frame.evaluate("get('k')") is None


@pytest.mark.parametrize(
    "change",
    [{"message_id": "another"}, {"subject": "lti.put_data"}, {"key": "another"}],
    ids=lambda change: next(iter(change)),
)
def test_lti_p04_an_answer_to_another_question_is_not_believed(visitors: Visitors, change: dict[str, str]) -> None:
    frame = opened(visitors.desktop(), answer=change)
    assert frame.evaluate("put('k', 'v')") is False


def test_lti_p03_nothing_to_keep_is_said_to_another_origin_than_the_registered_one(visitors: Visitors) -> None:
    visitors.overlook("Failed to execute 'postMessage'")  # the browser says that the message went nowhere
    page = visitors.desktop()
    frame = opened(page, platform=STRANGER)
    assert frame.evaluate("put('k', 'v')") is False
    assert heard(page, "lti.put_data") == []


def test_lti_p16_the_lms_is_told_the_height_of_the_frame(visitors: Visitors) -> None:
    page = visitors.desktop()
    opened(page)
    until(page, lambda: heard(page, "lti.frameResize"))
    (message, *_) = heard(page, "lti.frameResize")
    assert message["height"] > 0
    assert message["origin"] == TOOL


def test_lti_p16_a_page_of_another_origin_is_told_nothing(visitors: Visitors) -> None:
    visitors.overlook("Failed to execute 'postMessage'")  # the browser says that the message went nowhere
    page = visitors.desktop()
    frame = opened(page, platform=STRANGER)
    frame.evaluate("new Promise((done) => setTimeout(done, 300))")  # longer than frame.js waits
    assert page.evaluate("heard") == []
    expect(frame.locator("body")).to_have_attribute("data-platform", STRANGER)
