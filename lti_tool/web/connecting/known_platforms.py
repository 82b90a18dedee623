"""The registrations that were asked for lately, so that a launch asks the database less."""

import time
from collections.abc import Sequence

from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services.connecting import platforms
from lti_tool.store.sessions import Sessions

KEPT_SECONDS = 10.0
MOST = 1_000

Key = tuple[str, str | None]


class KnownPlatforms:
    """Answers from memory for some seconds: a change is seen that much later in every process.

    What was not found is never remembered, so that a new platform works at once.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._known: dict[Key, tuple[float, Sequence[PlatformRegistration]]] = {}

    def find(self, issuer: str, client_id: str | None) -> Sequence[PlatformRegistration]:
        """The registrations of exactly this issuer, and of exactly this client id where one is given."""
        moment = time.monotonic()
        kept = self._known.get((issuer, client_id))
        if kept is not None and kept[0] > moment:
            return kept[1]
        # In a session of its own: while the platform's keys are fetched, no transaction waits.
        with self._sessions.reading() as session:
            found = platforms.find_registrations(session, issuer, client_id)
        if found:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[issuer, client_id] = (moment + KEPT_SECONDS, found)
        return found
