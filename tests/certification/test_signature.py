"""Section 3, first half: signature, header and keys of a launch's token."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from socket import socket
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm

from lti_tool.lti.errors import LaunchProblem, PlatformProblem
from tests.certification.lms import Lms
from tests.certification.marks import cert
from tests.certification.place import Attune
from tests.lti_tool.lti.platform import KID, Claims, b64, jwk, private_key, raw
from tests.lti_tool.lti.server import Reply, as_json

NOT_FROM_YOUR_LMS = "cannot tell that this really comes from your LMS"


def hmac_signed(secret: bytes) -> Callable[[Claims], str]:
    def sign(claims: Claims) -> str:
        unsigned = raw({"alg": "HS256", "kid": KID}, claims).rpartition(".")[0]
        return f"{unsigned}.{b64(hmac.digest(secret, unsigned.encode(), hashlib.sha256))}"

    return sign


@cert("No KID in header")
def test_J01_a_token_without_kid_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(sign=lambda claims: lms.sign(claims, kid=None))
    lms.refused(answer, LaunchProblem.KID_MISSING, 401, NOT_FROM_YOUR_LMS)


@pytest.mark.parametrize("kid", ["", 5, None, ["platform-key-1"]])
def test_J01_a_kid_that_is_no_text_opens_nothing(lms: Lms, kid: object) -> None:
    answer = lms.launch(sign=lambda claims: raw({"alg": "RS256", "kid": kid}, claims, b"x"))
    lms.refused(answer, LaunchProblem.KID_MISSING, 401)


@cert("Incorrect KID")
def test_J02_an_unknown_kid_is_asked_for_once_and_opens_nothing(lms: Lms) -> None:
    lms.enter()
    assert lms.keys_asked() == 1
    for _time in range(3):
        answer = lms.launch(sign=lambda claims: lms.sign(claims, kid="never-seen"))
        lms.refused(answer, LaunchProblem.KID_UNKNOWN, 401, "a key that Attune does not know yet")
    assert lms.keys_asked() == 2


def test_J03_the_right_kid_with_another_key_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(sign=lambda claims: lms.sign(claims, key=private_key("stranger")))
    lms.refused(answer, LaunchProblem.SIGNATURE_WRONG, 401, NOT_FROM_YOUR_LMS)


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "", None, 5])
def test_J04_a_token_without_signature_opens_nothing(lms: Lms, algorithm: object) -> None:
    answer = lms.launch(sign=lambda claims: raw({"alg": algorithm, "kid": KID}, claims))
    lms.refused(answer, LaunchProblem.ALGORITHM_NOT_RS256, 401)


def test_J04_a_signature_taken_away_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(sign=lambda claims: lms.sign(claims).rpartition(".")[0] + ".")
    lms.refused(answer, LaunchProblem.SIGNATURE_WRONG, 401)


def test_J05_the_public_key_is_no_shared_secret(lms: Lms) -> None:
    pem = lms.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    lms.refused(lms.launch(sign=hmac_signed(pem)), LaunchProblem.ALGORITHM_NOT_RS256, 401)


def test_J06_a_symmetric_key_of_the_key_set_is_no_key(lms: Lms) -> None:
    secret = b"a-shared-secret-of-thirty-two-bytes"
    lms.publish({"kty": "oct", "kid": KID, "k": b64(secret)}, jwk(private_key("other"), "other"))
    lms.refused(lms.launch(sign=hmac_signed(secret)), LaunchProblem.ALGORITHM_NOT_RS256, 401)
    lms.refused(lms.launch(), LaunchProblem.KID_UNKNOWN, 401)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "ES256"])
def test_J07_other_algorithms_open_nothing_even_if_the_key_set_names_them(lms: Lms, algorithm: str) -> None:
    lms.publish(jwk(lms.key, alg=algorithm), jwk(private_key("other"), "other"))
    key: Any = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else lms.key
    answer = lms.launch(sign=lambda claims: jwt.encode(claims, key, algorithm=algorithm, headers={"kid": KID}))
    lms.refused(answer, LaunchProblem.ALGORITHM_NOT_RS256, 401)


def test_J08_a_key_that_the_header_brings_is_ignored(lms: Lms) -> None:
    stranger = private_key("stranger")
    lms.server.reply(f"{lms.path}/evil", as_json({"keys": [jwk(stranger)]}))
    brought = {"jku": f"{lms.issuer}/evil", "x5u": f"{lms.issuer}/evil", "jwk": jwk(stranger), "x5c": ["AAAA"]}
    answer = lms.launch(sign=lambda claims: lms.sign(claims, key=stranger, **brought))
    lms.refused(answer, LaunchProblem.SIGNATURE_WRONG, 401)
    assert not lms.server.asked_at(f"{lms.path}/evil")
    assert lms.enter(sign=lambda claims: lms.sign(claims, **brought))


def test_J09_a_header_that_must_be_understood_opens_nothing(lms: Lms) -> None:
    def critical(claims: Claims) -> str:
        return raw({"alg": "RS256", "kid": KID, "crit": ["exp"], "exp": 1}, claims, b"x")

    lms.refused(lms.launch(sign=critical), LaunchProblem.TOKEN_MALFORMED)


@pytest.mark.parametrize("unfit", [{"use": "enc"}, {"key_ops": ["encrypt"]}])
def test_J10_a_key_for_encryption_is_not_used(lms: Lms, unfit: dict[str, Any]) -> None:
    lms.publish(jwk(lms.key, **unfit), jwk(private_key("other"), "other"))
    lms.refused(lms.launch(), LaunchProblem.KID_UNKNOWN, 401)


def test_J11_a_short_key_is_not_used(lms: Lms) -> None:
    short = private_key("short", 1024)
    lms.publish(jwk(short), jwk(private_key("other"), "other"))
    answer = lms.launch(sign=lambda claims: raw({"alg": "RS256", "kid": KID}, claims, b"x" * 128))
    lms.refused(answer, LaunchProblem.KID_UNKNOWN, 401)


def test_J12_of_two_keys_of_one_kid_the_rsa_key_is_used(lms: Lms) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    lms.publish({**ECAlgorithm.to_jwk(curve, as_dict=True), "kid": KID, "use": "sig"}, jwk(lms.key))
    assert lms.enter()


@pytest.mark.parametrize(
    ("reply", "code", "status"),
    [
        (Reply(500, b"oops"), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(200, b"<!doctype html><p>Down"), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(200, b"{}"), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(200, b'{"keys": []}'), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(302, b"", {"Location": "/jwks"}), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(200, b"[" * 100_000), PlatformProblem.KEYS_NOT_UNDERSTOOD, 502),
        (Reply(200, b" " * 10_000_000), PlatformProblem.KEYS_UNREACHABLE, 503),
    ],
    ids=["500", "html", "object", "no keys", "redirect", "deep", "10 MB"],
)
def test_J13_a_key_set_that_is_none_is_told_and_not_kept(
    lms: Lms, attune: Attune, reply: Reply, code: PlatformProblem, status: int
) -> None:
    lms.server.reply(f"{lms.path}/jwks", reply)
    for _time in range(2):
        lms.refused(lms.launch(), code, status, "Your LMS does not answer just now")
    assert lms.keys_asked() == 1
    lms.publish(jwk(lms.key))
    attune.clock.now += timedelta(minutes=1)
    assert lms.enter()


def test_J13_a_platform_that_does_not_answer_is_told(make_lms: Callable[..., Lms]) -> None:
    nowhere = make_lms(jwks_url="http://127.0.0.1:9/jwks")
    nowhere.refused(nowhere.launch(), PlatformProblem.KEYS_UNREACHABLE, 503, "Nothing was lost")


def test_J13_a_platform_that_takes_the_call_and_says_nothing_holds_nobody_up(make_lms: Callable[..., Lms]) -> None:
    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # until the end of the block it neither answers nor hangs up
        mute = make_lms(jwks_url=f"http://127.0.0.1:{silent.getsockname()[1]}/jwks")
        mute.refused(mute.launch(), PlatformProblem.KEYS_UNREACHABLE, 503)


def test_J14_a_rotated_key_is_known_at_once(lms: Lms) -> None:
    lms.enter()
    lms.key = private_key("rotated")
    lms.publish(jwk(private_key()), jwk(lms.key, "new"))
    assert lms.enter(sign=lambda claims: lms.sign(claims, kid="new"))
    assert lms.keys_asked() == 2


def test_J14_unknown_kids_are_asked_for_once_a_minute_at_most(lms: Lms, attune: Attune) -> None:
    lms.enter()
    for minute in range(3):
        for seconds in (59, 1):
            for number in range(3):
                lms.launch(sign=lambda claims, kid=f"{minute}-{seconds}-{number}": lms.sign(claims, kid=kid))
            assert lms.keys_asked() == 2 + minute
            attune.clock.now += timedelta(seconds=seconds)
    assert lms.enter()


@pytest.mark.parametrize(
    ("said", "seconds"), [("max-age=1800", 1800), ("max-age=0", 60), ("max-age=99999999", 21_600), ("", 600)]
)
def test_J15_max_age_is_honored_within_bounds(lms: Lms, attune: Attune, said: str, seconds: int) -> None:
    lms.publish(jwk(lms.key), cache_control=said)
    lms.enter()
    attune.clock.now += timedelta(seconds=seconds - 1)
    lms.enter()
    assert lms.keys_asked() == 1
    attune.clock.now += timedelta(seconds=1)
    lms.enter()
    assert lms.keys_asked() == 2
