"""One institution's practice LMS: where it is, what it remembers, and the acts of its administrator."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lti_tool.practice.authority import Authority
from lti_tool.practice.calls import CallLog, Delivery, Misbehavior
from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.launches import Launch, Offer
from lti_tool.practice.people import Person
from lti_tool.practice.profile import Profile
from lti_tool.practice.records import Activity, Course, LineItem, Tool
from lti_tool.practice.score_log import ScoreLog
from lti_tool.practice.state import State, StateFile, StateProblem
from lti_tool.practice.storms import Storm
from lti_tool.practice.tickets import SpentWords, Tickets

KEYS_SHOWN = 2


class Platform:
    """One practice LMS. Every change is on the disk before the act returns; with `save_every`, within so many seconds.

    What is in `state` is replaced, never changed in place, so that other threads may read it meanwhile.
    """

    def __init__(
        self,
        base_url: str,
        directory: Path,
        profile: Profile,
        *,
        authority: Authority,
        fresh: bool = False,
        save_every: float = 0.0,
    ) -> None:
        self.base_url = base_url
        self.profile = profile
        self.authority = authority
        self.clock = authority.clock
        self._file = StateFile(directory)
        if fresh:
            self._file.wipe()
        self.state = self._file.load() or _new_state(base_url, profile, authority.keys or [PlatformKey.new()])
        if self.state.profile != profile.name:
            raise StateProblem(
                f"{self._file.path} belongs to the profile {self.state.profile}. "
                f"Start with --profile {self.state.profile}, or with --fresh to begin anew."
            )
        self.moved_from = self.state.issuer if self.state.issuer != base_url else ""
        self.state.issuer = base_url
        self._lock = threading.RLock()
        self._save_every = save_every
        self._saving: threading.Timer | None = None
        authority.join(self)
        self.state.keys = authority.keys
        self._file.save(self.state)
        self._begin()

    def _begin(self) -> None:
        self.launches: Tickets[Launch] = Tickets(self.profile.launch_lifetime, self.clock)
        self.choices: Tickets[Launch] = Tickets(timedelta(hours=2), self.clock)
        self.offers: Tickets[Offer] = Tickets(timedelta(hours=1), self.clock)
        self.spent_offers: set[str] = set()
        self.registered: dict[str, str] = {}
        """Registration token to the client id that came of it."""
        self.nonces = SpentWords(timedelta(hours=2), self.clock)
        self.tokens = self.authority.tokens
        self.calls = CallLog()
        self.accepted = ScoreLog()
        self.deliveries: list[Delivery] = []
        self.misbehavior = Misbehavior()
        self.storm: Storm | None = None

    @contextmanager
    def changing(self) -> Iterator[State]:
        """Change the state; nobody else does meanwhile, and it is saved at the end."""
        with self._lock:
            yield self.state
            self._save()

    def _save(self) -> None:
        if not self._save_every:
            self._file.save(self.state)
        elif self._saving is None:
            self._saving = threading.Timer(self._save_every, self.save)
            self._saving.daemon = True
            self._saving.start()

    def save(self) -> None:
        """Write down what was not yet."""
        with self._lock:
            if self._saving is not None:
                self._saving.cancel()
                self._saving = None
                self._file.save(self.state)

    def start_over(self) -> None:
        """Forget everything but the keys and the institution's own id."""
        with self._lock:
            guid = self.state.guid
            self.state = _new_state(self.base_url, self.profile, self.authority.keys)
            self.state.guid = guid
            self._file.save(self.state)
        self.authority.forget()
        self._begin()

    # Addresses

    @property
    def issuer(self) -> str:
        """The issuer: the institution's own address, or one that several institutions share."""
        return self.authority.issuer

    def url(self, path: str) -> str:
        """The full address of a path of the institution."""
        return self.base_url + path

    @property
    def token_address(self) -> str:
        """The token endpoint: the audience of a client assertion."""
        return self.authority.auth_url + self.profile.paths.token

    @property
    def authorize_address(self) -> str:
        """Where a tool asks who somebody is."""
        return self.authority.auth_url + self.profile.paths.authorize

    @property
    def keys_address(self) -> str:
        """Where the key set is."""
        return self.authority.auth_url + self.profile.paths.keys

    @property
    def configuration_address(self) -> str:
        """What a tool reads before it registers."""
        return self.authority.issuer + self.profile.paths.configuration

    def line_items_address(self, tool: Tool, course_id: str) -> str:
        """Where this tool lists and makes columns of a course."""
        path = self.profile.paths.line_items
        return self.url(path.format(course=course_id, tool=tool.client_id, deployment=tool.deployment_id))

    def line_item_address(self, item: LineItem, below: str = "") -> str:
        """Where one column is, or what lies below it ("/results")."""
        deployment = self.state.tools[item.client_id].deployment_id
        path = self.profile.paths.line_item
        return self.url(path.format(course=item.course_id, item=item.id, below=below, deployment=deployment))

    def roster_address(self, tool: Tool, course_id: str) -> str:
        """Where the people of a course are."""
        return self.url(self.profile.paths.roster.format(course=course_id, deployment=tool.deployment_id))

    # Keys

    @property
    def key(self) -> PlatformKey:
        """The key that signs."""
        return self.authority.keys[-1]

    def rotate_key(self) -> None:
        """Sign with a new key from now on; the former one stays in the key set."""
        self.authority.keys = [*self.authority.keys, PlatformKey.new()][-KEYS_SHOWN:]
        for platform in self.authority.platforms:
            with platform.changing() as state:
                state.keys = self.authority.keys

    # People, by what tools call them

    def user_id(self, person: Person) -> str:
        """The id by which tools know a person."""
        return self.profile.ids.user(self, person)

    def user(self, user_id: str) -> Person | None:
        """The person whom tools know by this id."""
        return self.profile.ids.user_found(self, user_id)

    # Tools

    def add_tool(self, tool: Tool) -> Tool:
        """Register a tool: its client id and deployment id are given here, if they are not given yet."""
        with self.changing() as state:
            client_id = tool.client_id or self.profile.ids.client(self)
            added = replace(tool, client_id=client_id, deployment_id=self.new_deployment_id())
            state.tools = {**state.tools, client_id: added}
            return added

    def change_tool(self, tool: Tool) -> None:
        """Replace a registration by this one with the same client id."""
        with self.changing() as state:
            state.tools = {**state.tools, tool.client_id: tool}

    def new_deployment_id(self) -> str:
        """The id of one more place where a tool is in use."""
        return self.profile.ids.deployment(self, self.state.number())

    def remove_tool(self, client_id: str) -> None:
        """Forget a tool with its activities, columns and scores."""
        with self.changing() as state:
            gone = {key for key, item in state.line_items.items() if item.client_id == client_id}
            state.tools = {key: tool for key, tool in state.tools.items() if key != client_id}
            state.activities = {key: kept for key, kept in state.activities.items() if kept.client_id != client_id}
            state.line_items = {key: kept for key, kept in state.line_items.items() if key not in gone}
            state.scores = {key: kept for key, kept in state.scores.items() if key[0] not in gone}

    # What is in a course

    def course(self, course_id: str) -> Course | None:
        """A course by the id that stands in addresses."""
        return self.state.courses.get(course_id)

    def activities_of(self, client_id: str, course_id: str) -> list[Activity]:
        """The links to one tool in a course, in the order they were made."""
        found = self.state.activities.values()
        return [one for one in found if one.client_id == client_id and one.course_id == course_id]

    def line_items_of(self, activity: Activity) -> list[LineItem]:
        """The columns of a link, oldest first."""
        return [item for item in self.state.line_items.values() if item.activity_id == activity.id]

    def activity_named(self, link_id: str, client_id: str) -> Activity | None:
        """A tool's link by the id that the tool knows."""
        found = (one for one in self.state.activities.values() if one.client_id == client_id)
        return next((one for one in found if self.profile.ids.link(self, one) == link_id), None)


def _new_state(base_url: str, profile: Profile, keys: list[PlatformKey]) -> State:
    state = State(base_url, keys, secrets.token_hex(16), profile.name)
    state.people = {**state.people, **{person.id: person for person in profile.people}}
    return state
