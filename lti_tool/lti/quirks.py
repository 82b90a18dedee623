"""What platforms of one family do their own way: files in config/platforms, one for each product family code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lti_tool.lti.addresses import WEB
from lti_tool.lti.names import (
    DATA_PRIVACY_REQUEST,
    DEEP_LINKING_REQUEST,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
)
from lti_tool.paths import CONFIG


def _web(url: str) -> str:
    match = WEB.fullmatch(url)
    if match is None or match["scheme"] != "https":
        raise ValueError("should be an address that begins with https://")
    return url


Web = Annotated[str, AfterValidator(_web)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Message(_Entries):
    """A message to be asked for where the platform offers it (Dynamic Registration 1.0)."""

    type: str
    label: str = ""
    placements: Texts = ()
    """Where in the platform it is to begin; those that it does not offer are left out."""
    members: dict[str, str | int | bool] = {}
    """Further members, by their names after the prefix."""


class Site(_Entries):
    """An installation that many schools share."""

    key: str
    issuer: Web
    auth_url: Web
    token_url: Web
    jwks_url: Web


class Paths(_Entries):
    """Where a platform has its endpoints, below its own address."""

    auth: str
    token: str
    jwks: str


MESSAGES = (
    Message(type=RESOURCE_LINK_REQUEST),
    Message(type=DEEP_LINKING_REQUEST, label="Choose an activity", placements=("ContentArea",)),
    Message(type=SUBMISSION_REVIEW_REQUEST),
    Message(type=DATA_PRIVACY_REQUEST),
)
"""What is asked of a family that says nothing of its own."""


class Scores(_Entries):
    """What a platform's gradebook does its own way. As it stands here: what the specification says, and no more."""

    whole_seconds: bool = False
    """Whether it takes two timestamps of one second for the same."""
    submission: str = ""
    """The member of a score that says whether an attempt is used up, and when what is scored was done."""
    comments_add_up: bool = False
    """Whether each comment is put beside the former ones, instead of taking their place."""
    comment_is_feedback: bool = False
    """Whether a score without a comment takes away the one that is there, of whomever it is."""
    link_keeps_out: bool = False
    """Whether scores of a further column that names a link never reach the gradebook."""
    maximum_is_fixed: bool = False
    """Whether a new maximum turns empty cells into 0."""
    rate_header: str = ""
    """The header that says how much more it takes before it asks to wait."""
    rate_low: int = 0
    """Below this, calls are to slow down."""
    rate_leak: int = 1
    """By how much that grows again in a second."""


class Quirks(_Entries):
    """All that is known of one family; of one that nobody described, only what the specifications say."""

    name: str = ""
    """As people call it."""
    shared_issuers: Annotated[tuple[Web, ...], Field(strict=False)] = ()
    service_hosts: Texts = ()
    """Hosts that may have the services of a platform with a shared issuer: names, or `*.` and all below a name."""
    audience_is_token_url: bool = False
    """Whether requests for tokens are addressed to the token address, whatever authorization server it names."""
    prefix: str = ""
    """What the names of its own members begin with."""
    account_name: str = ""
    """The member of its configuration that names the school."""
    scopes: Texts = ()
    """What it lets a tool ask for; needed only where it does not say so itself."""
    members: dict[str, str | int | bool] = {}
    """Further members of the tool's configuration, by their names after the prefix."""
    custom_parameters: dict[str, str] = {}
    messages: Annotated[tuple[Message, ...], Field(strict=False)] = MESSAGES
    sites: Annotated[tuple[Site, ...], Field(strict=False)] = ()
    paths: Paths | None = None
    at_once: Annotated[int, Field(ge=1, le=32)] = 4
    """How many calls it is asked at the same time."""
    scores: Scores = Scores()


def quirks_of(family: str) -> Quirks:
    """The quirks of a product family code, in lower case; those of a family without a file are none."""
    return _all().get(family) or Quirks()


@cache
def _all() -> Mapping[str, Quirks]:
    files = sorted((CONFIG / "platforms").glob("*.toml"))
    return MappingProxyType(
        {file.stem: Quirks.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}
    )
