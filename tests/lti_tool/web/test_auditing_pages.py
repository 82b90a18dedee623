"""What auditors and those who answer them see: no name and no word before a reason was given."""

import re
from typing import Any

from lti_tool.access import Capability
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.test_safeguarding_pages import lead, page


def drawn(course: Course, browser: Any) -> str:
    """The address of a new sample of observations."""
    answer = browser.act(
        "/audits/new", drawn_from="observations", since="2026-01-01", until=str(course.world.now.date()), size="5",
        plan="Do signatures fit?",
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    return str(answer.location).partition("?")[0]


def first_record(browser: Any, sample: str) -> str:
    return next(link for link in page(browser, sample).links if link.startswith(f"{sample}/"))


def test_a_sample_shows_no_name_before_a_record_is_opened_with_a_reason(course: Course) -> None:
    course.signed()
    auditor = lead(course, capability=Capability.AUDITOR)
    sample = drawn(course, auditor)
    record = first_record(auditor, sample)
    for address in (sample, record):
        assert "Example" not in page(auditor, address).text  # everybody of the course is called so
    assert "fits its fingerprint" in page(auditor, record).text
    answer = auditor.act(f"{record}/open", reason=" ")
    assert answer.status_code == 422
    assert "why it has to be opened" in answer.text
    assert auditor.act(f"{record}/open", reason="The day looks odd.").status_code == 303
    opened = page(auditor, record)
    assert "Sam Example" in opened.text
    assert "I was nervous at first." in opened.text
    own = page(course.browser("sam"), "/opened").text
    assert "Amara Example" in own
    assert "The day looks odd." in own


def test_a_question_goes_to_program_leads_and_comes_back_answered(course: Course) -> None:
    course.signed()
    lea = lead(course, "ines", Capability.PROGRAM_LEAD)
    auditor = lead(course, capability=Capability.AUDITOR)
    sample = drawn(course, auditor)
    record = first_record(auditor, sample)
    assert auditor.act(f"{record}/finding", kind="question", words="").status_code == 422
    assert auditor.act(f"{record}/finding", kind="question", words="Why so late?").status_code == 303
    waiting = lea.get("/audits/answers").text
    assert "Why so late?" in waiting
    (finding_id,) = re.findall(r"/audits/findings/([^/]+)/answer", waiting)
    form = f"/audits/findings/{finding_id}/answer"
    assert lea.act(form, **{f"words-{finding_id}": ""}).status_code == 422
    assert lea.act(form, **{f"words-{finding_id}": "Jo was ill."}).status_code == 303
    assert "Jo was ill." in page(auditor, record).text
    assert auditor.act(f"/audits/findings/{finding_id}/settle").status_code == 303
    assert "Nothing waits for an answer." in page(lea, "/audits/answers").text


def test_cap_e5_an_auditor_changes_nothing_and_others_are_no_auditors(course: Course) -> None:
    observation_id = course.answered()
    auditor = lead(course, capability=Capability.AUDITOR)
    record = f"/o/{observation_id}"
    assert auditor.get(record).status_code == 404
    for path in ("sign/peer", "share", "answer", "end", "withdraw", "begin"):
        assert auditor.act(f"{record}/{path}").status_code in (403, 404), path
    saved = auditor.post(f"{record}/save", json={"strength": "x"}, headers={"X-CSRFToken": auditor.token()})
    assert saved.status_code == 404
    for who in ("jo", "sam", "ines"):
        assert course.browser(who).get("/audits").status_code in (403, 404)


def test_what_is_still_needed_for_a_sample_is_said_in_its_place(course: Course) -> None:
    auditor = lead(course, capability=Capability.AUDITOR)
    answer = auditor.act("/audits/new", drawn_from="decisions", since="", until="", size="5", plan="Why?")
    assert answer.status_code == 422
    assert "a first day and a last day" in answer.text
    assert "Why?" in answer.text
    answer = auditor.act(
        "/audits/new", drawn_from="decisions", since="2026-01-01", until="2026-02-01", size="5", plan="Why?"
    )
    assert "no such record in these days" in answer.text
