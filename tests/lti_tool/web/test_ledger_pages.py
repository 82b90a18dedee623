"""The ledger on its pages: writing an entry, what it counts for, handing it over, correcting it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.ledger import EntryState
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow, LedgerReturnRow
from lti_tool.store.records import ReadLogRow
from tests.lti_tool.services.path_rows import SMALL, an_entry, on_the_way, program_lead
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_site_pages import add_site, place

JSON = {"Accept": "application/json"}


def signer(course: Course, who: str = "jo") -> str:
    person = str(course.world.visitor(who).person_id)
    course.kept()
    html = course.browser("sam").get("/ledger/new?kind=practice").text
    return next(part for part in html.split('"') if part.endswith(f":{person}"))


def fields(course: Course, **changes: str) -> dict[str, str]:
    yesterday = (course.world.now.date() - timedelta(days=1)).isoformat()
    return {"kind": "practice", "day": yesterday, "amount": "2,5", "title": "Warm line", "then": "keep"} | changes


def write(course: Course, **changes: str) -> UUID:
    answer = course.browser("sam").act(
        "/ledger/new", key=changes.pop("key", "a-key-of-a-form-1"), **fields(course, **changes)
    )
    assert answer.status_code == 303, Read(answer.text).text
    course.kept()
    return UUID(answer.location.split("/ledger/")[1][:36])


def test_an_entry_is_written_in_one_form_and_stands_in_the_list(course: Course) -> None:
    entry_id = write(course)
    page = Read(course.browser("sam").get(f"/ledger/{entry_id}?said=entry_kept").text)
    for words in ("Warm line", "2.5 hours (2 hours and 30 minutes)", "not handed to anybody", "yours alone"):
        assert words in page.text, words
    listed = Read(course.browser("sam").get("/ledger").text)
    for words in ("Warm line", "March 2026", "with you: 2.5 hours", "not handed to anybody"):
        assert words in listed.text, words
    assert "Warm line" not in Read(course.browser("noor").get("/ledger").text).text


def test_ux_n3_everything_that_is_known_is_filled_in(course: Course) -> None:
    browser = course.browser("sam")
    assert "What is it of?" in Read(browser.get("/ledger/new").text).text
    site_id, jo = add_site(course), signer(course)
    place(course, site_id, anyway="yes")
    write(course, signer=jo, site=str(site_id), model="group", setting="crisis")
    html = browser.get("/ledger/new").text
    for value in (jo, str(site_id), "group", "crisis"):
        assert f'<option value="{value}" selected>' in html, value
    assert Read(html).fields["day"][0]["value"] == course.world.now.date().isoformat()


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"amount": "soon"}, "Please check how long it was"), ({"day": "soon"}, "year, month and day"),
        ({"then": "hand_over"}, "Please choose who is asked to sign it"),
    ],
)  # fmt: skip
def test_ux_c1_what_was_typed_stands_again_where_something_is_needed(course: Course, changes: Any, wanted: str) -> None:
    answer = course.browser("sam").act(
        "/ledger/new", **fields(course, note="We sat together.", model="group", **changes)
    )
    assert answer.status_code == 422
    read = Read(answer.text)
    assert wanted in read.text
    assert "We sat together." in read.text
    assert read.fields["title"][0]["value"] == "Warm line"
    assert '<option value="group" selected>' in answer.text


def test_what_looks_like_an_entry_that_is_there_is_said_and_kept_all_the_same(course: Course) -> None:
    write(course)
    answer = course.browser("sam").act("/ledger/new", key="another-key-of-a-form", **fields(course, title="warm LINE"))
    assert answer.status_code == 422
    assert "There is an entry that looks like this one" in Read(answer.text).text
    assert Read(answer.text).fields["anyway"][0]["value"] == "yes"
    write(course, key="a-third-key-of-a-form", anyway="yes")
    course.kept()
    assert len(course.world.session.scalars(select(LedgerEntryRow.id)).all()) == 2


def test_cap_d5_what_counts_is_said_with_and_without_a_script(course: Course) -> None:
    on_the_way(course.world)
    an_entry(course.world, amount="9", signed_by="jo")
    course.kept()
    browser = course.browser("sam")
    answer = browser.post("/ledger/counts", data=fields(course) | {"csrf_token": browser.token()}, headers=JSON)
    assert answer.json["read"] == "Read as 2.5 hours (2 hours and 30 minutes)."
    (program,) = answer.json["programs"]
    assert program["name"] == "Peer support"
    assert program["lines"] == [
        "For “10 hours of practice” all of it will count: 2.5 hours.",
        "With it there are 11.5 of 10 hours, once everything that waits is signed.",
    ]
    page = browser.post("/ledger/counts", data=fields(course) | {"csrf_token": browser.token()})
    assert page.status_code == 200
    assert "all of it will count: 2.5 hours" in Read(page.text).text
    assert Read(page.text).fields["title"][0]["value"] == "Warm line"
    soon = browser.post(
        "/ledger/counts", data=fields(course, amount="2,") | {"csrf_token": browser.token()}, headers=JSON
    )
    assert soon.json["field"] == "amount"


def test_an_entry_is_handed_over_taken_back_changed_and_deleted(course: Course) -> None:
    browser, jo = course.browser("sam"), signer(course)
    entry_id = write(course, signer=jo, then="hand_over")
    assert "waiting for Jo Example" in Read(browser.get(f"/ledger/{entry_id}").text).text
    assert "waiting for Jo Example" in Read(browser.get("/ledger").text).text
    assert browser.act(f"/ledger/{entry_id}/take-back").status_code == 303
    assert course.browser("jo").get(f"/ledger/{entry_id}").status_code == 404
    assert browser.act(f"/ledger/{entry_id}/delete").status_code == 422
    changed = browser.act(f"/ledger/{entry_id}/change", **fields(course, amount="3", signer=jo))
    assert changed.status_code == 303
    assert browser.act(f"/ledger/{entry_id}/hand-over").status_code == 303
    assert "3 hours" in Read(course.browser("jo").get(f"/ledger/{entry_id}").text).text
    other = write(course, key="another-key-of-a-form", title="A slip")
    assert "Delete this entry?" in browser.get(f"/ledger/{other}/delete").text
    assert browser.act(f"/ledger/{other}/delete").status_code == 303
    assert browser.get(f"/ledger/{other}").status_code == 404


def test_ux_t3_whoever_else_reads_an_entry_is_noted_for_its_writer(course: Course) -> None:
    entry_id = write(course, signer=signer(course), then="hand_over")
    lea = program_lead(course.world, "lea")
    course.roles["lea"] = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
    course.kept()
    for who in ("sam", "jo", "lea"):
        assert course.browser(who).get(f"/ledger/{entry_id}").status_code == 200, who
    assert course.browser("noor").get(f"/ledger/{entry_id}").status_code == 404
    course.kept()
    readers = set(course.world.session.scalars(select(ReadLogRow.reader_id).where(ReadLogRow.field == "ledger")))
    assert readers == {course.world.visitor("jo").person_id, lea.person_id}


def test_a_reason_for_handing_it_back_is_read_where_it_is_changed(course: Course) -> None:
    entry_id = write(course, signer=signer(course), then="hand_over")
    row = course.world.session.get_one(LedgerEntryRow, entry_id)
    row.state = EntryState.RETURNED
    course.world.session.add(
        LedgerReturnRow(
            id=new_id(), organization_id=row.organization_id, entry_id=entry_id, returned_at=course.world.now,
            returned_by=course.world.visitor("jo").person_id, reason="Was it the second of March?",
        )
    )  # fmt: skip
    course.kept()
    for address in ("/ledger", f"/ledger/{entry_id}", f"/ledger/{entry_id}/change"):
        text = Read(course.browser("sam").get(address).text).text
        assert "Was it the second of March?" in text, address
    assert course.browser("sam").act(f"/ledger/{entry_id}/hand-over").status_code == 303


def test_cap_d6_a_signed_entry_is_corrected_by_another_and_both_stay_to_be_read(course: Course) -> None:
    jo = signer(course)
    first = an_entry(course.world, title="Warm line", signed_by="jo", asked_id=course.world.visitor("jo").person_id)
    course.kept()
    browser = course.browser("sam")
    assert browser.act(f"/ledger/{first}/change", **fields(course)).status_code == 303
    form = browser.get(f"/ledger/{first}/correct").text
    assert "is taken back, and this one takes its place" in Read(form).text
    refused = browser.act(f"/ledger/{first}/correct", **fields(course, signer=jo, amount="-1", why="A slip."))
    assert refused.status_code == 422
    assert "A slip." in refused.text
    answer = browser.act(f"/ledger/{first}/correct", **fields(course, signer=jo, amount="1", why="A slip."))
    assert answer.status_code == 303
    for who in ("sam", "jo"):
        old = Read(course.browser(who).get(f"/ledger/{first}").text)
        assert "taken back by a correction" in old.text
        assert "A slip." in old.text
        assert answer.location.split("?")[0] in old.links
        new = Read(course.browser(who).get(answer.location).text)
        assert "waiting for Jo Example" in new.text
        assert f"/ledger/{first}" in new.links


def test_a_signed_entry_is_taken_back_without_another_after_being_asked_once(course: Course) -> None:
    first = an_entry(course.world, signed_by="jo")
    course.kept()
    browser = course.browser("sam")
    assert "does not count any more" in Read(browser.get(f"/ledger/{first}/reverse").text).text
    assert browser.act(f"/ledger/{first}/reverse", why="").status_code == 303
    assert browser.act(f"/ledger/{first}/reverse", key="another-key-of-a-form", why="").status_code == 422


def test_the_same_every_week_is_shown_first_and_chosen_day_by_day(course: Course) -> None:
    browser, today = course.browser("sam"), course.world.now.date()
    typed = fields(course, day=(today - timedelta(days=14)).isoformat(), until=today.isoformat(), signer=signer(course))
    page = browser.post("/ledger/repeat", data=typed | {"csrf_token": browser.token()})
    read = Read(page.text)
    days = [field["value"] for field in read.fields["days"]]
    assert days == [(today - timedelta(days=back)).isoformat() for back in (14, 7, 0)]
    nothing = browser.act("/ledger/series", **typed)
    assert "Please choose at least one day." in Read(nothing.text).text
    back = browser.act("/ledger/series", **(typed | {"then": "back"}))
    assert Read(back.text).fields["title"][0]["value"] == "Warm line"
    answer = browser.act("/ledger/series", **(typed | {"then": "hand_over", "days": days[1]}))
    assert answer.status_code == 303
    course.kept()
    rows = course.world.session.scalars(select(LedgerEntryRow)).all()
    assert [(row.on_day.isoformat(), row.state) for row in rows] == [(days[1], EntryState.WAITING)]
    course.kept()
    late = browser.post("/ledger/repeat", data=typed | {"until": "2020-01-01", "csrf_token": browser.token()})
    assert late.status_code == 422


def test_ux_s9_the_note_says_who_reads_it_and_hints_at_names(course: Course) -> None:
    html = course.browser("sam").get("/ledger/new?kind=practice").text
    text = Read(html).text
    assert "no names of people who are supported" in text
    assert "into what your program takes along for a board" in text
    for words in ("Who can see this:", "whoever is asked to sign", "Details are not needed"):
        assert words in text, words
    assert "hints.js" in html


ASKING = SMALL.replace("[[stages]]", '[names]\ntopic = ["listening", "boundaries"]\n\n[[stages]]').replace(
    '{ kind = "practice" }', '{ kind = "practice", where = { topic = "listening", group_size = { at_most = 12 } } }'
)


def test_cap_b11_what_a_program_asks_about_an_entry_is_typed_kept_and_shown_again(course: Course) -> None:
    on_the_way(course.world, text=ASKING)
    course.kept()
    browser = course.browser("sam")
    form = Read(browser.get("/ledger/new?kind=practice").text)
    assert "Asked by: Peer support" in form.text
    assert [field["value"] for field in form.fields["said-topic"]] == ["listening", "boundaries"]
    no_number = "Please write this as a number, such as 8 or 7.5, with at most two digits after the point."
    too_large = "Please check this number: it can be at most 100000."
    refusals = {"many": no_number, "-1": no_number, "NaN": no_number, "8.125": no_number}
    refusals |= {"100000.01": too_large, "1000000000000": too_large}
    for number, (typed, says) in enumerate(refusals.items()):
        said = {"said-group_size": typed, "said-topic": "boundaries"}
        refused = browser.act("/ledger/new", key=f"a-key-of-a-number-{number}", **fields(course, **said))
        assert refused.status_code == 422, typed
        assert says in Read(refused.text).text
        assert Read(refused.text).fields["said-group_size"][0]["value"] == typed
    entry_id = write(course, **{"said-group_size": "8", "said-topic": "listening", "said-other": "x"})
    assert course.world.session.get_one(LedgerEntryRow, entry_id).said == {"group_size": "8", "topic": ["listening"]}
    course.kept()
    again = Read(browser.get(f"/ledger/{entry_id}/change").text)
    assert again.fields["said-group_size"][0]["value"] == "8"
    assert again.checked("said-topic") == ["listening"]


def test_what_cannot_be_said_yet_or_counts_for_nothing_is_said_as_that(course: Course) -> None:
    on_the_way(course.world)
    course.kept()
    browser = course.browser("sam")
    token = {"csrf_token": browser.token()}
    tomorrow = (course.world.now.date() + timedelta(days=1)).isoformat()
    later = browser.post("/ledger/counts", data=fields(course, day=tomorrow, amount="45 min") | token, headers=JSON)
    assert later.json["read"] == "Read as 0.75 hours (45 minutes)."
    assert later.json["programs"][0]["lines"] == ["What it counts for can be said from that day on."]
    other = browser.post("/ledger/counts", data=fields(course, kind="training") | token, headers=JSON)
    assert other.json["programs"][0]["lines"] == ["Nothing that this program asks now looks at this kind of hours."]
    for changes in ({"kind": "leisure"}, {"model": "by_mail"}, {"site": "here"}):
        assert browser.act("/ledger/new", **fields(course, **changes)).status_code == 400, changes
