"""The launch that comes back from the platform (Security Framework 1.0, section 5.1.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.addresses import origin, plain
from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.jws import Jws
from lti_tool.lti.key_sets import KeySets
from lti_tool.lti.message import read_message
from lti_tool.lti.names import LTI
from lti_tool.lti.registrations import FindRegistrations, PlatformRegistration
from lti_tool.lti.seam import NO_WIRE, NoCookies, NoSession, Params, Registrations, unknown_platform
from lti_tool.lti.state import LoginState, StateSigner
from lti_tool.lti.token_checks import check_addressee, check_signature, check_times, not_for_us, read_token


class ReadLaunch(NamedTuple):
    """A verified launch, and what must be spent before anything else is done with it."""

    launch: Launch
    state_digest: str
    state_expires_at: datetime


class UnprovenLaunch(NamedTuple):
    """A verified launch from a browser that has not shown yet that it began the login: let nobody in.

    The platform's window `storage` holds the proof; only the origin of `auth_url` may be asked for it.
    """

    launch: Launch
    state_digest: str
    state_expires_at: datetime
    storage: str
    issuer: str
    auth_url: str


def read_launch(
    form: Mapping[str, str],
    *,
    registrations: FindRegistrations,
    signer: StateSigner,
    key_sets: KeySets,
    browser_secret: str | None,
    launch_url: str,
    now: datetime,
) -> ReadLaunch | UnprovenLaunch:
    """Check everything about a launch that needs no database of ours.

    `browser_secret` is what this browser's cookie holds (None without one), `launch_url` our own launch address.
    Where cookies are kept out and the login asked the platform's storage instead, the launch is `UnprovenLaunch`.
    What is left to the caller: that the state was not spent before, and that the deployment is known.

    Raises `LaunchRejected`, or `PlatformUnavailable` where the platform's keys cannot be had.
    """
    _refuse_what_is_no_launch(form)
    state = signer.read(form["state"], now=now)
    proven = browser_secret is not None and state.belongs_to(browser_secret)
    if not proven and not state.storage:
        raise _not_this_browser(browser_secret)
    reader = _Launch(form, registrations, state=state, key_sets=key_sets, launch_url=launch_url, now=now)
    reader.validate()
    if not proven:
        known = reader.known
        return UnprovenLaunch(
            reader.launch, state.digest, state.expires_at, state.storage, known.issuer, known.auth_url
        )
    return ReadLaunch(reader.launch, state.digest, state.expires_at)


def state_without_launch(
    form: Mapping[str, str], *, signer: StateSigner, browser_secret: str | None, now: datetime
) -> LoginState | None:
    """The state of an answer that tells of a problem (OpenID Connect Core 1.0, section 3.1.2.6), to be spent too.

    None for any other answer, and where this browser did not begin the login.
    """
    if not form.get("error") or browser_secret is None:
        return None
    try:
        state = signer.read(form.get("state", ""), now=now)
    except LaunchRejected:
        return None
    return state if state.belongs_to(browser_secret) else None


class _Launch(MessageLaunch[Params, Registrations, NoSession, NoCookies]):
    """PyLTI1p3's launch, which gives the order of the checks; every check is ours."""

    launch: Launch

    def __init__(
        self,
        form: Mapping[str, str],
        registrations: FindRegistrations,
        *,
        state: LoginState,
        key_sets: KeySets,
        launch_url: str,
        now: datetime,
    ) -> None:
        super().__init__(Params(form), Registrations(registrations), NoSession(), NoCookies(), requests_session=NO_WIRE)
        self._state = state
        self._key_sets = key_sets
        self._launch_url = launch_url
        self._now = now
        self._token: Jws
        self.known: PlatformRegistration

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def validate_state(self) -> "_Launch":
        """Done before: without a state there is nothing to begin with."""
        return self

    def validate_jwt_format(self) -> "_Launch":
        """Three parts, of which two are JSON objects (RFC 7515, section 7.1); no extension that must be known."""
        self._token = read_token(self._get_request_param("id_token"))
        return self

    def validate_nonce(self) -> "_Launch":
        """The nonce is the one of this very login (step 9)."""
        if self._token.claims.get("nonce") != self._state.nonce:
            raise not_for_us(LaunchProblem.NONCE_WRONG)
        return self

    def validate_registration(self) -> "_Launch":
        """The registration is still the one that the login began with, and the token is addressed to it."""
        state = self._state
        self.known = self._tool_config.find_registration_by_params(state.issuer, state.client_id).value
        if self.known.id != state.registration_id:
            raise unknown_platform()
        check_addressee(self._token.claims, issuer=self.known.issuer, client_id=self.known.client_id)
        return self

    def validate_jwt_signature(self) -> "_Launch":
        """RS256 with the platform's key of this kid, and fresh (steps 1, 6, 7 and 8)."""
        check_signature(self._token, self._key_sets, self.known.jwks_url, now=self._now)
        check_times(self._token.claims, self._now)
        return self

    def validate_deployment(self) -> "_Launch":
        """The deployment is the one that the login spoke of, if it spoke of one (LTI Core 1.3, section 4.1.2)."""
        said = self._state.deployment_id
        if said and self._token.claims.get(LTI + "deployment_id") != said:
            raise LaunchRejected(
                LaunchProblem.DEPLOYMENT_WRONG,
                "Your LMS named two different places that this comes from. Please open the activity again from "
                "your course; if it happens again, tell your LMS's administrator.",
            )
        return self

    def validate_message(self) -> "_Launch":
        """The message is complete, and leads to us (LTI Core 1.3, section 5.3)."""
        lab = self._launch_url.startswith("http:")
        self.launch = read_message(self._token.claims, registration=self.known, lab=lab)
        target, expected = self.launch.target_link_uri, self._state.target_link_uri
        if target != expected and plain(target) != plain(expected):
            raise _leads_elsewhere(LaunchProblem.TARGET_CHANGED)
        if origin(target) != origin(self._launch_url):
            raise _leads_elsewhere(LaunchProblem.TARGET_ELSEWHERE)
        return self

    def save_launch_data(self) -> "_Launch":
        """Not here: what is to be kept is written by the services."""
        return self


def _refuse_what_is_no_launch(form: Mapping[str, str]) -> None:
    if form.get("error"):
        raise LaunchRejected(
            LaunchProblem.LMS_SENT_NO_LAUNCH,
            "Your LMS did not confirm who you are. Please log in to your LMS again, "
            "then open the activity from your course.",
        )
    if not form.get("state"):
        raise LaunchRejected(
            LaunchProblem.STATE_MISSING,
            "This page can only be opened from your course. Please go back to it and open the activity there.",
        )
    if not form.get("id_token"):
        raise LaunchRejected(
            LaunchProblem.TOKEN_MISSING,
            "Your LMS sent you here without saying who you are. "
            "Please go back to your course and open the activity again.",
        )


def _not_this_browser(browser_secret: str | None) -> LaunchRejected:
    if not browser_secret:
        return LaunchRejected(
            LaunchProblem.COOKIE_MISSING,
            "Your browser did not keep the cookie that shows this is still you. Please open the activity again "
            "in a new window, or allow cookies for this site.",
        )
    return LaunchRejected(
        LaunchProblem.OTHER_BROWSER,
        "This way in was begun in another browser. Please open the activity again from your course, in this one.",
    )


def _leads_elsewhere(code: LaunchProblem) -> LaunchRejected:
    return LaunchRejected(
        code,
        "This link leads to another address than the one it began with. Please tell the instructor who placed it: "
        "placing the activity again from Attune's list mends it.",
    )
