"""Deciding about somebody on the page, and reading it: calmly, with reasons, and the way to appeal."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.deciding import Hears
from lti_tool.access import Field
from lti_tool.documents import decision_pdf
from lti_tool.documents import transcript as transcript_documents
from lti_tool.documents.typeset import CannotPrint
from lti_tool.periodic import sweep
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import ReadLogRow
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_lead
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.desk import FilledIn
from tests.lti_tool.web.pages import Read

ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)


@pytest.fixture
def path(course: Course) -> UUID:
    """Sam has everything; Lea leads the program, and Sam reads decisions at once."""
    course.roles["lea"] = ADMINISTRATOR
    program_lead(course.world)
    row = on_the_way(course.world)
    row.hears = Hears.AT_ONCE
    an_entry(course.world, amount="12", signed_by="jo")
    return course.keep(row.id)


def filled(course: Course, **changes: str) -> dict[str, str]:
    usual = {
        "choice": "not_yet:initial", "reasons": "We have not seen a group yet.", "what_next": "Lead one with Jo.",
        "on": course.world.now.date().isoformat(), "number": "1",
    }  # fmt: skip
    return usual | changes


def look(course: Course, path: UUID, who: str = "lea", **changes: str) -> Any:
    return course.browser(who).act(f"/people-of/{path}/decide/look", **filled(course, **changes))


def decide(course: Course, path: UUID, **changes: str) -> UUID:
    page = look(course, path, **changes)
    assert page.status_code == 200, Read(page.text).text
    digest = FilledIn(page.text)["digest"]
    fields = filled(course, **changes) | {"digest": digest}
    answer = course.browser("lea").act(f"/people-of/{path}/decide", key=f"a-key-of-one-form-{digest[:8]}", **fields)
    assert answer.status_code == 303, Read(answer.text).text
    return UUID(answer.location.partition("?")[0].rpartition("/")[2])


def row_of(course: Course, decision_id: UUID) -> DecisionRow:
    course.kept()
    return course.world.session.get_one(DecisionRow, decision_id)


def test_ux_d1_where_they_stand_is_beside_the_form_and_a_person_decides(course: Course, path: UUID) -> None:
    page = Read(course.browser("lea").get(f"/people-of/{path}/decide").text)
    assert "Decide about Sam Example" in page.headings
    for words in ("10 hours of practice", "12 of 10", "met", "a person decides", "Certify: Certification"):
        assert words in page.text, words
    assert page.checked("choice") == []


def test_ux_d2_the_preview_is_exactly_what_the_person_reads(course: Course, path: UUID) -> None:
    preview = look(course, path)
    shown = Read(preview.text)
    decision_id = decide(course, path)
    read = Read(course.browser("sam").get(f"/decisions/{decision_id}").text)
    facts = ("For", "Decision", "Program", "Stage", "It holds from", "Decided by", "Decided on", "By the rules of")
    for name in facts:
        assert shown.facts[name] == read.facts[name], name
    for words in (
        "Not yet: Certification", "We have not seen a group yet.", "Lead one with Jo.", "10 hours of practice",
        "1 entry of practice: 12 hours", "You can appeal until May 1, 2026", "nobody who decided this",
        "Peer support, edition", "Lea Example",
    ):  # fmt: skip
        assert words in shown.text, words
        assert words in read.text, words
    assert read.headings[0] == "Not yet: Certification"
    assert read.before("The reasons", "What you can do now")
    assert read.before("What you can do now", "If you see it differently")
    assert f"/appeals/new?decision={decision_id}" in read.links


def test_nothing_typed_is_lost_where_something_is_still_needed(course: Course, path: UUID) -> None:
    page = look(course, path, what_next=" ")
    assert page.status_code == 422
    read = Read(page.text)
    assert "Please write what can be done now" in read.text
    assert "We have not seen a group yet." in FilledIn(page.text)["reasons"]
    assert read.checked("choice") == ["not_yet:initial"]
    changed = course.browser("lea").act(f"/people-of/{path}/decide/look", **filled(course, then="change"))
    assert FilledIn(changed.text)["what_next"] == "Lead one with Jo."
    for odd in ({"on": "soon"}, {"on": ""}, {"choice": "jump"}, {"choice": "revoked:"}, {"review_on": "x"}):
        assert look(course, path, **odd).status_code == 422


def test_of_two_who_decide_at_once_the_second_reads_the_first_and_keeps_their_words(course: Course, path: UUID) -> None:
    digest = FilledIn(look(course, path).text)["digest"]
    decide(course, path, reasons="The first one.")
    fields = filled(course, reasons="The second one.") | {"digest": digest}
    late = course.browser("lea").act(f"/people-of/{path}/decide", key="a-key-of-one-form-9", **fields)
    assert late.status_code == 422
    read = Read(late.text)
    assert "Someone else decided while you were writing." in read.text
    assert "Lea Example decided on" in read.text
    filled_in = FilledIn(late.text)
    assert filled_in["reasons"] == "The second one."
    assert filled_in["number"] == "2"


def test_who_had_a_part_reads_who_else_can_decide(course: Course, path: UUID) -> None:
    program_lead(course.world, "jo")
    course.kept()
    page = Read(course.browser("jo").get(f"/people-of/{path}/decide").text)
    assert "You signed for this person, so someone else decides." in page.text
    assert "Lea Example" in page.text
    assert "reasons" not in page.fields
    assert look(course, path, "jo").status_code == 422


def test_ux_p6_before_its_moment_nobody_but_program_leads_sees_it(course: Course, path: UUID) -> None:
    course.world.session.get_one(EnrollmentRow, path).hears = Hears.EARLY_IN_THE_WEEK
    course.kept()
    clock = course.app.extensions["attune"].clock
    clock.now = course.world.now + timedelta(hours=3)
    decision_id = decide(course, path)
    sam = course.browser("sam")
    assert sam.get(f"/decisions/{decision_id}").status_code == 404
    assert "We have not seen" not in sam.get(f"/path/{path}/news").text
    lead = Read(course.browser("lea").get(f"/decisions/{decision_id}").text)
    assert "Until then only program leads see it." in lead.text
    assert row_of(course, decision_id).read_at is None
    clock.now += timedelta(days=1)
    course.renew("sam")
    sam = course.browser("sam")
    assert sam.get(f"/decisions/{decision_id}").status_code == 200
    assert row_of(course, decision_id).read_at == clock.now


def test_ux_p6_the_person_chooses_when_decisions_may_reach_them(course: Course, path: UUID) -> None:
    sam = course.browser("sam")
    assert Read(sam.get(f"/path/{path}/news").text).checked("hears") == ["at_once"]
    assert sam.act(f"/path/{path}/news", hears="early_in_the_week").status_code == 303
    assert Read(sam.get(f"/path/{path}/news").text).checked("hears") == ["early_in_the_week"]
    assert sam.act(f"/path/{path}/news", key="a-key-of-one-form-2", hears="never").status_code == 422
    assert course.browser("noor").get(f"/path/{path}/news").status_code == 404


def test_ux_t3_that_a_lead_opened_it_can_be_seen(course: Course, path: UUID) -> None:
    course.browser("lea").get(f"/people-of/{path}/decide")
    lea = course.world.visitor("lea").person_id
    opened = course.world.session.scalars(select(ReadLogRow.field).where(ReadLogRow.reader_id == lea))
    assert {Field.DECISION, Field.STANDING} <= set(opened)


def test_a_decision_is_a_pdf_that_says_the_same(course: Course, path: UUID) -> None:
    decision_id = decide(course, path)
    for who in ("sam", "lea"):
        answer = course.browser(who).get(f"/decisions/{decision_id}/letter?size=a4")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
    assert course.browser("noor").get(f"/decisions/{decision_id}/letter").status_code == 404


def test_a_decision_is_replaced_with_a_reason(course: Course, path: UUID) -> None:
    first = decide(course, path)
    page = Read(course.browser("lea").get(f"/people-of/{path}/decide?instead={first}").text)
    assert "It takes the place of an earlier decision" in page.text
    again = {"choice": "certified:initial", "number": "2", "instead": str(first)}
    assert look(course, path, **again).status_code == 422
    second = decide(course, path, **again, why_replaced="A page had been left out.")
    read = Read(course.browser("sam").get(f"/decisions/{first}").text)
    assert "Another decision has taken the place of this one." in read.text
    assert f"/decisions/{second}" in read.links
    assert f"/appeals/new?decision={first}" not in read.links
    new = Read(course.browser("sam").get(f"/decisions/{second}").text)
    assert "You are certified: Certification" in new.headings
    assert "A page had been left out." in new.text


def test_ux_d6_a_suspension_says_when_it_is_looked_at_again(course: Course, path: UUID) -> None:
    decide(course, path, choice="certified:initial")
    review = (course.world.now.date() + timedelta(days=14)).isoformat()
    decision_id = decide(course, path, choice="suspended:initial", number="2", review_on=review)
    read = Read(course.browser("sam").get(f"/decisions/{decision_id}").text)
    assert "It is looked at again on March 16, 2026" in read.text
    assert "Your certificate is suspended from March 2, 2026 on" in read.headings


def test_ux_c5_a_certificate_is_given_back_and_kept_after_all(course: Course, path: UUID) -> None:
    sam = course.browser("sam")
    assert "There is no certificate on this path" in sam.get(f"/path/{path}/surrender").text
    decide(course, path, choice="certified:initial")
    asked = Read(sam.get(f"/path/{path}/surrender").text)
    assert "No reason is needed." in asked.text
    answer = sam.act(f"/path/{path}/surrender", words="I am moving away.")
    assert answer.status_code == 303
    decision_id = answer.location.partition("?")[0]
    read = Read(sam.get(decision_id).text)
    assert "You gave your certificate back on March 2, 2026" in read.headings
    assert "I am moving away." in read.text
    assert sam.act(f"{decision_id}/take-back", key="a-key-of-one-form-3").status_code == 303
    assert "Give your certificate back?" in sam.get(f"/path/{path}/surrender").text
    assert course.browser("noor").get(f"/path/{path}/surrender").status_code == 404


def test_ux_m3_the_message_that_something_was_decided_says_nothing_of_it(course: Course, path: UUID) -> None:
    decide(course, path)
    page = Read(course.browser("sam").get("/messages").text)
    assert "There is something to read, when you like." in page.text
    assert "Not yet: Certification" not in page.text


def test_the_worker_tells_once_when_the_moment_has_come(course: Course, path: UUID) -> None:
    course.world.session.get_one(EnrollmentRow, path).hears = Hears.EARLY_IN_THE_WEEK
    course.kept()
    course.app.extensions["attune"].clock.now = course.world.now + timedelta(hours=3)
    decision_id = decide(course, path)
    assert row_of(course, decision_id).told_at is None
    course.kept()
    sweep(course.app.extensions["attune"].sessions.writing, lambda _kind, _row_id: None)  # the real clock is later
    assert row_of(course, decision_id).told_at is not None
    assert course.world.session.scalars(select(DecisionRow.told_at)).one() is not None


def test_where_no_pdf_can_be_made_the_page_says_the_same(
    course: Course, path: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_made(*_: object) -> bytes:
        raise CannotPrint("a letter that no font has")

    decision_id, sam = decide(course, path), course.browser("sam")
    monkeypatch.setattr(decision_pdf, "pdf", not_made)
    monkeypatch.setattr(transcript_documents, "pdf", not_made)
    letter = sam.get(f"/decisions/{decision_id}/letter")
    assert letter.status_code == 200
    assert "The PDF could not be made. This page says the same, and prints as well." in Read(letter.text).text
    record = sam.get(f"/path/{path}/transcript.pdf")
    assert "The PDF could not be made." in Read(record.text).text
    with zipfile.ZipFile(BytesIO(sam.get(f"/path/{path}/transcript.zip").data)) as files:
        assert "transcript.pdf" not in files.namelist()
        assert "transcript.json" in files.namelist()
