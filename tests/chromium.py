"""Debian's Chromium, started once for all tests of a process: Playwright runs one loop a process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_NOT_FOR_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
"""What Playwright itself switches off: of two lists Chromium takes the last one only."""
_NOT_FOR_US = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
"""Pages in the browser's own frame, made for each window: more work than most of our pages."""
ARGUMENTS = (f"--disable-features={','.join(_NOT_FOR_PLAYWRIGHT + _NOT_FOR_US)}",)
"""For every Chromium of the tests."""


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
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()
