"""Section 13 of the conformance list: what a notice must be to be believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.notices import CourseCopied, Notice, read_notice
from tests.lti_tool.lti.platform import (
    LTI,
    NOW,
    OTHER,
    REGISTRATION,
    Change,
    Claims,
    Platform,
    at,
    drop,
    private_key,
    put,
    signed,
)

NOTICE, CONTEXT, ORIGINS = LTI + "notice", LTI + "context", LTI + "origin_contexts"


def notice_claims(**more: Any) -> Claims:
    """A context copy notice as Canvas documents it."""
    moment = int(NOW.timestamp())
    return {
        "iss": REGISTRATION.issuer,
        "aud": REGISTRATION.client_id,
        "azp": REGISTRATION.client_id,
        "iat": moment,
        "exp": moment + 3600,
        "nonce": "2d220edf-2f1c-4be4-b38e-ec80b1c6749d",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1057:8865aa05",
        NOTICE: {"id": "7a70e604", "timestamp": "2026-03-02T08:59:00Z", "type": "LtiContextCopyNotice"},
        CONTEXT: {"id": "new-course", "label": "zzz", "title": "zzz"},
        ORIGINS: ["old-course"],
        **more,
    }


def read(platform: Platform, *changes: Change, token: str | None = None, **how: Any) -> Notice:
    claims = notice_claims()
    for change in changes:
        change(claims)
    text = signed(claims, **how) if token is None else token
    return read_notice(text, registrations=platform.registrations, key_sets=platform.key_sets, now=platform.now)


def refused(platform: Platform, *changes: Change, **how: Any) -> LaunchProblem:
    with pytest.raises(LaunchRejected) as caught:
        read(platform, *changes, **how)
    return caught.value.code


def test_lti_s04_a_notice_about_a_copied_course_is_read(platform: Platform) -> None:
    notice = read(platform)
    assert (notice.registration, notice.deployment_id) == (REGISTRATION, "1057:8865aa05")
    assert (notice.id, notice.type) == ("7a70e604", "LtiContextCopyNotice")
    assert notice.happened_at == datetime(2026, 3, 2, 8, 59, tzinfo=UTC)
    assert notice.copied == CourseCopied("new-course", ("old-course",))
    assert len(notice.nonce_digest) == 64
    assert notice.ends_at == NOW + timedelta(seconds=3660)


@pytest.mark.parametrize("type_", ["LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "Whatever"])
def test_lti_s09_s13_other_notices_need_no_course(platform: Platform, type_: str) -> None:
    notice = read(platform, put(NOTICE, "type", type_), drop(CONTEXT, ORIGINS))
    assert (notice.type, notice.copied) == (type_, None)


def test_lti_s04_a_notice_that_comes_late_is_still_good(platform: Platform) -> None:
    platform.later(minutes=55)
    assert read(platform)
    platform.later(minutes=10)
    assert refused(platform) is LaunchProblem.TOKEN_TOO_OLD


NOT_TAKEN = [
    (drop("iss"), LaunchProblem.ISSUER_WRONG),
    (put("iss", 7), LaunchProblem.ISSUER_WRONG),
    (put("iss", ""), LaunchProblem.ISSUER_WRONG),
    (put("iss", REGISTRATION.issuer + "/"), LaunchProblem.UNKNOWN_PLATFORM),
    (drop("aud"), LaunchProblem.AUDIENCE_WRONG),
    (put("aud", []), LaunchProblem.AUDIENCE_WRONG),
    (put("aud", [REGISTRATION.client_id, "other"]), LaunchProblem.AUDIENCE_WRONG),
    (put("aud", ""), LaunchProblem.AUDIENCE_WRONG),
    (put("aud", "nobody"), LaunchProblem.UNKNOWN_PLATFORM),
    (put("azp", OTHER.client_id), LaunchProblem.AUTHORIZED_PARTY_WRONG),
    (drop("iat"), LaunchProblem.TIME_MISSING),
    (drop("exp"), LaunchProblem.TIME_MISSING),
    (put("exp", "7"), LaunchProblem.TIME_MISSING),
    (at("exp", minutes=-5), LaunchProblem.TOKEN_TOO_OLD),
    (at("iat", hours=1), LaunchProblem.TOKEN_FROM_THE_FUTURE),
    (at("exp", days=365), LaunchProblem.LIFETIME_TOO_LONG),
    (drop("nonce"), LaunchProblem.NOTICE_WRONG),
    (put("nonce", ""), LaunchProblem.NOTICE_WRONG),
    (drop(LTI + "version"), LaunchProblem.NOTICE_WRONG),
    (put(LTI + "version", "1.3"), LaunchProblem.NOTICE_WRONG),
    (drop(LTI + "deployment_id"), LaunchProblem.NOTICE_WRONG),
    (drop(NOTICE), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, []), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, "id", 7), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, "id", "x" * 256), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, "timestamp", "yesterday"), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, "timestamp", "0001-01-01T00:00:00+14:00"), LaunchProblem.NOTICE_WRONG),
    (put(NOTICE, "type", None), LaunchProblem.NOTICE_WRONG),
    (drop(CONTEXT), LaunchProblem.NOTICE_WRONG),
    (put(CONTEXT, "id", "a\x00b"), LaunchProblem.NOTICE_WRONG),
    (drop(ORIGINS), LaunchProblem.NOTICE_WRONG),
    (put(ORIGINS, "old-course"), LaunchProblem.NOTICE_WRONG),
    (put(ORIGINS, ["\ud800"]), LaunchProblem.NOTICE_WRONG),
]


@pytest.mark.parametrize(("change", "code"), NOT_TAKEN)
def test_lti_s07_a_notice_that_lacks_something_is_not_taken(
    platform: Platform, change: Change, code: LaunchProblem
) -> None:
    assert refused(platform, change) is code


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"token": ""}, LaunchProblem.TOKEN_MALFORMED),
        ({"token": "a.b.c"}, LaunchProblem.TOKEN_MALFORMED),
        ({"kid": None}, LaunchProblem.KID_MISSING),
        ({"kid": "another"}, LaunchProblem.KID_UNKNOWN),
        ({"key": private_key("a stranger's")}, LaunchProblem.SIGNATURE_WRONG),
        ({"algorithm": "RS512"}, LaunchProblem.ALGORITHM_NOT_RS256),
        ({"crit": ["exp"]}, LaunchProblem.TOKEN_MALFORMED),
    ],
)
def test_lti_s07_a_token_that_the_platform_did_not_sign_is_no_notice(
    platform: Platform, how: dict[str, Any], code: LaunchProblem
) -> None:
    assert refused(platform, **how) is code


def test_a_launch_is_no_notice_even_with_a_notice_in_it(platform: Platform) -> None:
    launch = platform.claims("a-nonce", exp=int(NOW.timestamp()) + 60)
    assert refused(platform, token=signed(launch)) is LaunchProblem.NOTICE_WRONG
    assert refused(platform, put(LTI + "message_type", "LtiResourceLinkRequest")) is LaunchProblem.NOTICE_WRONG


def test_a_notice_is_no_launch(platform: Platform) -> None:
    asked = platform.login()
    claims = notice_claims(nonce=asked["nonce"])
    claims[LTI + "deployment_id"] = "deployment-1"
    with pytest.raises(LaunchRejected) as caught:
        platform.post(signed(claims), asked["state"])
    assert caught.value.code is LaunchProblem.MESSAGE_TYPE_MISSING


def test_a_nonce_counts_for_its_registration_only(platform: Platform) -> None:
    here = read(platform)
    there = read(platform, put("aud", OTHER.client_id), put("azp", OTHER.client_id))
    assert here.nonce_digest != there.nonce_digest


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["1.3.0", "\0", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "timestamp"]) | st.text(), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(changes=st.dictionaries(st.sampled_from([*notice_claims(), LTI + "message_type"]), VALUES, min_size=1))
def test_any_claims_are_a_notice_or_a_refusal(changes: dict[str, Any]) -> None:
    try:
        notice = read(Platform(), lambda claims: claims.update(changes))
    except LaunchRejected:
        return
    assert notice.registration.issuer == REGISTRATION.issuer
    assert "\0" not in notice.id + notice.deployment_id + notice.type
