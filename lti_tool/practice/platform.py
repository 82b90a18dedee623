"""The practice LMS itself: what it remembers, and the acts that change it."""

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from lti_tool.practice.calls import CallLog, Misbehavior
from lti_tool.practice.keys import PlatformKey
from lti_tool.practice.people import COURSE
from lti_tool.practice.state import Activity, LineItem, Score, State, StateFile, Tool
from lti_tool.practice.tickets import Clock, SpentWords, Tickets, utc_now
from lti_tool.practice.tool_keys import ToolKeys

TOKEN_LIFETIME = timedelta(hours=1)
KEYS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch under way. Without an activity it is a request to choose one (deep linking)."""

    person_id: str
    client_id: str
    activity_id: str = ""
    in_window: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A registration that an administrator began."""

    announce_deployment: bool


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token allows."""

    client_id: str
    scopes: frozenset[str]


class Platform:
    """One practice LMS. Every change is on the disk before the act returns.

    What is in `state` is replaced, never changed in place, so that other threads may read it meanwhile.
    """

    def __init__(self, base_url: str, directory: Path, *, clock: Clock = utc_now, fresh: bool = False) -> None:
        self.base_url = base_url
        self.clock = clock
        self._file = StateFile(directory)
        if fresh:
            self._file.wipe()
        self.state = self._file.load() or State(base_url, [PlatformKey.new()], secrets.token_hex(16))
        self.moved_from = self.state.issuer if self.state.issuer != base_url else ""
        self.state.issuer = base_url
        self._lock = threading.RLock()
        self._file.save(self.state)
        self._begin()

    def _begin(self) -> None:
        self.launches: Tickets[Launch] = Tickets(timedelta(minutes=10), self.clock)
        self.choices: Tickets[Launch] = Tickets(timedelta(hours=2), self.clock)
        self.offers: Tickets[Offer] = Tickets(timedelta(hours=1), self.clock)
        self.tokens: Tickets[Access] = Tickets(TOKEN_LIFETIME, self.clock)
        self.registered: dict[str, str] = {}
        """Registration token to the client id that came of it."""
        self.nonces = SpentWords(timedelta(hours=2), self.clock)
        self.assertions = SpentWords(timedelta(hours=2), self.clock)
        self.tool_keys = ToolKeys()
        self.calls = CallLog()
        self.misbehavior = Misbehavior()

    # Addresses

    def url(self, path: str) -> str:
        """The full address of a path here."""
        return self.base_url + path

    @property
    def token_address(self) -> str:
        """The token endpoint: the audience of a client assertion."""
        return self.url("/oidc/token")

    def line_items_address(self, tool: Tool) -> str:
        """Where this tool lists and makes columns. Its query belongs to it, as Moodle's does."""
        return self.url(f"/services/courses/{COURSE.id}/lineitems?type_id={tool.deployment_id}")

    def line_item_address(self, item: LineItem, below: str = "") -> str:
        """Where one column is, or what lies below it ("/results")."""
        tool = self.state.tools[item.client_id]
        path = f"/services/courses/{COURSE.id}/lineitems/{item.id}/lineitem{below}"
        return self.url(f"{path}?type_id={tool.deployment_id}")

    def roster_address(self, tool: Tool) -> str:
        """Where the people of the course are."""
        return self.url(f"/services/courses/{COURSE.id}/memberships?type_id={tool.deployment_id}")

    # Keys

    @property
    def key(self) -> PlatformKey:
        """The key that signs."""
        return self.state.keys[-1]

    def rotate_key(self) -> None:
        """Sign with a new key from now on; the former one stays in the key set."""
        with self._lock:
            self.state.keys = [*self.state.keys, PlatformKey.new()][-KEYS_SHOWN:]
            self._file.save(self.state)

    # Tools and activities

    def add_tool(self, tool: Tool) -> Tool:
        """Register a tool: its client id and deployment id are given here."""
        with self._lock:
            client_id = secrets.token_hex(8)
            added = replace(tool, client_id=client_id, deployment_id=self.state.number())
            self.state.tools = {**self.state.tools, client_id: added}
            self._file.save(self.state)
            return added

    def remove_tool(self, client_id: str) -> None:
        """Forget a tool with its activities, columns and scores."""
        with self._lock:
            self.state.tools = {key: tool for key, tool in self.state.tools.items() if key != client_id}
            self.state.activities = {
                key: activity for key, activity in self.state.activities.items() if activity.client_id != client_id
            }
            for item in [item for item in self.state.line_items.values() if item.client_id == client_id]:
                self._drop_line_item(item)
            self._file.save(self.state)

    def add_activity(
        self,
        tool: Tool,
        title: str,
        *,
        text: str = "",
        url: str = "",
        custom: Mapping[str, str] | None = None,
        column: LineItem | None = None,
    ) -> Activity:
        """Put a link into the course, with a column of its own if one is wanted."""
        with self._lock:
            number = self.state.number()
            activity = Activity(number, tool.client_id, title, text, url or tool.target, dict(custom or {}))
            self.state.activities = {**self.state.activities, number: activity}
            if column is not None:
                self.add_line_item(replace(column, client_id=tool.client_id, activity_id=number))
            self._file.save(self.state)
            return activity

    def activities_of(self, client_id: str) -> list[Activity]:
        """The links to one tool, in the order they were made."""
        return [activity for activity in self.state.activities.values() if activity.client_id == client_id]

    # Columns and scores

    def add_line_item(self, item: LineItem) -> LineItem:
        """Make a column; its id is given here."""
        with self._lock:
            added = replace(item, id=self.state.number())
            self.state.line_items = {**self.state.line_items, added.id: added}
            self._file.save(self.state)
            return added

    def change_line_item(self, item: LineItem) -> None:
        """Replace a column by this one with the same id."""
        with self._lock:
            self.state.line_items = {**self.state.line_items, item.id: item}
            self._file.save(self.state)

    def remove_line_item(self, item: LineItem) -> None:
        """Remove a column with its scores."""
        with self._lock:
            self._drop_line_item(item)
            self._file.save(self.state)

    def _drop_line_item(self, item: LineItem) -> None:
        self.state.line_items = {key: kept for key, kept in self.state.line_items.items() if key != item.id}
        self.state.scores = {key: score for key, score in self.state.scores.items() if key[0] != item.id}

    def only_line_item(self, activity: Activity) -> LineItem | None:
        """The activity's column, where it has exactly one."""
        found = [item for item in self.state.line_items.values() if item.activity_id == activity.id]
        return found[0] if len(found) == 1 else None

    def keep_score(self, score: Score) -> bool:
        """Keep a score that is later, in whole seconds, than the one on record; else return False."""
        with self._lock:
            key = (score.line_item_id, score.person_id)
            former = self.state.scores.get(key)
            if former is not None and score.second <= former.second:
                return False
            self.state.scores = {**self.state.scores, key: score}
            self._file.save(self.state)
            return True
