"""Asking a platform's service, with a token that only its own and accepted hosts ever see."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from lti_tool.lti.access_tokens import AccessTokens, TokenStore
from lti_tool.lti.answers import Answer, Posted, posted
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.service_hosts import is_accepted, is_own
from lti_tool.lti.statuses import unreachable
from lti_tool.safe_http import LIMIT, HttpAnswer, SafeHttp, Unreachable

TIMEOUT = 10.0


class Service:
    """One registration's services, for one piece of work at one time. Any number of threads may use it."""

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
        self._registration = registration
        self._one_asks = threading.Lock()

    def call(
        self,
        method: str,
        url: str,
        scope: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        timeout: float = TIMEOUT,
        limit: int = LIMIT,
    ) -> HttpAnswer | Posted:
        """Ask with a token; with a fresh one where the kept one is not taken any more.

        `timeout` in seconds and `limit` in bytes are those of `SafeHttp.request`.
        """
        if not self._registration.active:
            return posted(Answer.SWITCHED_OFF)
        if not is_own(url, self._registration) and not is_accepted(url, self._registration.service_hosts):
            return posted(Answer.ADDRESS_NOT_KNOWN)
        kept = self._tokens.kept(scope)
        if kept is not None:
            answer = self._ask(method, url, kept, headers, body, timeout=timeout, limit=limit)
            if isinstance(answer, Posted) or answer.status != 401:
                return answer
        fresh = self._fresh(scope, kept)
        if isinstance(fresh, Posted):
            return fresh
        return self._ask(method, url, fresh, headers, body, timeout=timeout, limit=limit)

    def _fresh(self, scope: str, kept: str | None) -> str | Posted:
        """A token other than the one that is not taken: where several threads need one, it is asked for once."""
        with self._one_asks:
            by_another = self._tokens.kept(scope)
            return by_another if by_another not in (None, kept) else self._tokens.fresh(scope)

    def _ask(
        self,
        method: str,
        url: str,
        token: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        timeout: float,
        limit: int,
    ) -> HttpAnswer | Posted:
        all_headers = {**headers, "Authorization": f"Bearer {token}"}
        try:
            return self._http.request(method, url, headers=all_headers, body=body, timeout=timeout, limit=limit)
        except Unreachable as problem:
            why = unreachable(problem)
            return replace(why, unknown=why.unknown and method != "GET")
