"""A small course, entered through real launch values, for tests of the services."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from grading.scores import ColumnShows
from lti_tool.access import Capability
from lti_tool.lti.claims import AgsEndpoint, Course, Launch, Platform, ResourceLink
from lti_tool.services.asking import ask
from lti_tool.services.authoring import author
from lti_tool.services.connecting import platforms
from lti_tool.services.courses import people, places
from lti_tool.services.entering import enter
from lti_tool.services.entering.visitors import Visitor, who_is_it
from lti_tool.services.observations import answer, observe
from lti_tool.services.signing import sign_off
from rubrics.consent import PersonServed
from rubrics.observation import Mode
from rubrics.sign_off import Lane
from tests.beginnings import begun
from tests.lti_tool.published import version_of
from tests.school import school

ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTRUCTOR = (f"{ROLE}#Instructor",)
TRAINEE = (f"{ROLE}#Learner",)
ASSISTANT = (f"{ROLE}/Instructor#TeachingAssistant",)
ISSUER = "https://lms.school.example"
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
)


@dataclass
class World:
    """One course with an activity; people enter it by launching."""

    session: Session
    now: datetime
    organization_id: UUID
    registration_id: UUID
    issuer: str = ISSUER
    client_id: str = "client-1"
    activity_id: UUID | None = None
    visitors: dict[str, Visitor] = field(default_factory=dict)
    begun_by: tuple[object, ...] = ()
    """What was written since the database was new, if it all was written by beginnings."""

    def launch(self, sub: str, roles: tuple[str, ...], **changes: object) -> Launch:
        custom = {"attune_activity": str(self.activity_id)} if self.activity_id else {}
        usual: dict[str, object] = {
            "registration_id": self.registration_id,
            "issuer": self.issuer,
            "client_id": self.client_id,
            "deployment_id": "1",
            "message_type": "LtiResourceLinkRequest",
            "sub": sub,
            "name": f"{sub.title()} Example",
            "given_name": None,
            "family_name": None,
            "email": None,
            "roles": roles,
            "context": Course(id="course-1", title="Peer support practicum", label=None),
            "resource_link": ResourceLink(id="link-1", title="Observed practice"),
            "custom": custom,
            "target_link_uri": "https://attune.school.example/lti/launch",
            "ags": AgsEndpoint(line_item=f"{ISSUER}/items/7", line_items=f"{ISSUER}/items", scopes=SCOPES),
            "memberships_url": None,
            "deep_linking": None,
            "return_url": f"{ISSUER}/course/1",
            "locale": "en",
            "document_target": "iframe",
            "for_user": None,
            "groups_url": None,
            "notices": None,
            "platform": Platform(guid=None, name=None),
            "placement": None,
        }
        return Launch(**(usual | changes))

    def enter(self, sub: str, roles: tuple[str, ...], *, in_tab: bool = False, **changes: object) -> enter.Entered:
        return enter.enter(
            self.session,
            self.launch(sub, roles, **changes),
            state_digest=secrets.token_hex(32),
            state_expires_at=self.now + timedelta(minutes=10),
            now=self.now,
            in_tab=in_tab,
        )

    def visitor(self, sub: str, roles: tuple[str, ...] = (), **changes: object) -> Visitor:
        if sub not in self.visitors:
            entered = self.enter(sub, roles, **changes)
            found = who_is_it(self.session, entered.token, self.now)
            assert found is not None
            self.visitors[sub] = found
        return self.visitors[sub]

    def place(self, visitor: Visitor) -> places.Place:
        assert self.activity_id is not None
        return places.place(self.session, visitor, self.activity_id)

    def grant(self, to: Visitor, lane: Lane | None) -> None:
        instructor = self.visitor("ines")
        people.grant(
            self.session,
            instructor,
            self.place(instructor),
            person_id=to.person_id,
            capability=Capability.SUPERVISOR if lane else Capability.OBSERVER,
            lane=lane,
            now=self.now,
        )

    def reached(self, step: tuple[object, ...], make: Callable[[], UUID]) -> UUID:
        """What `make` hands back; where only beginnings wrote until here, this is one of them, see `begun`."""
        if not self.begun_by:
            return make()
        key = (*self.begun_by, self.now, self.activity_id, step)
        made = begun(self.session, key, make)
        self.begun_by = key
        return made

    def ask(self, mode: Mode = Mode.ROLE_PLAY) -> UUID:
        return self.reached(("ask", mode), lambda: self._ask(mode))

    def _ask(self, mode: Mode) -> UUID:
        sam, jo = self.visitor("sam"), self.visitor("jo")
        return ask.request(
            self.session, sam, self.place(sam), observer_id=jo.person_id, mode=mode, recorded=False,
            note=None, now=self.now,
        )  # fmt: skip

    def begin(self) -> UUID:
        return self.reached(("begin",), self._begin)

    def _begin(self) -> UUID:
        observation_id = self.ask()
        observe.person_served(self.session, self.visitor("jo"), observation_id, PersonServed.NOT_APPLICABLE, self.now)
        return observation_id

    def share(self) -> UUID:
        return self.reached(("share",), self._share)

    def _share(self) -> UUID:
        observation_id = self.begin()
        jo = self.visitor("jo")
        rubric = observe.form(self.session, jo, observation_id).rubric
        ratings = {
            criterion.key: observe.RatingChange(level=4, not_observed=False, evidence="Waited, then asked.")
            for criterion in rubric.criteria
        }
        change = observe.Change(strength="Let the silence be.", ratings=ratings)
        observe.save(self.session, jo, observation_id, change, self.now)
        observe.share(self.session, jo, observation_id, self.now)
        return observation_id

    def answered(self, words: str | None = "I was nervous at first.") -> UUID:
        return self.reached(("answered", words), lambda: self._answered(words))

    def _answered(self, words: str | None) -> UUID:
        observation_id = self.share()
        answer.answer(self.session, self.visitor("sam"), observation_id, words=words, now=self.now)
        return observation_id

    def sign(self, who: str, observation_id: UUID, lane: Lane = Lane.PEER) -> tuple[UUID, ...]:
        visitor = self.visitor(who)
        shown = sign_off.preview(self.session, visitor, observation_id, lane, self.now)
        return sign_off.sign(self.session, visitor, observation_id, lane=lane, digest=shown.digest, now=self.now)


MakeWorld = Callable[..., World]


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session
        session.rollback()


@pytest.fixture
def bare_world(session: Session, now: datetime) -> World:
    """A platform that nobody has launched from yet."""
    return begun_world(session, ("a bare world", now), lambda: _bare(session, now))


@pytest.fixture
def make_world(request: pytest.FixtureRequest, session: Session, now: datetime) -> MakeWorld:
    """A course with Ines (instructor), Jo (peer lane), Amara (clinical lane) and Sam (trainee)."""
    made: list[World] = []

    def make(
        *,
        lanes: tuple[Lane, ...] = (Lane.PEER,),
        shows: ColumnShows = ColumnShows.COMPLETION,
        required: int = 1,
    ) -> World:
        if not made and "bare_world" in request.fixturenames:
            made.append(request.getfixturevalue("bare_world"))
        if made:
            return _peopled(made[0], lanes, shows, required)
        key = ("a world", now, lanes, shows, required)
        made.append(begun_world(session, key, lambda: _peopled(_bare(session, now), lanes, shows, required)))
        return made[0]

    return make


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def begun_world(session: Session, key: tuple[object, ...], make: Callable[[], World]) -> World:
    """The world that `make` writes, written once and copied for each test that begins with the same key."""
    world = begun(session, key, make)
    return replace(world, session=session, visitors=dict(world.visitors), begun_by=key)


def _bare(session: Session, now: datetime) -> World:
    organization_id = school(session)
    platform = platforms.NewPlatform(
        name="LMS",
        family="moodle",
        issuer=ISSUER,
        client_id="client-1",
        auth_url=f"{ISSUER}/auth",
        token_url=f"{ISSUER}/token",
        jwks_url=f"{ISSUER}/jwks",
        deployment_ids=("1",),
    )
    return World(session, now, organization_id, platforms.add(session, organization_id, platform, now))


def _peopled(world: World, lanes: tuple[Lane, ...], shows: ColumnShows, required: int) -> World:
    entered = world.enter("ines", INSTRUCTOR)
    assert entered.course_id is not None
    ines = world.visitor("ines", INSTRUCTOR)
    version = version_of(world.session, world.organization_id)
    choice = author.ActivityChoice(
        version_id=version, title="Observed practice", column_shows=shows,
        required_observations=required, lanes=lanes,
    )  # fmt: skip
    world.activity_id = author.place_activity(world.session, ines, entered.course_id, choice, now=world.now)
    world.enter("ines", INSTRUCTOR)
    world.grant(world.visitor("jo", ASSISTANT), Lane.PEER)
    world.grant(world.visitor("amara", ASSISTANT), Lane.CLINICAL)
    world.visitor("sam", TRAINEE)
    world.visitor("noor", TRAINEE)
    return world
