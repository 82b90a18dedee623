"""Section 3, second half: until when a launch's token is good, and for whom it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from lti_tool.lti.errors import LaunchProblem
from tests.certification.lms import Lms
from tests.certification.marks import cert
from tests.lti_tool.lti.platform import Claims, drop, put

NOT_FOR_ATTUNE = "does not come from the LMS"


def at(name: str, lms: Lms, **by: float) -> Callable[[Claims], None]:
    """Set a time claim relative to now."""
    return put(name, int((lms.attune.clock() + timedelta(**by)).timestamp()))


@cert("Timestamps incorrect")
def test_J16_times_of_long_ago_open_nothing(lms: Lms) -> None:
    answer = lms.launch(put("iat", 11111), put("exp", 22222))
    lms.refused(answer, LaunchProblem.TOKEN_TOO_OLD, 400, "too old to be used")


def test_J17_without_exp_nothing_opens(lms: Lms) -> None:
    assert lms.refused(lms.launch(drop("exp")), LaunchProblem.TIME_MISSING)["detail"] == "exp"


@pytest.mark.parametrize("value", ["4102444800", None, True, [1], {"a": 1}, 10**400, -(10**400), float("inf")], ids=str)
def test_J18_exp_that_is_no_number_opens_nothing(lms: Lms, value: object) -> None:
    for name in ("exp", "iat", "nbf"):
        lms.refused(lms.launch(put(name, value)), LaunchProblem.TIME_MISSING)


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
