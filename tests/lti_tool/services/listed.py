"""An LMS that lists people: answers for its services without a network, and a course that is read from it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.pages import Patience
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services.courses import roster, roster_reading
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import MembershipRow, PersonRow
from tests.lti_tool.services.conftest import ISSUER, World

MEMBERS, GROUPS = f"{ISSUER}/members", f"{ISSUER}/groups"


def member(sub: str, *roles: str, **more: Any) -> dict[str, Any]:
    """A person as the list has them."""
    return {"user_id": sub, "name": f"{sub.title()} Example", "roles": list(roles or ("Learner",)), **more}


@dataclass
class ListingLms(SafeHttp):
    """Lists `people`, at most `most` on a page, and `groups`; gives tokens for `scopes`."""

    people: Sequence[dict[str, Any]] = ()
    groups: Sequence[dict[str, Any]] | None = None
    most: int = 50
    breaks_off_after: int | None = None
    """How many pages of people it gives."""
    without_scope: bool = False
    meanwhile: Callable[[], None] = lambda: None
    """What happens between two pages."""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def request(self, method: str, url: str, **_how: Any) -> HttpAnswer:
        """One of its addresses."""
        if url == f"{ISSUER}/token":
            if self.without_scope:
                return HttpAnswer(400, {}, b'{"error": "invalid_scope"}')
            return HttpAnswer(200, {}, json.dumps({"access_token": "token", "expires_in": 3600}).encode())
        self.asked.append(url)
        if url == GROUPS:
            return HttpAnswer(200, {}, json.dumps({"groups": self.groups}).encode())
        return self._page(url)

    def _page(self, url: str) -> HttpAnswer:
        query = parse_qs(urlsplit(url).query)
        number = int(query.get("page", ["0"])[0])
        if number:
            self.meanwhile()
        if number == self.breaks_off_after:
            return HttpAnswer(500, {}, b"")
        size = min(self.most, int(query["limit"][0]))
        here = self.people[number * size : (number + 1) * size]
        more = (number + 1) * size < len(self.people)
        groups = "&groups=true" if "groups" in query else ""
        link = {"link": f'<{MEMBERS}?page={number + 1}&limit={size}{groups}>; rel="next"'} if more else {}
        return HttpAnswer(200, link, json.dumps({"id": MEMBERS, "members": here}).encode())


@dataclass
class Listed:
    """A course whose list of people is read."""

    world: World
    sessions: sessionmaker[Session]
    lms: ListingLms = field(default_factory=ListingLms)

    def __post_init__(self) -> None:
        self.course.memberships_url = MEMBERS

    @property
    def course(self) -> CourseRow:
        return self.world.session.query(CourseRow).one()

    def ask(self, who: str = "ines") -> UUID:
        """Have it read."""
        visitor = self.world.visitor(who)
        read_id = roster.ask(self.world.session, visitor, self.world.place(visitor), self.world.now)
        assert read_id is not None
        return read_id

    def read(self, *people: dict[str, Any], who: str = "ines") -> PlatformProblem | None:
        """Ask for a reading of these people, and do it; a second has gone by since whatever was before."""
        self.lms.people = people or self.lms.people
        self.world.now += timedelta(seconds=1)
        return self.work(self.ask(who))

    def work(self, read_id: UUID) -> PlatformProblem | None:
        """What the worker does with a reading that waits."""
        self.world.session.commit()
        with self.sessions.begin() as session:
            reading = roster.take(session, read_id, self.world.now)
        assert reading is not None
        problem = roster_reading.read(self.sessions, self.lms, reading, Patience(self._now, lambda seconds: None))
        with self.sessions.begin() as session:
            roster.settle(session, reading, problem, self.world.now)
        self.world.session.expire_all()
        return problem

    def _now(self) -> datetime:
        return self.world.now

    def membership(self, name: str) -> MembershipRow:
        """What is kept of somebody of this name."""
        for row in self.world.session.query(MembershipRow):
            if self.world.session.get_one(PersonRow, row.person_id).name == name:
                return row
        raise LookupError(name)

    def here(self) -> set[str | None]:
        """The names of those who are in the course."""
        rows = self.world.session.query(MembershipRow).where(MembershipRow.ended_at.is_(None))
        return {self.world.session.get_one(PersonRow, row.person_id).name for row in rows}
