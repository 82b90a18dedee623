"""The platforms' public keys (Security Framework 1.0, section 6.3)."""

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from lti_tool.lti.errors import LaunchProblem, LaunchRejected, PlatformProblem, PlatformUnavailable
from lti_tool.safe_http import HttpAnswer, SafeHttp, Unreachable

SHORTEST, USUAL, LONGEST = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=6)
"""For how long a set is believed: what the platform says, within bounds."""
STALE = timedelta(hours=1)
"""For how much longer its keys may serve while the platform cannot be asked."""
COOLDOWN = timedelta(minutes=1)
"""For how long an unknown key id, or a platform that did not answer, keeps us from asking again."""
MINIMUM_BITS, MAXIMUM_BITS = 2048, 8192
MOST_KEYS = 100
MAX_AGE = re.compile(r"\bmax-age=([0-9]{1,9})\b", re.IGNORECASE)


class KeySets:
    """Key sets by their address, kept in this process and shared by its threads."""

    def __init__(self, http: SafeHttp) -> None:
        self._http = http
        self._sets: dict[str, _KeySet] = {}

    def key(self, jwks_url: str, kid: str, *, now: datetime) -> RSAPublicKey:
        """The RSA key of this id, at least 2048 bits, for signatures.

        An unknown id makes the set be read anew, at most once in a while and never twice at the same time.
        Raises `LaunchRejected` where the set has no such key, `PlatformUnavailable` where there is no set.
        """
        known = self._sets.get(jwks_url) or self._sets.setdefault(jwks_url, _KeySet())
        return known.key(kid, now) or self._ask(known, jwks_url, kid, now)

    def _ask(self, known: "_KeySet", jwks_url: str, kid: str, now: datetime) -> RSAPublicKey:
        if not known.lock.acquire(blocking=False):
            if key := known.key(kid, now, grace=STALE):
                return key  # another thread is asking: no need to wait for its answer
            known.lock.acquire()
        try:
            if known.key(kid, now) is None and not known.resting(now):
                self._refresh(known, jwks_url, now)
            if key := known.key(kid, now, grace=STALE):
                return key
            if not known.resting(now):
                known.ask_again_at = now + COOLDOWN
            raise _why_not(known, now)
        finally:
            known.lock.release()

    def _refresh(self, known: "_KeySet", jwks_url: str, now: datetime) -> None:
        try:
            answer = self._http.request("GET", jwks_url, headers={"Accept": "application/json"})
        except Unreachable:
            known.rest(PlatformProblem.KEYS_UNREACHABLE, now)
            return
        keys = _usable_keys(answer)
        if keys is None:
            known.rest(PlatformProblem.KEYS_NOT_UNDERSTOOD, now)
            return
        known.keys, known.fresh_until, known.problem = keys, now + _lifetime(answer), None


class _KeySet:
    """One platform's keys. They are replaced as a whole, so that reading needs no lock."""

    __slots__ = ("ask_again_at", "fresh_until", "keys", "lock", "problem")

    def __init__(self) -> None:
        self.keys: Mapping[str, RSAPublicKey] = {}
        self.fresh_until: datetime | None = None
        self.ask_again_at: datetime | None = None
        self.problem: PlatformProblem | None = None
        self.lock = threading.Lock()

    def believed(self, now: datetime, grace: timedelta = timedelta()) -> bool:
        return self.fresh_until is not None and now < self.fresh_until + grace

    def key(self, kid: str, now: datetime, *, grace: timedelta = timedelta()) -> RSAPublicKey | None:
        return self.keys.get(kid) if self.believed(now, grace) else None

    def resting(self, now: datetime) -> bool:
        return self.ask_again_at is not None and now < self.ask_again_at

    def rest(self, problem: PlatformProblem, now: datetime) -> None:
        self.problem, self.ask_again_at = problem, now + COOLDOWN


def _why_not(known: _KeySet, now: datetime) -> LaunchRejected | PlatformUnavailable:
    if known.problem is None or known.believed(now, STALE):
        return LaunchRejected(
            LaunchProblem.KID_UNKNOWN,
            "Your LMS signed this with a key that Attune does not know yet. Please open the activity again in a "
            "minute; if it happens again, your LMS's administrator can compare the key set address.",
            status=401,
        )
    if known.problem is PlatformProblem.KEYS_UNREACHABLE:
        return PlatformUnavailable(
            known.problem,
            "Attune could not reach your LMS to check that this really comes from it. Nothing is lost: "
            "please open the activity again in a few minutes.",
        )
    return PlatformUnavailable(
        known.problem,
        "Attune could not read the keys of your LMS, so it cannot check that this comes from it. Please try "
        "again in a few minutes, or tell your LMS's administrator that the key set address gave no keys.",
        status=502,
    )


def readable_keys(http: SafeHttp, jwks_url: str) -> int | PlatformProblem:
    """How many keys of a set can be used, asked now; or why there are none."""
    try:
        keys = _usable_keys(http.request("GET", jwks_url, headers={"Accept": "application/json"}))
    except Unreachable:
        return PlatformProblem.KEYS_UNREACHABLE
    return len(keys) if keys else PlatformProblem.KEYS_NOT_UNDERSTOOD


def _usable_keys(answer: HttpAnswer) -> Mapping[str, RSAPublicKey] | None:
    """The signature keys of an answer by their id; None where it is no key set or has none that can be used."""
    try:
        jwks = json.loads(answer.body)["keys"] if answer.status == 200 else ()
        candidates = [(jwk.get("kid"), jwk) for jwk in jwks[:MOST_KEYS]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    keys: dict[str, RSAPublicKey] = {}
    for kid, jwk in candidates:
        if isinstance(kid, str) and kid not in keys and (key := _rsa_key(jwk)):
            keys[kid] = key
    return keys or None


def _rsa_key(jwk: dict[str, object]) -> RSAPublicKey | None:
    """The RSA signature key of a JWK (RFC 7517, sections 4.2 and 4.3), or None for any other."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("kty") != "RSA" or jwk.get("use", "sig") != "sig" or jwk.get("alg", "RS256") != "RS256":
        return None
    if not isinstance(operations, list) or "verify" not in operations or "d" in jwk:
        return None
    try:
        key = RSAAlgorithm.from_jwk(jwk)
    except (InvalidKeyError, ValueError, TypeError, KeyError):
        return None
    if not isinstance(key, RSAPublicKey) or not MINIMUM_BITS <= key.key_size <= MAXIMUM_BITS:
        return None
    return key


def _lifetime(answer: HttpAnswer) -> timedelta:
    said = MAX_AGE.search(answer.headers.get("cache-control", ""))
    return min(max(timedelta(seconds=int(said[1])), SHORTEST), LONGEST) if said else USUAL
