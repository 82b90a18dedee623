"""A registration written by hand, for `attune platforms add FILE.json`."""

from dataclasses import dataclass


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


def read_registration_file(text: str, source: str) -> ManualRegistration:
    """The registration in a JSON text. `source` names the file in messages.

    Raises `RegistrationProblem` whose `details` name each place that has to be mended.
    """
    raise NotImplementedError
