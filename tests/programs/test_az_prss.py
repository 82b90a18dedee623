"""Peer and Recovery Support Specialist of Arizona: cases of our own, as the reference has none for it."""

from datetime import date

import pytest

from grading.lifecycle.status import Status
from grading.program import Confidence
from grading.proof import Answer
from tests.programs.entries import decision, entry
from tests.programs.reading import open_in, program, stands

ALL = "".join(
    [
        entry("employment", "post", "2025-06-01", qualifies_as="paraprofessional"),
        entry("statements", "sharing", "2025-06-01", name="may_be_shared_to_check"),
        entry("statements", "experience", "2025-06-01", name="lived_experience_as_described"),
        entry("training", "course", "2025-09-01", course="recognized_employment_training", finished=True),
        entry("exams", "exam", "2025-09-02", name="competency_exam", percent=80),
    ]
)


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    found = stands("az-prss", ALL)
    assert open_in(found, "initial") == {}
    assert found.status is Status.READY_FOR_DECISION


def test_an_employer_can_confirm_that_somebody_qualifies() -> None:
    said = ALL.replace("[[employment]]", "[[attestations]]")
    assert open_in(stands("az-prss", said), "initial") == {}


@pytest.mark.parametrize(("percent", "answer"), [(80, Answer.MET), (79, Answer.NOT_YET)])
def test_the_exam_asks_eighty_percent_which_nobody_verified(percent: int, answer: Answer) -> None:
    found = stands("az-prss", ALL.replace("percent = 80", f"percent = {percent}"))
    assert found.of("exam").answer is answer
    exam = next(each for each in program("az-prss").requirements if each.key == "exam")
    assert exam.confidence is Confidence.UNVERIFIED


def test_a_training_that_goes_on_is_not_finished() -> None:
    going_on = ALL.replace("finished = true", "finished = false")
    assert open_in(stands("az-prss", going_on), "initial") == {"training": Answer.NOT_YET}


@pytest.mark.parametrize(("day", "answer"), [(date(2026, 1, 31), Answer.MET), (date(2026, 2, 1), Answer.NOT_YET)])
def test_who_takes_the_agreement_to_share_back_no_longer_shares(day: date, answer: Answer) -> None:
    ended = ALL.replace('id = "sharing"', 'id = "sharing"\nuntil = 2026-01-31')
    assert stands("az-prss", ended, on=day).of("sharing").answer is answer


def test_how_long_it_is_valid_is_not_guessed() -> None:
    assert program("az-prss").lifecycle.validity is None
    found = stands("az-prss", ALL + decision("certified", "2025-10-01", "initial"))
    assert (found.status, found.dates) == (Status.CERTIFIED, ())
