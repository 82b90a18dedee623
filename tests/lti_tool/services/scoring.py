"""An LMS's gradebook at the seam of the network, and the worker that sends scores to it."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable
from lti_tool.safe_http.problems import no_answer
from lti_tool.services.scores import send_lane
from lti_tool.services.scores.send_lane import Drained
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.platforms import PlatformLaneRow
from tests.conftest import Clock
from tests.lti_tool.services.conftest import SCOPES, World

READING = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
Trouble = HttpAnswer | Unreachable
OK = HttpAnswer(200, {}, b"")
TROUBLED = HttpAnswer(503, {}, b"<h1>Service unavailable</h1>")
DOWN = no_answer("lms.school.example")


def said(status: int, **headers: str) -> HttpAnswer:
    """An answer with headers: `said(429, retry_after="120")`."""
    return HttpAnswer(status, {name.replace("_", "-"): value for name, value in headers.items()}, b"")


@dataclass
class FakeLms(SafeHttp):
    """Takes scores, and answers as it is told to."""

    cells: dict[str, Decimal] = field(default_factory=dict)
    """What is shown, by sub, of 100."""
    posts: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """What was taken, by sub and in order."""
    asked: int = 0
    """How many scores came, taken or not."""
    at: str = ""
    answers: Callable[[str], Trouble | None] = lambda _sub: None
    """What somebody's score is answered with; None: it is taken."""
    looks: Callable[[str], Trouble | None] = lambda _sub: None
    tokens: Trouble | None = None
    meanwhile: Callable[[], None] = lambda: None
    """Happens while a score is on its way."""
    loses_answers: bool = False
    listed: list[dict[str, Any]] = field(default_factory=list)
    """Its columns, where it is asked for all."""
    _one: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        super().__init__()

    def request(self, method: str, url: str, *, body: bytes | None = None, **_how: Any) -> HttpAnswer:
        path = urlsplit(url).path
        if path.endswith("/token"):
            answer = self.tokens or HttpAnswer(200, {}, b'{"access_token": "t", "expires_in": 3600}')
        elif path.endswith("/results"):
            answer = self._result(parse_qs(urlsplit(url).query)["user_id"][0])
        elif path.endswith("/scores"):
            answer = self._score(json.loads(body or b"{}"))
        elif method == "GET":
            answer = HttpAnswer(200, {}, json.dumps(self.listed).encode())
        else:
            raise AssertionError(f"nobody asks for {method} {url}")
        if isinstance(answer, Unreachable):
            raise answer
        return answer

    def _result(self, sub: str) -> Trouble:
        if trouble := self.looks(sub):
            return trouble
        shown = (
            {"userId": sub, "resultScore": float(self.cells[sub]), "resultMaximum": 100} if sub in self.cells else None
        )
        if shown and self.at:
            shown["timestamp"] = self.at
        return HttpAnswer(200, {}, json.dumps([shown] if shown else []).encode())

    def _score(self, body: dict[str, Any]) -> Trouble:
        self.meanwhile()
        with self._one:
            sub = body["userId"]
            self.asked += 1
            if trouble := self.answers(sub):
                return trouble
            self.posts[sub].append(body)
            if "scoreGiven" in body:
                self.cells[sub] = Decimal(str(body["scoreGiven"])) * 100 / Decimal(str(body["scoreMaximum"]))
            else:
                self.cells.pop(sub, None)
            return DOWN if self.loses_answers else OK

    @property
    def took(self) -> int:
        """How many scores it took."""
        return sum(len(posts) for posts in self.posts.values())


@dataclass
class Sending:
    """A course whose scores wait, the LMS, and a worker by a clock that moves when told to."""

    world: World
    sessions: sessionmaker[Session]
    lms: FakeLms
    clock: Clock

    @property
    def platform(self) -> UUID:
        return self.world.registration_id

    def people(self, count: int, *, score: int = 50) -> list[UUID]:
        """So many people, whose score waits. Their sub is p0, p1 and so on."""
        with self.sessions.begin() as session:
            column = session.scalars(select(LineItemRow)).first()
            assert column is not None
            return [self._person(session, column, f"p{number}", score) for number in range(count)]

    def _person(self, session: Session, column: LineItemRow, sub: str, score: int) -> UUID:
        owned, person_id, delivery_id = {"organization_id": column.organization_id}, new_id(), new_id()
        session.add(PersonRow(id=person_id, name=sub, created_at=self.clock.now, **owned))
        session.flush()
        account = {"registration_id": column.registration_id, "person_id": person_id}
        session.add(LmsAccountRow(id=new_id(), sub=sub, **account, **owned))
        session.add(
            DeliveryRow(
                id=delivery_id,
                line_item_id=column.id,
                state=DeliveryState.WAITING,
                desired_score=Decimal(score),
                desired_maximum=Decimal(100),
                desired_at=self.clock.now,
                attempts=0,
                next_attempt_at=self.clock.now,
                **account,
                **owned,
            )
        )
        session.flush()
        return delivery_id

    def want(self, delivery_id: UUID, score: int) -> None:
        """From now on the column should show this."""
        self.change(delivery_id, desired_score=Decimal(score), state=DeliveryState.WAITING, attempts=0,
                    next_attempt_at=self.clock.now, desired_at=self.clock.now)  # fmt: skip

    def change(self, delivery_id: UUID, **values: object) -> None:
        with self.sessions.begin() as session:
            row = session.get_one(DeliveryRow, delivery_id)
            for name, value in values.items():
                setattr(row, name, value)

    def may_read(self) -> None:
        """The LMS lets us read what it shows."""
        with self.sessions.begin() as session:
            for column in session.scalars(select(LineItemRow)):
                column.scopes = [*SCOPES, READING]

    def drain(self, *, later: timedelta = timedelta(), **how: Any) -> Drained:
        """One turn of the lane."""
        self.clock.now += later
        return send_lane.drain(self.sessions, self.lms, self.platform, self.clock, **how)

    def row(self, delivery_id: UUID) -> DeliveryRow:
        with self.sessions() as session:
            return session.get_one(DeliveryRow, delivery_id)

    def rows(self) -> list[DeliveryRow]:
        with self.sessions() as session:
            return list(session.scalars(select(DeliveryRow).order_by(DeliveryRow.id)))

    def lane(self) -> PlatformLaneRow:
        with self.sessions() as session:
            return session.scalars(select(PlatformLaneRow)).one()
