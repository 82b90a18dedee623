"""Reading the platform's list of columns (AGS 2.0, section 3.2)."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from lti_tool.lti.addresses import origin, plain

LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)')
REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which column is looked for."""

    resource_link_id: str
    resource_id: str
    """Our own id for the activity."""
    former_ids: tuple[str, ...] = ()
    """Our own ids for what the activity was copied from."""
    further: bool = False
    """Whether it is one beside the column that belongs to the link; only our own ids tell such columns apart."""

    @property
    def filters(self) -> tuple[dict[str, str], ...]:
        """What the list is asked for, one after the other: the link's columns; for a copied activity also those
        that lost their link on the way (section 3.2.15: what came along is not to be made twice)."""
        if self.further:
            return tuple({"resource_id": one} for one in (self.resource_id, *self.former_ids))
        by_link = {"resource_link_id": self.resource_link_id}
        ids = (self.resource_id, *self.former_ids) if self.former_ids else ()
        return (by_link, *({"resource_id": one} for one in ids))


def with_query(url: str, **parameters: str) -> str:
    """The address with further parameters; those it has stay as they are."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


def scores_address(line_item_url: str) -> str:
    """Where scores of a column go: `/scores` at the end of its path, its query kept (section 3.4.1)."""
    return _below(line_item_url, "scores")


def results_address(line_item_url: str) -> str:
    """Where a column's results are read: `/results` at the end of its path, its query kept (section 3.3.1)."""
    return _below(line_item_url, "results")


def _below(line_item_url: str, name: str) -> str:
    path, mark, query = line_item_url.partition("?")
    return f"{path.rstrip('/')}/{name}{mark}{query}"


def next_page(url: str, link_header: str) -> str | None:
    """The next page's address as the platform wrote it, case and all (RFC 8288); None without one."""
    for target, parameters in LINK.findall(link_header):
        relations = {word.lower() for quoted, bare in REL.findall(parameters) for word in (quoted or bare).split()}
        if "next" in relations:
            return str(target) if origin(target) else urljoin(url, target)
    return None


def items_in(body: bytes) -> Sequence[dict[str, Any]] | None:
    """The columns of one page; None where it is no list."""
    try:
        items = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else None


def item_in(body: bytes) -> dict[str, Any] | None:
    """The one column that a platform describes; None where it is none."""
    try:
        item = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return item if isinstance(item, dict) and item.get("id") else None


def address_of(item: dict[str, Any], near: str) -> str | None:
    """A column's id, which is its address; None where it lies on another machine than the list."""
    url = item.get("id")
    return url if isinstance(url, str) and plain(url) and origin(url) == origin(near) else None


def choose(items: Sequence[dict[str, Any]], sought: Sought) -> dict[str, Any] | None:
    """The column for this link and activity.

    First one that carries our own id for the activity; then one that came along with a copied course, and carries
    the id of what the activity was copied from; else the one that the platform made with the link and that carries
    no id at all. Platforms may ignore filters, so all are looked at here.
    """
    link_id = sought.resource_link_id
    of_link = [item for item in items if _text(item, "resourceLinkId") in ("", link_id)]
    ours = [item for item in of_link if _text(item, "resourceId") == sought.resource_id]
    came_along = [item for item in of_link if _text(item, "resourceId") in sought.former_ids]
    made_with_link = [
        item
        for item in of_link
        if not sought.further and not _text(item, "resourceId") and _text(item, "resourceLinkId") == link_id
    ]
    return next(iter([*ours, *came_along, *made_with_link]), None)


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return "" if value is None else str(value)
