"""What is under way in the practice LMS: launches, offers to register, access."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch under way.

    With an activity it opens that link; without one its `message` says what it is: a request to choose
    (deep linking), a place in the course's navigation, a review, or a question about one's data.
    """

    person_id: str
    """Empty for a visitor whom nobody knows."""
    client_id: str
    activity_id: str = ""
    in_window: bool = False
    message: str = ""
    course_id: str = "2"
    deployment_id: str = ""
    """The tool's first deployment, if not said."""
    placement: str = ""
    for_user: str = ""
    """The id of the person that a review or a question about data is about."""
    line_item_id: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A registration that an administrator began."""

    announce_deployment: bool
    without_scopes: tuple[str, ...] = ()
    """What the administrator takes away from the scopes that the tool asks for."""
    without_placements: tuple[str, ...] = ()
    updates: str = ""
    """The client id of the registration that is to be renewed, if any."""


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token allows."""

    client_id: str
    scopes: frozenset[str]
