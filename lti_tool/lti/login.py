"""The login that a platform initiates (Security Framework 1.0, section 5.1.1.1)."""

from collections.abc import Mapping
from datetime import datetime

from lti_tool.lti.registrations import FindRegistrations
from lti_tool.lti.state import StateSigner


def begin_login(
    params: Mapping[str, str],
    *,
    registrations: FindRegistrations,
    signer: StateSigner,
    browser_secret: str,
    launch_url: str,
    now: datetime,
) -> str:
    """The address at the platform to which the browser is to be sent.

    `browser_secret` is what the caller keeps in a cookie of this browser; `launch_url` is our own launch
    address, whose origin target_link_uri must have. Nothing is stored. Raises `LaunchRejected`.
    """
    raise NotImplementedError
