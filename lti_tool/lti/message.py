"""A message's claims turned into a launch (LTI Core 1.3, section 5)."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.claims import Course, DeepLinkingSettings, ForUser, Launch, ResourceLink
from lti_tool.lti.message_claims import PROBLEMS, Context, LinkClaim, Message
from lti_tool.lti.message_kinds import broken, check_kind, kind_of
from lti_tool.lti.names import DEEP_LINKING_REQUEST
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.roles import is_mentor


def read_message(claims: Mapping[str, Any], *, registration: PlatformRegistration, lab: bool) -> Launch:
    """The launch that verified claims describe. `lab` lets addresses on loopback be plain http.

    Raises `LaunchRejected`.
    """
    try:
        message = Message.model_validate(claims)
    except ValidationError as problem:
        claim = str(problem.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        raise broken(PROBLEMS[claim], detail=claim) from None
    sub = check_kind(message, lab=lab)
    return_url = message.presentation.return_url
    return Launch(
        registration_id=registration.id,
        issuer=registration.issuer,
        client_id=registration.client_id,
        deployment_id=message.deployment_id,
        message_type=kind_of(message),
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
        mentees=message.mentees if is_mentor(message.roles or ()) else (),
    )


def _joined(given: str | None, family: str | None) -> str | None:
    return " ".join(part for part in (given, family) if part) or None


def _course(context: Context | None) -> Course | None:
    return Course(id=context.id, title=context.title, label=context.label) if context else None


def _link(link: LinkClaim | None) -> ResourceLink | None:
    return ResourceLink(id=link.id, title=link.title) if link else None


def _settings(message: Message) -> DeepLinkingSettings | None:
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
