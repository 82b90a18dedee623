"""What a proxy says of a request counts only as far as the operator said that one stands there."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request

from lti_tool.settings import Settings
from lti_tool.web.access import public
from tests.apps import app_for_one_test
from tests.conftest import Clock

FORGED = {
    "X-Forwarded-For": "203.0.113.7, 198.51.100.9",
    "X-Forwarded-Proto": "https, http",
    "X-Forwarded-Host": "evil.example, attune.school.example",
    "X-Forwarded-Prefix": "/elsewhere",
    "X-Forwarded-Port": "666",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
    "X-Real-IP": "203.0.113.7",
}
Seen = dict[str, object]


def telling(app: Flask) -> None:
    app.add_url_rule("/what-is-seen", "what_is_seen", public(what_is_seen))


def what_is_seen() -> Seen:
    return {"address": request.remote_addr, "scheme": request.scheme, "host": request.host, "root": request.root_path}


@pytest.fixture
def see(make_settings: Callable[..., Settings], database_url: str, clock: Clock) -> Iterator[Callable[[int], Seen]]:
    def see(hops: int) -> Seen:
        settings = make_settings(database_url=database_url, proxy_hops=hops)
        with app_for_one_test(settings, clock=clock, also=telling) as app:
            answer = app.test_client().get(
                "/what-is-seen", base_url="http://10.0.0.11:8400", headers=FORGED,
                environ_base={"REMOTE_ADDR": "10.0.0.2"},
            )  # fmt: skip
            assert answer.status_code == 200
            return dict(answer.get_json())

    return see


def test_sec_27_without_a_proxy_forwarded_headers_mean_nothing(see: Callable[[int], Seen]) -> None:
    assert see(0) == {"address": "10.0.0.2", "scheme": "http", "host": "10.0.0.11:8400", "root": ""}


def test_sec_27_behind_one_proxy_only_what_that_proxy_said_counts(see: Callable[[int], Seen]) -> None:
    assert see(1) == {"address": "198.51.100.9", "scheme": "http", "host": "attune.school.example", "root": ""}


def test_sec_27_addresses_of_ours_are_made_of_the_setting_whatever_host_a_request_names(app: Flask) -> None:
    login = {"iss": "https://lms.school.example", "client_id": "client-1", "login_hint": "9"}
    answer = app.test_client().post(
        "/lti/login",
        base_url="https://evil.example",
        data=login | {"target_link_uri": "https://evil.example/lti/launch"},
    )
    assert answer.status_code == 400
    page = app.test_client().get("/", base_url="https://evil.example")
    assert "evil.example" not in page.text
    assert "evil.example" not in str(page.headers)
