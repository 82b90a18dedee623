"""Rows T10 and T11: our own keys."""

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc.jwk import RSAKey

from lti_tool.lti.keys import NewKey, SigningKey, key_set, new_key, sign


@pytest.fixture(scope="module")
def key() -> NewKey:
    return new_key()


def test_lti_t10_the_kid_is_the_keys_own_thumbprint(key: NewKey) -> None:
    assert key.public_jwk["kid"] == RSAKey.import_key(key.private_pem).thumbprint()  # of another library


def test_a_new_key_has_3072_bits(key: NewKey) -> None:
    private = load_pem_private_key(key.private_pem.encode(), password=None)
    assert isinstance(private, RSAPrivateKey)
    assert private.key_size == 3072


def test_what_is_signed_can_be_read_with_the_published_key(key: NewKey) -> None:
    token = sign({"iss": "client-1"}, private_pem=key.private_pem, kid=key.public_jwk["kid"])
    published = jwt.PyJWKSet.from_dict(key_set([key.public_jwk])).keys[0]
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "kid": published.key_id, "typ": "JWT"}
    assert jwt.decode(token, published.key, algorithms=["RS256"]) == {"iss": "client-1"}


def test_lti_t11_nothing_private_is_published(key: NewKey) -> None:
    private = RSAKey.import_key(key.private_pem).as_dict(private=True)
    published = key_set([{**private, **key.public_jwk, "note": "x"}])
    assert [sorted(jwk) for jwk in published["keys"]] == [["alg", "e", "kid", "kty", "n", "use"]]


def test_a_private_key_does_not_show_when_it_is_printed(key: NewKey) -> None:
    assert "PRIVATE" not in repr(key)
    assert "PRIVATE" not in repr(SigningKey(private_pem=key.private_pem, kid="k"))


def test_a_key_of_another_kind_signs_nothing() -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(ValueError, match="not an RSA key"):
        sign({}, private_pem=pem, kid="other")
