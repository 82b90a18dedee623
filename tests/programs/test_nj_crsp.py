"""Certified Recovery Support Practitioner of New Jersey: cases of our own, as the reference has none for it."""

from datetime import date
from decimal import Decimal

import pytest

from grading.lifecycle.status import Status
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import open_in, program, stands

CORE = entry("training", "core", "2025-03-01", "108 hours", part="core")
WORK = entry("practice", "work", "2025-12-01", "500 hours")
REST = "".join(
    [
        entry("training", "plans", "2025-04-01", "18 hours", part="wellness_action_plan"),
        entry("practice", "practicum", "2025-08-01", "110 hours", practicum=True, supervised=True, site="licensed"),
        event("application", "2026-02-01"),
    ]
)


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    found = stands("nj-crsp", CORE + WORK + REST)
    assert open_in(found, "initial") == {}
    assert found.status is Status.READY_FOR_DECISION


def test_hours_of_the_practicum_do_not_make_up_for_hours_of_work() -> None:
    short = WORK.replace("500 hours", "400 hours")
    found = stands("nj-crsp", CORE + short + REST)
    assert open_in(found, "initial") == {"practice": Answer.NOT_YET}
    assert [each.amount for each in found.of("practice").changes] == [Decimal(100)]


@pytest.mark.parametrize(("on", "answer"), [("2023-02-01", Answer.MET), ("2023-01-31", Answer.NOT_YET)])
def test_work_counts_when_it_is_of_the_three_years_before_the_application(on: str, answer: Answer) -> None:
    found = stands("nj-crsp", WORK.replace("2025-12-01", on) + REST)
    assert found.of("practice").answer is answer
    assert [each.why for each in found.of("practice").left_out] == ([Why.TOO_EARLY] if answer is Answer.NOT_YET else [])


def test_a_practicum_at_a_site_that_nobody_named_cannot_be_known() -> None:
    found = stands("nj-crsp", REST.replace(', site = "licensed"', ""))
    assert found.of("practicum").answer is Answer.UNKNOWN


def test_a_practicum_that_nobody_signed_waits_for_a_signature() -> None:
    waits = entry(
        "practice", "p", "2025-08-01", "110 hours", signed=False, practicum=True, supervised=True, site="licensed"
    )
    assert stands("nj-crsp", waits).of("practicum").answer is Answer.WAITING


@pytest.mark.parametrize(("applied", "answer"), [("2017-06-30", Answer.MET), ("2017-07-01", Answer.NOT_YET)])
def test_until_june_2017_another_training_and_ethics_stood_in_for_the_core_training(
    applied: str, answer: Answer
) -> None:
    written = "".join(
        [
            entry("training", "other", "2016-09-01", "70 hours", curriculum="other", part="other"),
            entry("training", "ethics", "2017-02-01", "16 hours", curriculum="own", part="ethics"),
            event("application", applied),
        ]
    )
    assert stands("nj-crsp", written, on=date(2017, 9, 1)).of("core-training").answer is answer


def test_a_training_that_ended_later_does_not_stand_in() -> None:
    written = "".join(
        [
            entry("training", "other", "2016-09-02", "70 hours", curriculum="other", part="other"),
            entry("training", "ethics", "2017-02-01", "16 hours", curriculum="own", part="ethics"),
            event("application", "2017-06-01"),
        ]
    )
    assert stands("nj-crsp", written, on=date(2017, 6, 2)).of("core-training").answer is Answer.NOT_YET


def test_the_branch_with_an_exam_asks_it_and_the_branch_of_the_state_does_not() -> None:
    written = decision("certified", "2026-02-20", "initial") + event("chose_cprs", "2026-02-21")
    found = stands("nj-crsp", written)
    assert found.facts.ready == ("cprs",)
    assert open_in(found, "icprs") == {"exam": Answer.NOT_YET}
    passed = written + entry("exams", "exam", "2026-02-25", name="ic_rc_exam", passed=True)
    assert open_in(stands("nj-crsp", passed), "icprs") == {}


def test_how_long_it_is_valid_is_not_guessed() -> None:
    assert program("nj-crsp").lifecycle.validity is None
