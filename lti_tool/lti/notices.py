"""Notices that a platform sends of its own accord (Platform Notification Service 1.0): one signed token each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.message_claims import Ascii, Identifier
from lti_tool.lti.names import COPY_NOTICE, LTI, NOTICE_CLAIM, ORIGIN_COURSES_CLAIM
from lti_tool.lti.registrations import FindRegistrations, PlatformRegistration
from lti_tool.lti.seam import Registrations
from lti_tool.lti.token_checks import (
    LEEWAY,
    LONGEST_LIFE,
    check_addressee,
    check_signature,
    check_times,
    not_for_us,
    read_token,
)

MOST_ORIGINS = 50


@dataclass(frozen=True, slots=True)
class CourseCopied:
    """A course that was made as a copy of others, by the platform's ids."""

    course_id: str
    origin_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice whose signature, times and addressee were checked; its nonce is the caller's to spend.

    Ids hold no control characters and at most 255 characters.
    """

    registration: PlatformRegistration
    deployment_id: str
    id: str
    type: str
    happened_at: datetime
    copied: CourseCopied | None
    """Always there in a notice about a copied course, and only there."""
    nonce_digest: str
    """What is spent: SHA-256 of the registration and the nonce."""
    ends_at: datetime
    """From then on the token itself is too old to come again."""


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _About(_Model):
    id: Identifier
    timestamp: str
    type: Identifier


class _Course(_Model):
    id: Identifier


class _Message(_Model):
    version: Literal["1.3.0"] = Field(validation_alias=LTI + "version")
    message_type: None = Field(None, validation_alias=LTI + "message_type")
    """A launch is no notice, and has a type of its own; a notice has none, so that it is no launch."""
    deployment_id: Ascii = Field(validation_alias=LTI + "deployment_id")
    nonce: Ascii
    notice: _About = Field(validation_alias=NOTICE_CLAIM)


class _Copy(_Model):
    course: _Course = Field(validation_alias=LTI + "context")
    origins: list[Identifier] = Field(validation_alias=ORIGIN_COURSES_CLAIM)


def read_notice(token: str, *, registrations: FindRegistrations, key_sets: KeySets, now: datetime) -> Notice:
    """The notice in a token. It is good until its own end, not only for minutes: platforms may send late.

    What is left to the caller: that the nonce was not spent before, and that the deployment is known.

    Raises `LaunchRejected`, or `PlatformUnavailable` where the platform's keys cannot be had.
    """
    jws = read_token(token)
    issuer, client_id = _said_to_be_between(jws.claims)
    known = Registrations(registrations).find_registration_by_params(issuer, client_id).value
    check_addressee(jws.claims, issuer=known.issuer, client_id=known.client_id)
    check_signature(jws, key_sets, known.jwks_url, now=now)
    check_times(jws.claims, now, oldest=LONGEST_LIFE)
    return _notice(jws.claims, known)


def _said_to_be_between(claims: Mapping[str, Any]) -> tuple[str, str]:
    """Who signed for whom, as the token says, so that the registration can be looked up."""
    issuer, audience = claims.get("iss"), claims.get("aud")
    if isinstance(audience, list) and len(audience) == 1:
        audience = audience[0]
    if not isinstance(issuer, str) or not issuer:
        raise not_for_us(LaunchProblem.ISSUER_WRONG)
    if not isinstance(audience, str) or not audience:
        raise not_for_us(LaunchProblem.AUDIENCE_WRONG)
    return issuer, audience


def _notice(claims: Mapping[str, Any], known: PlatformRegistration) -> Notice:
    try:
        message = _Message.model_validate(claims)
        copy = _Copy.model_validate(claims) if message.notice.type == COPY_NOTICE else None
        happened_at = _moment(message.notice.timestamp)
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        raise _not_a_notice(str(found["loc"][0])) from None
    except (ValueError, OverflowError):
        raise _not_a_notice("timestamp") from None
    return Notice(
        registration=known,
        deployment_id=message.deployment_id,
        id=message.notice.id,
        type=message.notice.type,
        happened_at=happened_at,
        copied=CourseCopied(copy.course.id, tuple(copy.origins[:MOST_ORIGINS])) if copy else None,
        nonce_digest=hashlib.sha256(f"notice {known.id} {message.nonce}".encode()).hexdigest(),
        ends_at=datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=LEEWAY),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _not_a_notice(detail: str) -> LaunchRejected:
    return LaunchRejected(
        LaunchProblem.NOTICE_WRONG,
        "Something that Attune needs is missing from this notice, or has a form it cannot read.",
        detail=detail,
    )
