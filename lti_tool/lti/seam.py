"""What PyLTI1p3 is given to work with: our registrations, and nowhere to store anything.

Its own keeping of state, nonces, launches and keys is replaced in `login` and `launch`, so the places where it
would keep them are empty here on purpose.
"""

from collections.abc import Mapping
from typing import Any

from pylti1p3.cookie import CookieService
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.registrations import FindRegistrations, PlatformRegistration

NO_WIRE: Any = object()
"""Stands where PyLTI1p3 wants a session of requests: keys come through `KeySets`, so nothing is ever asked of it."""


class Params(Request):
    """The parameters of one request."""

    def __init__(self, params: Mapping[str, str]) -> None:
        self._params = params

    def get_param(self, key: str) -> str:
        """One parameter, "" where it is absent."""
        return self._params.get(key, "")

    def is_secure(self) -> bool:
        """Not asked: it would only decide about cookies, which are not set here."""
        return True


class NoSession(SessionService):
    """Keeps nothing: state and nonce travel signed, and are spent in the database."""

    def __init__(self) -> None:  # its own would make a storage
        pass

    def save_nonce(self, nonce: str) -> None:
        """The nonce is in the state."""


class NoCookies(CookieService):
    """Sets nothing: the browser's cookie belongs to the web layer."""

    def get_cookie(self, name: str) -> str | None:
        """No cookie."""
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        """No cookie."""


class Known(Registration):
    """A registration as PyLTI1p3 wants to see it; `value` is ours."""

    def __init__(self, value: PlatformRegistration) -> None:
        self.value = value
        self._issuer = value.issuer
        self._client_id = value.client_id
        self._auth_login_url = value.auth_url.partition("?")[0]  # it would add a second question mark
        self._auth_token_url = value.token_url
        self._key_set_url = value.jwks_url


class Registrations(ToolConfAbstract[Params]):
    """Finds registrations by exactly issuer and client id, and never touches the table that all instances share."""

    def __init__(self, find: FindRegistrations) -> None:
        self._find = find

    def check_iss_has_one_client(self, iss: str) -> bool:
        """An issuer may always have several clients."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        """An issuer may always have several clients."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Known:
        """The only registration of an issuer."""
        return self.find_registration_by_params(iss, "")

    def find_registration_by_params(self, iss: str, client_id: str, *args: Any, **kwargs: Any) -> Known:
        """The registration of a client, or the issuer's only one. Raises `LaunchRejected`."""
        askable = iss.isprintable() and client_id.isprintable()
        found = [one for one in (self._find(iss, client_id or None) if askable else ()) if one.issuer == iss]
        if client_id:
            found = [one for one in found if one.client_id == client_id]
        if not found:
            raise unknown_platform()
        if len(found) > 1:
            raise LaunchRejected(
                LaunchProblem.SEVERAL_REGISTRATIONS,
                "Your LMS is connected to Attune more than once and did not say which connection this is. "
                "Its administrator can add the client id to the login address.",
            )
        if found[0].ended_at is not None:
            raise LaunchRejected(
                LaunchProblem.REGISTRATION_ENDED,
                "The connection between this LMS and Attune was ended. Nothing was deleted: what was written and "
                "signed is kept.",
                status=403,
                since=found[0].ended_at,
            )
        if not found[0].active:
            raise LaunchRejected(
                LaunchProblem.REGISTRATION_INACTIVE,
                "The connection between your LMS and Attune is switched off. Attune's operator can switch it on again.",
                status=403,
            )
        return Known(found[0])

    def find_deployment(self, iss: str, deployment_id: str) -> None:
        """Deployments are looked up by the services."""

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> None:
        """Deployments are looked up by the services."""


def unknown_platform() -> LaunchRejected:
    """For an issuer and client id that are not registered."""
    return LaunchRejected(
        LaunchProblem.UNKNOWN_PLATFORM,
        "Attune does not know this LMS yet. Please tell the person who connected it: "
        "its issuer and client id are not among those registered here.",
    )
