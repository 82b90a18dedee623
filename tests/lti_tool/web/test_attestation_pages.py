"""Noting what was seen, and saying something of oneself by a tick, as pages."""

import re
from typing import Any
from uuid import UUID

from tests.lti_tool.services.path_rows import on_the_way, program_lead
from tests.lti_tool.services.qualifications.test_attestations import TEXT
from tests.lti_tool.web.course import Course


def enrolled(course: Course) -> UUID:
    enrollment_id = on_the_way(course.world, "sam", TEXT).id
    program_lead(course.world)
    course.kept()
    return enrollment_id


def lea_s(course: Course) -> Any:
    course.roles["lea"] = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
    return course.browser("lea")


def test_a_program_lead_notes_a_document_and_takes_it_back(course: Course) -> None:
    enrollment_id = enrolled(course)
    lea = lea_s(course)
    page = lea.get(f"/people-of/{enrollment_id}/noted").text
    what = re.findall(r"what=(education[^\"&]+)", page)[0].replace("%3A", ":")
    form = lea.get(f"/people-of/{enrollment_id}/noted/new", query_string={"what": what}).text
    assert 'type="file"' not in form
    assert "<textarea" not in form
    address = f"/people-of/{enrollment_id}/noted/new"
    again = lea.act(address, what=what, on="", until="")
    assert again.status_code == 422
    assert "on which day it was" in again.text
    assert lea.act(address, key="a-key-of-one-form-2", what=what, on="2026-03-01", until="").status_code == 303
    page = lea.get(f"/people-of/{enrollment_id}/noted").text
    assert "secondary education" in page
    take_back = re.findall(r'action="([^"]+/take-back)"', page)[0]
    assert lea.act(take_back, key="a-key-of-one-form-3").status_code == 303
    seen = course.browser("sam").get(f"/path/{enrollment_id}/statements").text
    assert "taken back on" in seen


def test_ux_t3_that_a_program_lead_looked_is_there_to_be_read(course: Course) -> None:
    enrollment_id = enrolled(course)
    lea_s(course).get(f"/people-of/{enrollment_id}/noted")
    assert "what the program noted" in course.browser("sam").get("/opened").text


def test_ux_s4_a_statement_is_given_and_taken_back_by_one_tap(course: Course) -> None:
    enrollment_id = enrolled(course)
    sam = course.browser("sam")
    address = f"/path/{enrollment_id}/statements"
    page = sam.get(address).text
    assert 'type="file"' not in page
    assert "<textarea" not in page
    key = re.findall(r'name="statement_key"\s+value="(experience[^"]+)"', page)[0]
    assert sam.act(address, statement_key=key).status_code == 303
    assert "you said so on" in sam.get(address).text
    assert sam.act(address, key="a-key-of-one-form-2", statement_key=key, word="take_back").status_code == 303
    assert "you said so on" not in sam.get(address).text


def test_others_do_not_open_these_pages(course: Course) -> None:
    enrollment_id = enrolled(course)
    assert course.browser("noor").get(f"/path/{enrollment_id}/statements").status_code == 404
    assert course.browser("noor").get(f"/people-of/{enrollment_id}/noted").status_code == 404
