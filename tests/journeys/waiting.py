"""Waiting for what no element on the page shows.

Playwright's `wait_for_function` asks again with `eval`, which the Content-Security-Policy of our pages refuses.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Page, Response

PATIENCE = 60.0
MOMENT_MS = 50


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until it holds; what the browser says meanwhile is heard."""
    deadline = time.monotonic() + PATIENCE
    while not _holds(holds):
        assert time.monotonic() < deadline, "it did not come to be so"
        page.wait_for_timeout(MOMENT_MS)


@contextmanager
def saving(page: Page, words: str) -> Iterator[None]:
    """Wait for the answer to an autosave that sends these words: the line above a form may already say "saved"."""

    def is_it(answer: Response) -> bool:
        return answer.url.endswith("/save") and words in (answer.request.post_data or "")

    with page.expect_response(is_it):
        yield


def _holds(holds: Callable[[], object]) -> bool:
    try:
        return bool(holds())
    except Error:  # the page went on to another one while it was asked
        return False
