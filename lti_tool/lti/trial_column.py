"""A column of our own for trying a connection: made, written to, read, taken away. It belongs to no activity."""

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation

from lti_tool.lti import line_items
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.names import LINE_ITEM_SCOPE, LINE_ITEM_TYPE, LINE_ITEMS_TYPE, RESULT_SCOPE, RESULTS_TYPE
from lti_tool.lti.service import Service
from lti_tool.lti.statuses import about_service

LABEL = "Attune connection test (you may delete this)"
TAG = "attune-connection-test"
MAXIMUM = 100
TIMEOUT = 10.0


class TrialColumn:
    """The trial columns of one course. Whatever happens is an answer; nothing is raised."""

    def __init__(self, service: Service, line_items_url: str, now: datetime) -> None:
        self._service = service
        self._url = line_items_url
        self._now = now

    def left_over(self) -> tuple[str, ...] | Posted:
        """Columns of former trials, by what we wrote into them ourselves; nobody else's are among them."""
        page = line_items.with_query(self._url, tag=TAG)
        answer = self._service.call("GET", page, LINE_ITEM_SCOPE, {"Accept": LINE_ITEMS_TYPE}, timeout=TIMEOUT)
        if isinstance(answer, Posted):
            return answer
        items = line_items.items_in(answer.body) if answer.status == 200 else None
        if items is None:
            return about_service(answer, self._now)
        ours = (item for item in items if item.get("tag") == TAG and item.get("label") == LABEL)
        return tuple(url for item in ours if (url := line_items.address_of(item, near=self._url)))

    def make(self) -> str | Posted:
        """The address of a new column (AGS 2.0, section 3.2.5), which asks not to be shown to anybody."""
        wanted = {"label": LABEL, "scoreMaximum": MAXIMUM, "tag": TAG, "resourceId": TAG, "gradesReleased": False}
        headers = {"Content-Type": LINE_ITEM_TYPE, "Accept": LINE_ITEM_TYPE}
        body = json.dumps(wanted).encode()
        answer = self._service.call("POST", self._url, LINE_ITEM_SCOPE, headers, body, timeout=TIMEOUT)
        if isinstance(answer, Posted):
            return answer
        if answer.status not in (200, 201):
            return about_service(answer, self._now)
        made = line_items.item_in(answer.body)
        address = line_items.address_of(made, near=self._url) if made else None
        return address or Posted(Answer.NOT_UNDERSTOOD, retry=False)

    def shown_for(self, column: str, sub: str) -> Decimal | Posted | None:
        """What the column shows for this person (section 3.3); None where it shows nothing."""
        url = line_items.with_query(line_items.results_address(column), user_id=sub)
        answer = self._service.call("GET", url, RESULT_SCOPE, {"Accept": RESULTS_TYPE}, timeout=TIMEOUT)
        if isinstance(answer, Posted):
            return answer
        results = line_items.items_in(answer.body) if answer.status == 200 else None
        if results is None:
            return about_service(answer, self._now)
        theirs = (result.get("resultScore") for result in results if str(result.get("userId")) == sub)
        return next((_number(score) for score in theirs if score is not None), None)

    def take_away(self, column: str) -> Posted:
        """Delete the column (section 3.2.4); one that is gone already is as good."""
        answer = self._service.call("DELETE", column, LINE_ITEM_SCOPE, {}, timeout=TIMEOUT)
        if isinstance(answer, Posted):
            return answer
        if answer.status in (200, 202, 204, 404, 410):
            return Posted(Answer.ACCEPTED, retry=False)
        return about_service(answer, self._now)


def _number(score: object) -> Decimal | None:
    try:
        return Decimal(str(score))
    except InvalidOperation:
        return None
