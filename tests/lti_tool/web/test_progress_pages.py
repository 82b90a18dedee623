"""How a path went on, and what somebody showed: pictures, each with its table, for that person alone."""

import os
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from grading.evidence import Outcome
from grading.ledger import EntryKind
from grading.lifecycle.status import Status
from grading.proof import Answer
from lti_tool.services.authoring.author import rubric_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.seen import KeptAnswerRow, KeptStandingRow
from rubrics.practice import Setting
from rubrics.rubric import Principle
from tests.lti_tool.on_the_path import OnTheWay
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.services.path_rows import SMALL, program_in_use
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_program_pages import lead

TWO = f"""{SMALL}
[[requirements]]
key = "training"
stage = "initial"
title = "8 hours of training"
at_least = "8 hours"
of = {{ kind = "training" }}
"""
SHOTS = os.environ.get("SHOTS")


def keep(name: str, html: str) -> None:
    """For whoever wants to look at it."""
    if SHOTS:
        (Path(SHOTS) / f"{name}.html").write_text(html)


@pytest.fixture
def way(course: Course) -> OnTheWay:
    """Sam entered 200 days ago; hours were signed 70 and 40 days ago, and training waits for a signature."""
    on, jo = (
        OnTheWay(course.world.session, course.world.visitor("sam"), TWO, course.world.now),
        course.world.visitor("jo"),
    )
    on.entry(EntryKind.PRACTICE, "6", ago=70, signer=jo)
    on.entry(EntryKind.PRACTICE, "6", ago=40, signer=jo)
    on.waiting(EntryKind.TRAINING, "8", jo)
    course.kept()
    return on


def test_ux_t7_a_path_is_shown_over_time_with_its_table_and_who_can_see_it(course: Course, way: OnTheWay) -> None:
    answer = course.browser("sam").get(f"/path/{way.enrollment_id}/progress")
    assert answer.status_code == 200, answer.text
    keep("progress", answer.text)
    read = Read(answer.text)
    assert "Requirements that were met" in read.text
    assert "It is compared with nobody." in read.text
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", answer.text, re.DOTALL)]
    assert next(row for row in rows if row) == ["0", "0"]
    assert ["1", "1"] in rows
    assert rows[-1] == ["1", "2"]
    assert len(rows) <= 13
    assert not list(problems_of(answer.text))


def test_nobody_else_sees_how_a_path_went_on(course: Course, way: OnTheWay) -> None:
    for page in ("progress", "competencies"):
        for who in ("noor", "jo", "ines"):
            assert course.browser(who).get(f"/path/{way.enrollment_id}/{page}").status_code == 404


def test_what_was_shown_is_counted_by_setting_and_what_was_not_seen_yet_stands_apart(
    course: Course, way: OnTheWay
) -> None:
    world = course.world
    sam = world.visitor("sam").person_id
    for setting in (Setting.CRISIS, Setting.CRISIS, None):
        observed(world, sam, setting=setting)
    course.kept()
    answer = course.browser("sam").get(f"/path/{way.enrollment_id}/competencies")
    assert answer.status_code == 200, answer.text
    keep("competencies", answer.text)
    assert "From 3 signed observations that were released to you" in Read(answer.text).text
    assert not list(problems_of(answer.text))
    assert "crisis" in Read(answer.text).text


def test_cap_a1_a_trainee_reads_on_how_many_occasions_each_principle_was_seen(course: Course, way: OnTheWay) -> None:
    world = course.world
    activity = world.session.get_one(ActivityRow, world.activity_id)
    rubric = rubric_of(world.session, activity.rubric_version_id).rubric
    choice = frozenset(each.key for each in rubric.criteria if Principle.CHOICE in each.principles)
    sam = world.visitor("sam").person_id
    observed(world, sam)
    observed(world, sam, unseen=choice)
    course.kept()
    said = " ".join(Read(course.browser("sam").get(f"/path/{way.enrollment_id}/competencies").text).text.split())
    assert "choice on 1 occasion" in said
    assert "trust on 2 occasions" in said


def test_without_any_observation_the_page_says_what_will_be_there(course: Course, way: OnTheWay) -> None:
    answer = course.browser("sam").get(f"/path/{way.enrollment_id}/competencies")
    assert answer.status_code == 200, answer.text
    keep("competencies-empty", answer.text)
    assert "Nothing of this was seen yet." in Read(answer.text).text
    assert "Not seen yet:" in Read(answer.text).text
    assert not list(problems_of(answer.text))


def cohort(course: Course, size: int) -> UUID:
    """So many people entered; all but the last were observed, two are certified, of one nothing is worked out yet."""
    world = course.world
    lead(course)
    program_id, versions = program_in_use(world)
    owned = {"organization_id": world.organization_id, "program_id": program_id}
    lea = world.visitor("lea").person_id
    for number in range(size):
        person_id = world.visitor(f"person{number}", TRAINEE).person_id
        row = EnrollmentRow(
            id=new_id(), person_id=person_id, version_id=versions[-1], entered_on=world.now.date() - timedelta(days=9),
            enrolled_at=world.now, **owned,
        )  # fmt: skip
        world.session.add(row)
        world.session.flush()
        if number < size - 1:
            observed(world, person_id)
            world.session.add(
                KeptStandingRow(
                    enrollment_id=row.id, version_id=versions[-1], day=world.now.date(), made_at=world.now,
                    status=Status.CERTIFIED if number < 2 else Status.IN_PROGRESS, paused=False,
                    met=1 if number < 3 else 0, waiting=0, asked=2, waits_for=[], **owned,
                )
            )  # fmt: skip
            world.session.flush()
            answer = Answer.MET if number < 3 else Answer.NOT_YET
            world.session.add(KeptAnswerRow(enrollment_id=row.id, requirement="practice", answer=answer, **owned))
        if number < 2:
            world.session.add(
                DecisionRow(
                    id=new_id(), organization_id=world.organization_id, enrollment_id=row.id, version_id=versions[-1],
                    number=1, outcome=Outcome.CERTIFIED, stage="initial", on_day=world.now.date(), notice="{}",
                    digest="0" * 64, decided_by=lea, decided_at=world.now, released_at=world.now,
                )
            )  # fmt: skip
    course.kept()
    return program_id


def test_ux_f2_a_funnel_counts_who_reached_each_step_and_says_of_whom_it_is_not_known(course: Course) -> None:
    program_id = cohort(course, 7)
    answer = course.browser("lea").get(f"/programs/{program_id}/funnel")
    assert answer.status_code == 200, answer.text
    keep("funnel", answer.text)
    rows = re.findall(r"<td>(\d+)</td>\s*<td>(\d+)</td>\s*</tr>", answer.text)
    assert rows[:5] == [("7", "0"), ("6", "0"), ("3", "1"), ("2", "1"), ("2", "0")]
    assert "10 hours of practice" in Read(answer.text).text
    assert not list(problems_of(answer.text))
    assert course.browser("ines").get(f"/programs/{program_id}/funnel").status_code == 404


def test_a_funnel_of_fewer_than_five_people_shows_nothing_and_says_so(course: Course) -> None:
    program_id = cohort(course, 4)
    page = course.browser("lea").get(f"/programs/{program_id}/funnel").text
    assert "These are too few people for a picture." in Read(page).text
    assert '<svg class="picture"' not in page
    odd = course.browser("lea").get(f"/programs/{program_id}/funnel?from=0001-01-01&until=x").text
    assert "Please write each day as year, month and day" in Read(odd).text
