"""One score on its way to the LMS: what is known of it, and asking the LMS to show it.

Nothing here holds a transaction: it speaks with the LMS, from several threads at once.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from grading.delivery import Delivered, Shown, Step, next_timestamp, step
from grading.scores import DesiredScore
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.gradebook import Gradebook, LineItem
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.names import RESULT_SCOPE
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.scores.cells_read import shown_in

log = structlog.get_logger("attune.worker")

LEASE = timedelta(seconds=90)
"""How long one worker holds a score. After it another may take it, and what the first one learns of it later is
not written down."""
SEND_WITHIN = LEASE * 2 / 3
"""Nothing is sent later than this after it was taken: an attempt may last as long as what is left of the lease."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a score goes."""

    line_item_id: UUID
    url: str | None
    line_items_url: str | None
    deployment_id: str
    scopes: tuple[str, ...]
    lti_resource_link_id: str
    resource_id: str
    """Of the activity or placed program, by which the platform knows the column."""
    former_ids: tuple[str, ...]
    """Ids of what the activity was copied from: a column that came along carries one of them."""
    label: str
    maximum: int
    comment: str
    """The organization's one neutral line, where it goes along; else empty."""


@dataclass(frozen=True, slots=True)
class Before:
    """How a score stood before it was taken: what it is given back as when nothing was sent."""

    accepted: DesiredScore | None
    sent: DesiredScore | None
    sent_at: datetime | None
    attempts: int
    decided_over: Shown | None
    """What the LMS showed when a person said that ours stands."""


@dataclass(frozen=True, slots=True)
class ToSend:
    """One attempt: everything that is needed without the database."""

    delivery_id: UUID
    column: Column
    sub: str | None
    desired: DesiredScore
    clear: bool
    """Whether the cell is to be emptied instead."""
    timestamp: datetime
    completed: bool
    moment: datetime | None
    """When the practice that it is about was shared."""
    before: Before
    leased_until: datetime
    taken: float
    """By the clock that nobody sets."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the LMS showed; `shown` is None for an empty cell."""

    shown: Shown | None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt. `posted` is None where the LMS was not asked to change anything."""

    posted: Posted | None
    step: Step = Step.SEND
    seen: Seen | None = None
    line_item_url: str | None = None
    """Where the column is, also where it was found or made in this attempt."""
    timestamp: datetime | None = None
    """What was sent with it; None where nothing was."""


class Sender:
    """Asks one platform's gradebook for as long as a drain lasts; any number of threads may use it."""

    def __init__(
        self,
        tokens: PlatformTokens,
        http: SafeHttp,
        registration: PlatformRegistration,
        key: SigningKey,
        clock: Callable[[], datetime],
    ) -> None:
        self._tokens = KeptTokens(tokens)
        self._http = http
        self._registration = registration
        self._key = key
        self._clock = clock
        self._gradebooks: dict[str, Gradebook] = {}
        self._columns: dict[UUID, LineItem | Posted] = {}
        self._seeking = threading.Lock()

    def attempt(self, to_send: ToSend) -> Attempt | None:
        """Have the LMS show the score, after a look at what it shows where something was sent before.

        Whatever happens is an answer; nothing is raised. None: it was held for too long, and was not sent.
        """
        try:
            return self._attempt(to_send)
        except Exception:  # whatever it was, this score is settled and the others go on
            log.exception("an attempt broke off", delivery=str(to_send.delivery_id))
            return Attempt(Posted(Answer.NOT_UNDERSTOOD, retry=True, unknown=True), timestamp=to_send.timestamp)

    def _attempt(self, to_send: ToSend) -> Attempt | None:
        if to_send.sub is None:
            return Attempt(Posted(Answer.PERSON_NOT_IN_COURSE, retry=False))
        gradebook = self._gradebook(to_send.column.deployment_id)
        found = self._found(gradebook, to_send.column)
        if isinstance(found, Posted):
            return Attempt(found)
        seen = self._seen(gradebook, found.url, to_send, to_send.sub)
        if isinstance(seen, Posted):
            return Attempt(seen, line_item_url=found.url)
        if seen is not None and (next_step := _step(to_send, seen)) is not Step.SEND:
            return Attempt(None, next_step, seen, found.url)
        if not self._in_time(to_send):
            return None
        timestamp = to_send.timestamp
        if seen is not None and seen.at is not None:
            timestamp = next_timestamp(Delivered(None, None, seen.at), timestamp)
        return replace(self._sent(gradebook, found.url, to_send, to_send.sub, timestamp), seen=seen)

    def _sent(self, gradebook: Gradebook, url: str, to_send: ToSend, sub: str, timestamp: datetime) -> Attempt:
        scopes = to_send.column.scopes
        if to_send.clear:
            posted = gradebook.clear_score(url, scopes, sub=sub, timestamp=timestamp)
            return Attempt(posted, line_item_url=url, timestamp=timestamp)
        posted = gradebook.post_score(
            url,
            scopes,
            sub=sub,
            desired=to_send.desired,
            timestamp=timestamp,
            completed=to_send.completed,
            first=to_send.before.sent_at is None,
            comment=to_send.column.comment,
            moment=to_send.moment,
        )
        return Attempt(posted, line_item_url=url, timestamp=timestamp)

    def _seen(self, gradebook: Gradebook, url: str, to_send: ToSend, sub: str) -> Seen | Posted | None:
        """What the LMS shows, where something was sent before and it lets us look; None where not."""
        if to_send.clear or to_send.before.sent_at is None or RESULT_SCOPE not in to_send.column.scopes:
            return None
        result = gradebook.result_of(url, to_send.column.scopes, sub)
        if isinstance(result, Posted):
            return result if result.retry else None  # it never lets us look: what we have is sent
        return Seen(shown_in(result), result.at if result else None)

    def _in_time(self, to_send: ToSend) -> bool:
        # Two clocks: one stands still while the machine sleeps, the other can be set.
        spent = time.monotonic() - to_send.taken
        return spent < SEND_WITHIN.total_seconds() and self._clock() < to_send.leased_until - (LEASE - SEND_WITHIN)

    def _gradebook(self, deployment_id: str) -> Gradebook:
        known = self._gradebooks.get(deployment_id)
        if known is None:
            known = self._gradebooks[deployment_id] = Gradebook(
                self._http, self._registration, self._key, self._tokens, self._clock(), deployment_id=deployment_id
            )
        return known

    def _found(self, gradebook: Gradebook, column: Column) -> LineItem | Posted:
        if column.url is not None:
            return LineItem(column.url)
        with self._seeking:  # several scores of a column that is to be made: it is made once
            if column.line_item_id not in self._columns:
                self._columns[column.line_item_id] = _found_or_made(gradebook, column)
            return self._columns[column.line_item_id]


class KeptTokens:
    """Tokens of the database, which is asked once for each."""

    def __init__(self, kept: PlatformTokens) -> None:
        self._behind = kept
        self._known: dict[str, str] = {}

    def get(self, scopes: str) -> str | None:
        """A token that is good for as long as a drain lasts."""
        known = self._known.get(scopes) or self._behind.get(scopes)
        if known is not None:
            self._known[scopes] = known
        return known

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        """Keep it, for the others too."""
        self._known[scopes] = token
        self._behind.put(scopes, token, expires_at)


def _step(to_send: ToSend, seen: Seen) -> Step:
    before = to_send.before
    return step(to_send.desired, before.accepted, before.sent, seen.shown, decided_over=before.decided_over)


def _found_or_made(gradebook: Gradebook, column: Column) -> LineItem | Posted:
    if column.line_items_url is None:
        return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    return gradebook.find_or_make_line_item(
        column.line_items_url,
        column.scopes,
        resource_link_id=column.lti_resource_link_id,
        resource_id=column.resource_id,
        label=column.label,
        maximum=column.maximum,
        former_ids=column.former_ids,
    )
