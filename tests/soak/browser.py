"""A person's browser, which notes how long each answer took, and a hand that tries again as people do."""

import html
import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, Request

from lti_tool.practice import LmsVisitor, Page
from tests.soak.watch import Try, Watch, kind_of

NO_ANSWER = "the browser's own page: no answer"
AGAIN = (1.0, 3.0)
"""Seconds after which a person tries again, between these two."""


class Browser(LmsVisitor):
    """One person's."""

    def __init__(self, lms: str, attune: str, watch: Watch) -> None:
        super().__init__(lms)
        self._opener.add_handler(_Timing(urlsplit(attune).netloc, watch))

    def post_json(self, address: str, fields: Mapping[str, str], token: str) -> Page:
        """As autosave.js does it."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": token}
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        body = json.dumps(fields).encode()
        return self._visit(Request(address, data=body, headers={**headers, "Origin": origin}, method="POST"))


class _Timing(HTTPHandler):
    """Each hop of a way by itself."""

    handler_order = 400  # before the one that is there anyway

    def __init__(self, attune: str, watch: Watch) -> None:
        super().__init__()
        self.attune, self.watch = attune, watch

    def http_open(self, req: Request) -> HTTPResponse:
        address = urlsplit(req.full_url)
        began = time.monotonic()
        answer: HTTPResponse = self.do_open(HTTPConnection, req)  # type: ignore[arg-type]
        if address.netloc == self.attune:
            self.watch.answered(kind_of(req.get_method(), address.path), began, time.monotonic())
        return answer


class Over(Exception):
    """The time of the run is over, and what is tried still does not work."""


class Hand:
    """Tries until it works."""

    def __init__(self, attune: str, watch: Watch, chance: random.Random, last_moment: Callable[[], float]) -> None:
        self.attune, self.watch, self.chance, self.last_moment = attune, watch, chance, last_moment

    def until_it_works(
        self,
        what: str,
        act: Callable[[], Page],
        *,
        is_there: Callable[[Page], bool] = lambda page: page.status == 200,
        typed: Sequence[str] = (),
        posted_to: str = "",
    ) -> Page:
        """The page that was wanted. Raises `Over`.

        `typed`: what a page that tells of trouble must show again, where it answers at an address that ends with
        `posted_to`; where it answers at the one that the post led to, the post was taken.
        """
        while True:
            began = time.monotonic()
            try:
                page = act()
            except (OSError, HTTPException, LookupError) as problem:
                seen = f"{NO_ANSWER} ({_why(problem)})"
                tried = Try(what, began, time.monotonic(), seen, what == "launch", True)
                if isinstance(problem, LookupError) and what != "launch":
                    raise
            else:
                if is_there(page):
                    self.watch.worked(began, time.monotonic())
                    return page
                again = typed if urlsplit(page.url).path.endswith(posted_to) else ()
                tried = self._told(what, page, began, again)
            self.watch.did_not_work(tried)
            if time.monotonic() > self.last_moment():
                raise Over(f"{what}: {tried.seen}")
            time.sleep(self.chance.uniform(*AGAIN))

    def _told(self, what: str, page: Page, began: float, typed: Sequence[str]) -> Try:
        at_lms = not page.url.startswith(self.attune + "/")
        sentence = said_by(page)
        gone = [text for text in typed if page.status >= 500 and html.escape(text) not in page.text]
        if gone:
            self.watch.problem(f"{what}: {len(gone)} texts of {len(typed)} that were typed are not on the page")
        is_sentence = bool(sentence) and "Traceback" not in page.text and page.status != 500
        return Try(what, began, time.monotonic(), f"{page.status} {sentence or 'nothing'}", at_lms, is_sentence)


def _why(problem: Exception) -> str:
    reason = getattr(problem, "reason", problem)
    return type(reason if isinstance(reason, Exception) else problem).__name__


def said_by(page: Page) -> str:
    """The heading of a page, or the sentence of an answer in JSON; "" where there is none."""
    if page.headers.get("content-type", "").startswith("application/json"):
        return str(json.loads(page.text).get("sentence", ""))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]+>", "", heading[1])).split()) if heading else ""
