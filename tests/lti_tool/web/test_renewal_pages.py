"""The page on which a certification, its renewal or the way back is asked for."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.path_rows import an_entry, on_the_way
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

HURTFUL = ("expired", "revoked", "overdue", "failed", "must", "penalty", "only", "days left")


def certified(course: Course, days_ago: int) -> str:
    today = course.world.now.date()
    enrollment = on_the_way(course.world, text=RENEWED, entered_on=today - timedelta(days=days_ago + 100))
    decided(course.world, enrollment, today - timedelta(days=days_ago))
    address = f"/path/{enrollment.id}/renewal"
    course.kept()
    return address


def read(course: Course, address: str, who: str = "sam") -> str:
    answer = course.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return Read(answer.text).text


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [
        (100, "You can renew it from"),
        (300, "and you can renew it now."),
        (370, "You can still renew it, late, until"),
        (500, "Here is the way back: until"),
        (900, "you apply as for a first certification"),
    ],
)
def test_cap_d2_ux_d5_each_time_of_a_certificate_is_said_as_a_fact_with_the_way_on(
    course: Course, days_ago: int, said: str
) -> None:
    page = read(course, certified(course, days_ago))
    assert said in page
    assert not [word for word in HURTFUL if f" {word} " in page]


def test_cap_b14_ux_m5_the_dates_to_come_go_into_a_calendar_that_tells_nothing(course: Course) -> None:
    way = certified(course, 100).removesuffix("/renewal")
    assert f"{way}/dates.ics" in Read(course.browser("sam").get(way).text).links
    answer = course.browser("sam").get(f"{way}/dates.ics")
    assert answer.mimetype == "text/calendar"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"A day to look at"}
    assert course.world.now.date() + timedelta(days=265) in [event["dtstart"].dt for event in events]
    assert all(event["dtstart"].dt >= course.world.now.date() for event in events)
    for word in ("Sam", "Peer", "support", "valid", "renew", "certif", "Attune", "school"):
        assert word not in answer.text
    for who in ("noor", "ines", "jo"):
        assert course.browser(who).get(f"{way}/dates.ics").status_code == 404


def test_cap_b14_a_date_that_a_pause_moves_keeps_its_entry(course: Course) -> None:
    way = certified(course, 100).removesuffix("/renewal")

    def entries() -> dict[str, date]:
        events = Calendar.from_ical(course.browser("sam").get(f"{way}/dates.ics").data).walk("VEVENT")
        return {str(event["uid"]): event["dtstart"].dt for event in events}

    before = entries()
    course.browser("sam").act(f"{way}/pause")
    course.app.extensions["attune"].clock.advance(days=10)
    course.renew("sam")
    course.browser("sam").act(f"{way}/pause/end", key="a-key-of-one-form-2")
    after = entries()
    assert after.keys() == before.keys()
    assert max(after[uid] - before[uid] for uid in before) == timedelta(days=10)


def test_one_button_asks_and_another_takes_it_back(course: Course) -> None:
    address = certified(course, 300)
    assert course.browser("sam").act(address, stage="renewal").status_code == 303
    page = read(course, address)
    assert "waiting for a decision" in page
    assert "You applied on March 2, 2026." in page
    assert course.browser("sam").act(f"{address}/take-back", key="a-key-of-one-form-2").status_code == 303
    assert "waiting for a decision" not in read(course, address)


def test_what_is_not_open_is_said_and_not_done(course: Course) -> None:
    answer = course.browser("sam").act(certified(course, 100), stage="renewal")
    assert answer.status_code == 422
    assert "This cannot be asked for now." in answer.text


def test_a_first_certification_shows_its_button_once_everything_is_there(course: Course) -> None:
    enrollment = on_the_way(course.world, text=RENEWED)
    address = f"/path/{enrollment.id}/renewal"
    course.kept()
    assert "Take the time you need." in read(course, address)
    an_entry(course.world, amount="10", signed_by="jo")
    course.kept()
    assert "Apply: Certification" in read(course, address)
    assert course.browser("noor").get(address).status_code == 404
