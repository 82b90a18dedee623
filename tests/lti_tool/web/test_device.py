"""What an open page asks for: the key of this device, and how long one is signed in."""

import re
from collections.abc import Callable

from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser

ComeIn = Callable[..., Browser]
MARK = re.compile(r'data-mark="(\w+)"')


def mark(browser: Browser) -> str:
    found = MARK.search(browser.get("/waiting").text)
    assert found is not None
    return found[1]


def test_ux_p3_the_key_is_given_to_whom_the_page_was_made_for_and_kept_by_nobody(come_in: ComeIn) -> None:
    sam = come_in("Sam")
    answer = sam.get(f"/session/device-key?mark={mark(sam)}")
    assert len(answer.json["keys"]) == 1
    assert answer.json["kept_for"] == 20 * 60 * 60
    assert answer.headers["Cache-Control"] == "no-store"
    assert sam.get(f"/session/device-key?mark={mark(sam)}").json == answer.json


def test_a_page_of_someone_else_gets_no_key(come_in: ComeIn, browser: Browser) -> None:
    sam = come_in("Sam")
    sams_mark = mark(sam)
    noor = come_in("Noor", client=sam)  # in the same browser, since
    assert noor.get(f"/session/device-key?mark={sams_mark}").json["keys"] == []
    assert noor.get("/session/device-key").json["keys"] == []
    assert browser.get(f"/session/device-key?mark={sams_mark}").status_code == 401


def test_ux_p3_one_act_keeps_a_person_signed_in_for_a_day_at_most(come_in: ComeIn, clock: Clock) -> None:
    sam = come_in("Sam")
    assert sam.get("/session/ends").json == {"seconds": 12 * 60 * 60, "may_stay": True}
    clock.advance(hours=11)
    token = sam.token()
    assert sam.post("/session/stay", data={"csrf_token": token}).json == {"seconds": 12 * 60 * 60}
    clock.advance(hours=11)
    assert sam.post("/session/stay", data={"csrf_token": token}).json == {"seconds": 2 * 60 * 60}
    assert sam.get("/session/ends").json == {"seconds": 2 * 60 * 60, "may_stay": False}
    assert sam.post("/session/stay", data={"csrf_token": token}).json == {"seconds": 2 * 60 * 60}
    clock.advance(hours=2)
    assert sam.get("/session/ends").status_code == 401


def test_nobody_is_kept_signed_in_from_another_site(come_in: ComeIn) -> None:
    sam = come_in("Sam")
    assert sam.post("/session/stay").status_code == 400
