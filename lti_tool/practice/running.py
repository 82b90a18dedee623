"""The practice LMS in a thread of the caller: for tests, and for the demo."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lti_tool.practice.app import make_app
from lti_tool.practice.calls import Call, Mischief
from lti_tool.practice.people import find_person
from lti_tool.practice.platform import Platform
from lti_tool.practice.serving import base_url_of, bind, server_for
from lti_tool.practice.set_up import register_tool
from lti_tool.practice.state import Activity, LineItem, Score, Tool
from lti_tool.practice.tickets import Clock, utc_now
from lti_tool.practice.visitor import LmsVisitor


class PracticeLms:
    """A running practice LMS, as a test holds it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.base_url = platform.base_url
        """Also the issuer."""

    def register_tool(self, address: str, *, announce_deployment: bool = True) -> Tool:
        """Register the tool whose registration page is at `address`. Raises `NotRegistered`."""
        return register_tool(self.platform, address, announce_deployment=announce_deployment)

    def visitor(self) -> LmsVisitor:
        """A new browser without JavaScript and without cookies."""
        return LmsVisitor(self.base_url)

    def tools(self) -> tuple[Tool, ...]:
        """All registrations, oldest first."""
        return tuple(self.platform.state.tools.values())

    def activities(self) -> tuple[Activity, ...]:
        """All activities, oldest first."""
        return tuple(self.platform.state.activities.values())

    def line_items(self) -> tuple[LineItem, ...]:
        """All columns, oldest first."""
        return tuple(self.platform.state.line_items.values())

    def scores(self) -> tuple[Score, ...]:
        """The last score of each person in each column."""
        return tuple(self.platform.state.scores.values())

    def score(self, person: str, line_item_id: str | None = None) -> Score | None:
        """A person's score in a column (in the newest one, if not said)."""
        found, items = find_person(person), self.line_items()
        if found is None or not items:
            return None
        return self.platform.state.scores.get((line_item_id or items[-1].id, found.id))

    def add_activity(
        self, title: str, *, custom: Mapping[str, str] | None = None, maximum: float | None = None
    ) -> Activity:
        """A link to the newest tool that nobody chose in it, with a column if a maximum is given."""
        tool = self.tools()[-1]
        column = None if maximum is None else LineItem("", tool.client_id, "", title, maximum)
        return self.platform.add_activity(tool, title, custom=custom, column=column)

    def calls(self, place: str | None = None) -> tuple[Call, ...]:
        """What tools asked of the services, oldest first."""
        return self.platform.calls.all(place)

    def forget_calls(self) -> None:
        """Begin an empty call log."""
        self.platform.calls.clear()

    def misbehave(self, place: str, kind: str, *, times: int = 1, value: float = 0.0) -> None:
        """Spoil the next calls of a place; see `Mischief`. Raises ValueError."""
        self.platform.misbehavior.wish(Mischief(place, kind, times, value))

    def behave(self) -> None:
        """Forget all mischief that was asked for."""
        self.platform.misbehavior.clear()

    def rotate_key(self) -> None:
        """Sign with a new key from now on; the former one stays in the key set."""
        self.platform.rotate_key()

    def forget_tokens(self) -> None:
        """Make every access token unknown."""
        self.platform.tokens.clear()


@contextmanager
def running_practice_lms(
    data_directory: Path, port: int = 0, *, host: str = "127.0.0.1", fresh: bool = False, clock: Clock = utc_now
) -> Iterator[PracticeLms]:
    """Run the LMS in a thread until the block ends. Raises `PortInUse` and `StateProblem`.

    Port 0 is any free one. Give the same directory and port again to go on where it stopped.
    """
    listening = bind(host, port)
    with listening:
        platform = Platform(base_url_of(listening), data_directory, clock=clock, fresh=fresh)
        server = server_for(make_app(platform), listening)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="practice-lms", daemon=True)
    thread.start()
    try:
        yield PracticeLms(platform)
    finally:
        server.shutdown()
        thread.join()
