"""Deep Linking 2.0: what an instructor chose goes back to the platform."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lti_tool.lti.keys import SigningKey, sign
from lti_tool.lti.names import DEEP_LINKING, DEEP_LINKING_RESPONSE, LTI, RESOURCE_LINK_ITEM, VERSION
from lti_tool.lti.registrations import PlatformRegistration

LIFETIME = timedelta(minutes=5)
BACK_DATED = timedelta(seconds=10)
"""For platforms whose clock is a little behind ours."""
LONGEST = 255
MAXIMUM = 100
"""Of the column. Moodle takes whole numbers from 1 to 100 only."""


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
    item: dict[str, Any] = {
        "type": RESOURCE_LINK_ITEM,
        "title": title[:LONGEST],
        "url": url,
        "custom": {name: " ".join(value.split()) for name, value in custom.items()},  # Moodle cuts at a line's end
    }
    if text:
        item["text"] = text
    if accept_line_item is not False:
        item["lineItem"] = {
            "scoreMaximum": MAXIMUM,
            "label": title[:LONGEST],
            "resourceId": activity_id,
            "tag": tag,
        }
    return item


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
    issued = now - BACK_DATED
    claims: dict[str, Any] = {
        "iss": registration.client_id,
        "aud": registration.issuer,
        "iat": int(issued.timestamp()),
        "exp": int((issued + LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(32),
        LTI + "deployment_id": deployment_id,
        LTI + "message_type": DEEP_LINKING_RESPONSE,
        LTI + "version": VERSION,
        DEEP_LINKING + "content_items": list(items),
    }
    if data is not None:
        claims[DEEP_LINKING + "data"] = data
    if message is not None:
        claims[DEEP_LINKING + "msg"] = message
    return sign(claims, private_pem=key.private_pem, kid=key.kid)
