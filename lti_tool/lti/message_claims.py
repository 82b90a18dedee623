"""The form that each claim of a message has to have (LTI Core 1.3, section 5; Deep Linking 2.0, section 4.4)."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

from lti_tool.lti import lenient
from lti_tool.lti.claims import AgsEndpoint, NoticesEndpoint, Platform
from lti_tool.lti.errors import LaunchProblem
from lti_tool.lti.names import (
    CANVAS_PLACEMENT,
    DEEP_LINKING,
    GRADEBOOK_CLAIM,
    GROUPS_CLAIM,
    LTI,
    NOTICES_CLAIM,
    ROSTER_CLAIM,
)

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
Ascii = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[ -~]+$")]
Address = Annotated[str, StringConstraints(min_length=1, max_length=8_000)]
Shown = Annotated[str | None, PlainValidator(lenient.shown)]
Flag = Annotated[bool | None, PlainValidator(lenient.flag)]
Roles = Annotated[tuple[str, ...] | None, PlainValidator(lenient.roles)]
Mentees = Annotated[tuple[str, ...], PlainValidator(lenient.mentees)]
Locale = Annotated[str | None, PlainValidator(lenient.locale)]
Custom = Annotated[Mapping[str, str], PlainValidator(lenient.custom)]
Presentation = Annotated[lenient.Presentation, PlainValidator(lenient.presentation)]
Gradebook = Annotated[AgsEndpoint | None, PlainValidator(lenient.gradebook)]
Memberships = Annotated[str | None, PlainValidator(lenient.memberships)]
Groups = Annotated[str | None, PlainValidator(lenient.groups)]
Notices = Annotated[NoticesEndpoint | None, PlainValidator(lenient.notices)]
ToolPlatform = Annotated[Platform, PlainValidator(lenient.platform)]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class Context(_Model):
    """The course."""

    id: Identifier
    title: Shown = None
    label: Shown = None


class LinkClaim(_Model):
    """The link that was followed."""

    id: Identifier
    title: Shown = None


class DeepLinking(_Model):
    """What the platform takes back."""

    deep_link_return_url: Address
    accept_types: list[str]
    accept_multiple: Flag = None
    accept_lineitem: Flag = None
    data: str | None = None
    title: Shown = None
    text: Shown = None


class About(_Model):
    """Whom a message is about."""

    user_id: Identifier
    name: Shown = None


class Message(_Model):
    """The claims of a message, each in the form it should have; what is not asked for here is ignored."""

    version: Literal["1.3.0"] = Field(validation_alias=LTI + "version")
    message_type: str = Field(validation_alias=LTI + "message_type")
    deployment_id: Ascii = Field(validation_alias=LTI + "deployment_id")
    sub: Identifier | None = None
    roles: Roles = Field(None, validation_alias=LTI + "roles")
    target_link_uri: Address = Field(validation_alias=LTI + "target_link_uri")
    resource_link: LinkClaim | None = Field(None, validation_alias=LTI + "resource_link")
    context: Context | None = Field(None, validation_alias=LTI + "context")
    deep_linking: DeepLinking | None = Field(None, validation_alias=DEEP_LINKING + "deep_linking_settings")
    name: Shown = None
    given_name: Shown = None
    family_name: Shown = None
    email: Shown = None
    locale: Locale = None
    custom: Custom = Field(default_factory=dict, validation_alias=LTI + "custom")
    presentation: Presentation = Field(lenient.Presentation(), validation_alias=LTI + "launch_presentation")
    gradebook: Gradebook = Field(None, validation_alias=GRADEBOOK_CLAIM)
    memberships: Memberships = Field(None, validation_alias=ROSTER_CLAIM)
    groups: Groups = Field(None, validation_alias=GROUPS_CLAIM)
    notices: Notices = Field(None, validation_alias=NOTICES_CLAIM)
    for_user: About | None = Field(None, validation_alias=LTI + "for_user")
    tool_platform: ToolPlatform = Field(Platform(None, None), validation_alias=LTI + "tool_platform")
    placement: Shown = Field(None, validation_alias=CANVAS_PLACEMENT)
    mentees: Mentees = Field((), validation_alias=LTI + "role_scope_mentor")


PROBLEMS: Mapping[str, LaunchProblem] = {
    LTI + "version": LaunchProblem.VERSION_WRONG,
    LTI + "message_type": LaunchProblem.MESSAGE_TYPE_MISSING,
    LTI + "deployment_id": LaunchProblem.DEPLOYMENT_WRONG,
    "sub": LaunchProblem.USER_WRONG,
    LTI + "roles": LaunchProblem.ROLES_WRONG,
    LTI + "target_link_uri": LaunchProblem.TARGET_MISSING,
    LTI + "resource_link": LaunchProblem.RESOURCE_LINK_WRONG,
    LTI + "context": LaunchProblem.CONTEXT_WRONG,
    DEEP_LINKING + "deep_linking_settings": LaunchProblem.DEEP_LINKING_WRONG,
    LTI + "for_user": LaunchProblem.FOR_USER_WRONG,
}
"""By the first claim that is not as it should be, in the order of `Message`."""
