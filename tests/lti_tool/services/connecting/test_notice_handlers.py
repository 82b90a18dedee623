"""Asking platforms to send notices."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import periodic, worker
from lti_tool.lti.claims import NoticesEndpoint
from lti_tool.queue import Kind
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services.connecting import notice_handlers
from lti_tool.store.platforms import (
    DeploymentRow,
    DeploymentState,
    HandlerState,
    NoticeHandlerRow,
)
from tests.lti_tool.services.conftest import ISSUER, TRAINEE, World

HANDLER = "https://attune.school.example/lti/notices"
URL = f"{ISSUER}/api/lti/notice-handlers/1057"
OFFER = NoticesEndpoint(URL, ("LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "LtiContextCopyNotice"))


NO_TOKEN = HttpAnswer(400, {"content-type": "application/json"}, b'{"error": "invalid_scope"}')


@dataclass
class Platform(SafeHttp):
    """Answers for the platform's notification service; notes what it was asked."""

    handlers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    gives_tokens: bool = True
    listed: bytes | None = None
    """What it says of its handlers, where it is not what they are."""
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def request(self, method: str, url: str, **how: Any) -> HttpAnswer:
        if url == f"{ISSUER}/token":
            return self._answer({"access_token": "t", "expires_in": 3600}) if self.gives_tokens else NO_TOKEN
        assert url == URL
        assert how["headers"]["Authorization"] == "Bearer t"
        content = json.loads(how["body"]) if method == "PUT" else None
        self.asked.append((method, content))
        if self.status != 200:
            return HttpAnswer(self.status, {}, b"")
        if content is not None:
            self.handlers[content["notice_type"]] = content["handler"]
            return self._answer(content)
        if self.listed is not None:
            return HttpAnswer(200, {}, self.listed)
        return self._answer({"notice_handlers": [{"notice_type": k, "handler": v} for k, v in self.handlers.items()]})

    def _answer(self, content: Any) -> HttpAnswer:
        return HttpAnswer(200, {"content-type": "application/json"}, json.dumps(content).encode())

    def puts(self) -> list[Any]:
        return [content for method, content in self.asked if method == "PUT"]


AskAll = Callable[[Platform], list[NoticeHandlerRow]]


@pytest.fixture
def ask_all(world: World, sessions: sessionmaker[Session]) -> AskAll:
    def ask_all(platform: Platform) -> list[NoticeHandlerRow]:
        """What a sweep would have the worker do, at the world's time."""
        for row_id in notice_handlers.due(world.session, world.now):
            world.session.commit()
            with sessions.begin() as session:
                to_ask = notice_handlers.take(session, row_id, http=platform, sessions=sessions, now=world.now)
            if to_ask is not None:
                posted = notice_handlers.ask(to_ask, HANDLER, world.now)
                with sessions.begin() as session:
                    notice_handlers.settle(session, row_id, posted)
        world.session.expire_all()
        return list(world.session.scalars(select(NoticeHandlerRow).order_by(NoticeHandlerRow.notice_type)))

    return ask_all


def states(rows: list[NoticeHandlerRow]) -> dict[str, tuple[HandlerState, str | None]]:
    return {row.notice_type: (row.state, row.problem) for row in rows}


def test_lti_s01_what_a_launch_offers_is_kept_for_its_deployment(world: World) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    deployment = world.session.scalars(select(DeploymentRow)).one()
    assert (deployment.notices_url, deployment.notice_types) == (URL, sorted(OFFER.types))
    wanted = world.session.scalars(select(NoticeHandlerRow.notice_type)).all()
    assert sorted(wanted) == ["LtiContextCopyNotice", "LtiHelloWorldNotice"]
    world.enter("sam", TRAINEE, notices=None)
    assert deployment.notices_url == URL


def test_an_offer_that_is_known_costs_a_launch_nothing(world: World) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    world.session.flush()
    world.session.expunge_all()
    said: list[str] = []
    event.listen(world.session.get_bind(), "before_cursor_execute", lambda *args: said.append(args[2]))
    world.enter("sam", TRAINEE, notices=OFFER)
    world.session.flush()
    assert [statement.split()[0] for statement in said] == ["INSERT", "SELECT", "INSERT"]


def test_lti_s02_our_handler_is_set_for_what_we_want_once(world: World, ask_all: AskAll) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    platform = Platform()
    for _twice in range(2):
        rows = ask_all(platform)
    assert sorted(platform.puts(), key=str) == [
        {"notice_type": name, "handler": HANDLER} for name in ("LtiContextCopyNotice", "LtiHelloWorldNotice")
    ]
    assert set(states(rows).values()) == {(HandlerState.SET, None)}


def test_lti_s03_once_a_day_what_the_platform_has_is_put_right(world: World, ask_all: AskAll) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    platform = Platform()
    ask_all(platform)
    platform.asked.clear()
    world.now += timedelta(days=1, minutes=1)
    ask_all(platform)
    assert platform.puts() == []
    platform.handlers["LtiContextCopyNotice"] = "https://elsewhere.example/"
    world.now += timedelta(days=1, minutes=1)
    ask_all(platform)
    assert platform.puts() == [{"notice_type": "LtiContextCopyNotice", "handler": HANDLER}]


def test_another_address_of_the_service_is_asked_again(world: World, ask_all: AskAll) -> None:
    world.enter("sam", TRAINEE, notices=replace(OFFER, url=f"{ISSUER}/before"))
    world.enter("sam", TRAINEE, notices=OFFER)
    platform = Platform()
    assert set(states(ask_all(platform)).values()) == {(HandlerState.SET, None)}
    assert len(platform.puts()) == 2


@pytest.mark.parametrize(
    ("status", "state", "problem"),
    [
        (503, HandlerState.WANTED, "platform_troubled"),
        (429, HandlerState.WANTED, "busy"),
        (403, HandlerState.NOT_SET, "not_allowed"),
        (404, HandlerState.NOT_SET, "not_allowed"),
        (422, HandlerState.NOT_SET, "not_understood"),
    ],
)
def test_what_a_platform_does_not_take_is_tried_again_in_time(
    world: World, ask_all: AskAll, status: int, state: HandlerState, problem: str
) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    platform = Platform(status=status)
    assert set(states(ask_all(platform)).values()) == {(state, problem)}
    platform.asked.clear()
    ask_all(platform)
    assert platform.asked == []
    platform.status = 200
    world.now += timedelta(minutes=31) if state is HandlerState.WANTED else timedelta(days=1)
    assert set(states(ask_all(platform)).values()) == {(HandlerState.SET, None)}


@pytest.mark.parametrize(
    "platform", [Platform(gives_tokens=False), Platform(listed=b"<html>"), Platform(listed=b'{"notice_handlers": 7}')]
)
def test_a_platform_that_gives_no_token_or_lists_what_nobody_reads_is_told_by_its_handlers(
    world: World, ask_all: AskAll, platform: Platform
) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    found = states(ask_all(platform))
    assert len(found) == 2
    assert all(state is not HandlerState.SET and problem for state, problem in found.values())
    assert platform.puts() == []


def test_two_workers_never_ask_the_same(world: World, sessions: sessionmaker[Session]) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    row_id = notice_handlers.due(world.session, world.now)[0]
    how = {"http": Platform(), "sessions": sessions, "now": world.now}
    assert notice_handlers.take(world.session, row_id, **how) is not None
    assert notice_handlers.take(world.session, row_id, **how) is None


def test_a_deployment_that_waits_is_not_asked_for_anything(world: World, ask_all: AskAll) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    world.session.scalars(select(DeploymentRow)).one().state = DeploymentState.PENDING
    platform = Platform()
    ask_all(platform)
    assert platform.asked == []


def test_the_worker_asks_for_what_a_launch_offered(world: World, sessions: sessionmaker[Session]) -> None:
    world.enter("sam", TRAINEE, notices=OFFER)
    world.session.commit()
    asked: list[tuple[Kind, UUID]] = []
    periodic.sweep(sessions, lambda kind, one: asked.append((kind, one)))
    mine = [one for kind, one in asked if kind is Kind.NOTICE_HANDLER]
    assert len(mine) == 2
    platform = Platform()
    for one in mine:
        worker.ask_for_notices(sessions, platform, one, handler=HANDLER)
    assert len(platform.puts()) == 2
