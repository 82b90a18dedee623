"""An instructor in front of the picker, as a test drives it."""

import re
from typing import Any

from werkzeug.test import TestResponse

from tests.lti_tool.web.conftest import Browser, hidden
from tests.lti_tool.web.stub_lms import StubLms, read_answer

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
CHOICE = {
    "title": "Warm line", "column_shows": "completion", "required_observations": "3", "lanes": "peer",
    "response_days": "7",
}  # fmt: skip


def opened(browser: Browser, lms: StubLms, **settings: Any) -> str:
    """The address of a choice that an instructor was asked for."""
    answer = lms.pick(browser, **settings)
    assert answer.status_code == 303, answer.text
    assert re.fullmatch(r"/deep-link/[0-9a-f-]{36}", answer.location)
    return answer.location


def form_of(browser: Browser, at: str, action: str) -> dict[str, str]:
    """The hidden fields of one form of a page."""
    page = browser.get(at).text
    (form,) = re.findall(rf'<form method="post"\s+action="{re.escape(action)}".*?</form>', page, re.DOTALL)[:1]
    return hidden(form)


def practice(browser: Browser, at: str, **changes: str) -> dict[str, str]:
    """The form of an observed-practice activity, filled in."""
    page = browser.get(f"{at}/practice").text
    version = re.findall(r'name="version_id"[^>]*value="([^"]+)"', page.replace("\n", " "))[0]
    return hidden(page) | CHOICE | {"version_id": version} | changes


def choose(browser: Browser, at: str, **changes: str) -> TestResponse:
    """Choose an observed-practice activity."""
    return browser.post(f"{at}/practice", data=practice(browser, at, **changes))


def press(browser: Browser, at: str, button: str, **fields: str) -> TestResponse:
    """Send one of the small forms of the picker's page."""
    return browser.post(f"{at}/{button}", data=form_of(browser, at, f"{at}/{button}") | fields)


def told(browser: Browser, at: str) -> dict[str, Any]:
    """The claims of the answer that this request got, without their long names."""
    page = browser.get(f"{at}/answer")
    assert page.status_code == 200, page.text
    return told_on(page.text)


def told_on(page: str) -> dict[str, Any]:
    """The same, of a page that is at hand."""
    claims = read_answer(hidden(page)["JWT"])
    return {name.removeprefix(DL): value for name, value in claims.items()}


def items(browser: Browser, at: str) -> list[dict[str, Any]]:
    """What was answered."""
    answered: list[dict[str, Any]] = told(browser, at)["content_items"]
    return answered
