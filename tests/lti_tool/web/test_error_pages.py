"""Pages that tell of a problem: calm, with a reference, never a trace, never a dead end."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
import structlog
from flask import Blueprint, Flask, abort
from flask.typing import ResponseReturnValue

from lti_tool.lti.errors import LaunchProblem, LaunchRejected, PlatformProblem, PlatformUnavailable, RegistrationProblem
from lti_tool.safe_http import Unreachable, UnreachableProblem
from lti_tool.services.courses.places import NotHere
from lti_tool.settings import Settings
from lti_tool.web import current
from lti_tool.web.access import NotForRole, public, repeatable, signed_in
from rubrics.refusal import Refused
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser

PROBLEMS: dict[str, tuple[Exception, int]] = {
    "refused": (Refused("not_now", "At most %(count)s.", count=3), 409),
    "not-here": (NotHere(), 404),
    "not-for-role": (NotForRole(), 403),
    "launch": (LaunchRejected(LaunchProblem.NONCE_WRONG, "Please open the activity again.", status=401), 401),
    "platform": (PlatformUnavailable(PlatformProblem.KEYS_UNREACHABLE, "The LMS does not answer."), 503),
    "unreachable": (Unreachable(UnreachableProblem.NO_ANSWER, "No answer.", host="lms.example"), 502),
    "registration": (RegistrationProblem("absent", "Something is absent.", details=("<b>jwks_uri</b>",)), 400),
    "ours": (ZeroDivisionError("secret words"), 500),
}


def troubles() -> Blueprint:
    """Views that run into each problem."""
    bp = Blueprint("troubles", __name__)

    @bp.get("/trouble/<name>")
    @public
    def trouble(name: str) -> ResponseReturnValue:
        raise PROBLEMS[name][0]

    @bp.post("/trouble/save")
    @signed_in
    @repeatable
    def save() -> ResponseReturnValue:
        raise Refused("form_closed", "This form is closed.")

    @bp.post("/trouble/write")
    @signed_in
    @repeatable
    def write() -> ResponseReturnValue:
        abort(400)

    @bp.get("/trouble/quiet-write")
    @public
    def quiet_write() -> ResponseReturnValue:
        from lti_tool.store.organizations import OrganizationRow

        current.db().add(OrganizationRow(name="x", created_at=current.now(), leave_page_url="", support_text=""))
        current.db().flush()
        return "written"

    return bp


def troubled(app: Flask) -> None:
    app.register_blueprint(troubles())


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, also=troubled) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def log_lines() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What was logged, line by line."""
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield lambda: [dict(line) for line in captured]


def reference_of(page: str) -> str:
    found = re.search(r"<code>([0-9a-f]{10})</code>", page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("name", PROBLEMS)
def test_each_problem_has_a_page_with_a_reference_that_finds_its_log_line(
    browser: Browser, name: str, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    answer = browser.get(f"/trouble/{name}")
    assert answer.status_code == PROBLEMS[name][1]
    assert "Traceback" not in answer.text
    assert "secret words" not in answer.text
    reference = reference_of(answer.text)
    told = [line for line in log_lines() if line["event"] != "answered"]
    assert len(told) == 1
    assert told[0]["reference"] == reference


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_problem_is_a_dead_end(browser: Browser, name: str) -> None:
    page = browser.get(f"/trouble/{name}").text
    assert 'href="/"' in page
    assert "Support" in page


@pytest.mark.parametrize("path", ["/waiting", "/nowhere", "/trouble/launch", "/trouble/ours"])
def test_in_a_frame_without_a_session_no_link_of_ours_is_offered_that_would_not_open(
    browser: Browser, path: str
) -> None:
    page = browser.get(path, headers={"Sec-Fetch-Dest": "iframe"}).text
    assert "Go back" not in page
    assert 'href="/"' not in page
    assert "You can close this and open the activity again from your course." in page


def test_in_a_frame_with_a_session_there_is_a_way_back(come_in: Callable[..., Browser]) -> None:
    page = come_in().get("/operator", headers={"Sec-Fetch-Dest": "iframe"}).text
    assert "Go back" in page


def test_a_refusal_says_its_sentence_with_its_values(browser: Browser) -> None:
    assert "At most 3." in browser.get("/trouble/refused").text


def test_a_strangers_text_is_escaped(browser: Browser) -> None:
    assert "&lt;b&gt;jwks_uri&lt;/b&gt;" in browser.get("/trouble/registration").text


def test_autosave_gets_its_answer_as_json(come_in: Callable[..., Browser]) -> None:
    browser = come_in()
    answer = browser.post("/trouble/save", json={"x": 1}, headers={"X-CSRFToken": browser.token()})
    assert answer.status_code == 409
    assert set(answer.get_json()) == {"code", "sentence", "reference"}
    assert answer.get_json()["sentence"] == "This form is closed."


def test_what_was_typed_is_shown_when_it_could_not_be_taken(come_in: Callable[..., Browser]) -> None:
    words = "She waited for <me> to finish."
    page = come_in().post("/trouble/write", data={"words": words, "level": "3"}).text
    assert "She waited for &lt;me&gt; to finish." in page
    assert "What you typed" in page
    assert ">3</textarea>" not in page


def test_what_was_typed_is_shown_also_when_the_session_has_ended(browser: Browser) -> None:
    answer = browser.post("/trouble/write", data={"words": "A long thought about today."})
    assert answer.status_code == 401
    assert "A long thought about today." in answer.text


def test_what_nobody_typed_is_not_shown_as_typed(browser: Browser) -> None:
    sent = {"words": "A long thought about today.", "id_token": "a token that nobody typed", "state": "s" * 40}
    page = browser.post("/trouble/write", data=sent).text
    assert "A long thought about today." in page
    assert "nobody typed" not in page
    assert "s" * 40 not in page


def test_what_another_site_sent_is_not_shown(come_in: Callable[..., Browser]) -> None:
    answer = come_in().post(
        "/trouble/write", data={"words": "words of another site"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    assert "words of another site" not in answer.text


def test_a_request_that_is_too_large_is_told_so(come_in: Callable[..., Browser]) -> None:
    answer = come_in().post("/trouble/write", data={"words": "x" * 2_100_000})
    assert answer.status_code == 413
    assert "too long" in answer.text


def test_an_address_that_only_takes_forms_says_so(browser: Browser) -> None:
    answer = browser.get("/lti/launch")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    reference_of(answer.text)


def test_a_page_that_only_reads_may_not_write(browser: Browser) -> None:
    assert browser.get("/trouble/quiet-write").status_code == 500


def test_each_request_leaves_one_line_without_address_query_or_names(
    come_in: Callable[..., Browser], log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    come_in("Samira").get("/invitation/secret-of-a-link?iss=https://lms.example")
    lines = [line for line in log_lines() if line["event"] == "answered"]
    assert len(lines) == 1
    assert lines[0]["rule"] == "/invitation/<secret>"
    text = json.dumps(lines, default=str)
    assert not re.search("secret-of-a-link|lms.example|Samira", text)


def test_a_form_with_too_many_parts_is_told_so(come_in: Callable[..., Browser]) -> None:
    parts = {f"field-{number}": "x" for number in range(401)}
    answer = come_in().post("/trouble/write", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413
