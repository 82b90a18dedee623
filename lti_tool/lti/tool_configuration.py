"""How Attune describes itself to a platform: in a registration request, and in Canvas's configuration file."""

from typing import Any
from urllib.parse import urlsplit

from lti_tool.lti.names import (
    DEEP_LINKING_REQUEST,
    GROUPS_SCOPE,
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    NOTICES_SCOPE,
    RESULT_SCOPE,
    ROSTER_SCOPE,
    SCORE_SCOPE,
    TOOL_CONFIGURATION,
)
from lti_tool.lti.platform_offer import PlatformOffer
from lti_tool.lti.quirks import Message, Quirks, quirks_of

NAME = "Attune"
DESCRIPTION = "Observed practice, signed by people who were there."
SCOPES = (LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE, ROSTER_SCOPE, GROUPS_SCOPE, NOTICES_SCOPE)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "locale")
"""All that is needed of a person. Mail addresses are not."""


def registration_request(offer: PlatformOffer, public_url: str) -> dict[str, Any]:
    """What to post to the platform (Dynamic Registration 1.0): nothing is asked for that it does not offer."""
    quirks = quirks_of(offer.family)
    launch_url = f"{public_url}/lti/launch"
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": f"{public_url}/lti/login",
        "redirect_uris": [launch_url],
        "client_name": NAME,
        "client_uri": public_url,
        "jwks_uri": f"{public_url}/lti/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes_asked(offer)),
        TOOL_CONFIGURATION: {
            "domain": urlsplit(public_url).netloc,
            "description": DESCRIPTION,
            "target_link_uri": launch_url,
            "custom_parameters": dict(quirks.custom_parameters),
            "claims": list(CLAIMS),
            "messages": [_message(message, launch_url, quirks) for message in messages_asked(offer)],
            **_prefixed(quirks, quirks.members),
        },
    }


def scopes_asked(offer: PlatformOffer) -> tuple[str, ...]:
    """The scopes to be asked for. Reading columns is asked for only where writing them is not offered."""
    scopes = tuple(scope for scope in SCOPES if scope in offer.scopes)
    only_reading = LINE_ITEM_SCOPE not in scopes and LINE_ITEM_READ_SCOPE in offer.scopes
    return (*scopes, LINE_ITEM_READ_SCOPE) if only_reading else scopes


def messages_asked(offer: PlatformOffer) -> tuple[Message, ...]:
    """The messages to be asked for, each with those of its placements that the platform has."""
    return tuple(
        message.model_copy(update={"placements": _offered(message, offer)})
        for message in quirks_of(offer.family).messages
        if message.type in offer.placements
    )


def canvas_configuration(public_url: str) -> dict[str, Any]:
    """What Canvas reads from an address or a pasted text, where a key is made by hand.

    Its form is that of https://github.com/instructure/canvas-lms/blob/master/doc/api/lti_dev_key_config.md
    """
    quirks = quirks_of("canvas")
    launch_url = f"{public_url}/lti/launch"
    chooser = next(message for message in quirks.messages if message.type == DEEP_LINKING_REQUEST)
    return {
        "title": NAME,
        "description": DESCRIPTION,
        "oidc_initiation_url": f"{public_url}/lti/login",
        "target_link_uri": launch_url,
        "public_jwk_url": f"{public_url}/lti/keys",
        "scopes": [scope for scope in SCOPES if scope in quirks.scopes],
        "custom_fields": dict(quirks.custom_parameters),
        "extensions": [
            {
                "domain": urlsplit(public_url).netloc,
                "tool_id": quirks.members["tool_id"],
                "platform": "canvas.instructure.com",
                "privacy_level": quirks.members["privacy_level"],
                "settings": {
                    "text": NAME,
                    "selection_width": chooser.members["launch_width"],
                    "selection_height": chooser.members["launch_height"],
                    "placements": [
                        _canvas_placement(message, placement, launch_url)
                        for message in quirks.messages
                        for placement in message.placements
                    ],
                },
            }
        ],
    }


def _offered(message: Message, offer: PlatformOffer) -> tuple[str, ...]:
    return tuple(placement for placement in message.placements if placement in offer.placements[message.type])


def _message(message: Message, launch_url: str, quirks: Quirks) -> dict[str, Any]:
    asked: dict[str, Any] = {"type": message.type, "target_link_uri": launch_url}
    if message.label:
        asked["label"] = message.label
    if message.placements:
        asked["placements"] = list(message.placements)
    return {**asked, **_prefixed(quirks, message.members)}


def _prefixed(quirks: Quirks, members: dict[str, str | int | bool]) -> dict[str, str | int | bool]:
    return {f"{quirks.prefix}{name}": value for name, value in members.items()}


def _canvas_placement(message: Message, placement: str, launch_url: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "placement": placement,
        "message_type": message.type,
        "target_link_uri": launch_url,
        "text": message.label,
        "enabled": True,
    }
    wanted |= {name: message.members[name] for name in ("visibility", "display_type") if name in message.members}
    if message.members.get(f"{placement}/default_enabled") is False:
        wanted["default"] = "disabled"
    return wanted
