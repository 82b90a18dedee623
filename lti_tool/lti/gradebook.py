"""Assignment and Grade Services 2.0: scores leave through here, and nothing else does."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from grading.scores import DesiredScore
from lti_tool.lti import line_items
from lti_tool.lti.access_tokens import TokenStore
from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Answer, Posted, about_score, about_service, sentence
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.names import (
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    SCORE_SCOPE,
    SCORE_TYPE,
)
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.service import Service
from lti_tool.safe_http import HttpAnswer, SafeHttp

__all__ = ["Answer", "Gradebook", "LineItem", "Posted", "TokenStore", "sentence"]

MOST_PAGES = 50
TAG = "attune"


@dataclass(frozen=True, slots=True)
class LineItem:
    """A column of the platform's gradebook."""

    url: str


class Gradebook:
    """One registration's gradebook service, for one piece of work at one time."""

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
        self._call = Service(http, registration, key, tokens, now, deployment_id=deployment_id).call
        self._now = now

    def post_score(
        self,
        line_item_url: str,
        scopes: Collection[str],
        *,
        sub: str,
        desired: DesiredScore,
        timestamp: datetime,
        completed: bool,
    ) -> Posted:
        """Send one score (section 3.4). `scopes` are those of the launch's endpoint claim.

        The timestamp must be later, in whole seconds, than that of any score sent before for this column and
        person. Nothing is raised: whatever happens is an answer.
        """
        if SCORE_SCOPE not in scopes:
            return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
        score = {
            "userId": sub,
            "scoreGiven": _number(desired.score),
            "scoreMaximum": _number(desired.maximum),
            "timestamp": timestamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "activityProgress": "Completed" if completed else "InProgress",
            "gradingProgress": "FullyGraded",  # anything else empties the column in Moodle
        }
        answer = self._call(
            "POST",
            line_items.scores_address(line_item_url),
            SCORE_SCOPE,
            {"Content-Type": SCORE_TYPE},
            json.dumps(score).encode(),
        )
        return answer if isinstance(answer, Posted) else about_score(answer, self._now)

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
        scope = next((one for one in (LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE) if one in scopes), None)
        if scope is None:
            return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
        sought = line_items.Sought(resource_link_id, resource_id, former_ids)
        for query in sought.filters:
            found = self._find(line_items.with_query(line_items_url, **query), scope, sought)
            if found is not None:
                return found
        if scope != LINE_ITEM_SCOPE:
            return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
        wanted: dict[str, str | int] = {
            "label": label[:255].strip() or TAG,
            "scoreMaximum": maximum,
            "resourceLinkId": resource_link_id,
            "resourceId": resource_id,
            "tag": TAG,
        }
        return self._make(line_items_url, wanted)

    def _find(self, url: str, scope: str, sought: line_items.Sought) -> LineItem | Posted | None:
        # No limit: Moodle's pages have a Link header that nobody can read, and without limit it sends all at once.
        page: str | None = url
        for _ in range(MOST_PAGES):
            if page is None:
                return None
            answer = self._call("GET", page, scope, {"Accept": LINE_ITEMS_TYPE})
            if isinstance(answer, Posted):
                return answer
            items = line_items.items_in(answer.body) if answer.status == 200 else None
            if items is None:
                return _not_a_list(answer, self._now)
            chosen = line_items.choose(items, sought)
            if chosen is not None:
                address = line_items.address_of(chosen, near=url)
                return LineItem(address) if address else Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)
            page = line_items.next_page(page, answer.headers.get("link", ""))
            if page is not None and origin(page) != origin(url):
                return Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)  # a token would go to a stranger
        return Posted(Answer.NOT_UNDERSTOOD, retry=False)  # so many pages are a circle

    def _make(self, url: str, wanted: Mapping[str, str | int]) -> LineItem | Posted:
        headers = {"Content-Type": LINE_ITEM_TYPE, "Accept": LINE_ITEM_TYPE}
        answer = self._call("POST", url, LINE_ITEM_SCOPE, headers, json.dumps(wanted).encode())
        if isinstance(answer, Posted):
            return answer
        if answer.status == 412:  # Canvas, for a link that is no assignment or whose assignment was deleted
            return Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
        if answer.status not in (200, 201):
            return about_service(answer, self._now)
        address = line_items.address_in(answer.body, near=url)
        return LineItem(address) if address else Posted(Answer.NOT_UNDERSTOOD, retry=True)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _not_a_list(answer: HttpAnswer, now: datetime) -> Posted:
    return Posted(Answer.NOT_UNDERSTOOD, retry=True) if answer.status < 300 else about_service(answer, now)
