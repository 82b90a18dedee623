"""A course on the web: its people, each in a browser of their own, and observations as far as a test needs them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from lti_tool.services.authoring import author
from lti_tool.services.connecting import platforms
from rubrics.sign_off import Lane
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, ISSUER, TRAINEE, World, begun_world
from tests.school import school

HOST = "attune.school.example"
PLATFORM = platforms.NewPlatform(
    name="LMS", family="moodle", issuer=ISSUER, client_id="client-1",
    auth_url=f"{ISSUER}/auth", token_url=f"{ISSUER}/token", jwks_url=f"{ISSUER}/jwks", deployment_ids=("1",),
)  # fmt: skip
ROLES = {"ines": INSTRUCTOR, "jo": ASSISTANT, "amara": ASSISTANT, "sam": TRAINEE, "noor": TRAINEE}


@dataclass
class Course:
    """Ines (instructor), Jo (peer lane), Amara (clinical lane), Sam and Noor (trainees) of one activity."""

    app: Flask
    world: World
    roles: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(ROLES))
    _browsers: dict[str, Any] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The activity's address."""
        return f"/a/{self.world.activity_id}"

    def token(self, who: str) -> str:
        """The secret of a new session of this person."""
        token = self.world.enter(who, self.roles.get(who, TRAINEE)).token
        self.kept()
        return token

    def browser(self, who: str) -> Any:
        """The browser in which this person is signed in."""
        if who not in self._browsers:
            browser = self.app.test_client()
            browser.set_cookie("__Host-attune", self.token(who), domain=HOST, secure=True)
            self._browsers[who] = browser
        return self._browsers[who]

    def renew(self, who: str) -> None:
        """A day or more has gone by: the person launches again."""
        self.world.now = max(self.world.now, self.app.extensions["attune"].clock())
        self._browsers.pop(who, None)

    def kept(self) -> None:
        """What the world's session wrote is there for the application, and the other way round."""
        self.world.session.commit()
        self.world.session.expire_all()

    def asked(self) -> UUID:
        """Sam has asked Jo."""
        return self.keep(self.world.ask())

    def begun(self) -> UUID:
        """Jo has opened the form."""
        return self.keep(self.world.begin())

    def shared(self) -> UUID:
        """Jo has shared it."""
        return self.keep(self.world.share())

    def answered(self, words: str | None = "I was nervous at first.") -> UUID:
        """Sam has answered."""
        return self.keep(self.world.answered(words))

    def signed(self) -> UUID:
        """Jo has signed in the peer lane."""
        return self.keep(self.world.reached(("signed",), self._signed))

    def _signed(self) -> UUID:
        observation_id = self.world.answered()
        self.world.sign("jo", observation_id)
        return observation_id

    def keep(self, observation_id: UUID) -> UUID:
        """Commit, and hand the id on."""
        self.kept()
        return observation_id


def open_course(app: Flask, session: Session, now: datetime, **choices: Any) -> Course:
    """A course with one activity; `choices` are those of `author.ActivityChoice`."""
    key = ("a course on the web", now, *sorted(choices.items()))
    course = Course(app, begun_world(session, key, lambda: _written(session, now, choices)))
    course.kept()
    return course


def _written(session: Session, now: datetime, choices: dict[str, Any]) -> World:
    organization_id = school(session)
    registration_id = platforms.add(session, organization_id, PLATFORM, now)
    world = World(session, now, organization_id, registration_id)
    course_id = world.enter("ines", INSTRUCTOR).course_id
    assert course_id is not None
    choice = author.ActivityChoice(
        version_id=version_of(session, organization_id), title="Observed practice", **choices
    )
    ines = world.visitor("ines", INSTRUCTOR)
    world.activity_id = author.place_activity(session, ines, course_id, choice, now=now)
    for who, roles in ROLES.items():
        world.visitor(who, roles)
        world.enter(who, roles)
    world.grant(world.visitor("jo"), Lane.PEER)
    world.grant(world.visitor("amara"), Lane.CLINICAL)
    return world
