"""What no page sends, to the pages of cohorts, reports, credentials and audits: each is answered in words."""

import pytest

from lti_tool.access import Capability
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_safeguarding_pages import lead

ODD = ("\0", "x" * 5_000, "9999-12-31", "-1", "②")
QUERY = (
    "page",
    "most",
    "status",
    "stage",
    "requirement",
    "by",
    "course",
    "from",
    "until",
    "name",
    "what",
    "form",
    "of",
)
PUBLIC = ("/c/{}", "/c/{}/verify", "/summary/{}")


@pytest.mark.parametrize("odd", ODD)
def test_what_leads_read_is_shown_or_asked_for_again_whatever_the_address_says(course: Course, odd: str) -> None:
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    pages = (
        "/exports", "/exports/file", "/equity", "/releases", "/surveys", "/reports/funder",
        f"/a/{course.world.activity_id}/exports/file",
    )  # fmt: skip
    for page in pages:
        answer = lea.get(page, query_string={**dict.fromkeys(QUERY, odd), "of": "organization"})
        assert answer.status_code < 500, (page, answer.status_code)


@pytest.mark.parametrize("odd", ["%00", "x" * 5_000, "%F0%9F%98%80"])
def test_an_odd_address_of_anybody_leads_nowhere(course: Course, odd: str) -> None:
    browser = course.browser("sam")
    for page in PUBLIC:
        assert browser.get(page.format(odd)).status_code in (404, 414), page


@pytest.mark.parametrize("odd", ODD)
def test_forms_of_leads_and_auditors_ask_again_for_what_is_odd(course: Course, odd: str) -> None:
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    auditor = lead(course, capability=Capability.AUDITOR)
    report = dict.fromkeys(("program", "since", "until", "minimum", "set", "title", "closes_on", "what", "form"), odd)
    for form in ("/equity", "/reports/funder", "/surveys/new", "/exports"):
        assert lea.act(form, **report).status_code < 500, form
    for drawn_from in ("decisions", odd):
        sample = {"since": odd, "until": odd, "size": odd, "plan": odd, "program": odd, "drawn_from": drawn_from}
        assert auditor.act("/audits/new", **sample).status_code == 422
