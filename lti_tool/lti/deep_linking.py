"""Deep Linking 2.0: what an instructor chose goes back to the platform."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration


def content_item(
    *,
    title: str,
    text: str,
    url: str,
    custom: Mapping[str, str],
    activity_id: str,
    accept_line_item: bool | None,
    tag: str = "attune",
) -> dict[str, Any]:
    """One link to an activity of ours, with its gradebook column unless the platform takes none (section 3.2)."""
    raise NotImplementedError


def response_jwt(
    *,
    registration: PlatformRegistration,
    deployment_id: str,
    data: str | None,
    items: Sequence[Mapping[str, Any]],
    key: SigningKey,
    now: datetime,
    message: str | None = None,
) -> str:
    """The signed answer, to be posted as `JWT` to the return address (section 4.5). No items means: nothing chosen."""
    raise NotImplementedError
