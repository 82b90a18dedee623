"""The launch that comes back from the platform (Security Framework 1.0, section 5.1.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from lti_tool.lti.claims import Launch
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.registrations import FindRegistrations
from lti_tool.lti.state import StateSigner


class ReadLaunch(NamedTuple):
    """A verified launch, and what must be spent before anything else is done with it."""

    launch: Launch
    state_digest: str
    state_expires_at: datetime


def read_launch(
    form: Mapping[str, str],
    *,
    registrations: FindRegistrations,
    signer: StateSigner,
    key_sets: KeySets,
    browser_secret: str | None,
    launch_url: str,
    now: datetime,
) -> ReadLaunch:
    """Check everything about a launch that needs no database of ours.

    `browser_secret` is what this browser's cookie holds (None without one), `launch_url` our own launch address.
    What is left to the caller: that the state was not spent before, and that the deployment is known.

    Raises `LaunchRejected`, or `PlatformUnavailable` where the platform's keys cannot be had.
    """
    raise NotImplementedError
