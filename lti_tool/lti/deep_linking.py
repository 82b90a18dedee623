"""Deep Linking 2.0: what an instructor chose goes back to the platform."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lti_tool.lti.keys import SigningKey, sign
from lti_tool.lti.names import DEEP_LINKING, DEEP_LINKING_RESPONSE, LTI, RESOURCE_LINK_ITEM, VERSION

LIFETIME = timedelta(minutes=5)
BACK_DATED = timedelta(seconds=10)
"""For platforms whose clock is a little behind ours."""
LONGEST = 255
MAXIMUM = 100
"""Of the column. Moodle takes whole numbers from 1 to 100 only."""
TAG = "attune"
REVIEWABLE = ("InProgress", "Submitted", "Completed")
"""At which activity progress a platform may offer the way to a person's record (Submission Review 1.0)."""
FRAME = {"width": 800, "height": 700}
"""The room that we ask for; pages fit into less."""


@dataclass(frozen=True, slots=True)
class Told:
    """Plain texts that go with an answer (section 4.5)."""

    message: str | None = None
    trouble: str | None = None
    """What the platform shows where it did not go well."""
    reference: str | None = None
    """What the platform logs then."""


def content_item(
    *,
    title: str,
    text: str | None,
    url: str,
    custom: Mapping[str, str],
    icon_url: str | None,
    line_item: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """One link to something of ours (section 3.2). All texts are plain; what there is none of is left out."""
    item: dict[str, Any] = {
        "type": RESOURCE_LINK_ITEM,
        "title": title[:LONGEST],
        "url": url,
        "custom": {name: " ".join(value.split()) for name, value in custom.items()},  # Moodle cuts at a line's end
        "iframe": dict(FRAME),
    }
    if text:
        item["text"] = text
    if icon_url:
        item["icon"] = {"url": icon_url}
    if line_item:
        item["lineItem"] = dict(line_item)
    return item


def line_item(label: str, resource_id: str, *, review_url: str, review_label: str) -> dict[str, Any]:
    """The column that comes with a link, and the way from it to a person's record (section 3.2)."""
    return {
        "scoreMaximum": MAXIMUM,
        "label": label[:LONGEST],
        "resourceId": resource_id,
        "tag": TAG,
        "submissionReview": {"reviewableStatus": list(REVIEWABLE), "label": review_label, "url": review_url},
    }


def response_jwt(
    *,
    issuer: str,
    client_id: str,
    deployment_id: str,
    data: str | None,
    items: Sequence[Mapping[str, Any]],
    key: SigningKey,
    now: datetime,
    told: Told | None = None,
) -> str:
    """The signed answer, to be posted as `JWT` to the return address (section 4.5). No items means: nothing chosen."""
    issued = now - BACK_DATED
    said = told or Told()
    optional = {"data": data, "msg": said.message, "errormsg": said.trouble, "errorlog": said.reference}
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "iat": int(issued.timestamp()),
        "exp": int((issued + LIFETIME).timestamp()),
        "nonce": secrets.token_urlsafe(32),
        LTI + "deployment_id": deployment_id,
        LTI + "message_type": DEEP_LINKING_RESPONSE,
        LTI + "version": VERSION,
        DEEP_LINKING + "content_items": list(items),
        **{DEEP_LINKING + name: value for name, value in optional.items() if value is not None},
    }
    return sign(claims, private_pem=key.private_pem, kid=key.kid)
