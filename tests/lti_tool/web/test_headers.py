"""What every answer says about frames, scripts, caches and referrers."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from lti_tool.app import create_app
from lti_tool.settings import Settings
from tests.lti_tool.web.conftest import LMS, Browser


def policy(answer: object) -> dict[str, str]:
    assert hasattr(answer, "headers")
    parts = (part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    return {part[0]: part[1] for part in parts}


def test_a_page_without_a_launch_may_not_be_framed(browser: Browser) -> None:
    answer = browser.get("/")
    assert policy(answer)["frame-ancestors"] == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_page_of_a_launched_session_may_be_framed_by_its_lms_only(come_in: Callable[..., Browser]) -> None:
    answer = come_in().get("/support")
    assert policy(answer)["frame-ancestors"] == f"'self' {LMS}"
    assert "X-Frame-Options" not in answer.headers


def test_a_session_without_an_lms_may_not_be_framed(come_in: Callable[..., Browser]) -> None:
    assert policy(come_in(operator=True).get("/operator"))["frame-ancestors"] == "'none'"


def test_a_problem_is_told_inside_the_frame_of_an_lms_that_nobody_knows(browser: Browser) -> None:
    framed = browser.get("/waiting", headers={"Sec-Fetch-Dest": "iframe"})
    assert framed.status_code == 401
    assert policy(framed)["frame-ancestors"] == "*"
    assert policy(browser.get("/waiting"))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("path", ["/", "/support"])
def test_what_a_framed_problem_leads_to_may_be_framed_too(browser: Browser, path: str) -> None:
    framed = browser.get(path, headers={"Sec-Fetch-Dest": "iframe"})
    assert framed.status_code == 200
    assert policy(framed)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in framed.headers
    assert policy(browser.get(path))["frame-ancestors"] == "'none'"


def test_ux_s6_support_of_a_launched_session_stays_with_its_lms(come_in: Callable[..., Browser]) -> None:
    framed = come_in().get("/support", headers={"Sec-Fetch-Dest": "iframe"})
    assert policy(framed)["frame-ancestors"] == f"'self' {LMS}"


def test_only_scripts_with_the_nonce_of_this_answer_run(browser: Browser) -> None:
    first, second = browser.get("/"), browser.get("/")
    found = re.fullmatch(r"'nonce-([\w-]{20,})'", policy(first)["script-src"])
    assert found
    assert set(re.findall(r'<script[^>]* nonce="([^"]*)"', first.text)) == {found[1]}
    assert first.text.count("<script") == first.text.count(f'nonce="{found[1]}"')
    assert found[1] not in second.headers["Content-Security-Policy"]


def test_nothing_is_allowed_that_no_page_needs(browser: Browser) -> None:
    assert {name: value for name, value in policy(browser.get("/health")).items() if name != "script-src"} == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize("path", ["/", "/support", "/nowhere", "/lti/launch", "/lti/keys", "/static/attune.css"])
def test_the_same_headers_stand_on_every_answer(browser: Browser, path: str) -> None:
    with browser.get(path) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/support", "/waiting", "/nowhere", "/health"])
def test_pages_are_kept_by_no_cache(come_in: Callable[..., Browser], path: str) -> None:
    assert come_in().get(path).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_a_year_under_an_address_that_changes_with_them(browser: Browser) -> None:
    address = re.findall(r'href="(/static/attune\.css\?v=\w{12})"', browser.get("/").text)[0]
    answer = browser.get(address)
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    answer.close()


def test_a_module_that_another_one_names_is_asked_for_again(browser: Browser) -> None:
    """Its address does not change with it: a browser that kept it for a year would mix two versions."""
    with browser.get("/static/page.js") as answer:
        assert "no-cache" in answer.headers["Cache-Control"]
        assert "max-age=31536000" not in answer.headers["Cache-Control"]
    with browser.get("/static/page.js", headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_an_origin_that_holds_more_than_an_origin_stays_out_of_the_policy(app: Flask) -> None:
    from lti_tool.web.security import may_be_framed_by

    with app.test_request_context("/"):
        app.preprocess_request()
        may_be_framed_by("https://a.example; script-src *", "https://b.example:8443", "https://c.example x")
        answer = app.process_response(app.make_response("page"))
    assert policy(answer)["frame-ancestors"] == "'self' https://b.example:8443"


def test_in_the_lab_nothing_promises_https(make_settings: Callable[..., Settings], sqlite_url: str) -> None:
    app = create_app(make_settings(database_url=sqlite_url, public_url="http://127.0.0.1:8400", lab=True))
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers
    app.extensions["attune"].sessions.engine.dispose()


def test_while_two_versions_run_the_address_of_the_other_ones_content_is_kept_by_nobody(browser: Browser) -> None:
    with browser.get("/static/attune.css?v=000000000000") as answer:
        assert answer.status_code == 200
        assert "max-age=31536000" not in answer.headers["Cache-Control"]
