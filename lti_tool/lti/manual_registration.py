"""A registration written by hand, for `attune platforms add FILE.json`."""

import json
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.errors import RegistrationProblem, RegistrationTrouble


@dataclass(frozen=True, slots=True)
class ManualRegistration:
    """What the platform's administrator noted down."""

    name: str
    family: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    token_audience: str | None
    jwks_url: str
    deployment_ids: tuple[str, ...]


def _web_address(url: str) -> str:
    """https, or plain http on loopback: whether this is the lab is known where the address is asked."""
    if not may_be_opened(url, lab=True):
        raise ValueError("should be an address that begins with https://")
    return url


Word = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[!-~]+$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
WebAddress = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_web_address)]


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: Name
    family: Word
    issuer: WebAddress
    client_id: Word
    auth_url: WebAddress
    token_url: WebAddress
    token_audience: Word | None = None
    jwks_url: WebAddress
    deployment_ids: list[Word] = []


def read_registration_file(text: str, source: str) -> ManualRegistration:
    """The registration in a JSON text. `source` names the file in messages.

    Raises `RegistrationProblem` whose `details` name each place that has to be mended.
    """
    try:
        found = _File.model_validate(json.loads(text))
    except ValidationError as problem:
        raise _not_understood(tuple(_place(source, error["loc"], error["msg"]) for error in problem.errors())) from None
    except (ValueError, RecursionError) as problem:
        raise _not_understood((f"{source}: {problem}",)) from None
    return ManualRegistration(
        name=found.name,
        family=found.family.lower(),
        issuer=found.issuer,
        client_id=found.client_id,
        auth_url=found.auth_url,
        token_url=found.token_url,
        token_audience=found.token_audience,
        jwks_url=found.jwks_url,
        deployment_ids=tuple(dict.fromkeys(found.deployment_ids)),
    )


def _place(source: str, where: tuple[int | str, ...], what: str) -> str:
    place = ".".join(str(part) for part in where)
    return f"{source}: {place}: {what}" if place else f"{source}: {what}"


def _not_understood(details: tuple[str, ...]) -> RegistrationProblem:
    return RegistrationProblem(
        RegistrationTrouble.FILE_NOT_UNDERSTOOD,
        "This file does not describe a registration. It should be JSON with name, family, issuer, client_id, "
        "auth_url, token_url, jwks_url and, where known, token_audience and deployment_ids.",
        details=details,
    )
