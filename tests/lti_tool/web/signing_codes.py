"""An activity that asks whoever signs for a mailed code, and Jo, who has an address of her own."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from werkzeug.test import TestResponse

from lti_tool.store.courses import ActivityRow
from tests.conftest import Clock
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed

JOS = "jo@home.example"
PAGE = "/signing-code"


def ask_for_codes(course: Course) -> None:
    """From now on the activity asks for a code."""
    course.world.session.get_one(ActivityRow, course.world.activity_id).code_since = course.world.now
    course.kept()


def give_address(
    course: Course, mailed: Mailed, who: str = "jo", address: str = JOS, *, key: str = "own-address"
) -> Any:
    """This person has shown that the address is theirs."""
    browser = course.browser(who)
    assert browser.act("/contact/address", f"{key}-of-{who}-0001", address=address).status_code == 303
    code = mailed.code(address)
    assert browser.post("/contact/code", data={"csrf_token": browser.token(), "code": code}).status_code == 303
    return browser


def reachable(course: Course, mailed: Mailed, clock: Clock, who: str = "jo", address: str = JOS) -> Any:
    """The same, and they have come in anew since: their browser."""
    give_address(course, mailed, who, address)
    clock.advance(minutes=1)
    course.renew(who)
    return course.browser(who)


def sign_page(observation_id: UUID, lane: str = "peer") -> str:
    """Where it is signed."""
    return f"/o/{observation_id}/sign/{lane}"


def sent(browser: Any, mailed: Mailed, *, key: str = "send-me-a-code-01", back: str = "", to: str = JOS) -> str:
    """A code was asked for; the answer is the code."""
    assert browser.act(f"{PAGE}/send", key, back=back).status_code == 303
    return mailed.signing_code(to)


def typed(browser: Any, code: str, back: str = "") -> TestResponse:
    """The code is typed on its page."""
    answer: TestResponse = browser.post(PAGE, data={"csrf_token": browser.token(), "code": code, "back": back})
    return answer


def confirmed(browser: Any, mailed: Mailed, *, key: str = "send-me-a-code-01", to: str = JOS) -> None:
    """A code was asked for and typed."""
    assert typed(browser, sent(browser, mailed, key=key, to=to)).status_code == 303


def sign(browser: Any, observation_id: UUID, lane: str = "peer") -> TestResponse:
    """The page is read, and what it shows is signed."""
    page = browser.get(sign_page(observation_id, lane))
    assert page.status_code == 200, page.location
    answer: TestResponse = browser.act(sign_page(observation_id, lane), digest=hidden(page.text)["digest"])
    return answer


def asks_for_code(answer: TestResponse) -> bool:
    """Whether it leads to the page of the code."""
    return answer.status_code == 303 and urlsplit(answer.location).path == PAGE
