"""Section 12 of the conformance list, without a browser: unproven launches, and tickets for the last step."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti import finish_tickets
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.launch import ReadLaunch, UnprovenLaunch
from lti_tool.lti.login import begin_login
from tests.lti_tool.lti.platform import BROWSER, LAUNCH_URL, NOW, REGISTRATION, SECRET, Platform, signed

DIGEST = hashlib.sha256(b"one login").hexdigest()
OLDER = "an-older-secret-for-tests-0123456789-0123456"
LOGIN = {
    "iss": REGISTRATION.issuer,
    "client_id": REGISTRATION.client_id,
    "login_hint": "user-6",
    "target_link_uri": LAUNCH_URL,
}


def begun(platform: Platform, storage: str):
    return begin_login(
        LOGIN,
        registrations=platform.registrations,
        signer=platform.signer,
        browser_secret=BROWSER,
        launch_url=LAUNCH_URL,
        now=platform.now,
        storage=storage,
    )


def launched(platform: Platform, storage: str, browser_secret: str | None) -> ReadLaunch | UnprovenLaunch:
    asked = dict(part.split("=", 1) for part in begun(platform, storage).address.partition("?")[2].split("&"))
    platform.browser_secret = browser_secret
    return platform.post(signed(platform.claims(asked["nonce"])), asked["state"])


def refused(ticket: str, digest: str = DIGEST, now=NOW, keys: tuple[str, ...] = (SECRET,)) -> LaunchProblem:
    with pytest.raises(LaunchRejected) as caught:
        finish_tickets.check(keys, ticket, digest, now)
    return caught.value.code


@pytest.mark.parametrize("browser_secret", [None, "", "the-secret-of-another-browser"])
def test_lti_p09_a_launch_that_only_the_storage_can_vouch_for_is_unproven(
    platform: Platform, browser_secret: str | None
) -> None:
    launch = launched(platform, "_parent", browser_secret)
    assert isinstance(launch, UnprovenLaunch)
    assert (launch.storage, launch.auth_url) == ("_parent", REGISTRATION.auth_url)
    assert launch.launch.sub == "user-6"


def test_lti_p12_a_launch_whose_browser_shows_the_secret_is_proven(platform: Platform) -> None:
    assert isinstance(launched(platform, "_parent", BROWSER), ReadLaunch)


def test_without_a_storage_the_browser_must_show_it(platform: Platform) -> None:
    with pytest.raises(LaunchRejected):
        launched(platform, "", None)


def test_lti_p09_an_unproven_launch_was_verified_like_any_other(platform: Platform) -> None:
    platform.browser_secret = None
    asked = dict(part.split("=", 1) for part in begun(platform, "_parent").address.partition("?")[2].split("&"))
    with pytest.raises(LaunchRejected) as caught:
        platform.post(signed(platform.claims("another nonce")), asked["state"])
    assert caught.value.code is LaunchProblem.NONCE_WRONG


def test_a_login_names_the_state_that_its_launch_will_have(platform: Platform) -> None:
    login = begun(platform, "_parent")
    asked = dict(part.split("=", 1) for part in login.address.partition("?")[2].split("&"))
    assert platform.signer.read(asked["state"], now=platform.now).digest == login.state_digest


def test_lti_p11_a_ticket_is_good_for_its_launch_for_a_minute() -> None:
    ticket = finish_tickets.issue((SECRET,), DIGEST, NOW)
    finish_tickets.check((SECRET,), ticket, DIGEST, NOW + timedelta(seconds=60))
    assert refused(ticket, now=NOW + timedelta(seconds=61)) is LaunchProblem.FINISHED_TOO_LATE
    assert refused(ticket, "0" * 64) is LaunchProblem.FINISHED_ELSEWHERE


def test_a_ticket_outlives_a_change_of_keys() -> None:
    finish_tickets.check((SECRET, OLDER), finish_tickets.issue((OLDER,), DIGEST, NOW), DIGEST, NOW)
    assert refused(finish_tickets.issue((OLDER,), DIGEST, NOW)) is LaunchProblem.FINISHED_ELSEWHERE


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_that_we_did_not_sign_is_a_ticket(text: str) -> None:
    assert refused(text) is LaunchProblem.FINISHED_ELSEWHERE


@given(st.data())
def test_a_ticket_with_one_character_changed_is_none(data: st.DataObject) -> None:
    ticket = finish_tickets.issue((SECRET,), DIGEST, NOW)
    place = data.draw(st.integers(0, len(ticket) - 2))
    other = data.draw(st.sampled_from([c for c in "0123456789abcdef.-_" if c != ticket[place]]))
    assert refused(ticket[:place] + other + ticket[place + 1 :]) is LaunchProblem.FINISHED_ELSEWHERE


def test_a_state_is_no_ticket_and_a_ticket_no_state(platform: Platform) -> None:
    ticket = finish_tickets.issue((SECRET,), DIGEST, NOW)
    with pytest.raises(LaunchRejected):
        platform.signer.read(ticket, now=NOW)
    assert refused(platform.login()["state"]) is LaunchProblem.FINISHED_ELSEWHERE
