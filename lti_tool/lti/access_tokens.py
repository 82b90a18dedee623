"""Access tokens of a platform (Security Framework 1.0, section 4.1; LTI Core 1.3, section 6.2)."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.keys import SigningKey, sign
from lti_tool.lti.names import CLIENT_ASSERTION_TYPE, LTI
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.statuses import about_service, clock_ahead, unreachable
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable

TIMEOUT = 10.0
BACK_DATED = timedelta(seconds=10)
"""Moodle takes no assertion from a clock that is one second ahead."""
ASSERTION_LIFE = timedelta(minutes=5)
CLOCKS_APART = timedelta(minutes=1)
"""From here on an assertion may have been refused for its times."""
SPARE = timedelta(seconds=60)
"""By how much a token is put aside before it ends."""
USUAL_LIFE = 3_600
LONGEST = 8_000


class TokenStore(Protocol):
    """Where access tokens of one registration wait for their next use; all workers may share it."""

    def get(self, scopes: str) -> str | None:
        """The token that was put under this name and is still good, or None."""

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        """Keep a token, instead of the former one under the same name: its scope, and where it was given for."""


class AccessTokens:
    """Gets tokens for one registration, each for one scope only; asked for the deployment, where it is known."""

    def __init__(
        self,
        http: SafeHttp,
        registration: PlatformRegistration,
        key: SigningKey,
        store: TokenStore,
        now: datetime,
        *,
        deployment_id: str | None = None,
    ) -> None:
        self._http = http
        self._registration = registration
        self._key = key
        self._store = store
        self._now = now
        self._deployment_id = deployment_id

    def kept(self, scope: str) -> str | None:
        """A token from an earlier call for the same deployment."""
        return self._store.get(self._kept_as(scope))

    def fresh(self, scope: str) -> str | Posted:
        """A new token, or why there is none.

        Where it is refused and the platform's clock is not ours, it is asked for once more by the platform's.
        """
        answer = self._asked(scope, self._now)
        if isinstance(answer, Posted):
            return answer
        token = self._token(answer, scope)
        ahead = clock_ahead(answer, self._now)
        if not _refused(token) or ahead is None or abs(ahead) < CLOCKS_APART:
            return token
        answer = self._asked(scope, self._now + ahead)
        return answer if isinstance(answer, Posted) else self._token(answer, scope)

    def _asked(self, scope: str, moment: datetime) -> HttpAnswer | Posted:
        body = {
            "grant_type": "client_credentials",
            "client_assertion_type": CLIENT_ASSERTION_TYPE,
            "client_assertion": self._assertion(moment),
            "scope": scope,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            return self._http.request(
                "POST",
                self._registration.token_url,
                headers=headers,
                body=urlencode(body).encode(),
                timeout=TIMEOUT,
            )
        except Unreachable as problem:
            return _not_given(unreachable(problem))

    def _kept_as(self, scope: str) -> str:
        # What was given for one deployment may be worth nothing in another, which can be another school.
        return scope if self._deployment_id is None else f"{scope} in {self._deployment_id}"

    def _assertion(self, moment: datetime) -> str:
        issued = moment - BACK_DATED
        client_id = self._registration.client_id
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": self._registration.token_audience or self._registration.token_url,
            "iat": int(issued.timestamp()),
            "exp": int((issued + ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        if self._deployment_id is not None:  # LTI Core 1.3, section 6.2.1
            claims[LTI + "deployment_id"] = self._deployment_id
        return sign(claims, private_pem=self._key.private_pem, kid=self._key.kid)

    def _token(self, answer: HttpAnswer, scope: str) -> str | Posted:
        said = _read(answer.body)  # whatever its Content-Type: Moodle says text/html
        if answer.status not in (200, 201):
            return self._why_not(answer, said)
        token, granted = said.get("access_token"), said.get("scope")
        if not isinstance(token, str) or not _usable(token):
            return posted(Answer.TOKEN_NOT_GIVEN)
        if isinstance(granted, str) and granted and scope not in granted.split():
            return posted(Answer.SCOPE_NOT_GRANTED)
        keep_until = self._now + _life(said.get("expires_in")) - SPARE
        if keep_until > self._now:
            self._store.put(self._kept_as(scope), token, keep_until)
        return token

    def _why_not(self, answer: HttpAnswer, said: dict[str, object]) -> Posted:
        if said.get("error") == "invalid_scope":
            return posted(Answer.SCOPE_NOT_GRANTED)
        if answer.status in (400, 401):
            return posted(Answer.TOKEN_REFUSED)
        return _not_given(about_service(answer, self._now))


def _refused(token: str | Posted) -> bool:
    return isinstance(token, Posted) and token.answer is Answer.TOKEN_REFUSED


def _not_given(why: Posted) -> Posted:
    """The same of the service that gives out access: nothing was sent, and nobody spoke of a column."""
    if why.answer in (Answer.COLUMN_GONE, Answer.NOT_ALLOWED):
        return posted(Answer.TOKEN_REFUSED)
    if why.answer in (Answer.PLATFORM_UNREACHABLE, Answer.PLATFORM_TROUBLED, Answer.PAGE_INSTEAD):
        return posted(Answer.TOKEN_NOT_GIVEN, retry_after=why.retry_after)
    return why


def _read(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _usable(token: str) -> bool:
    return 0 < len(token) <= LONGEST and token.isascii() and token.isprintable() and " " not in token


def _life(seconds: object) -> timedelta:
    text = str(seconds)
    return timedelta(seconds=min(int(text), 86_400) if text.isdecimal() and len(text) < 10 else USUAL_LIFE)
