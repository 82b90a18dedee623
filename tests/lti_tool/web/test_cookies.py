"""The two cookies, and what they are worth."""

from collections.abc import Callable

from flask import Flask

from lti_tool.app import create_app
from lti_tool.settings import Settings
from tests.lti_tool.web.conftest import Browser

INVITATION = "/invitation/a-secret-that-leads-nowhere"
ATTRIBUTES = {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"}


def parts_of(cookie: str) -> tuple[str, set[str]]:
    first, *rest = cookie.split("; ")
    return first.split("=")[0], set(rest)


def mark_of(app: Flask, base_url: str) -> tuple[str, set[str]]:
    """The browser's mark, made when a form first asks for a token."""
    with app.test_request_context("/", base_url=base_url):
        app.preprocess_request()
        app.jinja_env.globals["csrf_token"]()
        answer = app.process_response(app.make_response("page"))
    (cookie,) = answer.headers.getlist("Set-Cookie")
    return parts_of(cookie)


def test_over_https_the_browser_is_marked_by_a_host_cookie_for_frames(app: Flask) -> None:
    assert mark_of(app, "https://attune.school.example") == ("__Host-attune-browser", ATTRIBUTES)


def test_in_the_lab_the_cookie_is_the_same_without_the_prefix(
    make_settings: Callable[..., Settings], sqlite_url: str
) -> None:
    app = create_app(make_settings(database_url=sqlite_url, public_url="http://127.0.0.1:8400", lab=True))
    assert mark_of(app, "http://127.0.0.1:8400") == ("attune-browser", ATTRIBUTES)
    app.extensions["attune"].sessions.engine.dispose()


def test_a_page_without_a_form_leaves_no_cookie(browser: Browser) -> None:
    for path in ("/", "/support", "/health", "/nowhere", "/waiting", INVITATION):
        assert "Set-Cookie" not in browser.get(path).headers, path


def test_signing_out_ends_the_session_and_takes_the_cookie_back(come_in: Callable[..., Browser]) -> None:
    browser = come_in(operator=True)
    cookie = browser.get_cookie("__Host-attune", domain="attune.school.example")
    assert cookie is not None
    answer = browser.post("/sign-out", data={"csrf_token": browser.token()})
    assert answer.status_code == 303
    gone = next(found for found in answer.headers.getlist("Set-Cookie") if found.startswith("__Host-attune="))
    assert "Max-Age=0" in gone
    assert parts_of(gone)[1] >= ATTRIBUTES
    browser.set_cookie("__Host-attune", cookie.value, domain="attune.school.example", secure=True)
    assert browser.get("/operator").status_code == 401


def test_a_token_is_worth_nothing_to_another_person_in_the_same_browser(come_in: Callable[..., Browser]) -> None:
    browser = come_in("Sam")
    token = browser.token()
    come_in("Jo", client=browser)
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 400


def test_a_token_is_worth_nothing_in_another_browser(come_in: Callable[..., Browser]) -> None:
    one, other = come_in("Sam"), come_in("Sam")
    other.token()
    assert other.post("/sign-out", data={"csrf_token": one.token()}).status_code == 400


def test_twelve_hours_later_everyone_comes_in_anew(come_in: Callable[..., Browser], clock) -> None:
    browser = come_in(operator=True)
    assert browser.get("/operator").status_code == 200
    clock.advance(hours=12)
    assert browser.get("/operator").status_code == 401


def test_a_cookie_of_absurd_length_is_no_cookie(browser: Browser) -> None:
    browser.set_cookie("__Host-attune", "x" * 3_000, domain="attune.school.example", secure=True)
    assert browser.get("/waiting").status_code == 401
