"""Assignment and Grade Services 2.0: scores leave through here, and nothing else does."""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from grading.scores import DesiredScore
from lti_tool.lti import line_items
from lti_tool.lti.access_tokens import TokenStore
from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Answer, Posted, posted, sentence
from lti_tool.lti.columns import Columns
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.line_items import Sought
from lti_tool.lti.names import (
    RESULT_SCOPE,
    RESULTS_TYPE,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from lti_tool.lti.quirks import quirks_of
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.results import Result, result_in
from lti_tool.lti.score_wire import Sending, Wire, cleared_body, score_body
from lti_tool.lti.service import Service
from lti_tool.lti.statuses import about_score, about_service, clock_ahead
from lti_tool.safe_http import HttpAnswer, SafeHttp

__all__ = ["Answer", "Gradebook", "LineItem", "Posted", "Result", "TokenStore", "sentence"]

MOST_PAGES = 50
LONGEST_SLOW_DOWN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of the platform's gradebook."""

    url: str


class Gradebook:
    """One registration's gradebook service, for one piece of work at one time. Any number of threads may use it."""

    def __init__(
        self,
        http: SafeHttp,
        registration: PlatformRegistration,
        key: SigningKey,
        tokens: TokenStore,
        now: datetime,
        *,
        deployment_id: str | None = None,
    ) -> None:
        service = Service(http, registration, key, tokens, now, deployment_id=deployment_id)
        self._call = service.call
        self._begun, self._began_at = now, time.monotonic()
        self.columns = Columns(service, registration.family, lambda: self._now)
        self._ways = quirks_of(registration.family).scores

    @property
    def _now(self) -> datetime:
        """By the clock that said when the work began, however long it has lasted."""
        return self._begun + timedelta(seconds=time.monotonic() - self._began_at)

    def post_score(
        self,
        line_item_url: str,
        scopes: Collection[str],
        *,
        sub: str,
        desired: DesiredScore,
        timestamp: datetime,
        completed: bool,
        first: bool = True,
        comment: str = "",
        moment: datetime | None = None,
    ) -> Posted:
        """Send one score (section 3.4). `scopes` are those of the launch's endpoint claim.

        The timestamp must be later, in whole seconds, than that of any score sent before for this column and
        person. `first`: nothing was sent there before. `comment` is one line for everybody. `moment` is when what is
        scored was done. Nothing is raised: whatever happens is an answer.
        """
        sending = Sending(
            sub=sub,
            desired=desired,
            timestamp=timestamp,
            completed=completed,
            first=first,
            comment=comment,
            moment=moment,
        )
        came = self._post(line_item_url, scopes, score_body(sending, self._ways, self._now))
        if came.answer is Answer.NO_ATTEMPTS_LEFT and first:
            # Somebody handed in there as often as they may: the score goes to what they handed in.
            sending = replace(sending, first=False)
            return self._post(line_item_url, scopes, score_body(sending, self._ways, self._now))
        return came

    def clear_score(self, line_item_url: str, scopes: Collection[str], *, sub: str, timestamp: datetime) -> Posted:
        """Empty a person's cell (section 3.4.4); only by a person's act, never because something is not known.

        The timestamp is as for a score. Nothing is raised.
        """
        return self._post(line_item_url, scopes, cleared_body(sub, timestamp, self._ways))

    def _post(self, line_item_url: str, scopes: Collection[str], body: Wire) -> Posted:
        if SCORE_SCOPE not in scopes:
            return posted(Answer.COLUMN_NOT_OFFERED)
        answer = self._call(
            "POST",
            line_items.scores_address(line_item_url),
            SCORE_SCOPE,
            {"Content-Type": SCORE_TYPE},
            json.dumps(body).encode(),
        )
        if isinstance(answer, Posted):
            return answer
        came = about_score(answer, self._now)
        if came.answer is Answer.NEWER_SCORE_THERE and RESULT_SCOPE not in scopes:
            came = replace(came, retry=False)  # it cannot be read, so a person looks
        return self._as_said_by(answer, came)

    def _as_said_by(self, answer: HttpAnswer, came: Posted) -> Posted:
        return replace(came, clock_ahead=clock_ahead(answer, self._now), slow_down=self._slow_down(answer))

    def _slow_down(self, answer: HttpAnswer) -> timedelta | None:
        ways = self._ways
        try:
            left = float(answer.headers.get(ways.rate_header, ""))
        except ValueError:
            return None
        wait = timedelta(seconds=max(ways.rate_low - left, 0) / ways.rate_leak) if left == left else timedelta()
        return min(wait, LONGEST_SLOW_DOWN) or None

    def result_of(self, line_item_url: str, scopes: Collection[str], sub: str) -> Result | Posted | None:
        """What the column shows for one person (section 3.3); None where it shows nothing.

        A `Posted` says why it cannot be read. Nothing is raised.
        """
        if RESULT_SCOPE not in scopes:
            return posted(Answer.RESULTS_NOT_OFFERED)
        # No limit: Moodle answers any with a page that is not found.
        begin = line_items.with_query(line_items.results_address(line_item_url), user_id=sub)
        page: str | None = begin
        for _ in range(MOST_PAGES):
            if page is None:
                return None
            answer = self._call("GET", page, RESULT_SCOPE, {"Accept": RESULTS_TYPE})
            if isinstance(answer, Posted):
                return answer
            items = line_items.items_in(answer.body) if answer.status == 200 else None
            if items is None:
                return self._as_said_by(answer, about_service(answer, self._now))
            # The platform may not keep to the filter, so each is looked at.
            theirs = next((item for item in items if str(item.get("userId")) == sub), None)
            if theirs is not None:
                result = result_in(theirs)
                return None if result.score is None else result
            page = line_items.next_page(page, answer.headers.get("link", ""))
            if page is not None and origin(page) != origin(begin):
                return posted(Answer.ADDRESS_NOT_KNOWN)  # a token would go to a stranger
        return posted(Answer.NOT_UNDERSTOOD)  # so many pages are a circle

    def find_or_make_line_item(
        self,
        line_items_url: str,
        scopes: Collection[str],
        *,
        resource_link_id: str,
        resource_id: str,
        label: str,
        maximum: int,
        former_ids: tuple[str, ...] = (),
    ) -> LineItem | Posted:
        """The column for this link and activity: the one that is there, else a new one (section 3.2).

        `former_ids` are those of the activities that this one was copied from. A `Posted` says why there is none.
        """
        sought = Sought(resource_link_id, resource_id, former_ids)
        found = self.columns.find_or_make(line_items_url, scopes, sought, label=label, maximum=Decimal(maximum))
        return found if isinstance(found, Posted) else LineItem(found.url)
