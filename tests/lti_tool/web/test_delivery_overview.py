"""The operator's page of scores on their way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.services.scores.delivery_health import PlatformHealth, Workers
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow
from lti_tool.store.platforms import PeriodicTurnRow, PlatformLaneRow, RegistrationRow
from lti_tool.web.scores.delivery_overview import in_one_sentence
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_queries import counted

PAGE = "/operator/gradebooks"


@pytest.fixture
def operator(come_in: Callable[..., Browser]) -> Browser:
    return come_in("Olu", operator=True)


def lane(sessions: sessionmaker[Session], registration_id: UUID, **said: Any) -> None:
    with sessions.begin() as session:
        organization_id = session.get_one(RegistrationRow, registration_id).organization_id
        session.add(
            PlatformLaneRow(
                id=new_id(), organization_id=organization_id, registration_id=registration_id, **{"troubles": 0} | said
            )
        )


def test_an_operator_reads_why_a_platform_rests_and_tries_it_now(
    operator: Browser, sessions: sessionmaker[Session], registration_id: UUID, now: datetime, looked_at: list[UUID]
) -> None:
    lane(
        sessions, registration_id, resting_until=now + timedelta(hours=1), troubles=3, problem="token_refused",
        problem_at=now, clock_ahead=-400,
    )  # fmt: skip
    answer = operator.get(PAGE)
    assert list(problems_of(answer.text)) == []
    for words in ("needs you", "Nothing is sent before", "gave no access", "3 times in a row", "400 seconds behind"):
        assert words in answer.text
    assert "1 LMS needs you." in operator.get("/operator").text
    after = operator.act(f"{PAGE}/{registration_id}/try-now")
    assert after.status_code == 303
    assert looked_at == [registration_id]
    assert "is tried now" in operator.get(after.location).text
    assert "Nothing is sent before" not in operator.get(PAGE).text


def test_the_page_says_whether_a_worker_runs(
    operator: Browser, sessions: sessionmaker[Session], now: datetime, app: Flask
) -> None:
    assert "No worker seems to run" in operator.get(PAGE).text
    with sessions.begin() as session:
        session.add(PeriodicTurnRow(name="sweep", taken_at=now))
    page = operator.get(PAGE).text
    assert "No worker seems to run" not in page
    assert "A worker was last seen on" in page


def test_it_is_the_operators_page_alone(come_in: Callable[..., Browser], registration_id: UUID) -> None:
    sam = come_in("Sam")
    assert sam.get(PAGE).status_code == 404
    assert sam.act(f"{PAGE}/{registration_id}/try-now").status_code == 404


def test_nobodys_name_and_no_score_stands_on_it(make_course: Callable[..., Course]) -> None:
    course = make_course()
    ines = course.world.visitor("ines")
    course.world.session.add(
        GrantRow(
            organization_id=course.world.organization_id, person_id=ines.person_id, capability=Capability.OPERATOR,
            granted_at=course.world.now,
        )
    )  # fmt: skip
    course.kept()
    page = Read(course.browser("ines").get(PAGE).text)
    assert "LMS" in page.text
    assert not [name for name in ("Sam", "Noor", "Amara") if name in page.text]


def test_many_platforms_are_asked_of_in_as_many_statements_as_one(
    operator: Browser, sessions: sessionmaker[Session], engine: Engine, registration_id: UUID, now: datetime
) -> None:
    with counted(engine) as few:
        operator.get(PAGE)
    with sessions.begin() as session:
        first = session.get_one(RegistrationRow, registration_id)
        for number in range(12):
            session.add(
                RegistrationRow(
                    id=new_id(), organization_id=first.organization_id, name=f"LMS {number}", family="moodle",
                    issuer=first.issuer, client_id=f"more-{number}", auth_url=first.auth_url, token_url=first.token_url,
                    jwks_url=first.jwks_url, deployments_announced=False, active=True, created_at=now,
                )
            )  # fmt: skip
    with counted(engine) as many:
        assert operator.get(PAGE).text.count("card-plain") == 13
    assert len(many) == len(few)


def health(**said: Any) -> PlatformHealth:
    """A platform of which nothing is to be said, but for this."""
    usual = {
        "registration_id": new_id(), "platform_name": "LMS", "organization_name": "School", "active": True,
        **dict.fromkeys(("accepted", "accepted_of_a_day", "waiting", "needs_person", "differs", "gone_columns"), 0),
        **dict.fromkeys(("waiting_since", "resting_until", "problem", "problem_at", "accepted_at", "clock_ahead")),
        "troubles": 0,
    }  # fmt: skip
    return PlatformHealth(**(usual | said))


def test_one_sentence_says_what_is_to_be_looked_at_first(app: Flask, now: datetime) -> None:
    runs, never = Workers(now), Workers(None)
    with app.test_request_context():
        app.preprocess_request()
        for one, workers, said in (
            (health(waiting=1), never, "Scores wait, and no worker seems to run."),
            (health(waiting=1, active=False), never, "All scores got through, or wait for a person of their course."),
            (health(accepted=3), never, "All scores got through, or wait for a person of their course."),
            (health(accepted=3, waiting=2), runs, "Scores get through. On their way now: 2."),
            (health(waiting=10_001), runs, "Scores get through. On their way now: more than 10,000."),
            (health(), runs, "No score has been sent yet."),
        ):
            assert in_one_sentence((one,), workers, now) == said


def test_the_page_opens_where_nobody_can_say_how_long_the_queue_is(
    operator: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> int:
        raise OSError("the queue's database is away")

    joined = app.extensions["attune"]
    monkeypatch.setitem(app.extensions, "attune", replace(joined, queue_length=away))
    assert operator.get(PAGE).status_code == 200
