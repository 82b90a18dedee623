"""Asking a platform's service, with a token that only its own hosts ever see."""

from collections.abc import Mapping
from datetime import datetime

from lti_tool.lti.access_tokens import AccessTokens, TokenStore, unreachable
from lti_tool.lti.addresses import origin
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable

TIMEOUT = 10.0


class Service:
    """One registration's services, for one piece of work at one time."""

    def __init__(
        self,
        http: SafeHttp,
        registration: PlatformRegistration,
        key: SigningKey,
        tokens: TokenStore,
        now: datetime,
        *,
        deployment_id: str | None = None,
    ) -> None:
        self._http = http
        self._tokens = AccessTokens(http, registration, key, tokens, now, deployment_id=deployment_id)
        known = (registration.issuer, registration.auth_url, registration.token_url, registration.jwks_url)
        self._origins = {origin(url) for url in known} - {None}

    def call(
        self, method: str, url: str, scope: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer | Posted:
        """Ask with a token; with a fresh one where the kept one is not taken any more."""
        if origin(url) not in self._origins:
            return Posted(Answer.ADDRESS_NOT_KNOWN, retry=False)
        kept = self._tokens.kept(scope)
        if kept is not None:
            answer = self._ask(method, url, kept, headers, body)
            if isinstance(answer, Posted) or answer.status != 401:
                return answer
        fresh = self._tokens.fresh(scope)
        return fresh if isinstance(fresh, Posted) else self._ask(method, url, fresh, headers, body)

    def _ask(
        self, method: str, url: str, token: str, headers: Mapping[str, str], body: bytes | None
    ) -> HttpAnswer | Posted:
        all_headers = {**headers, "Authorization": f"Bearer {token}"}
        try:
            return self._http.request(method, url, headers=all_headers, body=body, timeout=TIMEOUT)
        except Unreachable as problem:
            return unreachable(problem)
