"""Another edition on its pages: the preview, the question, the answer, and choosing by oneself."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow
from tests.lti_tool.services.programs.test_edition_moves import PLAIN
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_program_pages import enroll, in_use, lead, rows


def begun(course: Course) -> tuple[Any, UUID]:
    """Lea at her browser; Sam and Noor entered the edition 2025 of a program with two."""
    browser, program_id = lead(course), in_use(course, PLAIN)
    assert enroll(course, program_id, "sam", "noor", edition="2025").status_code == 303
    return browser, program_id


def of_sam(course: Course) -> UUID:
    course.kept()
    wanted = select(EnrollmentRow.id).where(EnrollmentRow.person_id == course.world.visitor("sam").person_id)
    found: UUID = course.world.session.scalars(wanted).one()
    course.kept()
    return found


def ask(course: Course, program_id: UUID, **fields: str) -> Any:
    sent = {"from": "2025", "to": "2026", "wish": "ask", "whom": "all"} | fields
    return course.browser("lea").act(f"/programs/{program_id}/moves", **sent)


def test_the_preview_says_for_whom_it_is_more_and_for_whom_less(course: Course) -> None:
    browser, program_id = begun(course)
    page = Read(browser.get(f"/programs/{program_id}/moves").text).text
    for words in ("2 people: less of one thing, more of another", "The code of ethics", "Ethics", "Sam Example"):
        assert words in page, words
    assert (
        "Nobody is on edition 2026 now."
        in Read(browser.get(f"/programs/{program_id}/moves?from=2026&to=2025").text).text
    )


def test_ux_t6_each_is_asked_and_says_yes_or_stays(course: Course) -> None:
    _, program_id = begun(course)
    assert ask(course, program_id, whom="chosen", person=str(of_sam(course)), why="It is simpler").status_code == 303
    (row,) = rows(course, EnrollmentMoveRow)
    sam, address = course.browser("sam"), f"/moves/{row.id}"
    page = Read(sam.get(address).text).text
    for words in ("It is simpler", "What it would change for you", "not asked", "Both are fine"):
        assert words in page, words
    assert course.browser("noor").get(address).status_code == 404
    assert sam.act(address, answer="yes").status_code == 303
    assert "agreed on" in Read(sam.get(address).text).text
    refused = sam.act(address, answer="stay")
    assert refused.status_code == 422
    assert "You answered this already" in refused.text
    assert sam.act(f"{address}/undo").status_code == 303
    assert "stays on edition 2025" in Read(sam.get(address).text).text


def test_a_program_lead_takes_a_question_back(course: Course) -> None:
    browser, program_id = begun(course)
    ask(course, program_id)
    first, _ = rows(course, EnrollmentMoveRow)
    page = browser.get(f"/moves/{first.id}").text
    assert "Do not ask any more" in page
    assert browser.act(f"/moves/{first.id}/take-back").status_code == 303
    assert "not asked any more" in Read(browser.get(f"/moves/{first.id}").text).text


def test_ux_t6_moving_without_asking_needs_a_reason_and_what_was_typed_stays(course: Course) -> None:
    _, program_id = begun(course)
    refused = ask(course, program_id, wish="move")
    assert refused.status_code == 422
    assert "we need your reason" in refused.text
    assert ask(course, program_id, wish="move", why="The law changed").status_code == 303
    row = rows(course, EnrollmentMoveRow)[0]
    course.kept()
    mine = next(each for each in rows(course, EnrollmentMoveRow) if each.enrollment_id == of_sam(course))
    assert row.agreed is None
    page = Read(course.browser("sam").get(f"/moves/{mine.id}").text).text
    assert "for a reason:" in page
    assert "The law changed" in page


def test_ux_c8_a_trainee_sees_what_a_newer_edition_changes_and_chooses_it(course: Course) -> None:
    begun(course)
    address, sam = f"/path/{of_sam(course)}/edition", course.browser("sam")
    page = sam.get(address).text
    assert "What it would change for you" in Read(page).text
    assert sam.act(address, version=hidden(page)["version"]).status_code == 303
    assert "There is no newer edition" in Read(sam.get(address).text).text


def test_a_program_with_one_edition_says_so(course: Course) -> None:
    browser = lead(course)
    program_id = in_use(course)
    assert "This program has one edition." in Read(browser.get(f"/programs/{program_id}/moves").text).text


def test_what_was_answered_or_cannot_be_entered_is_said_on_the_page(course: Course) -> None:
    browser, program_id = begun(course)
    ask(course, program_id, whom="chosen", person=str(of_sam(course)))
    (row,) = rows(course, EnrollmentMoveRow)
    sam, address, own = course.browser("sam"), f"/moves/{row.id}", f"/path/{of_sam(course)}/edition"
    sam.act(address, answer="yes")
    late = browser.act(f"{address}/take-back")
    assert late.status_code == 422
    assert "It was answered meanwhile." in late.text
    course.app.extensions["attune"].clock.advance(hours=25)
    course.renew("sam")
    stands = course.browser("sam").act(f"{address}/undo")
    assert stands.status_code == 422
    assert "This cannot be taken back any more." in stands.text
    assert course.browser("sam").act(own, version=str(program_id)).status_code == 404
