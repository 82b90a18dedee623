"""What the platform's gradebook shows, as far as it lets a tool read it (AGS 2.0, sections 3.2 and 3.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lti_tool.lti import line_items
from lti_tool.lti.answers import Answer
from lti_tool.lti.names import LINE_ITEMS_TYPE, RESULT_SCOPE, RESULTS_TYPE
from lti_tool.lti.pages import Calls, NotListed, Patience, pages


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the platform names to us."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one column shows for one person."""

    sub: str
    share: Decimal | None
    """Of the most that there is, from 0 on; None where nothing is shown."""
    at: datetime | None
    """When it was given, where the platform says so."""
    score: Decimal | None = None
    """As the platform says it; None where nothing is shown."""
    maximum: Decimal | None = None
    """What the score is of; None where the platform says no number, or one that nothing can be of."""


def columns(service: Calls, line_items_url: str, scope: str, patience: Patience) -> tuple[Column, ...]:
    """The columns that the platform lets us read: as a rule our own. Raises `NotListed`."""
    found = []
    for item in _items(service, line_items_url, scope, LINE_ITEMS_TYPE, patience):
        url = line_items.address_of(item, near=line_items_url)
        if url is not None:
            found.append(Column(url, str(item.get("label") or url)))
    return tuple(found)


def results(service: Calls, column_url: str, patience: Patience) -> tuple[Result, ...]:
    """What the column shows, person by person. Raises `NotListed`."""
    items = _items(service, line_items.results_address(column_url), RESULT_SCOPE, RESULTS_TYPE, patience)
    return tuple(result_in(item) for item in items if item.get("userId") not in (None, ""))


def _items(service: Calls, url: str, scope: str, media_type: str, patience: Patience) -> Iterator[dict[str, Any]]:
    for body in pages(service, url, scope, media_type, patience):
        items = line_items.items_in(body)
        if items is None:
            raise NotListed(Answer.NOT_UNDERSTOOD)
        yield from items


def result_in(item: Mapping[str, Any]) -> Result:
    """One result as a platform writes it; it has a `userId`. Without a maximum it is of 1 (section 3.3.4.6)."""
    most = item.get("resultMaximum")
    score, maximum = _number(item.get("resultScore")), _number(1 if most is None else most)
    if maximum is not None and maximum <= 0:
        maximum = None
    share = score / maximum if score is not None and maximum is not None else None
    return Result(str(item["userId"]), share, _at(item), score, maximum)


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _at(item: Mapping[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(item.get("timestamp")))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
