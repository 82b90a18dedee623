"""The claims of a message, checked and turned into values (LTI Core 1.3, section 5; Deep Linking 2.0, section 4.4)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, ValidationError

from lti_tool.lti import lenient, names
from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.claims import (
    AgsEndpoint,
    Course,
    DeepLinkingSettings,
    ForUser,
    Launch,
    NoticesEndpoint,
    Platform,
    ResourceLink,
)
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.names import (
    CANVAS_PLACEMENT,
    DATA_PRIVACY_REQUEST,
    DATA_PRIVACY_REQUEST_BEFORE,
    DEEP_LINKING,
    DEEP_LINKING_REQUEST,
    GRADEBOOK_CLAIM,
    GROUPS_CLAIM,
    LTI,
    NOTICES_CLAIM,
    ROSTER_CLAIM,
)
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.roles import administers, reviews_others

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
Ascii = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[ -~]+$")]
Address = Annotated[str, StringConstraints(min_length=1, max_length=8_000)]
Shown = Annotated[str | None, PlainValidator(lenient.shown)]
Flag = Annotated[bool | None, PlainValidator(lenient.flag)]
Roles = Annotated[tuple[str, ...] | None, PlainValidator(lenient.roles)]
Locale = Annotated[str | None, PlainValidator(lenient.locale)]
Custom = Annotated[Mapping[str, str], PlainValidator(lenient.custom)]
Presentation = Annotated[lenient.Presentation, PlainValidator(lenient.presentation)]
Gradebook = Annotated[AgsEndpoint | None, PlainValidator(lenient.gradebook)]
Memberships = Annotated[str | None, PlainValidator(lenient.memberships)]

Groups = Annotated[str | None, PlainValidator(lenient.groups)]
Notices = Annotated[NoticesEndpoint | None, PlainValidator(lenient.notices)]
ToolPlatform = Annotated[Platform, PlainValidator(lenient.platform)]
RENAMED = {DATA_PRIVACY_REQUEST_BEFORE: DATA_PRIVACY_REQUEST}


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Context(_Model):
    id: Identifier
    title: Shown = None
    label: Shown = None


class _ResourceLink(_Model):
    id: Identifier
    title: Shown = None


class _DeepLinking(_Model):
    deep_link_return_url: Address
    accept_types: list[str]
    accept_multiple: Flag = None
    accept_lineitem: Flag = None
    data: str | None = None
    title: Shown = None
    text: Shown = None


class _ForUser(_Model):
    user_id: Identifier
    name: Shown = None


class _Message(_Model):
    version: Literal["1.3.0"] = Field(validation_alias=LTI + "version")
    message_type: str = Field(validation_alias=LTI + "message_type")
    deployment_id: Ascii = Field(validation_alias=LTI + "deployment_id")
    sub: Identifier | None = None
    roles: Roles = Field(None, validation_alias=LTI + "roles")
    target_link_uri: Address = Field(validation_alias=LTI + "target_link_uri")
    resource_link: _ResourceLink | None = Field(None, validation_alias=LTI + "resource_link")
    context: _Context | None = Field(None, validation_alias=LTI + "context")
    deep_linking: _DeepLinking | None = Field(None, validation_alias=DEEP_LINKING + "deep_linking_settings")
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
    for_user: _ForUser | None = Field(None, validation_alias=LTI + "for_user")
    tool_platform: ToolPlatform = Field(Platform(None, None), validation_alias=LTI + "tool_platform")
    placement: Shown = Field(None, validation_alias=CANVAS_PLACEMENT)


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
"""By the first claim that is not as it should be, in the order of `_Message`."""


def read_message(claims: Mapping[str, Any], *, registration: PlatformRegistration, lab: bool) -> Launch:
    """The launch that verified claims describe. `lab` lets addresses on loopback be plain http.

    Raises `LaunchRejected`.
    """
    try:
        message = _Message.model_validate(claims)
    except ValidationError as problem:
        claim = str(problem.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        raise _broken(PROBLEMS[claim], detail=claim) from None
    sub = _checked_user(message, lab=lab)
    return_url = message.presentation.return_url
    return Launch(
        registration_id=registration.id,
        issuer=registration.issuer,
        client_id=registration.client_id,
        deployment_id=message.deployment_id,
        message_type=RENAMED.get(message.message_type, message.message_type),
        sub=sub,
        name=message.name or _joined(message.given_name, message.family_name),
        given_name=message.given_name,
        family_name=message.family_name,
        email=message.email,
        roles=message.roles or (),
        context=_course(message.context),
        resource_link=_link(message.resource_link),
        custom=message.custom,
        target_link_uri=message.target_link_uri,
        ags=message.gradebook,
        memberships_url=message.memberships,
        deep_linking=_settings(message),
        return_url=return_url if return_url and may_be_opened(return_url, lab=lab) else None,
        locale=message.presentation.locale or message.locale,
        document_target=message.presentation.document_target,
        for_user=ForUser(message.for_user.user_id, message.for_user.name) if message.for_user else None,
        groups_url=message.groups,
        notices=message.notices,
        platform=message.tool_platform,
        placement=message.placement,
    )


def _checked_user(message: _Message, *, lab: bool) -> str:
    """Who launches, once all that this type of message needs was found to be there."""
    match RENAMED.get(message.message_type, message.message_type):
        case names.RESOURCE_LINK_REQUEST:
            _check_resource_link(message)
        case names.DEEP_LINKING_REQUEST:
            _check_deep_linking(message, lab=lab)
        case names.SUBMISSION_REVIEW_REQUEST:
            _check_submission_review(message)
        case names.DATA_PRIVACY_REQUEST:
            _check_data_privacy(message)
        case _:
            raise LaunchRejected(
                LaunchProblem.MESSAGE_NOT_SUPPORTED,
                "Your LMS asked for something that Attune does not offer here. "
                "Please open Attune from an activity of your course.",
            )
    if message.sub is None:
        raise LaunchRejected(
            LaunchProblem.USER_MISSING,
            "This activity needs an identified user: practice is recorded with the people who took part in it. "
            "Please log in to your LMS and open the activity again.",
            status=403,
        )
    return message.sub


def _check_resource_link(message: _Message) -> None:
    if message.resource_link is None:
        raise _broken(LaunchProblem.RESOURCE_LINK_WRONG)
    if message.roles is None:
        raise _broken(LaunchProblem.ROLES_WRONG)


def _check_deep_linking(message: _Message, *, lab: bool) -> None:
    settings = message.deep_linking
    if settings is None or not may_be_opened(settings.deep_link_return_url, lab=lab):
        raise _broken(LaunchProblem.DEEP_LINKING_WRONG)


def _check_submission_review(message: _Message) -> None:
    """The column or the link says what is reviewed. Moodle names nobody where a column's head was clicked."""
    if message.roles is None:
        raise _broken(LaunchProblem.ROLES_WRONG)
    if message.resource_link is None and (message.gradebook is None or message.gradebook.line_item is None):
        raise _broken(LaunchProblem.LINE_ITEM_NOT_OURS)
    about_another = message.for_user is not None and message.for_user.user_id != message.sub
    if about_another and not reviews_others(message.roles):
        # Moodle signs such a message for any learner who asks for it.
        raise LaunchRejected(
            LaunchProblem.FOR_USER_WRONG,
            "This would open someone else's page. Your own is where it always is: "
            "please open the activity from your course.",
            status=403,
        )


def _check_data_privacy(message: _Message) -> None:
    if message.roles is None:
        raise _broken(LaunchProblem.ROLES_WRONG)
    if message.for_user is None:
        raise _broken(LaunchProblem.FOR_USER_WRONG)
    if not administers(message.roles):
        raise LaunchRejected(
            LaunchProblem.NOT_AN_ADMINISTRATOR,
            "Asking about a person's data is for the administrators of your LMS. "
            "If something should happen with yours, please tell them.",
            status=403,
        )


def _broken(code: LaunchProblem, *, detail: str = "") -> LaunchRejected:
    return LaunchRejected(
        code,
        "Something that Attune needs is missing from what your LMS sent, or has a form it cannot read. "
        "Please tell your LMS's administrator; the reference below leads to the reason.",
        detail=detail,
    )


def _joined(given: str | None, family: str | None) -> str | None:
    return " ".join(part for part in (given, family) if part) or None


def _course(context: _Context | None) -> Course | None:
    return Course(id=context.id, title=context.title, label=context.label) if context else None


def _link(link: _ResourceLink | None) -> ResourceLink | None:
    return ResourceLink(id=link.id, title=link.title) if link else None


def _settings(message: _Message) -> DeepLinkingSettings | None:
    settings = message.deep_linking
    if settings is None or message.message_type != DEEP_LINKING_REQUEST:
        return None
    return DeepLinkingSettings(
        return_url=settings.deep_link_return_url,
        accept_types=tuple(settings.accept_types),
        accept_multiple=settings.accept_multiple or False,
        accept_line_item=settings.accept_lineitem,
        data=settings.data,
        title=settings.title,
        text=settings.text,
    )
