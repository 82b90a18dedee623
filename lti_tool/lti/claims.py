"""What a verified launch says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Course:
    """The context of a launch (LTI Core 1.3, section 5.4.1); its id is unique within one deployment."""

    id: str
    title: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class ResourceLink:
    """The placed link that was followed (LTI Core 1.3, section 5.3.5)."""

    id: str
    title: str | None


@dataclass(frozen=True, slots=True)
class AgsEndpoint:
    """What the gradebook service offers here (AGS 2.0, section 3.1)."""

    line_item: str | None
    """The column of this link; None also where the platform sent an empty text."""
    line_items: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeepLinkingSettings:
    """What the platform takes back from a deep link (Deep Linking 2.0, section 4.4.1)."""

    return_url: str
    accept_types: tuple[str, ...]
    accept_multiple: bool
    accept_line_item: bool | None
    """None where the platform did not say: a line item may then be sent."""
    data: str | None
    """To be given back unaltered, or not at all if None."""
    title: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class ForUser:
    """Whom a submission review or a data privacy launch is about."""

    sub: str
    name: str | None


@dataclass(frozen=True, slots=True)
class NoticesEndpoint:
    """Where notices can be asked for, and which (Platform Notification Service 1.0)."""

    url: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Platform:
    """What the platform says of itself (LTI Core 1.3, section 5.4.2)."""

    guid: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch whose signature, times, audience, nonce and state were checked.

    Ids hold no control characters and at most 255 characters. Texts for display are optional, hold no NUL
    and are cut at 255 characters; they are still a stranger's text and must be escaped.
    """

    registration_id: UUID
    issuer: str
    client_id: str
    deployment_id: str
    message_type: str
    sub: str
    """Who launches; unique only within the issuer (LTI Core 1.3, section 5.3.6)."""
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    roles: tuple[str, ...]
    context: Course | None
    resource_link: ResourceLink | None
    """Always there in a resource link request."""
    custom: Mapping[str, str]
    """Custom parameters; those that the platform left unresolved ("$User.id") are not among them."""
    target_link_uri: str
    ags: AgsEndpoint | None
    memberships_url: str | None
    """Where the roster (NRPS 2.0) can be read."""
    deep_linking: DeepLinkingSettings | None
    """Always there in a deep linking request, and only there."""
    return_url: str | None
    """Where the platform wants people back: https, or None. May hold a secret of the platform: never log it."""
    locale: str | None
    document_target: str | None
    for_user: ForUser | None
    """Always there in a data privacy launch; in a submission review None where the platform named nobody."""
    groups_url: str | None
    """Where the course's groups (Course Groups Service 1.0) can be read."""
    notices: NoticesEndpoint | None
    platform: Platform
    placement: str | None
    """Where in Canvas the launch was begun (course_navigation, ...); None on other platforms."""
    """iframe, frame or window, where the platform said."""
    mentees: tuple[str, ...] = ()
    """Whom a mentor mentors here, by their `sub` (LTI Core 1.3, section 5.4.3); empty without that role."""
