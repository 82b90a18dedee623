"""Lists that a platform gives a page at a time (AGS 2.0, section 3.2.4; NRPS 2.0, section 2.4.2; RFC 8288)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.line_items import next_page
from lti_tool.lti.statuses import about_service
from lti_tool.safe_http import HttpAnswer

MOST_PAGES = 2_000
LARGEST_PAGE = 16_000_000
"""Bytes: a platform that knows no pages sends 20,000 people in 10 MB."""
TIMEOUT = 30.0
PAUSES = (timedelta(seconds=2), timedelta(seconds=10))
"""Before a page is asked for again that could not be had for the moment."""
LONGEST_PAUSE = timedelta(seconds=30)
FOR_NOW = frozenset(
    {Answer.BUSY, Answer.PLATFORM_TROUBLED, Answer.PLATFORM_UNREACHABLE, Answer.TOKEN_NOT_GIVEN, Answer.NAME_NOT_FOUND}
)


class Calls(Protocol):
    """What is needed of `lti.service.Service`."""

    def call(
        self, method: str, url: str, scope: str, headers: Mapping[str, str], *, timeout: float, limit: int
    ) -> HttpAnswer | Posted:
        """One request, with a token."""


class NotListed(Exception):
    """The list cannot be had; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.value)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Patience:
    """Time as a long list needs it: what time it is, and how to wait."""

    clock: Callable[[], datetime]
    pause: Callable[[float], object]
    """Wait so many seconds."""


def pages(service: Calls, url: str, scope: str, media_type: str, patience: Patience) -> Iterator[bytes]:
    """The content of each page in order. The address of the next one is taken as the platform wrote it.

    Raises `NotListed`, also where the next page is on another machine (a token would go to a stranger) and
    where pages go in a circle.
    """
    page: str | None = url
    seen: set[str] = set()
    while page is not None:
        if page in seen or len(seen) == MOST_PAGES:
            raise NotListed(Answer.NOT_UNDERSTOOD)
        seen.add(page)
        answer = _page(service, page, scope, media_type, patience)
        yield answer.body
        page = next_page(page, answer.headers.get("link", ""))
        if page is not None and origin(page) != origin(url):
            raise NotListed(Answer.ADDRESS_NOT_KNOWN)


def _page(service: Calls, page: str, scope: str, media_type: str, patience: Patience) -> HttpAnswer:
    for pause in (*PAUSES, None):
        answer = service.call("GET", page, scope, {"Accept": media_type}, timeout=TIMEOUT, limit=LARGEST_PAGE)
        if isinstance(answer, HttpAnswer) and answer.status == 200:
            return answer
        why = answer if isinstance(answer, Posted) else about_service(answer, patience.clock())
        if pause is None or why.answer not in FOR_NOW:
            raise NotListed(why.answer)
        patience.pause(min(max(pause, why.retry_after or pause), LONGEST_PAUSE).total_seconds())
    raise AssertionError("the last try has no pause after it")
