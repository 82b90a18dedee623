"""The platforms' public keys (Security Framework 1.0, section 6.3)."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from lti_tool.safe_http import SafeHttp


class KeySets:
    """Key sets by their address, kept in this process and shared by its threads."""

    def __init__(self, http: SafeHttp) -> None:
        self._http = http

    def key(self, jwks_url: str, kid: str, *, now: datetime) -> RSAPublicKey:
        """The RSA key of this id, at least 2048 bits, for signatures.

        An unknown id makes the set be read anew once, then not again for a while. Raises `LaunchRejected`
        where the set has no such key, `PlatformUnavailable` where there is no set.
        """
        raise NotImplementedError
