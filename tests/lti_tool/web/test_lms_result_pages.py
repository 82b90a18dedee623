"""Trainings of a course as pages: where the LMS gives no results that is said, and people are noted instead."""

import re
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lti_tool.lti.answers import Answer
from lti_tool.store.ledger import AttestationRow, LmsResultRuleRow
from tests.lti_tool.services.conftest import ISSUER
from tests.lti_tool.services.path_rows import on_the_way
from tests.lti_tool.services.qualifications.test_lms_results import TEXT
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read


def enrolled(course: Course) -> tuple[UUID, dict[str, Any]]:
    row = on_the_way(course.world, "sam", TEXT)
    found = row.id, {"program": str(row.program_id), "what": "ethics:0:training"}
    course.kept()
    return found


def test_the_page_lists_what_programs_ask_of_a_course(course: Course) -> None:
    _, fields = enrolled(course)
    page = course.browser("ines").get(f"{course.home}/results").text
    assert "6 hours of ethics" in page
    assert fields["program"] in page


def test_without_a_program_it_says_what_would_be_here(course: Course) -> None:
    assert "Nobody of this course is enrolled" in course.browser("ines").get(f"{course.home}/results").text


def test_where_the_lms_gives_no_column_that_is_said_and_noting_is_offered(course: Course) -> None:
    _, fields = enrolled(course)
    page = course.browser("ines").get(f"{course.home}/results/new", query_string=fields).text
    assert "The LMS lets Attune read no results in this course." in page
    assert "Note who finished it" in page


def test_people_are_noted_and_nothing_typed_is_lost(course: Course) -> None:
    enrollment_id, fields = enrolled(course)
    ines = course.browser("ines")
    address = f"{course.home}/results/note"
    page = ines.get(address, query_string=fields).text
    assert "Sam Example" in page
    again = ines.act(address, **fields, on="2026-03-01", amount="lots", who=str(enrollment_id))
    assert again.status_code == 422
    assert re.search(r'value="2026-03-01"', again.text)
    assert 'value="lots"' in again.text
    sent = ines.act(address, key="a-key-of-one-form-2", **fields, on="2026-03-01", amount="6", who=str(enrollment_id))
    assert sent.status_code == 303
    course.kept()
    assert course.world.session.scalars(select(func.count(AttestationRow.id))).one() == 1
    course.kept()
    assert "ethics" in course.browser("sam").get(f"/path/{enrollment_id}/statements").text


def test_a_column_of_another_machine_is_not_taken(course: Course) -> None:
    _, fields = enrolled(course)
    answer = course.browser("ines").act(
        f"{course.home}/results/new", **fields, column="https://elsewhere.example/1 Quiz", at_least="80"
    )
    assert answer.status_code == 422


def test_others_of_the_course_do_not_open_it(course: Course) -> None:
    enrolled(course)
    for who in ("sam", "jo"):
        assert course.browser(who).get(f"{course.home}/results").status_code == 403


def test_a_column_is_chosen_read_anew_and_ended_and_a_problem_of_its_reading_is_said(
    course: Course, looked_at: list[UUID]
) -> None:
    _, fields = enrolled(course)
    ines, at = course.browser("ines"), f"{course.home}/results"
    chosen = fields | {"column": f"{ISSUER}/items/7 Ethics quiz", "amount": "6", "is-category": "ethics"}
    assert "from 1 to 100" in ines.act(f"{at}/new", **chosen, at_least="none").text
    answer = ines.act(f"{at}/new", **chosen, at_least="80")
    assert answer.status_code == 303, answer.text
    course.kept()
    rule = course.world.session.scalars(select(LmsResultRuleRow)).one()
    rule_id = rule.id
    assert looked_at == [rule_id]
    for problem, words in (
        (Answer.COLUMN_GONE, "does not know this column any more"),
        (Answer.NOT_ALLOWED, "does not let Attune read results"),
        (Answer.COLUMN_NOT_OFFERED, "lets Attune read no results"),
        (Answer.PLATFORM_TROUBLED, "did not give its results this time"),
    ):
        rule.read_at, rule.problem = course.world.now, problem.value
        course.kept()
        page = Read(ines.get(at).text).text
        assert "Ethics quiz" in page
        assert words in page
        rule = course.world.session.get_one(LmsResultRuleRow, rule_id)
    course.kept()
    assert ines.act(f"{at}/{rule_id}/read").status_code == 303
    assert looked_at == [rule_id, rule_id]
    assert "did not give its results" not in ines.get(at).text
    assert ines.act(f"{at}/{rule_id}/end").status_code == 303
    assert "Ethics quiz" not in ines.get(at).text
    day = ines.act(f"{at}/note", **fields, on="2026-13-01", amount="6")
    assert "Please check this day." in day.text
