"""A spreadsheet of hours on its way into the ledger, as pages."""

from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from lti_tool.store.ledger import LedgerEntryRow
from tests.lti_tool.services.hours.test_ledger_import import GOOD
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course


def brings(course: Course, text: str, key: str = "a-key-of-one-form-1") -> Any:
    sam = course.browser("sam")
    file = (BytesIO(text.encode()), "hours.csv")
    return sam.post("/ledger/import", data={"csrf_token": sam.token(), "act": key, "file": file})


def count(course: Course) -> int:
    course.kept()
    found = course.world.session.scalars(select(func.count(LedgerEntryRow.id))).one()
    course.kept()
    return found


def test_a_file_is_shown_then_taken_in_then_undone(course: Course) -> None:
    sam = course.browser("sam")
    assert "Empty list" in sam.get("/ledger/import").text
    answer = brings(course, GOOD + "practice,never,2,,\n")
    assert answer.status_code == 303
    page = sam.get(answer.location).text
    assert "please check: 1" in page
    assert "Column “Day”" in page
    assert count(course) == 0
    sent = sam.act(f"{answer.location}/take-in", key="a-key-of-one-form-2", shown=hidden(page)["shown"], signer="")
    assert sent.status_code == 303
    assert count(course) == 3
    assert "3 entries of it were written down" in sam.get(sent.location).text
    assert sam.act(f"{answer.location}/undo", key="a-key-of-one-form-3").status_code == 303
    assert count(course) == 0


def test_a_file_that_cannot_be_read_says_where_and_what_helps(course: Course) -> None:
    answer = brings(course, "Kind,Weather\nx,y\n")
    assert answer.status_code == 422
    assert "There is no column" in answer.text


def test_no_file_is_asked_for_again(course: Course) -> None:
    assert course.browser("sam").act("/ledger/import").status_code == 422


def test_days_with_two_ways_are_asked_about_once(course: Course) -> None:
    answer = brings(course, "Kind,Day,Hours\npractice,3/4/2025,1\n")
    sam = course.browser("sam")
    assert "The day first: 3 April" in sam.get(answer.location).text
    assert sam.act(f"{answer.location}/order", order="").status_code == 422
    assert sam.act(f"{answer.location}/order", key="a-key-of-one-form-4", order="month_first").status_code == 303
    assert "with the month first" in sam.get(answer.location).text


def test_the_template_comes_in_two_kinds(course: Course) -> None:
    sam = course.browser("sam")
    assert sam.get("/ledger/import/template/csv").data.startswith(b"\xef\xbb\xbf")
    assert sam.get("/ledger/import/template/xlsx").data.startswith(b"PK")
    assert sam.get("/ledger/import/template/pdf").status_code == 404


def test_nobody_else_opens_the_file(course: Course) -> None:
    answer = brings(course, GOOD)
    assert course.browser("noor").get(answer.location).status_code == 404


def test_a_file_of_which_nothing_is_taken_and_one_without_rows(course: Course) -> None:
    sam = course.browser("sam")
    bare = brings(course, GOOD.splitlines()[0] + "\n")
    assert bare.status_code == 422
    assert "There are no rows below the header line yet." in bare.text
    at = brings(course, GOOD, key="a-key-of-one-form-2").location
    behind = sam.act(f"{at}/take-in", shown="0" * 64, signer="")
    assert behind.status_code == 422
    away = sam.act(f"{at}/put-away")
    assert (away.status_code, away.location) == (303, "/ledger/import?said=import_put_away")
    assert count(course) == 0
