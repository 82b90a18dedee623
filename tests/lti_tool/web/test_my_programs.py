"""My path: where somebody stands in a program, why, and what is next."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.evidence import Kind, Outcome
from grading.ledger import EntryKind, EntryState, Source
from lti_tool.store.base import new_id
from lti_tool.store.ledger import AttestationRow
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.path_rows import SMALL, an_entry, on_the_way
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

SHOTS = os.environ.get("SHOTS")
SHIPPED = ["az-prss", "fl-crps", "icrc-pr", "ny-nycps", "ot-fwpe", "us-rbt"]


def keep(name: str, html: str) -> None:
    """For whoever wants to look at it."""
    if SHOTS:
        (Path(SHOTS) / f"{name}.html").write_text(html)


Begin = Callable[..., OnTheWay]


@pytest.fixture
def begin(course: Course) -> Begin:
    """Sam enters a program, and nothing is recorded yet."""

    def begin(name: str = "ca-cmpss", who: str = "sam") -> OnTheWay:
        on = OnTheWay(course.world.session, course.world.visitor(who), shipped(name), course.world.now)
        course.kept()
        return on

    return begin


@pytest.fixture
def way(course: Course, begin: Begin) -> OnTheWay:
    """Sam is in the middle of it."""
    on, jo = begin(), course.world.visitor("jo")
    on.entry(EntryKind.TRAINING, "6", ago=40, signer=jo, title="Ethics for peers", category=["law_and_ethics"])
    on.entry(EntryKind.TRAINING, "12.5", ago=30, signer=jo, title="Core training", part=["core"])
    on.waiting(EntryKind.EDUCATION, "8", jo)
    on.noted(Kind.STATEMENT, name=["age_18"])
    on.noted(Kind.DOCUMENT, name=["secondary_education"])
    course.kept()
    return on


def get(course: Course, path: str, status: int = 200) -> str:
    answer = course.browser("sam").get(path)
    assert answer.status_code == status, answer.text
    return str(answer.text)


def text_of(html: str) -> str:
    return " ".join(Read(html).text.split())


def test_the_page_says_where_one_stands_in_a_picture_and_in_words(course: Course, way: OnTheWay) -> None:
    html = get(course, f"/path/{way.enrollment_id}")
    keep("one", html)
    assert not list(problems_of(html))
    assert "2 of 8 met · 6 open" in text_of(html)
    assert (html.count('class="way-met"'), html.count('class="way-open"')) == (2, 6)
    assert "Newest: document (secondary education)" in text_of(html)
    assert "no recognition is claimed" in text_of(html)


def test_ux_f2_there_is_no_percent_and_no_comparison(course: Course, way: OnTheWay) -> None:
    said = text_of(get(course, f"/path/{way.enrollment_id}"))
    assert "%" not in said
    assert not re.search(r"average|rank|other trainees|score", said)


def test_ux_p1_ux_p2_no_date_counts_down_and_each_says_what_comes_after(course: Course, begin: Begin) -> None:
    on = begin("icrc-pr")
    on.decided(Outcome.CERTIFIED, course.world.visitor("ines"))
    course.kept()
    html = get(course, f"/path/{on.enrollment_id}")
    keep("certified", html)
    said = text_of(html)
    assert "Valid until: " in said
    assert "does not hold until it is renewed. What you did is kept." in said
    assert "A pause does not move it." in said
    assert "If you need more time, ask" in said
    assert not re.search(r"days left|only \d+ days|hurry", said)


def test_ux_t6_ux_t7_each_line_says_its_rule_and_its_edition_and_why(course: Course, way: OnTheWay) -> None:
    said = text_of(get(course, f"/path/{way.enrollment_id}"))
    assert "Edition 1, yours since" in said
    assert "The rule in plain words At least 1 document (secondary education)" in said
    assert "In the program's own words Secondary education" in said
    assert "12.5 hours, Core training" in said
    assert "Does not count here: its “provider accepted” is not said yet" in said


def test_ux_f5_every_not_yet_says_what_would_show_it_and_who_helps(course: Course, way: OnTheWay) -> None:
    said = text_of(get(course, f"/path/{way.enrollment_id}"))
    assert "What would bring it on Still to come from you" in said
    assert "Still to come from a person of the program" in said
    assert "A signature by your supervisor" in said


def test_ux_c8_all_ways_are_shown_side_by_side_with_how_far_each_is(course: Course, way: OnTheWay) -> None:
    html = get(course, f"/path/{way.enrollment_id}")
    assert "You need not choose early." in text_of(html)
    ways = re.search(r'<ul class="routes">.*?At least 80 hours.*?The other way to the exam', html, re.S)
    assert ways is not None


@pytest.mark.parametrize("name", SHIPPED)
def test_ux_e2_no_technical_name_is_on_the_page_of_any_program(course: Course, begin: Begin, name: str) -> None:
    html = get(course, f"/path/{begin(name).enrollment_id}")
    assert not list(problems_of(html))
    said = re.sub(r"https?://\S+", "", text_of(html))
    assert not re.findall(r"\b[a-z0-9]+_[a-z0-9_]+\b", said)
    assert "where name is" not in said
    assert "the trainee" not in said.replace("Who can see this: the trainee", "").replace("the trainee:", "")


def test_with_nothing_recorded_it_says_what_to_begin_with(course: Course, begin: Begin) -> None:
    html = get(course, f"/path/{begin('icrc-pr').enrollment_id}")
    keep("empty", html)
    said = text_of(html)
    assert "not started" in said
    assert "Write down hours of practice" in said
    assert html.count('class="main-action"') == 1
    assert "No date is set for you now. Take the time you need." in said


def test_a_person_of_the_program_decides_and_the_page_says_how_to_appeal(course: Course, way: OnTheWay) -> None:
    html = get(course, f"/path/{way.enrollment_id}")
    assert "Attune decides nothing." in text_of(html)
    assert {'href="/appeals"', 'href="/appeals/terms/read"', f'href="/programs/{way.program_id}/rules"'} <= set(
        re.findall(r'href="[^"]+"', html)
    )


def test_ux_t1_it_says_by_name_who_can_see_it(course: Course, way: OnTheWay) -> None:
    said = text_of(get(course, f"/path/{way.enrollment_id}"))
    assert "Who can see this: the trainee, program leads" in said
    assert "the trainee: Sam Example" in said
    assert "Who opened my record" in said


def test_one_program_and_nothing_else_leads_straight_to_it(course: Course, way: OnTheWay) -> None:
    answer = course.browser("sam").get("/path")
    assert (answer.status_code, answer.location) == (303, f"/path/{way.enrollment_id}")


def test_several_programs_and_what_waits_over_all(course: Course, way: OnTheWay, begin: Begin) -> None:
    begin("icrc-pr")
    entry = way.entry(EntryKind.TRAINING, "3", state=EntryState.RETURNED)
    course.kept()
    html = get(course, "/path")
    keep("programs", html)
    assert not list(problems_of(html))
    said = text_of(html)
    assert "Medi-Cal Peer Support Specialist" in said
    assert "Peer Recovery (PR)" in said
    assert "2 of 8 met · 6 open" in said
    assert "An entry came back to you" in said
    assert f'href="/ledger/{entry}"' in html


def test_without_a_program_it_says_what_will_be_here_and_what_to_do(course: Course) -> None:
    html = get(course, "/path")
    keep("none", html)
    assert not list(problems_of(html))
    assert "You are not on the way through a program yet." in text_of(html)
    assert "A program lead of your organization can enroll you." in text_of(html)


def test_the_activity_shows_each_program_in_a_line(course: Course, way: OnTheWay) -> None:
    html = get(course, course.home)
    keep("landing", html)
    assert not list(problems_of(html))
    assert "2 of 8 met · 6 open" in text_of(html)
    assert f'href="/path/{way.enrollment_id}"' in html


def test_nobody_else_opens_it(course: Course, way: OnTheWay) -> None:
    for path in ("", "/what-if", "/transcript", "/transcript.pdf", "/transcript.json", "/transcript.zip"):
        for who in ("noor", "jo", "ines"):
            assert course.browser(who).get(f"/path/{way.enrollment_id}{path}").status_code == 404


def test_a_decision_that_is_not_released_shows_nowhere(course: Course, begin: Begin) -> None:
    on = begin("icrc-pr")
    on.decided(Outcome.CERTIFIED, course.world.visitor("ines"), ago=-1)
    course.kept()
    assert "certified" not in text_of(get(course, f"/path/{on.enrollment_id}"))


def test_ux_s8_a_pause_is_offered_without_a_reason(course: Course, way: OnTheWay) -> None:
    html = get(course, f"/path/{way.enrollment_id}")
    assert f'href="/path/{way.enrollment_id}/pause"' in html
    assert "nobody asks why" in text_of(html)


def test_cap_e11_a_fee_that_is_not_paid_hides_nothing_of_ones_own_and_a_waiver_meets_it(course: Course) -> None:
    fee = """
[[requirements]]
key = "fee"
stage = "initial"
title = "The fee, or a waiver"
any_of = [
  { at_least = 1, of = { kind = "payment", where = { name = "application_fee" } } },
  { at_least = 1, of = { kind = "approval", where = { name = "fee_waived" } } },
]
"""
    enrollment = on_the_way(course.world, text=SMALL + fee)
    an_entry(course.world, amount="10", signed_by="jo")
    course.kept()
    path = f"/path/{enrollment.id}"
    assert "1 of 2 met" in text_of(get(course, path))
    for page in ("transcript", "transcript.pdf", "progress", "competencies", "what-if"):
        assert course.browser("sam").get(f"{path}/{page}").status_code == 200, page
    course.world.session.add(
        AttestationRow(
            id=new_id(), organization_id=course.world.organization_id, person_id=enrollment.person_id,
            program_id=enrollment.program_id, kind=Kind.APPROVAL, source=Source.SEEN, said={"name": ["fee_waived"]},
            on_day=course.world.now.date(), said_at=course.world.now,
            said_by=course.world.visitor("ines").person_id,
        )
    )  # fmt: skip
    course.kept()
    assert "2 of 2 met" in text_of(get(course, path))
