"""The address to which platforms send notices: open to anyone, so bounded; kept first, then answered."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import structlog
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from lti_tool.settings import Settings
from lti_tool.store.platforms import DeploymentRow, DeploymentState, NoticeRow, NoticeState
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.stub_lms import CLAIM, StubHttp, StubLms, private_key

HERE = "/lti/notices"


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp, looked_at: list[UUID]) -> Iterator[Flask]:
    with app_for_one_test(
        settings, clock=clock, http=http, look_at=lambda _kind, row_id: looked_at.append(row_id)
    ) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def lms(
    http: StubHttp, now: datetime, organization_id: UUID, registration_id: UUID, sessions: sessionmaker[Session]
) -> StubLms:
    """A platform from which somebody came before."""
    with sessions.begin() as session:
        session.add(
            DeploymentRow(
                organization_id=organization_id, registration_id=registration_id, deployment_id="1",
                state=DeploymentState.ACTIVE, created_at=now,
            )
        )  # fmt: skip
    return StubLms(http, now)


def token(lms: StubLms, number: int = 1, type_: str = "LtiContextCopyNotice", **changes: Any) -> str:
    moment = int(lms.now.timestamp())
    claims = {
        "iss": LMS, "aud": "client-1", "azp": "client-1", "nonce": f"nonce-{number}", "iat": moment,
        "exp": moment + 3600,
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}notice": {"id": f"notice-{number}", "timestamp": "2026-03-02T08:59:00Z", "type": type_},
        f"{CLAIM}context": {"id": "course-2", "title": "Spring"},
        f"{CLAIM}origin_contexts": ["course-1"],
        **changes,
    }  # fmt: skip
    return jwt.encode(claims, private_key(), algorithm="RS256", headers={"kid": "k1"})


def send(browser: Browser, *tokens: Any) -> TestResponse:
    return browser.post(HERE, json={"notices": [{"jwt": one} for one in tokens]})


def kept(sessions: sessionmaker[Session]) -> dict[str, NoticeState]:
    with sessions() as session:
        return {row.notice_id: row.state for row in session.scalars(select(NoticeRow))}


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_lti_s08_a_notice_is_kept_before_it_is_answered_and_the_worker_is_told(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session], looked_at: list[UUID]
) -> None:
    answer = send(browser, token(lms))
    assert answer.status_code == 200
    assert answer.get_json() | {"reference": ""} == {"kept": 1, "not_taken": 0, "reference": ""}
    assert "Set-Cookie" not in answer.headers
    with sessions() as session:
        assert session.scalars(select(NoticeRow.id)).all() == looked_at
    again = send(browser, token(lms))
    assert again.status_code == 200
    assert kept(sessions) == {"notice-1": NoticeState.WAITING}
    assert len(looked_at) == 1


def test_lti_s05_a_bad_notice_does_not_stand_in_the_way_of_others(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    bad = [token(lms, 2, **{f"{CLAIM}deployment_id": "77"}), "no token", token(lms, 3, azp="client-2")]
    with structlog.testing.capture_logs() as lines:
        answer = send(browser, bad[0], token(lms, 1), *bad[1:], token(lms, 4, "LtiHelloWorldNotice"))
    assert answer.status_code == 200
    assert (answer.get_json()["kept"], answer.get_json()["not_taken"]) == (2, 3)
    assert kept(sessions) == {"notice-1": NoticeState.WAITING, "notice-4": NoticeState.DONE}
    codes = [line["code"] for line in lines if line["event"] == "notice refused"]
    assert sorted(codes) == ["authorized_party_wrong", "deployment_wrong", "token_malformed"]


def test_lti_s13_a_notice_of_a_type_that_we_do_not_know_is_taken_and_ignored(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session], looked_at: list[UUID]
) -> None:
    assert send(browser, token(lms, 1, "LtiAssetProcessorSubmissionNotice")).status_code == 200
    assert kept(sessions) == {"notice-1": NoticeState.IGNORED}
    assert looked_at == []


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"iss": "https://elsewhere.example"}, 400, "unknown_platform"),
        ({"aud": "client-2", "azp": "client-2"}, 400, "unknown_platform"),
        ({"azp": "client-2"}, 401, "authorized_party_wrong"),
        ({f"{CLAIM}deployment_id": "77"}, 400, "deployment_wrong"),
        ({f"{CLAIM}notice": None}, 400, "notice_wrong"),
        ({f"{CLAIM}message_type": "LtiResourceLinkRequest"}, 400, "notice_wrong"),
    ],
)
def test_lti_s07_where_nothing_can_be_taken_the_answer_says_why(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session], changes: dict[str, Any], status: int, code: str
) -> None:
    answer = send(browser, token(lms, **changes))
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.get_json()["reference"]
    assert kept(sessions) == {}


def test_a_pending_deployment_sends_nothing(browser: Browser, lms: StubLms, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.scalars(select(DeploymentRow)).one().state = DeploymentState.PENDING
    answer = send(browser, token(lms))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "deployment_waits")


def test_a_launch_is_no_notice(browser: Browser, lms: StubLms) -> None:
    assert send(browser, lms.token("a-nonce")).get_json()["code"] == "notice_wrong"


def test_a_platform_whose_keys_cannot_be_had_is_asked_to_come_again(browser: Browser, lms: StubLms) -> None:
    lms.http.down = True
    assert send(browser, token(lms)).status_code in (502, 503)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"7", b"{", b"\xff\xfe", b'{"notices": null}', b'{"notices": []}',
        b'{"notices": {}}', b'{"notices": [{}]}', b'{"notices": ["x"]}', b'{"notices": [{"jwt": 7}]}',
        b'{"notices": [{"jwt": "x"}, {"jwt": null}]}', b'{"notices":' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_lti_s12_what_is_no_list_of_notices_is_not_understood(browser: Browser, body: bytes) -> None:
    for kind in ("application/json", "text/plain"):
        answer = browser.post(HERE, data=body, content_type=kind)
        assert answer.status_code == 400
        assert "Reference" in answer.text or "reference" in answer.text


def test_lti_s12_a_request_is_bounded_in_size_and_number(browser: Browser, lms: StubLms) -> None:
    assert browser.post(HERE, data=b"x" * 1_000_001).status_code == 413
    assert send(browser, *["x"] * 101).get_json()["code"] == "http_400"
    assert send(browser, *["x"] * 100).get_json()["code"] == "token_malformed"


def test_lti_s12_there_is_nothing_to_see_at_the_address(browser: Browser) -> None:
    assert browser.get(HERE).status_code == 405


def test_lti_s12_who_asks_very_often_is_told_when_to_come_back(browser: Browser) -> None:
    answers = [browser.post(HERE, data=b"{}", content_type="application/json") for _ in range(601)]
    assert [answer.status_code for answer in answers[:600]] == [400] * 600
    assert answers[600].status_code == 429
    assert 0 < int(answers[600].headers["Retry-After"]) <= 60
    assert answers[600].get_json()["code"] == "too_often"
    assert browser.get("/support").status_code == 200


def test_a_person_who_tries_codes_very_often_reads_a_page(browser: Browser) -> None:
    answers = [browser.post("/invitation/no-such-secret", data={"code": "1234"}) for _ in range(121)]
    assert 429 not in [answer.status_code for answer in answers[:120]]
    assert answers[120].status_code == 429
    assert "In a minute there is room again" in answers[120].text


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["jwt", "notices"]) | st.text(), inner),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=ANY | st.builds(lambda one: {"notices": [{"jwt": one}]}, ANY))
def test_no_body_makes_us_stumble(browser: Browser, sent: Any) -> None:
    answer = browser.post(HERE, data=json.dumps(sent).encode(), content_type="application/json")
    assert 400 <= answer.status_code < 500


def test_a_nonce_is_remembered_as_long_as_its_token_is_good(
    browser: Browser, lms: StubLms, clock: Clock, sessions: sessionmaker[Session]
) -> None:
    send(browser, token(lms))
    clock.now += timedelta(minutes=59)
    replayed = token(lms, 2, nonce="nonce-1")
    assert send(browser, replayed).get_json()["code"] == "replayed"
    assert list(kept(sessions)) == ["notice-1"]
