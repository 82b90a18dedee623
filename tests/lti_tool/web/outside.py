"""Rosa, a supervisor without an LMS account, whom Ines invites for Sam."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.store.people import PersonRow
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed

ROSA = "rosa@clinic.example"


def invite(course: Course, *parts: str, key: str = "invite-rosa-for-sam", **changes: Any) -> TestResponse:
    """Ines invites her to do `parts`, for Sam."""
    fields = {
        "name": "Rosa Marin", "email": ROSA, "parts": list(parts or ("peer",)),
        "trainees": [str(course.world.visitor("sam").person_id)],
    }  # fmt: skip
    answer: TestResponse = course.browser("ines").act(f"{course.home}/external/invite", key, **(fields | changes))
    return answer


def reach_of(answer: TestResponse) -> str:
    """The page on which it is decided how the invitation reaches her."""
    assert answer.status_code == 303, answer.text
    return urlsplit(answer.location).path


def rosa(course: Course) -> PersonRow:
    with course.app.extensions["attune"].sessions.writing() as session:
        invited = session.scalars(select(PersonRow).where(PersonRow.email_digest.is_not(None)))
        found = [person for person in invited if person.name == "Rosa Marin"]
    assert len(found) == 1
    return found[0]


def mailed_link(course: Course, mailed: Mailed, *parts: str, **changes: Any) -> str:
    """Invited and sent by mail; the answer is the path of the link."""
    reach = reach_of(invite(course, *parts, **changes))
    assert course.browser("ines").act(f"{reach}/mail").status_code == 303
    return mailed.link(ROSA)


def come_in(course: Course, mailed: Mailed, link: str, **fields: str) -> tuple[Any, TestResponse]:
    """She asks for a code and comes in with it: her browser, and where it led her."""
    browser = course.app.test_client()
    assert send(browser, link, f"{link}/code", **fields).status_code == 303
    answer = send(browser, link, link, code=mailed.code(ROSA), **fields)
    return browser, answer


def send(browser: Any, page: str, path: str, **fields: str) -> TestResponse:
    """A form of this page, sent by somebody who is not signed in."""
    token = hidden(browser.get(page).text)["csrf_token"]
    answer: TestResponse = browser.post(path, data={"csrf_token": token, "act": "a-key-of-one-form-1", **fields})
    return answer
