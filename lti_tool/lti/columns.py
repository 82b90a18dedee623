"""The columns of a gradebook: looked for, made, read, changed, taken away (AGS 2.0, section 3.2)."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lti_tool.lti import line_items
from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.line_items import Sought
from lti_tool.lti.names import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, LINE_ITEM_TYPE, LINE_ITEMS_TYPE
from lti_tool.lti.quirks import quirks_of
from lti_tool.lti.service import Service
from lti_tool.lti.statuses import about_service
from lti_tool.safe_http import HttpAnswer

MOST_PAGES = 50
LONGEST_LABEL = 255
TAG = "attune"
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Described:
    """A column as the platform describes it."""

    url: str
    label: str
    maximum: Decimal | None
    resource_id: str
    """Our own id for what it is about; empty where the platform made it by itself."""
    resource_link_id: str
    tag: str


class Columns:
    """One registration's columns, for one piece of work at one time. Nothing is raised: a `Posted` says why not.

    `scopes` are everywhere those of the launch's endpoint claim.
    """

    def __init__(self, service: Service, family: str, clock: Callable[[], datetime]) -> None:
        self._call = service.call
        self._ways = quirks_of(family).scores
        self._clock = clock

    def find(self, line_items_url: str, scopes: Collection[str], sought: Sought) -> Described | Posted | None:
        """The column that is sought; None where there is none, so that one may be made."""
        scope = _for_reading(scopes)
        if scope is None:
            return posted(Answer.COLUMN_NOT_OFFERED)
        for query in sought.filters:
            found = self._find(line_items.with_query(line_items_url, **query), scope, sought)
            if found is not None:
                return found
        return None

    def find_or_make(
        self, line_items_url: str, scopes: Collection[str], sought: Sought, *, label: str, maximum: Decimal
    ) -> Described | Posted:
        """The column that is sought: the one that is there, else a new one (section 3.2.15: never a second one)."""
        found = self.find(line_items_url, scopes, sought)
        if found is not None:
            return found
        if LINE_ITEM_SCOPE not in scopes:
            return posted(Answer.COLUMN_NOT_OFFERED)
        return self._make(line_items_url, sought, label=label, maximum=maximum)

    def read(self, url: str, scopes: Collection[str]) -> Described | Posted:
        """One column as it is now."""
        whole = self._whole(url, _for_reading(scopes))
        return whole if isinstance(whole, Posted) else _described(whole, url)

    def change(
        self, url: str, scopes: Collection[str], *, label: str | None = None, maximum: Decimal | None = None
    ) -> Described | Posted:
        """Give it another label or maximum (section 3.2.6). All else of it stays, also what we do not know.

        What is so already is not sent. Whether a maximum may be changed at all is the caller's to know: see
        `Scores.maximum_is_fixed`.
        """
        if LINE_ITEM_SCOPE not in scopes:
            return posted(Answer.COLUMN_NOT_OFFERED)
        whole = self._whole(url, LINE_ITEM_SCOPE)
        if isinstance(whole, Posted):
            return whole
        before, changed = _described(whole, url), dict(whole)
        if label is not None and _fitting(label) != before.label:
            changed["label"] = _fitting(label)
        if maximum is not None and maximum != before.maximum:
            changed["scoreMaximum"] = _number(maximum)
        if changed == whole:
            return before
        answer = self._send("PUT", url, changed)
        if isinstance(answer, Posted):
            return answer
        return _described(changed, url) if answer.status in (200, 201, 202, 204) else self._why_not(answer)

    def remove(self, url: str, scopes: Collection[str], *, resource_id: str) -> Posted:
        """Take it away, if it carries our mark and this id of ours; one that is gone already is as good."""
        if LINE_ITEM_SCOPE not in scopes:
            return posted(Answer.COLUMN_NOT_OFFERED)
        whole = self._whole(url, LINE_ITEM_SCOPE)
        if isinstance(whole, Posted):
            return posted(Answer.ACCEPTED) if whole.answer is Answer.COLUMN_GONE else whole
        found = _described(whole, url)
        if (found.tag, found.resource_id) != (TAG, resource_id):
            return posted(Answer.COLUMN_NOT_OURS)
        answer = self._call("DELETE", url, LINE_ITEM_SCOPE, {})
        if isinstance(answer, Posted):
            return answer
        return posted(Answer.ACCEPTED) if answer.status in (200, 202, 204, *GONE) else self._why_not(answer)

    def _find(self, url: str, scope: str, sought: Sought) -> Described | Posted | None:
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
                return self._why_not(answer)
            chosen = line_items.choose(items, sought)
            if chosen is not None:
                address = line_items.address_of(chosen, near=url)
                return _described(chosen, address) if address else posted(Answer.ADDRESS_NOT_KNOWN)
            page = line_items.next_page(page, answer.headers.get("link", ""))
            if page is not None and origin(page) != origin(url):
                return posted(Answer.ADDRESS_NOT_KNOWN)  # a token would go to a stranger
        return posted(Answer.NOT_UNDERSTOOD)  # so many pages are a circle

    def _make(self, url: str, sought: Sought, *, label: str, maximum: Decimal) -> Described | Posted:
        wanted: dict[str, object] = {"label": _fitting(label), "scoreMaximum": _number(maximum)}
        if not (sought.further and self._ways.link_keeps_out):
            wanted["resourceLinkId"] = sought.resource_link_id
        wanted |= {"resourceId": sought.resource_id, "tag": TAG}
        answer = self._send("POST", url, wanted)
        if isinstance(answer, Posted):
            return answer
        if answer.status == 412:  # Canvas, for a link that is no assignment or whose assignment was deleted
            return posted(Answer.COLUMN_NOT_OFFERED)
        made = line_items.item_in(answer.body) if answer.status in (200, 201) else None
        if made is None:
            return self._why_not(answer)  # where it was made all the same, the next attempt finds it
        address = line_items.address_of(made, near=url)
        return _described({**wanted, **made}, address) if address else posted(Answer.ADDRESS_NOT_KNOWN)

    def _whole(self, url: str, scope: str | None) -> Mapping[str, Any] | Posted:
        if scope is None:
            return posted(Answer.COLUMN_NOT_OFFERED)
        answer = self._call("GET", url, scope, {"Accept": LINE_ITEM_TYPE})
        if isinstance(answer, Posted):
            return answer
        item = line_items.item_in(answer.body) if answer.status == 200 else None
        return self._why_not(answer) if item is None else item

    def _send(self, method: str, url: str, item: Mapping[str, object]) -> HttpAnswer | Posted:
        headers = {"Content-Type": LINE_ITEM_TYPE, "Accept": LINE_ITEM_TYPE}
        return self._call(method, url, LINE_ITEM_SCOPE, headers, json.dumps(item).encode())

    def _why_not(self, answer: HttpAnswer) -> Posted:
        return about_service(answer, self._clock())


def _for_reading(scopes: Collection[str]) -> str | None:
    return next((one for one in (LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE) if one in scopes), None)


def _described(item: Mapping[str, Any], url: str) -> Described:
    text = {name: str(item.get(name) or "") for name in ("label", "resourceId", "resourceLinkId", "tag")}
    try:
        maximum = Decimal(str(item.get("scoreMaximum")))
    except InvalidOperation:
        maximum = Decimal("NaN")
    known = maximum if maximum.is_finite() and maximum > 0 else None
    return Described(url, text["label"], known, text["resourceId"], text["resourceLinkId"], text["tag"])


def _fitting(label: str) -> str:
    return label[:LONGEST_LABEL].strip() or TAG


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
