"""Section 2 of the conformance list: what carries the token, and the state that it must belong to."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.state import LIFETIME, LoginState
from tests.lti_tool.lti.platform import KID, OTHER, REGISTRATION, Platform, finder, private_key, raw, signed


def refused(platform: Platform, token: str | None, state: str | None, **more: str) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as caught:
        platform.post(token, state, **more)
    return caught.value


def good(platform: Platform) -> tuple[str, str]:
    asked = platform.login()
    return signed(platform.claims(asked["nonce"])), asked["state"]


def test_lti_r01_a_token_with_its_state_is_taken(platform: Platform) -> None:
    read = platform.post(*good(platform))
    assert read.launch.sub == "user-6"
    assert read.launch.registration_id == REGISTRATION.id
    assert read.state_expires_at == platform.now + LIFETIME
    assert len(read.state_digest) == 64


def test_lti_r03_an_answer_without_a_launch_is_told_kindly(platform: Platform) -> None:
    problem = refused(platform, None, platform.login()["state"], error="login_required", error_description="<b>")
    assert problem.code is LaunchProblem.LMS_SENT_NO_LAUNCH
    assert "<b>" not in problem.sentence


@pytest.mark.parametrize("state", [None, ""])
def test_lti_r04_without_a_state_nothing_opens(platform: Platform, state: str | None) -> None:
    assert refused(platform, good(platform)[0], state).code is LaunchProblem.STATE_MISSING


@pytest.mark.parametrize(
    "state", ["never-issued", "state-", "state-e30.x", "ä", "<script>", "x" * 20_000, ".", "\0", "\ud800"]
)
def test_lti_r05_a_state_that_was_never_issued_is_refused(platform: Platform, state: str) -> None:
    assert refused(platform, good(platform)[0], state).code is LaunchProblem.STATE_UNKNOWN


def test_lti_r05_a_changed_state_is_refused(platform: Platform) -> None:
    token, state = good(platform)
    payload, _, signature = state.removeprefix("state-").rpartition(".")
    for changed in (payload[:-2] + "AA", payload + "A", payload[1:]):
        assert refused(platform, token, f"state-{changed}.{signature}").code is LaunchProblem.STATE_UNKNOWN


def test_lti_r06_a_state_of_another_browser_is_refused(platform: Platform) -> None:
    token, state = good(platform)
    platform.browser_secret = "the-secret-of-another-browser"
    assert refused(platform, token, state).code is LaunchProblem.OTHER_BROWSER


@pytest.mark.parametrize("secret", [None, ""])
def test_lti_r06_a_browser_without_its_cookie_is_refused(platform: Platform, secret: str | None) -> None:
    token, state = good(platform)
    platform.browser_secret = secret
    assert refused(platform, token, state).code is LaunchProblem.COOKIE_MISSING


def test_lti_r07_a_state_lives_ten_minutes(platform: Platform) -> None:
    asked = platform.login()
    platform.later(minutes=9, seconds=59)
    assert platform.post(signed(platform.claims(asked["nonce"])), asked["state"])
    platform.later(seconds=1)
    problem = refused(platform, signed(platform.claims(asked["nonce"])), asked["state"])
    assert problem.code is LaunchProblem.STATE_TOO_OLD


def test_lti_r08_the_state_of_one_login_does_not_go_with_the_nonce_of_another(platform: Platform) -> None:
    first, second = platform.login(), platform.login()
    problem = refused(platform, signed(platform.claims(first["nonce"])), second["state"])
    assert problem.code is LaunchProblem.NONCE_WRONG


def test_lti_r09_the_same_launch_twice_has_the_same_digest_to_be_spent_once(platform: Platform) -> None:
    token, state = good(platform)
    assert platform.post(token, state).state_digest == platform.post(token, state).state_digest
    assert platform.post(*good(platform)).state_digest != platform.post(token, state).state_digest


def test_lti_r09_another_spelling_of_a_state_is_not_another_state(platform: Platform) -> None:
    token, state = good(platform)
    digest = platform.post(token, state).state_digest
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    spellings = [state[:-1] + last for last in alphabet] + [state + tail for tail in ("=", "==", "\n", " ", "A")]
    spellings += [state.removeprefix("state-"), f"state-{state}"]
    taken = set()
    for spelling in spellings:
        with suppress(LaunchRejected):
            taken.add(platform.post(token, spelling).state_digest)
    assert taken == {digest}


def test_lti_r11_a_used_nonce_does_not_go_with_a_fresh_login(platform: Platform) -> None:
    used, fresh = platform.login(), platform.login()
    assert platform.post(signed(platform.claims(used["nonce"])), used["state"])
    again = signed(platform.claims(used["nonce"], sub="user-7"))
    assert refused(platform, again, fresh["state"]).code is LaunchProblem.NONCE_WRONG


@pytest.mark.parametrize("token", [None, ""])
def test_lti_r12_without_a_token_nothing_opens(platform: Platform, token: str | None) -> None:
    assert refused(platform, token, platform.login()["state"]).code is LaunchProblem.TOKEN_MISSING


@pytest.mark.parametrize(
    "token",
    [
        "e30.e30",
        "e30.e30.e30.e30.e30",
        "..",
        "a.b.c",
        "<script>alert(1)</script>",
        "\0",
        "e30.e30.ä",
        "x" * 200_000,
        "." * 200_000,
    ],
    ids=["two parts", "five parts", "empty parts", "no base64", "markup", "nul", "umlaut", "200 kB", "dots"],
)
def test_lti_r12_what_is_no_token_is_refused(platform: Platform, token: str) -> None:
    assert refused(platform, token, platform.login()["state"]).code is LaunchProblem.TOKEN_MALFORMED


NO_OBJECTS = ([], [1, 2], 5, "text", None, b"", b"{", b"[" * 50_000, b"\xff\xfe", b'{"exp": ' + b"9" * 5_000 + b"}")


@pytest.mark.parametrize("part", NO_OBJECTS, ids=lambda part: repr(part)[:20])
@pytest.mark.parametrize("which", ["header", "payload"])
def test_lti_r13_parts_that_are_no_objects_are_refused(platform: Platform, which: str, part: object) -> None:
    parts = {"header": {"alg": "RS256", "kid": "k"}, "payload": {}} | {which: part}
    problem = refused(platform, raw(parts["header"], parts["payload"], b"x"), platform.login()["state"])
    assert problem.code is LaunchProblem.TOKEN_MALFORMED


def test_lti_r12_the_standard_alphabet_of_base64_is_not_taken(platform: Platform) -> None:
    token, state = good(platform)
    head, payload, signature = token.split(".")
    for changed in (f"*{payload[1:]}", payload + "=", payload[:8] + "\n" + payload[8:]):
        assert refused(platform, f"{head}.{changed}.{signature}", state).code is LaunchProblem.TOKEN_MALFORMED
    assert refused(platform, f"{head}.{payload}.{'+/' * 100}", state).code is LaunchProblem.TOKEN_MALFORMED


def test_lti_r14_of_a_claim_that_comes_twice_the_checked_one_counts(platform: Platform) -> None:
    asked = platform.login()
    text = json.dumps(platform.claims(asked["nonce"])).replace('"sub": "user-6"', '"sub": "first", "sub": "second"')
    token = jwt.api_jws.PyJWS().encode(text.encode(), private_key(), algorithm="RS256", headers={"kid": KID})
    assert platform.post(token, asked["state"]).launch.sub == "second"


def test_lti_j28_a_token_of_another_registration_than_the_login_is_refused(platform: Platform) -> None:
    asked = platform.login()
    token = signed(platform.claims(asked["nonce"], aud=OTHER.client_id))
    problem = refused(platform, token, asked["state"])
    assert (problem.code, problem.status) == (LaunchProblem.AUDIENCE_WRONG, 401)


def test_lti_j28_a_registration_made_anew_since_the_login_is_another_one(platform: Platform) -> None:
    token, state = good(platform)
    platform.registrations = finder(replace(REGISTRATION, id=OTHER.id))
    assert refused(platform, token, state).code is LaunchProblem.UNKNOWN_PLATFORM


def test_lti_l19_a_registration_switched_off_since_the_login_is_refused(platform: Platform) -> None:
    token, state = good(platform)
    platform.registrations = finder(replace(REGISTRATION, active=False))
    assert refused(platform, token, state).code is LaunchProblem.REGISTRATION_INACTIVE


def test_lti_l12_the_deployment_of_the_login_must_be_the_one_of_the_launch(platform: Platform) -> None:
    asked = platform.login(lti_deployment_id="deployment-1")
    assert platform.post(signed(platform.claims(asked["nonce"])), asked["state"])
    asked = platform.login(lti_deployment_id="deployment-2")
    problem = refused(platform, signed(platform.claims(asked["nonce"])), asked["state"])
    assert problem.code is LaunchProblem.DEPLOYMENT_WRONG


def test_nothing_is_asked_of_the_platform_for_a_launch_without_a_good_state(platform: Platform) -> None:
    refused(platform, good(platform)[0], "never-issued")
    assert platform.wire.asked == []


def test_a_state_says_again_what_it_was_given(platform: Platform) -> None:
    state = LoginState(
        registration_id=REGISTRATION.id,
        issuer="https://lms.example",
        client_id='client "1" ü',
        nonce="n",
        browser="b",
        target_link_uri="https://attune.example/x?y=ä",
        deployment_id="",
        expires_at=platform.now + timedelta(minutes=1),
    )
    assert platform.signer.read(platform.signer.sign(state), now=platform.now) == state
