"""Section 3: signature, header, addressee and time of a launch's token."""

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
from tests.lti_tool.lti.platform import KID, Claims, b64, drop, jwk, private_key, put, raw
from tests.lti_tool.lti.server import Reply, as_json

NOT_FROM_YOUR_LMS = "cannot tell that this really comes from your LMS"
NOT_FOR_ATTUNE = "does not come from the LMS"


def at(name: str, lms: Lms, **by: float) -> Callable[[Claims], None]:
    """Set a time claim relative to now."""
    return put(name, int((lms.attune.clock() + timedelta(**by)).timestamp()))


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


@cert("Timestamps incorrect")
def test_J16_times_of_long_ago_open_nothing(lms: Lms) -> None:
    answer = lms.launch(put("iat", 11111), put("exp", 22222))
    lms.refused(answer, LaunchProblem.TOKEN_TOO_OLD, 400, "too old to be used")


def test_J17_without_exp_nothing_opens(lms: Lms) -> None:
    assert lms.refused(lms.launch(drop("exp")), LaunchProblem.TIME_MISSING)["detail"] == "exp"


@pytest.mark.parametrize("value", ["4102444800", None, True, [1], {"a": 1}])
def test_J18_exp_that_is_no_number_opens_nothing(lms: Lms, value: object) -> None:
    lms.refused(lms.launch(put("exp", value)), LaunchProblem.TIME_MISSING)


@pytest.mark.parametrize("by", [{"hours": 2, "seconds": 1}, {"days": 36_500}])
def test_J19_a_token_that_is_good_for_long_opens_nothing(lms: Lms, by: dict[str, float]) -> None:
    lms.refused(lms.launch(at("exp", lms, **by)), LaunchProblem.LIFETIME_TOO_LONG, 400, "more than two hours")


@pytest.mark.parametrize("seconds", [1, 59])
def test_J20_clocks_may_differ_by_a_minute_at_the_end(lms: Lms, seconds: int) -> None:
    assert lms.enter(at("iat", lms, seconds=-70), at("exp", lms, seconds=-seconds))


def test_J20_after_a_minute_it_is_too_old(lms: Lms) -> None:
    lms.refused(lms.launch(at("iat", lms, seconds=-90), at("exp", lms, seconds=-60)), LaunchProblem.TOKEN_TOO_OLD)


def test_J21_without_iat_nothing_opens(lms: Lms) -> None:
    assert lms.refused(lms.launch(drop("iat")), LaunchProblem.TIME_MISSING)["detail"] == "iat"


def test_J22_what_was_issued_a_year_ago_opens_nothing(lms: Lms) -> None:
    lms.refused(lms.launch(at("iat", lms, days=-365)), LaunchProblem.TOKEN_TOO_OLD)


@pytest.mark.parametrize("seconds", [10, 60])
def test_J23_clocks_may_differ_by_a_minute_at_the_beginning(lms: Lms, seconds: int) -> None:
    assert lms.enter(at("iat", lms, seconds=seconds), at("exp", lms, seconds=seconds + 60))


def test_J24_what_comes_from_the_future_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(at("iat", lms, hours=1), at("exp", lms, hours=1.5))
    lms.refused(answer, LaunchProblem.TOKEN_FROM_THE_FUTURE, 400, "clock of your LMS is ahead")


def test_J24_what_is_not_to_be_used_yet_opens_nothing(lms: Lms) -> None:
    lms.refused(lms.launch(at("nbf", lms, hours=1)), LaunchProblem.TOKEN_FROM_THE_FUTURE)


def test_J25_without_nonce_nothing_opens(lms: Lms) -> None:
    lms.refused(lms.launch(drop("nonce")), LaunchProblem.NONCE_WRONG, 401)


@pytest.mark.parametrize("nonce", ["0123456789abcdef", "", 5, None, ["x"]])
def test_J26_a_nonce_that_we_never_made_opens_nothing(lms: Lms, nonce: object) -> None:
    lms.refused(lms.launch(put("nonce", nonce)), LaunchProblem.NONCE_WRONG, 401)


@pytest.mark.parametrize(
    "change",
    [
        lambda issuer: "https://other.example",
        lambda issuer: issuer + "/",
        lambda issuer: issuer.upper(),
        lambda issuer: issuer.replace("http:", "https:"),
        lambda issuer: None,
        lambda issuer: [issuer],
    ],
    ids=["another", "slash", "case", "https", "null", "list"],
)
def test_J27_another_issuer_opens_nothing(lms: Lms, change: Callable[[str], object]) -> None:
    answer = lms.launch(put("iss", change(lms.issuer)))
    lms.refused(answer, LaunchProblem.ISSUER_WRONG, 401, NOT_FOR_ATTUNE)


def test_J28_a_token_of_one_registration_with_the_state_of_another_opens_nothing(
    lms: Lms, make_lms: Callable[..., Lms]
) -> None:
    other = make_lms()
    asked = lms.begin()
    other.kept = lms.attune.kept()
    answer = lms.post(other.sign(other.claims(asked["nonce"])), asked["state"])
    other.refused(answer, LaunchProblem.ISSUER_WRONG, 401, NOT_FOR_ATTUNE)


@pytest.mark.parametrize("audience", [None, "someone-else", [], 5, [["x"]], {}, ""])
def test_J29_another_audience_opens_nothing(lms: Lms, audience: object) -> None:
    lms.refused(lms.launch(put("aud", audience)), LaunchProblem.AUDIENCE_WRONG, 401, NOT_FOR_ATTUNE)


def test_J29_without_audience_nothing_opens(lms: Lms) -> None:
    lms.refused(lms.launch(drop("aud")), LaunchProblem.AUDIENCE_WRONG, 401)


def test_J30_a_list_of_us_alone_is_us(lms: Lms) -> None:
    assert lms.enter(put("aud", [lms.client_id]))


def test_J31_a_second_audience_without_azp_opens_nothing(lms: Lms) -> None:
    lms.refused(lms.launch(put("aud", [lms.client_id, "other"])), LaunchProblem.AUDIENCE_WRONG, 401)


def test_J32_a_second_audience_that_is_the_authorized_party_opens_nothing(lms: Lms) -> None:
    answer = lms.launch(put("aud", [lms.client_id, "other"]), put("azp", "other"))
    lms.refused(answer, LaunchProblem.AUDIENCE_WRONG, 401)


@pytest.mark.parametrize("party", ["other", "", 5, ["x"]])
def test_J33_another_authorized_party_opens_nothing(lms: Lms, party: object) -> None:
    lms.refused(lms.launch(put("azp", party)), LaunchProblem.AUTHORIZED_PARTY_WRONG, 401)


def test_J34_no_other_audience_is_trusted(lms: Lms) -> None:
    answer = lms.launch(put("aud", ["trusted-other", lms.client_id]), put("azp", lms.client_id))
    lms.refused(answer, LaunchProblem.AUDIENCE_WRONG, 401)


def test_J35_a_token_for_another_registration_of_the_same_platform_opens_nothing(
    lms: Lms, make_lms: Callable[..., Lms]
) -> None:
    other = make_lms(path=lms.path)
    answer = lms.launch(put("aud", other.client_id))
    lms.refused(answer, LaunchProblem.AUDIENCE_WRONG, 401)
