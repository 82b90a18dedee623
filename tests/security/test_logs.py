"""What a log holds: ids, codes and counts; never words, names or secrets of people."""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.entering import inviting
from lti_tool.settings import Settings
from lti_tool.store.people import PersonRow
from rubrics.sign_off import Lane
from tests.lti_tool.web.conftest import Browser, hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_every_page import IN_COURSE, OF_OBSERVATION, PEOPLE
from tests.project import ROOT
from tests.security.forms import forms_of

CANARY = "canary-of-a-person"
NAME, WORDS, ADDRESS = f"Name {CANARY}", f"Words {CANARY}", f"{CANARY}@school.example"
NOT_PRESSED = ("/sign-out",)
OWN = (
    "/contact", "/journal", "/self-care", "/ledger", "/evidence", "/waiting", "/messages", "/support", "/merge",
    "/conflicts", "/supervision", "/self", "/signing-code",
)  # fmt: skip
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Lines]:
    """What was logged, by us and by libraries."""
    caplog.set_level(logging.INFO)
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as captured:
        yield lambda: [*captured, *({"event": record.getMessage()} for record in caplog.records)]


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3)
    for person in course.world.session.scalars(select(PersonRow)):
        person.name = NAME
    course.kept()
    course.world.visitors.clear()
    return course


def worked_through(course: Course) -> tuple[int, int]:
    """Everybody opens every page and sends each kind of form once; how many were sent, and taken."""
    states = {name: getattr(course, name)() for name in ("asked", "begun", "shared", "signed")}
    states["answered"] = course.answered(WORDS)
    paths = [f"{course.home}{path}" for path in IN_COURSE] + list(OWN)
    paths += [f"/o/{id_}{path}" for id_ in states.values() for path in OF_OBSERVATION]
    adapter = course.app.url_map.bind("attune.school.example")
    sent: set[tuple[str, str]] = set()
    taken = 0
    for who in PEOPLE:
        browser = course.browser(who)
        for path in paths:
            for form in forms_of(browser.get(path).text):
                if form.action in NOT_PRESSED or not adapter.test(form.action, "POST"):
                    continue
                endpoint, _ = adapter.match(form.action, "POST")
                if (who, str(endpoint)) in sent:
                    continue
                sent.add((who, str(endpoint)))
                filled = form.filled_in(WORDS) | ({"address": ADDRESS} if "address" in form.written else {})
                taken += browser.post(form.action, data=filled).status_code == 303
    return len(sent), taken


def secrets_of(course: Course, who: str) -> list[str]:
    """What this person's browser holds."""
    browser = course.browser(who)
    cookies = [cookie.value for cookie in browser._cookies.values()]
    return [*cookies, hidden(browser.get("/support").text).get("csrf_token", "")]


@pytest.mark.slow
def test_sec_25_a_whole_journey_leaves_no_word_name_or_secret_in_the_log(course: Course, lines: Lines) -> None:
    sent, taken = worked_through(course)
    assert sent > 40
    assert taken > 15
    text = json.dumps(lines(), default=str)
    assert "answered" in text
    assert CANARY not in text
    secrets = [secret for who in PEOPLE for secret in secrets_of(course, who) if secret]
    assert len(secrets) >= len(PEOPLE)
    assert not [secret for secret in secrets if secret in text]


@pytest.fixture
def invited(
    sessions: sessionmaker[Session], organization_id: UUID, settings: Settings, now: datetime
) -> inviting.Invited:
    with sessions.begin() as session:
        return inviting.invite_person(
            session, organization_id, name=NAME, email=ADDRESS, role="operator", secret_keys=settings.secret_keys,
            now=now,
        )  # fmt: skip


def try_code(browser: Browser, invited: inviting.Invited, code: str) -> int:
    address = f"/invitation/{invited.link_secret}"
    return browser.post(address, data=hidden(browser.get(address).text) | {"code": code}).status_code


def test_asvs_16_3_1_coming_in_and_not_coming_in_leave_lines(
    browser: Browser, invited: inviting.Invited, lines: Lines
) -> None:
    wrong = "00000000" if invited.code != "00000000" else "11111111"
    assert try_code(browser, invited, wrong) == 422
    assert try_code(browser, invited, invited.code) == 303
    assert browser.post("/lti/launch", data={"id_token": f"{CANARY}.x.y", "state": CANARY}).status_code in (400, 401)
    told = [line["event"] for line in lines()]
    assert [event for event in told if event in ("code refused", "came in", "launch refused")] == [
        "code refused", "came in", "launch refused",
    ]  # fmt: skip
    text = json.dumps(lines(), default=str)
    assert not re.search(f"{CANARY}|{invited.code}|{wrong}|{invited.link_secret}", text)


def test_asvs_16_3_2_what_is_refused_leaves_a_line_with_its_code(course: Course, lines: Lines) -> None:
    observation_id = course.answered()
    sam = course.browser("sam")
    assert sam.get(f"/o/{observation_id}/sign/peer").status_code == 409
    assert sam.get(f"{course.home}/gradebook").status_code in (403, 404)
    assert sam.post("/contact", data={"csrf_token": "forged"}).status_code == 400
    assert sam.post("/contact", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    refused = [line for line in lines() if line["event"] == "refused"]
    assert len(refused) == 4
    assert all(line["code"] and line["rule"] and line["reference"] for line in refused)
    assert [line["code"] for line in refused[2:]] == ["csrf", "from_elsewhere"]


def test_sec_25_what_goes_wrong_leaves_none_either(app: Flask, browser: Browser, lines: Lines) -> None:
    for path in (f"/{CANARY}", f"/o/{CANARY}", f"/invitation/{CANARY}", f"/mail/stop/{CANARY}?x={CANARY}"):
        browser.get(path, headers={"User-Agent": CANARY, "Referer": f"https://x.example/{CANARY}", "Cookie": CANARY})
    login = {"iss": f"https://{CANARY}.example", "login_hint": CANARY, "target_link_uri": f"https://{CANARY}.example"}
    assert browser.post("/lti/login", data=login).status_code == 400
    browser.post("/lti/launch", data={"error": CANARY, "error_description": WORDS, "state": CANARY})
    browser.post("/lti/notices", json={"notices": [{"jwt": f"{CANARY}.{CANARY}.{CANARY}"}]})
    assert CANARY not in json.dumps(lines(), default=str)


LOGGING = """
import structlog
from lti_tool.logs import set_up_logs
set_up_logs()
log = structlog.get_logger("attune.web")
secret = "canary-in-a-variable"
log.info("answered", code='x"}\\n{"event": "forged"}\\r\\n\\u2028\\x1b[31m')
try:
    {}[len(secret)]
except KeyError:
    log.error("unexpected", exc_info=True)
"""


@pytest.fixture(scope="module")
def written() -> str:
    """What the program writes to standard error, as it is run."""
    done = subprocess.run([sys.executable, "-c", LOGGING], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not done.stdout
    return done.stderr


def test_asvs_16_2_every_line_is_one_json_object_with_a_time_in_utc(written: str) -> None:
    found = [json.loads(line) for line in written.splitlines()]
    assert [one["event"] for one in found] == ["answered", "unexpected"]
    for one in found:
        assert datetime.fromisoformat(one["timestamp"]).utcoffset() == timedelta(0)
        assert one["level"] in ("info", "error")


def test_sec_25_a_line_cannot_be_broken_by_what_somebody_sent(written: str) -> None:
    assert len(written.strip().split("\n")) == 2
    assert "\x1b" not in written
    assert "\u2028" not in written


def test_sec_25_a_trace_holds_no_values(written: str) -> None:
    assert "canary-in-a-variable" not in written.replace('secret = "canary-in-a-variable"', "")
    assert "KeyError" in written
