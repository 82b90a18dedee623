"""Section 2: what comes back from the platform."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import pytest

from lti_tool.lti.errors import LaunchProblem
from lti_tool.store.people import LmsAccountRow, SessionRow
from tests.certification.lms import Lms
from tests.certification.place import SESSION_COOKIE, Attune, Browser, words_of
from tests.lti_tool.lti.platform import KID, put, raw


def ready(lms: Lms, browser: Browser | None = None) -> tuple[str, str]:
    """A token and its state that would open."""
    asked = lms.begin(browser)
    lms.kept = lms.attune.kept()
    return lms.sign(lms.claims(asked["nonce"])), asked["state"]


def test_R01_a_token_with_its_state_is_read(lms: Lms) -> None:
    assert lms.opened(lms.post(*ready(lms)))


def test_R02_a_token_in_an_address_is_not_read(lms: Lms) -> None:
    token, state = ready(lms)
    answer = lms.browser.get(lms.attune.launch_url, params={"id_token": token, "state": state})
    assert answer.status_code == 405
    assert "works in another way" in words_of(answer.text)
    assert lms.attune.kept() == lms.kept
    assert token not in json.dumps(lms.attune.lines, default=str)


def test_R03_an_error_is_told_kindly_and_its_text_is_not_shown(lms: Lms) -> None:
    state = ready(lms)[1]
    answer = lms.post(None, state, error="login_required", error_description="<script>alert(1)</script> Session over")
    lms.refused(answer, LaunchProblem.LMS_SENT_NO_LAUNCH, 400, "log in to your LMS again")
    assert "<script>alert" not in answer.text
    assert "Session over" not in answer.text


def test_R03_the_state_of_an_error_is_spent(lms: Lms) -> None:
    token, state = ready(lms)
    lms.refused(lms.post(None, state, error="login_required"), LaunchProblem.LMS_SENT_NO_LAUNCH)
    lms.refused(lms.post(token, state), LaunchProblem.REPLAYED)


def test_R03_an_error_without_a_state_of_this_browser_spends_nothing(
    lms: Lms, new_browser: Callable[[], Browser]
) -> None:
    token, state = ready(lms)
    before = lms.attune.spent()
    for browser, sent in ((new_browser(), state), (lms.browser, "never-issued"), (lms.browser, None)):
        lms.refused(lms.post(None, sent, browser, error="login_required"), LaunchProblem.LMS_SENT_NO_LAUNCH)
    assert lms.attune.spent() == before
    assert lms.opened(lms.post(token, state))


@pytest.mark.parametrize("state", [None, ""])
def test_R04_without_a_state_nothing_opens(lms: Lms, state: str | None) -> None:
    lms.refused(lms.post(ready(lms)[0], state), LaunchProblem.STATE_MISSING, 400, "only be opened from your course")


@pytest.mark.parametrize("state", ["never-issued", "state-", "state-e30.x", "ä", "<script>", "x" * 20_000, "\0"])
def test_R05_a_state_that_was_never_issued_opens_nothing(lms: Lms, state: str) -> None:
    lms.refused(lms.post(ready(lms)[0], state), LaunchProblem.STATE_UNKNOWN)


def test_R06_a_state_of_another_browser_opens_nothing(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    token, state = ready(lms)
    other = new_browser()
    lms.begin(other)
    lms.refused(lms.post(token, state, other), LaunchProblem.OTHER_BROWSER, 400, "begun in another browser")


def test_R06_a_browser_without_its_cookie_opens_nothing(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    token, state = ready(lms)
    lms.refused(lms.post(token, state, new_browser()), LaunchProblem.COOKIE_MISSING)


def test_R07_a_state_closes_after_ten_minutes(lms: Lms, attune: Attune) -> None:
    asked = lms.begin()
    lms.kept = attune.kept()
    attune.clock.now += timedelta(minutes=10)
    answer = lms.post(lms.sign(lms.claims(asked["nonce"])), asked["state"])
    lms.refused(answer, LaunchProblem.STATE_TOO_OLD, 400, "open the activity again from your course")


def test_R08_the_state_of_one_login_does_not_go_with_the_nonce_of_another(lms: Lms) -> None:
    first, second = lms.begin(), lms.begin()
    lms.kept = lms.attune.kept()
    answer = lms.post(lms.sign(lms.claims(first["nonce"])), second["state"])
    lms.refused(answer, LaunchProblem.NONCE_WRONG, 401)


def test_R09_the_same_launch_twice_opens_once(lms: Lms) -> None:
    token, state = ready(lms)
    lms.opened(lms.post(token, state))
    lms.kept = lms.attune.kept()
    lms.refused(lms.post(token, state), LaunchProblem.REPLAYED, 400, "used already")


def test_R09_after_a_launch_the_browser_is_at_a_page_that_can_be_loaded_again(lms: Lms) -> None:
    answer = lms.launch()
    assert answer.status_code == 303
    for _time in range(2):
        assert lms.opened(answer).request.method == "GET"


def test_R09_many_at_once_with_one_launch_open_once(lms: Lms) -> None:
    token, state = ready(lms)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: lms.post(token, state), range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7
    assert lms.attune.count(SessionRow) == lms.kept["web_session"] + 1


def test_R10_the_same_launch_from_another_browser_opens_nothing(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    token, state = ready(lms)
    lms.opened(lms.post(token, state))
    lms.kept = lms.attune.kept()
    lms.refused(lms.post(token, state, new_browser()), LaunchProblem.COOKIE_MISSING)


def test_R11_a_used_nonce_does_not_go_with_a_fresh_login(lms: Lms) -> None:
    asked = lms.begin()
    lms.opened(lms.post(lms.sign(lms.claims(asked["nonce"])), asked["state"]))
    lms.kept = lms.attune.kept()
    again = lms.sign(lms.claims(asked["nonce"], sub="user-7"))
    lms.refused(lms.post(again, lms.begin()["state"]), LaunchProblem.NONCE_WRONG, 401)
    lms.refused(lms.post(again, asked["state"]), LaunchProblem.REPLAYED)


@pytest.mark.parametrize("token", [None, ""])
def test_R12_without_a_token_nothing_opens(lms: Lms, token: str | None) -> None:
    lms.refused(lms.post(token, ready(lms)[1]), LaunchProblem.TOKEN_MISSING)


@pytest.mark.parametrize(
    "token",
    ["e30.e30", "e30.e30.e30.e30.e30", "..", "a.b.c", "<script>alert(1)</script>", "\0", "x" * 200_000],
    ids=["two parts", "five parts", "empty parts", "no base64", "markup", "nul", "200 kB"],
)
def test_R12_what_is_no_token_opens_nothing(lms: Lms, token: str) -> None:
    answer = lms.post(token, ready(lms)[1])
    lms.refused(answer, LaunchProblem.TOKEN_MALFORMED, 400, "not something that an LMS sends")
    assert "<script>alert" not in answer.text


def test_R12_a_token_above_two_megabytes_is_not_read(lms: Lms) -> None:
    answer = lms.post("x" * 2_100_000, ready(lms)[1])
    assert answer.status_code == 413
    assert lms.attune.kept() == lms.kept


@pytest.mark.parametrize(
    "part", [[], 5, "text", None, b"", b"[" * 50_000, b"\xff\xfe"], ids=lambda part: repr(part)[:20]
)
@pytest.mark.parametrize("which", ["header", "payload"])
def test_R13_parts_that_are_no_objects_open_nothing(lms: Lms, which: str, part: object) -> None:
    parts = {"header": {"alg": "RS256", "kid": KID}, "payload": {}} | {which: part}
    lms.refused(lms.post(raw(parts["header"], parts["payload"], b"x"), ready(lms)[1]), LaunchProblem.TOKEN_MALFORMED)


def test_R14_of_a_claim_that_stands_twice_the_checked_one_counts(lms: Lms, attune: Attune) -> None:
    asked = lms.begin()
    text = json.dumps(lms.claims(asked["nonce"])).replace('"sub": "user-6"', '"sub": "first", "sub": "second"')
    token = jwt.api_jws.encode(text.encode(), lms.key, algorithm="RS256", headers={"kid": KID})
    lms.opened(lms.post(token, asked["state"]))
    here = LmsAccountRow.registration_id == lms.registration_id
    assert attune.count(LmsAccountRow, here, LmsAccountRow.sub == "second") == 1
    assert attune.count(LmsAccountRow, here) == 1


def test_R14_a_nonce_that_stands_twice_is_looked_at_as_it_counts(lms: Lms) -> None:
    asked = lms.begin()
    lms.kept = lms.attune.kept()
    text = json.dumps(lms.claims(asked["nonce"])).removesuffix("}") + ', "nonce": "another"}'
    token = jwt.api_jws.encode(text.encode(), lms.key, algorithm="RS256", headers={"kid": KID})
    lms.refused(lms.post(token, asked["state"]), LaunchProblem.NONCE_WRONG, 401)


def test_R16_a_launch_takes_the_place_of_the_session_before_it(
    lms: Lms, attune: Attune, new_browser: Callable[[], Browser]
) -> None:
    lms.enter(put("sub", "first"))
    before = lms.browser.cookies[SESSION_COOKIE]
    page = lms.launch(put("sub", "second"))
    assert lms.opened(page)
    assert lms.browser.cookies[SESSION_COOKIE] != before
    other = new_browser()
    other.cookies.set(SESSION_COOKIE, before)
    gone = other.get(f"{attune.url}/waiting")
    assert gone.status_code == 401
    assert re.search("Please come in again", gone.text)
