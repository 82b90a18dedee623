"""What every answer has to hold, whatever was asked."""

import re

from werkzeug.test import TestResponse

FORM = "application/x-www-form-urlencoded"
REFERENCE = re.compile(r"<code>[0-9a-f]{10}</code>")


def checked(answer: TestResponse, *, unreachable: bool = False) -> TestResponse:
    """An answer that is not our fault, and that a person can do something with."""
    troubles = (502, 503) if unreachable else ()
    assert answer.status_code < 500 or answer.status_code in troubles, f"{answer.status_code} {answer.text}"
    if answer.status_code >= 400:
        told = answer.json.get("reference") if answer.is_json else REFERENCE.search(answer.text)
        assert told, f"{answer.status_code} without a reference: {answer.text[:300]}"
        assert "Traceback" not in answer.text
    return answer


def opened(answer: TestResponse) -> bool:
    """Whether this answer signs someone in: by a cookie, or in a tab."""
    if answer.is_json and isinstance(answer.json, dict) and "tab" in answer.json:
        return True
    return any(cookie.startswith("__Host-attune=") for cookie in answer.headers.getlist("Set-Cookie"))


def shut(answer: TestResponse, **how: bool) -> None:
    """An answer as it should be, and nobody is signed in."""
    assert not opened(checked(answer, **how)), answer.text
