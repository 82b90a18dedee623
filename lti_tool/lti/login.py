"""The login that a platform initiates (Security Framework 1.0, section 5.1.1.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pylti1p3.exception import OIDCException
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect

from lti_tool.lti.addresses import origin
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.registrations import FindRegistrations, PlatformRegistration
from lti_tool.lti.seam import Known, NoCookies, NoSession, Params, Registrations
from lti_tool.lti.state import LIFETIME, LoginState, StateSigner, browser_digest, new_nonce, nonce_digest

REQUIRED = ("iss", "login_hint", "target_link_uri")
LONGEST = {
    "iss": 2_000,
    "login_hint": 4_000,
    "target_link_uri": 2_000,
    "client_id": 255,
    "lti_deployment_id": 255,
    "lti_message_hint": 8_000,
    "lti_storage_target": 255,
}


class BegunLogin(NamedTuple):
    """Where a login goes on, and what a page needs that asks the platform's storage to remember the browser."""

    address: str
    """At the platform; the browser is to be sent there."""
    state_digest: str
    """Names this login, also in the platform's storage."""
    auth_url: str
    """The registered authorization endpoint: its origin is the only one that may be told anything."""


def begin_login(
    params: Mapping[str, str],
    *,
    registrations: FindRegistrations,
    signer: StateSigner,
    browser_secret: str,
    launch_url: str,
    now: datetime,
    storage: str = "",
) -> BegunLogin:
    """How this login goes on at the platform.

    `browser_secret` is what the caller keeps in a cookie of this browser, or in the platform's window `storage`
    where the browser keeps none; `launch_url` is our own launch address, whose origin target_link_uri must have.
    Nothing is stored. Raises `LaunchRejected`.
    """
    browser = browser_digest(browser_secret)
    return _Login(params, registrations, signer=signer, browser=browser, storage=storage, now=now).begun(launch_url)


class _Login(OIDCLogin[Params, Registrations, NoSession, NoCookies, str]):
    """PyLTI1p3's login, with a state of ours: it finds the registration and builds the authentication request."""

    def __init__(
        self,
        params: Mapping[str, str],
        registrations: FindRegistrations,
        *,
        signer: StateSigner,
        browser: str,
        storage: str,
        now: datetime,
    ) -> None:
        super().__init__(Params(params), Registrations(registrations), NoSession(), NoCookies())
        self._signer = signer
        self._browser = browser
        self._storage = storage
        self._now = now
        self._nonce = new_nonce()

    def begun(self, launch_url: str) -> BegunLogin:
        """Where to send the browser, once everything was looked at."""
        self._check(launch_url)
        try:
            address = self._prepare_redirect_url(launch_url)
        except OIDCException:  # `_check` should leave it nothing to say, but it is not ours to be sure
            raise _incomplete("") from None
        base, _, query = self._known.auth_url.partition("?")
        if query:
            address = f"{base}?{query}&{address.removeprefix(base + '?')}"
        return BegunLogin(address, nonce_digest(self._nonce), self._known.auth_url)

    @property
    def _known(self) -> PlatformRegistration:
        assert isinstance(self._registration, Known)  # noqa: S101 - `Registrations` makes no others
        return self._registration.value

    def _check(self, launch_url: str) -> None:
        for name, longest in LONGEST.items():
            if len(self._get_request_param(name)) > longest:
                raise LaunchRejected(
                    LaunchProblem.LOGIN_TOO_LONG,
                    "Your LMS sent more than Attune can take in. Please go back to your course and open the "
                    "activity again; if it happens again, tell your LMS's administrator.",
                    detail=name,
                )
        for name in REQUIRED:
            if not self._get_request_param(name):
                raise _incomplete(name)
        if origin(self._get_request_param("target_link_uri")) != origin(launch_url):
            raise LaunchRejected(
                LaunchProblem.TARGET_ELSEWHERE,
                "This link leads to another address than Attune's. Please tell the instructor who placed it: "
                "placing the activity again from Attune's list mends it.",
            )

    def _get_uuid(self) -> str:
        known = self._known
        return self._signer.sign(
            LoginState(
                registration_id=known.id,
                issuer=known.issuer,
                client_id=known.client_id,
                nonce=self._nonce,
                browser=self._browser,
                target_link_uri=self._get_request_param("target_link_uri"),
                deployment_id=self._get_request_param("lti_deployment_id"),
                expires_at=self._now + LIFETIME,
                storage=self._storage,
            )
        )

    def _generate_nonce(self) -> str:
        return self._nonce

    def get_redirect(self, url: str) -> Redirect[Any]:
        """Not here: redirecting is the web layer's."""
        raise NotImplementedError


def _incomplete(name: str) -> LaunchRejected:
    return LaunchRejected(
        LaunchProblem.LOGIN_INCOMPLETE,
        "This address is where an LMS begins; it does not open by itself. "
        "Please go back to your course and open the activity there.",
        detail=name,
    )
