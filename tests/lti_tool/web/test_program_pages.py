"""Programs on their pages: taking one into use, reading its rules, enrolling and being enrolled."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.app import LARGEST_REQUEST
from lti_tool.documents.shipped_programs import MOST_BYTES
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow
from lti_tool.store.records import ReadLogRow
from lti_tool.web.programs import program_lists
from tests.lti_tool.services.path_rows import SMALL, program_in_use, program_lead
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def lead(course: Course) -> Any:
    """Lea, who leads programs, at her browser."""
    program_lead(course.world)
    course.roles["lea"] = ()
    course.kept()
    return course.browser("lea")


def in_use(course: Course, text: str = SMALL) -> UUID:
    program_id, _ = program_in_use(course.world, text)
    course.kept()
    return program_id


def rows(course: Course, row: Any) -> list[Any]:
    course.kept()
    found = list(course.world.session.scalars(select(row)))
    course.world.session.expunge_all()
    course.kept()
    return found


def enroll(course: Course, program_id: UUID, *who: str, **fields: str) -> Any:
    people = [str(course.world.visitor(name).person_id) for name in who]
    usual = {"entered_on": course.world.now.date().isoformat(), "person": people}
    return course.browser("lea").act(f"/programs/{program_id}/enroll", **(usual | fields))


def test_one_that_comes_with_attune_is_taken_into_use_by_a_deliberate_act(course: Course) -> None:
    browser = lead(course)
    listed = Read(browser.get("/programs").text).text
    assert "No program is in use yet." in listed
    assert "illustrative" in listed
    page = Read(browser.get("/programs/shipped/icrc-pr").text).text
    assert "No recognition is claimed" in page
    assert "worth a look" in page
    assert browser.act("/programs/shipped/icrc-pr").status_code == 422
    assert rows(course, ProgramRow) == []
    answer = browser.act("/programs/shipped/icrc-pr", looked="yes", why="Near to us")
    assert answer.status_code == 303, answer.text
    (row,) = rows(course, ProgramRow)
    assert row.shipped
    assert "Near to us" in browser.get(f"/programs/{row.id}").text


def test_cap_e12_a_document_goes_out_as_it_came_in_and_brought_again_it_changes_nothing(course: Course) -> None:
    browser = lead(course)
    program_id = in_use(course)
    taken = browser.get(f"/programs/{program_id}/document")
    assert taken.text == SMALL
    assert "small.toml" in taken.headers["Content-Disposition"]
    assert course.browser("ines").get(f"/programs/{program_id}/document").status_code == 404
    browser.act("/programs/new", text=taken.text, looked="yes")
    assert [row.text for row in rows(course, ProgramVersionRow)] == [SMALL]


def test_one_that_is_there_to_compare_with_is_not_taken_into_use(course: Course) -> None:
    browser = lead(course)
    assert "Take it into use" not in Read(browser.get("/programs/shipped/samhsa-nms").text).text
    answer = browser.act("/programs/shipped/samhsa-nms", looked="yes")
    assert answer.status_code == 422
    assert "to compare with" in answer.text
    assert browser.get("/programs/shipped/no-such").status_code == 404


def test_a_document_is_looked_at_and_then_published(course: Course) -> None:
    browser = lead(course)
    page = browser.act("/programs/new/look", text=SMALL)
    assert page.status_code == 200, page.text
    assert "Edition 1 is new." in Read(page.text).text
    assert rows(course, ProgramVersionRow) == []
    assert browser.act("/programs/new", text=SMALL).status_code == 303
    assert len(rows(course, ProgramVersionRow)) == 1
    again = browser.act("/programs/new/look", text=SMALL.replace("10 hours", "12 hours"))
    assert "Edition 1 would be another one" in Read(again.text).text


def test_ux_c1_what_cannot_be_read_names_its_line_and_the_text_stays(course: Course) -> None:
    browser = lead(course)
    for address in ("/programs/new/look", "/programs/new"):
        page = browser.act(address, text=SMALL + "\n???")
        assert page.status_code == 422
        assert "line" in Read(page.text).text
        assert "???" in page.text
    to_mend = browser.act("/programs/new/look", text=SMALL.replace('stage = "initial"', 'stage = "other"'))
    assert "to mend" in Read(to_mend.text).text
    assert "Publish it" not in to_mend.text


def test_cap_a8_ux_t6_a_trainee_reads_all_rules_with_their_edition_before_they_begin(course: Course) -> None:
    program_id = in_use(course)
    page = Read(course.browser("sam").get(f"/programs/{program_id}/rules").text).text
    for words in ("10 hours of practice", "edition 1", "published on", "pause"):
        assert words in page, words
    assert "Who may come in" not in page
    assert course.browser("sam").get(f"/programs/{program_id}").status_code == 404
    assert "Peer support" in Read(course.browser("sam").get("/programs/open").text).text


def test_ux_t6_a_trainee_begins_by_themselves_after_a_tick(course: Course) -> None:
    browser, program_id = lead(course), in_use(course)
    assert browser.act(f"/programs/{program_id}/change", open_to_ask="yes").status_code == 303
    sam, address = course.browser("sam"), f"/programs/{program_id}/join"
    (version,) = rows(course, ProgramVersionRow)
    assert "10 hours of practice" in Read(sam.get(address).text).text
    refused = sam.act(address, version=str(version.id))
    assert refused.status_code == 422
    assert "your tick" in refused.text
    joined = sam.act(address, version=str(version.id), read="yes")
    assert joined.status_code == 303
    (row,) = rows(course, EnrollmentRow)
    assert joined.location.startswith(f"/path/{row.id}")
    assert sam.get(address).location == f"/path/{row.id}"


def test_a_program_lead_finds_people_by_name_and_enrolls_them(course: Course) -> None:
    browser, program_id = lead(course), in_use(course)
    page = Read(browser.get(f"/programs/{program_id}/enroll?name=sam").text).text
    assert "Sam Example" in page
    assert enroll(course, program_id, "sam", "noor").status_code == 303
    people = Read(browser.get(f"/programs/{program_id}/people").text).text
    assert people.index("Noor Example") < people.index("Sam Example")
    assert "%" not in people


def test_days_that_cannot_be_are_told_and_what_was_chosen_stays(course: Course) -> None:
    lead(course)
    program_id = in_use(course)
    for day, words in (
        ("2031-01-01", "not later than today"),
        ("soon", "such as 2026-05-01"),
        ("", "Please give the day"),
    ):
        answer = enroll(course, program_id, "sam", entered_on=day, name="sam")
        assert answer.status_code == 422
        assert words in answer.text
        assert " checked" in answer.text
    assert rows(course, EnrollmentRow) == []


def test_ux_t3_whoever_opens_the_list_or_a_person_stands_in_the_log_of_readers(course: Course) -> None:
    browser, program_id = lead(course), in_use(course)
    enroll(course, program_id, "sam")
    browser.get(f"/programs/{program_id}/people")
    assert [row.field for row in rows(course, ReadLogRow)] == ["standing"]
    (row,) = rows(course, EnrollmentRow)
    page = Read(browser.get(f"/people-of/{row.id}").text).text
    assert "0 of 1 met" in page
    assert {row.field for row in rows(course, ReadLogRow)} == {"standing", "pause"}


def test_ux_c5_taking_out_asks_once_and_can_be_undone(course: Course) -> None:
    browser, program_id = lead(course), in_use(course)
    enroll(course, program_id, "sam")
    (row,) = rows(course, EnrollmentRow)
    address = f"/people-of/{row.id}"
    assert "All that is recorded stays" in browser.get(f"{address}/take-out").text
    assert browser.act(f"{address}/take-out").status_code == 303
    assert "Bring them back" in browser.get(address).text
    assert "Sam Example" in Read(browser.get(f"/programs/{program_id}/people?ended=1").text).text
    assert browser.act(f"{address}/bring-back").status_code == 303
    assert "Sam Example" in Read(browser.get(f"/programs/{program_id}/people").text).text


def test_program_leads_pages_are_for_program_leads(course: Course) -> None:
    lead(course)
    program_id = in_use(course)
    enroll(course, program_id, "sam")
    (row,) = rows(course, EnrollmentRow)
    for path in (
        f"/programs/{program_id}/people",
        f"/programs/{program_id}/enroll",
        f"/people-of/{row.id}",
        "/programs",
    ):
        assert course.browser("ines").get(path).status_code == 404, path


def test_a_document_is_brought_as_a_file_and_one_that_cannot_be_read_says_why(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_lists, "MOST_BYTES", 1_000)
    assert MOST_BYTES < LARGEST_REQUEST, "or a page without what was pasted would refuse it"
    browser = lead(course)

    def brought(content: bytes) -> Any:
        form = {"csrf_token": browser.token(), "text": "", "file": (BytesIO(content), "ours.toml")}
        return browser.post("/programs/new/look", data=form, content_type="multipart/form-data")

    seen = brought(b"\xef\xbb\xbf" + SMALL.encode())
    assert seen.status_code == 200
    assert "Edition 1 is new." in Read(seen.text).text
    for content, words in ((b"\xff\xfe", "not UTF-8"), (b"#" * 1_001, "larger than")):
        answer = brought(content)
        assert answer.status_code == 422
        assert words in Read(answer.text).text
    assert rows(course, ProgramRow) == []
