"""How this layer says no. Codes are for the log, one clear token each; sentences are for people.

Sentences carry no values, so that they can be translated as they stand.
"""

from datetime import datetime
from enum import StrEnum


class LaunchProblem(StrEnum):
    """Why a login or launch was not taken; the section of the specification stands beside each."""

    # The login (Security Framework 1.0, section 5.1.1.1)
    LOGIN_INCOMPLETE = "login_incomplete"
    LOGIN_TOO_LONG = "login_too_long"
    UNKNOWN_PLATFORM = "unknown_platform"
    """No registration of this issuer and client id (LTI Core 1.3, section 4.1.3)."""
    SEVERAL_REGISTRATIONS = "several_registrations"
    """The issuer has several registrations and the login named none of them."""
    REGISTRATION_INACTIVE = "registration_inactive"
    REGISTRATION_ENDED = "registration_ended"
    """The platform was left for good: the page says since when."""
    TARGET_ELSEWHERE = "target_elsewhere"
    """target_link_uri is not an address of ours (LTI Core 1.3, section 5.3.4)."""

    # The answer's envelope (Security Framework 1.0, sections 5.1.1.3 and 7.3.1)
    LMS_SENT_NO_LAUNCH = "lms_sent_no_launch"
    """The platform answered with an OAuth error (OpenID Connect Core, section 3.1.2.6)."""
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a code
    STATE_MISSING = "state_missing"
    STATE_UNKNOWN = "state_unknown"
    STATE_TOO_OLD = "state_too_old"
    COOKIE_MISSING = "cookie_missing"
    OTHER_BROWSER = "other_browser"
    REPLAYED = "replayed"
    FINISHED_TOO_LATE = "finished_too_late"
    FINISHED_ELSEWHERE = "finished_elsewhere"
    """The last step of a launch without cookies, with a ticket of another launch or none."""

    # Signature and time (Security Framework 1.0, section 5.1.3)
    TOKEN_MALFORMED = "token_malformed"  # noqa: S105 - a code
    ALGORITHM_NOT_RS256 = "algorithm_not_rs256"
    KID_MISSING = "kid_missing"
    KID_UNKNOWN = "kid_unknown"
    SIGNATURE_WRONG = "signature_wrong"
    ISSUER_WRONG = "issuer_wrong"
    AUDIENCE_WRONG = "audience_wrong"
    AUTHORIZED_PARTY_WRONG = "authorized_party_wrong"
    NONCE_WRONG = "nonce_wrong"
    TIME_MISSING = "time_missing"
    TOKEN_TOO_OLD = "token_too_old"  # noqa: S105 - a code
    TOKEN_FROM_THE_FUTURE = "token_from_the_future"  # noqa: S105 - a code
    LIFETIME_TOO_LONG = "lifetime_too_long"

    # The message (LTI Core 1.3, section 5.3; Deep Linking 2.0, section 4.4)
    VERSION_WRONG = "version_wrong"
    MESSAGE_TYPE_MISSING = "message_type_missing"
    MESSAGE_NOT_SUPPORTED = "message_not_supported"
    USER_MISSING = "user_missing"
    USER_WRONG = "user_wrong"
    ROLES_WRONG = "roles_wrong"
    DEPLOYMENT_WRONG = "deployment_wrong"
    TARGET_MISSING = "target_missing"
    TARGET_CHANGED = "target_changed"
    RESOURCE_LINK_WRONG = "resource_link_wrong"
    CONTEXT_WRONG = "context_wrong"
    DEEP_LINKING_WRONG = "deep_linking_wrong"
    FOR_USER_WRONG = "for_user_wrong"
    """Nobody is named whom the launch is about, or a learner's launch is about someone else."""
    LINE_ITEM_NOT_OURS = "line_item_not_ours"
    NOT_AN_ADMINISTRATOR = "not_an_administrator"
    """A data privacy launch of someone who is no administrator."""

    # A notice (Platform Notification Service 1.0)
    NOTICE_WRONG = "notice_wrong"

    # What the database knows (LTI Core 1.3, section 3.1.3)
    DEPLOYMENT_OF_ANOTHER_CLIENT = "deployment_of_another_client"
    DEPLOYMENT_WAITS = "deployment_waits"
    DEPLOYMENT_NOT_TAKEN = "deployment_not_taken"
    """The operator looked at it and said no."""


class LaunchRejected(Exception):
    """A login or launch that is not taken; nothing of it may be kept.

    `detail` names the claim or parameter for the log, never its value.
    """

    def __init__(
        self,
        code: LaunchProblem,
        sentence: str,
        *,
        status: int = 400,
        detail: str = "",
        since: datetime | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.detail = detail
        self.since = since
        """Of a registration that was ended: since when."""


class PlatformProblem(StrEnum):
    """Why a platform's own service was of no use."""

    KEYS_UNREACHABLE = "keys_unreachable"
    KEYS_NOT_UNDERSTOOD = "keys_not_understood"
    ROSTER_NOT_READ = "roster_not_read"
    """What came is no list of people, or there is none any more."""
    ROSTER_NOT_ALLOWED = "roster_not_allowed"
    """The platform does not let us use its service of names and roles."""
    ROSTER_NOT_NOW = "roster_not_now"
    """The platform did not answer, stumbled, or asked us to wait."""
    ROSTER_ELSEWHERE = "roster_elsewhere"
    """The list is at a host that no token of ours is sent to."""
    ROSTER_STOPPED = "roster_stopped"
    """We stopped midway ourselves."""
    NOT_RECOGNIZED = "not_recognized"
    """The platform gives us no token."""
    SWITCHED_OFF = "switched_off"
    """Our operator switched the connection off."""


class PlatformUnavailable(Exception):
    """What we need of the platform cannot be had just now: 503 when it does not answer, 502 when it answers oddly."""

    def __init__(self, code: PlatformProblem, sentence: str, *, status: int = 503, detail: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.detail = detail


class RegistrationTrouble(StrEnum):
    """Why a registration could not be made or read (where the platform was not reached: `UnreachableProblem`)."""

    CONFIGURATION_NOT_UNDERSTOOD = "configuration_not_understood"
    CONFIGURATION_INCOMPLETE = "configuration_incomplete"
    ISSUER_ELSEWHERE = "issuer_elsewhere"
    REGISTRATION_TOKEN_NOT_USABLE = "registration_token_not_usable"  # noqa: S105 - a code
    PLATFORM_SAID_NO = "platform_said_no"
    ANSWER_NOT_UNDERSTOOD = "answer_not_understood"
    FILE_NOT_UNDERSTOOD = "file_not_understood"
    ADDRESS_OF_ANOTHER = "address_of_another"
    """The registration address was made for another platform."""


class RegistrationProblem(Exception):
    """A registration that cannot be made or read.

    `details` are short texts for the administrator: what is missing, or what the platform said.
    They may hold text of a stranger and are to be shown escaped.
    """

    def __init__(self, code: StrEnum, sentence: str, *, details: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.details = details
