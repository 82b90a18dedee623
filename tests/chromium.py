"""Debian's Chromium, started once for all tests of a process: Playwright runs one loop a process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright


def chromium_path() -> str:
    """Where Debian's Chromium is."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    assert path, "no Chromium here: tests/browser.sh says how to install it"
    return path


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """A browser; for others with arguments of their own, see its `browser_type`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        yield browser
        browser.close()
