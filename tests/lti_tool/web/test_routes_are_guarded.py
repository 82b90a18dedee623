"""Every route says who may enter, and holds to it."""

import uuid
from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from lti_tool.web.access import Entry, Unguarded, check_routes, public, repeatable, signed_in
from lti_tool.web.current import SAFE_METHODS
from tests.lti_tool.web.conftest import Browser

OPEN = {Entry.PUBLIC, Entry.CROSS_SITE}
CROSS_SITE = {
    "/lti/login", "/lti/launch", "/lti/notices", "/lti/register/<secret>", "/lti/register/<secret>/update",
    "/mail/stop/<secret>",
}  # fmt: skip
"""The last one is posted to by mail programs (RFC 8058)."""


def entry_of(app: Flask, rule: Rule) -> Entry:
    entry = app.view_functions[rule.endpoint].attune_entry
    assert isinstance(entry, Entry)
    return entry


def closed_routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every closed route with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if entry_of(app, rule) not in OPEN
    ]


def address(app: Flask, rule: Rule) -> str:
    """The route's address with ids that lead nowhere."""
    values = {name: uuid.UUID(int=7) if "id" in name else "peer" for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("attune.school.example").build(rule.endpoint, values)


def test_only_the_lti_endpoints_and_stopping_mail_take_posts_from_other_sites(app: Flask) -> None:
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if entry_of(app, rule) is Entry.CROSS_SITE and (rule.methods or set()) - SAFE_METHODS
    }
    assert found == CROSS_SITE


def test_without_a_session_every_closed_route_explains_how_to_come_back(app: Flask, browser: Browser) -> None:
    for rule, method in closed_routes(app):
        answer = browser.open(address(app, rule), method=method)
        assert answer.status_code == 401, (method, rule.rule)
        assert "from your course" in answer.text


def test_an_unsafe_closed_route_without_our_token_does_nothing(app: Flask, come_in: Callable[..., Browser]) -> None:
    browser = come_in(operator=True)
    for rule, method in closed_routes(app):
        if method in SAFE_METHODS:
            continue
        answer = browser.open(address(app, rule), method=method, data={"act": "a-key-of-one-form-1"})
        assert answer.status_code == 400, (method, rule.rule)


def test_a_post_that_another_site_made_does_nothing_even_with_our_token(
    app: Flask, come_in: Callable[..., Browser]
) -> None:
    browser = come_in(operator=True)
    token = browser.token()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = browser.post("/sign-out", data={"csrf_token": token}, headers=headers)
        assert answer.status_code == 400
    assert browser.get("/operator").status_code == 200


def test_an_activity_of_another_place_is_not_here(app: Flask, come_in: Callable[..., Browser]) -> None:
    browser = come_in()
    for rule, method in closed_routes(app):
        if entry_of(app, rule) is Entry.COURSE and method == "GET":
            assert browser.get(address(app, rule)).status_code == 404, rule.rule


def test_the_operators_pages_are_not_here_for_others(app: Flask, come_in: Callable[..., Browser]) -> None:
    browser = come_in()
    for rule, method in closed_routes(app):
        if entry_of(app, rule) is Entry.OPERATOR and method == "GET":
            assert browser.get(address(app, rule)).status_code == 404, rule.rule


def test_a_route_that_says_not_who_may_enter_stops_the_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/", "start", lambda: "hello")
    with pytest.raises(Unguarded, match="who may enter"):
        check_routes(app)


def test_an_unsafe_route_that_says_not_what_a_second_post_does_stops_the_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/", "start", public(lambda: "hello"))
    bp = Blueprint("acts", __name__)
    bp.add_url_rule("/sign", "sign", signed_in(lambda: "signed"), methods=["POST"])
    app.register_blueprint(bp)
    with pytest.raises(Unguarded, match="@act or @repeatable"):
        check_routes(app)


def test_marks_of_inner_decorators_are_seen() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/sign", "sign", signed_in(repeatable(lambda: "signed")), methods=["POST"])
    check_routes(app)
