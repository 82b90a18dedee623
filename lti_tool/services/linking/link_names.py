"""How a link of ours says where it leads: in a custom parameter, and once more in its address.

Both are stable ids of our own. Copies of a course keep them while everything else gets new ids, and
where a platform loses the one, the other is still there (Deep Linking 2.0, section 3.2).
"""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from lti_tool.lti.claims import Launch

CUSTOM = "attune_"
ACTIVITY, PLACE, PROGRAM = "activity", "place", "program"
PLACES: Mapping[str, str] = {"queue": "/waiting"}
"""Pages that a link can lead to without an activity, by the stable id that it carries."""


def custom_of(kind: str, stable_id: str) -> dict[str, str]:
    """The custom parameters of a link."""
    return {CUSTOM + kind: stable_id}


def address_of(public_url: str, kind: str, stable_id: str) -> str:
    """The address of a link: our launch address, and where it leads."""
    return f"{public_url}/lti/launch?{urlencode({kind: stable_id})}"


def named_activity(launch: Launch) -> UUID | None:
    """The activity that the launch's link was made for, of whatever course; None where it names none."""
    return _named(launch, ACTIVITY)


def named_program(launch: Launch) -> UUID | None:
    """The placed program that the launch's link was made for, of whatever course; None where it names none."""
    return _named(launch, PROGRAM)


def named_place(launch: Launch) -> str | None:
    """The address of the page that the launch's link was made for; None where it names none of `PLACES`."""
    return next((PLACES[text] for text in _said(launch, PLACE) if text in PLACES), None)


def _named(launch: Launch, kind: str) -> UUID | None:
    for text in _said(launch, kind):
        try:
            return UUID(text)
        except ValueError:
            continue
    return None


def _said(launch: Launch, kind: str) -> list[str]:
    """What the custom parameter says, then what the address does."""
    in_custom = launch.custom.get(CUSTOM + kind)
    in_address = parse_qs(urlsplit(launch.target_link_uri).query).get(kind, [])
    return [*([in_custom] if in_custom else []), *in_address]
