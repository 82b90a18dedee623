"""Waiting for what no element on the page shows.

Playwright's `wait_for_function` asks again with `eval`, which the Content-Security-Policy of our pages refuses.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Error, Locator, Page, Response

PATIENCE_MS = 60_000
"""A busy machine is no reason to be red."""
MOMENT_MS = 50


def patient(*waits: int) -> str:
    """A script for a page whose own scripts wait so many milliseconds for an answer that comes: they wait longer."""
    return f"""
const later = window.setTimeout;
window.setTimeout = (act, wait, ...rest) => later(act, {list(waits)}.includes(wait) ? {PATIENCE_MS} : wait, ...rest);
"""


def until(page: Page, holds: Callable[[], object]) -> None:
    """Wait until it holds; what the browser says meanwhile is heard. A worker looks again once a minute, at most."""
    deadline = time.monotonic() + 2 * PATIENCE_MS / 1000
    while not _holds(holds):
        assert time.monotonic() < deadline, "it did not come to be so"
        page.wait_for_timeout(MOMENT_MS)


def load_until(page: Page, there: Locator) -> None:
    """Load the page again and again until this is on it."""

    def is_there() -> bool:
        if there.count():
            return True
        page.wait_for_timeout(10 * MOMENT_MS)
        page.reload()
        return False

    until(page, is_there)


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
