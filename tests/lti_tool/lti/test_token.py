"""Section 3 of the conformance list: signature, header, addressee and time of the token."""

import hashlib
import hmac
import math
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from tests.lti_tool.lti.platform import (
    KID,
    NOW,
    OTHER,
    REGISTRATION,
    Change,
    Claims,
    Platform,
    at,
    b64,
    drop,
    jwk,
    keys_answer,
    private_key,
    put,
    raw,
    signed,
)

Sign = Callable[[Claims], str]


def refused(platform: Platform, *changes: Change, sign: Sign | None = None) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as caught:
        platform.launch(*changes, sign=sign)
    return caught.value


def rsa_signed(claims: Claims, header: dict[str, Any], digest: hashes.HashAlgorithm, pad: Any = None) -> str:
    unsigned = raw(header, claims).rpartition(".")[0]
    return f"{unsigned}.{b64(private_key().sign(unsigned.encode(), pad or padding.PKCS1v15(), digest))}"


def test_lti_j01_a_token_without_kid_is_refused(platform: Platform) -> None:
    problem = refused(platform, sign=lambda claims: signed(claims, kid=None))
    assert (problem.code, problem.status) == (LaunchProblem.KID_MISSING, 401)


@pytest.mark.parametrize("kid", ["", 5, None, ["platform-key-1"], {"a": 1}])
def test_lti_j01_a_kid_that_is_no_text_is_refused(platform: Platform, kid: object) -> None:
    header = {"alg": "RS256", "kid": kid}
    problem = refused(platform, sign=lambda claims: rsa_signed(claims, header, hashes.SHA256()))
    assert problem.code is LaunchProblem.KID_MISSING


def test_lti_j02_an_unknown_kid_is_refused_after_the_keys_were_read_anew_once(platform: Platform) -> None:
    platform.launch()
    assert len(platform.wire.asked) == 1
    problem = refused(platform, sign=lambda claims: signed(claims, kid="never-seen"))
    assert (problem.code, problem.status) == (LaunchProblem.KID_UNKNOWN, 401)
    assert len(platform.wire.asked) == 2
    refused(platform, sign=lambda claims: signed(claims, kid="never-seen-either"))
    assert len(platform.wire.asked) == 2


def test_lti_j03_the_right_kid_with_another_key_is_refused(platform: Platform) -> None:
    problem = refused(platform, sign=lambda claims: signed(claims, key=private_key("stranger")))
    assert (problem.code, problem.status) == (LaunchProblem.SIGNATURE_WRONG, 401)


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "NONE", "", None, 5, "HS256", "RS256 ", "rs256"])
def test_lti_j04_a_token_without_signature_is_refused(platform: Platform, algorithm: object) -> None:
    problem = refused(platform, sign=lambda claims: raw({"alg": algorithm, "kid": KID}, claims))
    assert problem.code is LaunchProblem.ALGORITHM_NOT_RS256


def test_lti_j04_a_signature_taken_away_is_refused(platform: Platform) -> None:
    problem = refused(platform, sign=lambda claims: signed(claims).rpartition(".")[0] + ".")
    assert problem.code is LaunchProblem.SIGNATURE_WRONG


def test_lti_j05_the_public_key_is_not_a_shared_secret(platform: Platform) -> None:
    pem = private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def with_hmac(claims: Claims) -> str:
        unsigned = raw({"alg": "HS256", "kid": KID}, claims).rpartition(".")[0]
        return f"{unsigned}.{b64(hmac.digest(pem, unsigned.encode(), hashlib.sha256))}"

    assert refused(platform, sign=with_hmac).code is LaunchProblem.ALGORITHM_NOT_RS256


def test_lti_j06_a_symmetric_key_in_the_key_set_is_no_key(platform: Platform) -> None:
    secret = "a-shared-secret-of-thirty-two-bytes"
    platform.wire.answers = [
        keys_answer({"kty": "oct", "kid": KID, "k": b64(secret.encode())}, jwk(private_key(), "x"))
    ]
    problem = refused(platform, sign=lambda claims: jwt.encode(claims, secret, algorithm="HS256", headers={"kid": KID}))
    assert problem.code is LaunchProblem.ALGORITHM_NOT_RS256
    assert refused(platform).code is LaunchProblem.KID_UNKNOWN


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES256"])
def test_lti_j07_other_algorithms_are_refused_even_when_the_key_set_names_them(
    platform: Platform, algorithm: str
) -> None:
    platform.wire.answers = [keys_answer(jwk(private_key(), alg=algorithm), jwk(private_key("other"), "other"))]
    key: Any = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else private_key()
    problem = refused(platform, sign=lambda claims: jwt.encode(claims, key, algorithm=algorithm, headers={"kid": KID}))
    assert problem.code is LaunchProblem.ALGORITHM_NOT_RS256
    assert refused(platform).code is LaunchProblem.KID_UNKNOWN  # the key is for that algorithm, not for RS256


def test_lti_j07_a_header_that_says_rs256_over_another_signature_is_refused(platform: Platform) -> None:
    header = {"alg": "RS256", "kid": KID}
    for digest, pad in ((hashes.SHA512(), None), (hashes.SHA256(), padding.PSS(padding.MGF1(hashes.SHA256()), 32))):
        problem = refused(platform, sign=lambda claims, d=digest, p=pad: rsa_signed(claims, header, d, p))
        assert problem.code is LaunchProblem.SIGNATURE_WRONG


@pytest.mark.parametrize("member", ["jku", "x5u", "jwk", "x5c"])
def test_lti_j08_keys_that_a_token_brings_along_are_not_used(platform: Platform, member: str) -> None:
    stranger = private_key("stranger")
    brought = {"jwk": jwk(stranger), "x5c": ["AAAA"]}.get(member, "https://evil.example/keys")
    assert platform.launch(sign=lambda claims: signed(claims, **{member: brought})).launch.sub == "user-6"
    problem = refused(platform, sign=lambda claims: signed(claims, key=stranger, **{member: brought}))
    assert problem.code is LaunchProblem.SIGNATURE_WRONG
    assert platform.wire.asked == [REGISTRATION.jwks_url]


@pytest.mark.parametrize("critical", [["exp"], [], ["b64"], None])
def test_lti_j09_an_extension_that_must_be_understood_is_refused(platform: Platform, critical: object) -> None:
    header = {"alg": "RS256", "kid": KID, "crit": critical}
    problem = refused(platform, sign=lambda claims: rsa_signed(claims, header, hashes.SHA256()))
    assert problem.code is LaunchProblem.TOKEN_MALFORMED


def test_lti_j03_claims_changed_after_signing_are_refused(platform: Platform) -> None:
    def changed(claims: Claims) -> str:
        head, _, signature = signed(claims).split(".")
        return f"{head}.{raw({}, {**claims, 'sub': 'user-7'}).split('.')[1]}.{signature}"

    assert refused(platform, sign=changed).code is LaunchProblem.SIGNATURE_WRONG


@pytest.mark.parametrize(
    ("row", "changes", "code"),
    [
        ("j16", [put("iat", 11111), put("exp", 22222)], LaunchProblem.TOKEN_TOO_OLD),
        ("j16", [at("iat", hours=-2), at("exp", hours=-1)], LaunchProblem.TOKEN_TOO_OLD),
        ("j17", [drop("exp")], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", str(int(NOW.timestamp()) + 60))], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", "tomorrow")], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", True)], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", None)], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", math.nan)], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", math.inf)], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", 10**400)], LaunchProblem.TIME_MISSING),
        ("j18", [put("exp", [1])], LaunchProblem.TIME_MISSING),
        ("j19", [at("exp", days=36_500)], LaunchProblem.LIFETIME_TOO_LONG),
        ("j19", [at("exp", hours=2, seconds=1)], LaunchProblem.LIFETIME_TOO_LONG),
        ("j19", [put("exp", 10**300)], LaunchProblem.LIFETIME_TOO_LONG),
        ("j20", [at("iat", minutes=-5), at("exp", seconds=-60)], LaunchProblem.TOKEN_TOO_OLD),
        ("j21", [drop("iat")], LaunchProblem.TIME_MISSING),
        ("j21", [put("iat", None)], LaunchProblem.TIME_MISSING),
        ("j22", [at("iat", days=-365)], LaunchProblem.TOKEN_TOO_OLD),
        ("j22", [at("iat", days=-1)], LaunchProblem.TOKEN_TOO_OLD),
        ("j22", [at("iat", minutes=-11, seconds=-1)], LaunchProblem.TOKEN_TOO_OLD),
        ("j24", [at("iat", hours=1), at("exp", hours=1, minutes=1)], LaunchProblem.TOKEN_FROM_THE_FUTURE),
        ("j24", [at("nbf", hours=1)], LaunchProblem.TOKEN_FROM_THE_FUTURE),
        ("j24", [put("nbf", "soon")], LaunchProblem.TIME_MISSING),
    ],
)
def test_lti_times_that_are_not_as_they_should_be_are_refused(
    platform: Platform, row: str, changes: list[Change], code: LaunchProblem
) -> None:
    problem = refused(platform, *changes)
    assert (problem.code, problem.status) == (code, 400)


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        ("j20", [at("exp", seconds=-1)]),
        ("j20", [at("iat", minutes=-5), at("exp", seconds=-59)]),
        ("j22", [at("iat", minutes=-10)]),
        ("j23", [at("iat", seconds=10), at("exp", seconds=70)]),
        ("j23", [at("iat", seconds=60), at("exp", seconds=120)]),
        ("j23", [put("iat", NOW.timestamp() + 0.5), put("exp", NOW.timestamp() + 60.5)]),
        ("j24", [at("nbf", seconds=30)]),
        ("j19", [at("exp", hours=1)]),
    ],
)
def test_lti_clocks_that_differ_a_little_open_all_the_same(platform: Platform, row: str, changes: list[Change]) -> None:
    assert platform.launch(*changes).launch.sub == "user-6"


@pytest.mark.parametrize("change", [drop("nonce"), put("nonce", ""), put("nonce", None), put("nonce", ["n"])])
def test_lti_j25_a_token_without_nonce_is_refused(platform: Platform, change: Change) -> None:
    assert refused(platform, change).code is LaunchProblem.NONCE_WRONG


def test_lti_j26_a_nonce_that_is_not_ours_is_refused(platform: Platform) -> None:
    assert refused(platform, put("nonce", "0123456789abcdef")).code is LaunchProblem.NONCE_WRONG


@pytest.mark.parametrize(
    "issuer",
    ["https://other-lms.example", "https://lms.example/", "https://LMS.example", "http://lms.example", "", None, 7, []],
)
def test_lti_j27_another_issuer_is_refused(platform: Platform, issuer: object) -> None:
    problem = refused(platform, put("iss", issuer))
    assert (problem.code, problem.status) == (LaunchProblem.ISSUER_WRONG, 401)


@pytest.mark.parametrize(
    "audience", ["someone-else", "", [], 5, None, {}, ["someone-else"], [["client-1"]], "client-1 "]
)
def test_lti_j29_another_audience_is_refused(platform: Platform, audience: object) -> None:
    problem = refused(platform, put("aud", audience))
    assert (problem.code, problem.status) == (LaunchProblem.AUDIENCE_WRONG, 401)


def test_lti_j29_a_missing_audience_is_refused(platform: Platform) -> None:
    assert refused(platform, drop("aud")).code is LaunchProblem.AUDIENCE_WRONG


def test_lti_j30_a_list_with_only_us_is_taken(platform: Platform) -> None:
    assert platform.launch(put("aud", [REGISTRATION.client_id])).launch.client_id == REGISTRATION.client_id


@pytest.mark.parametrize("party", [None, REGISTRATION.client_id, "other"])
def test_lti_j31_an_extra_audience_is_refused(platform: Platform, party: str | None) -> None:
    changes = [put("aud", [REGISTRATION.client_id, "other"])] + ([put("azp", party)] if party else [])
    assert refused(platform, *changes).code is LaunchProblem.AUDIENCE_WRONG


def test_lti_j34_a_foreign_audience_before_us_is_refused(platform: Platform) -> None:
    changes = put("aud", ["trusted-other", REGISTRATION.client_id]), put("azp", REGISTRATION.client_id)
    assert refused(platform, *changes).code is LaunchProblem.AUDIENCE_WRONG


@pytest.mark.parametrize("party", ["other", "", 5, [REGISTRATION.client_id], OTHER.client_id])
def test_lti_j33_another_authorized_party_is_refused(platform: Platform, party: object) -> None:
    problem = refused(platform, put("azp", party))
    assert (problem.code, problem.status) == (LaunchProblem.AUTHORIZED_PARTY_WRONG, 401)


def test_lti_j33_ourselves_as_authorized_party_is_taken(platform: Platform) -> None:
    assert platform.launch(put("azp", REGISTRATION.client_id))
