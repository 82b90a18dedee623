"""Medi-Cal Peer Support Specialist: cases of our own, as the reference has none for it."""

from datetime import date
from decimal import Decimal

import pytest

from grading.lifecycle.dates import Name
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Status
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import open_in, program, stands

COMPETENCIES = [f"competency {number}" for number in range(1, 18)]
PERSON = "".join(
    [
        entry("statements", "age", "2025-01-02", name="age_18"),
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("statements", "share", "2025-01-02", name="willing_to_share"),
        entry("statements", "recovery", "2025-01-02", name="dedicated_to_recovery"),
        entry("signatures", "code", "2025-01-02", name="code_of_ethics"),
    ]
)
TRAINING = entry(
    "training", "course", "2025-05-01", "80 hours", part="core", provider_accepted=True, competency=COMPETENCIES
)
EXAM = "".join(
    [
        entry("documents", "certificate", "2025-05-20", name="training_certificate"),
        event("exam_registration", "2025-06-01"),
        entry("exams", "exam", "2025-07-01", name="state_exam", passed=True),
    ]
)
CERTIFIED = decision("certified", "2025-08-15", "initial")
RENEWAL = "".join(
    [
        entry("education", "law", "2026-10-01", "6 hours", category="law_and_ethics"),
        entry("education", "more", "2026-11-01", "14 hours", category="other"),
        entry("signatures", "code again", "2027-06-01", name="code_of_ethics"),
        entry("statements", "done", "2027-06-01", name="hours_were_done"),
    ]
)


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("ca-cmpss", PERSON + TRAINING + EXAM), "initial") == {}


def test_a_training_that_touches_sixteen_of_the_competencies_has_one_to_go() -> None:
    short = TRAINING.replace(', "competency 17"', "")
    found = stands("ca-cmpss", PERSON + short + EXAM)
    assert open_in(found, "initial") == {"competencies": Answer.NOT_YET}
    assert [each.amount for each in found.of("competencies").parts[0].changes] == [Decimal(1)]


@pytest.mark.parametrize(("on", "answer"), [("2022-06-30", Answer.NOT_YET), ("2022-07-01", Answer.MET)])
def test_training_from_before_july_2022_does_not_count(on: str, answer: Answer) -> None:
    written = TRAINING.replace("2025-05-01", on)
    assert stands("ca-cmpss", written).of("training").answer is answer


def test_training_of_a_provider_of_whom_nobody_says_whether_they_were_accepted_cannot_be_known() -> None:
    said = TRAINING.replace("provider_accepted = true, ", "")
    assert stands("ca-cmpss", said).of("training").answer is Answer.UNKNOWN


def test_who_did_the_work_before_has_another_way_when_the_program_says_so() -> None:
    hours = entry("education", "law", "2023-01-10", "6 hours", category="law_and_ethics") + entry(
        "education", "more", "2023-02-10", "14 hours", category="other"
    )
    exam = entry("exams", "exam", "2023-07-01", name="state_exam", passed=True)
    alone = stands("ca-cmpss", PERSON + hours + exam)
    assert set(open_in(alone, "initial")) == {"training", "competencies", "registration"}
    accepted = entry("approvals", "before", "2023-01-02", name="peer_before_certification")
    assert open_in(stands("ca-cmpss", PERSON + hours + exam + accepted), "initial") == {}


def test_who_registers_before_the_certificate_was_seen_has_a_step_to_go() -> None:
    early = EXAM.replace("on = 2025-06-01", "on = 2025-05-19")
    assert open_in(stands("ca-cmpss", PERSON + TRAINING + early), "initial") == {"registration": Answer.NOT_YET}


def test_with_everything_the_renewal_is_ready_for_a_decision() -> None:
    assert open_in(stands("ca-cmpss", CERTIFIED + RENEWAL, on=date(2027, 7, 1)), "renewal") == {}


def test_twenty_hours_with_five_of_law_and_ethics_have_one_to_go() -> None:
    other = RENEWAL.replace('"6 hours"', '"5 hours"').replace('"14 hours"', '"15 hours"')
    found = stands("ca-cmpss", CERTIFIED + other, on=date(2027, 7, 1))
    assert open_in(found, "renewal") == {"continuing-ethics": Answer.NOT_YET}
    assert [each.amount for each in found.of("continuing-ethics").changes] == [Decimal(1)]


def test_the_signature_of_the_first_certification_is_not_the_one_for_renewal() -> None:
    first = CERTIFIED + entry("signatures", "code", "2025-08-15", name="code_of_ethics")
    found = stands("ca-cmpss", first, on=date(2027, 7, 1)).of("code-again")
    assert found.answer is Answer.NOT_YET
    assert [each.why for each in found.left_out] == [Why.TOO_EARLY]


@pytest.mark.parametrize(
    ("applied", "answer"),
    [("2027-08-15", Answer.NOT_APPLICABLE), ("2027-08-16", Answer.NOT_YET)],
)
def test_an_application_after_the_last_day_asks_the_fee_for_late_renewal(applied: str, answer: Answer) -> None:
    written = CERTIFIED + RENEWAL + event("application", applied)
    assert stands("ca-cmpss", written, on=date(2027, 8, 20)).of("late-renewal").answer is answer
    paid = written + entry("payments", "late", "2027-08-17", name="late_renewal")
    assert open_in(stands("ca-cmpss", paid, on=date(2027, 8, 20)), "renewal") == {}


def test_an_open_question_about_good_standing_waits_for_a_person_of_the_program() -> None:
    question = entry("findings", "question", "2027-01-10", name="standing_in_question")
    written = CERTIFIED + RENEWAL + question
    assert open_in(stands("ca-cmpss", written, on=date(2027, 7, 1)), "renewal") == {"good-standing": Answer.WAITING}
    settled = entry("approvals", "settled", "2027-02-10", name="standing_settled", finding="question")
    assert open_in(stands("ca-cmpss", written + settled, on=date(2027, 7, 1)), "renewal") == {}


def test_a_specialization_counts_training_from_the_core_training_on() -> None:
    topics = program("ca-cmpss").names["topic"]
    special = entry(
        "training",
        "families",
        "2025-09-01",
        "40 hours",
        part="parent_caregiver_family",
        topic=list(topics),
    )
    written = PERSON + TRAINING + EXAM
    assert open_in(stands("ca-cmpss", written + special), "parent") == {}
    early = special.replace("2025-09-01", "2025-04-01")
    assert open_in(stands("ca-cmpss", written + early), "parent") == {"parent-training": Answer.NOT_YET}


def test_it_is_valid_for_two_years_and_renewal_opens_ninety_days_before() -> None:
    found = stands("ca-cmpss", CERTIFIED, on=date(2027, 1, 1))
    assert [(each.name, each.on) for each in found.dates] == [
        (Name.RENEWAL_OPENS, date(2027, 5, 17)),
        (Name.PROOF_KEPT_UNTIL, date(2027, 8, 15)),
        (Name.VALID_UNTIL, date(2027, 8, 15)),
    ]


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2027, 5, 16), Status.CERTIFIED),
        (date(2027, 5, 17), Status.RENEWAL_OPEN),
        (date(2027, 8, 15), Status.RENEWAL_OPEN),
        (date(2027, 8, 16), Status.LAPSED),
    ],
)
def test_where_one_is_follows_from_the_dates(on: date, status: Status) -> None:
    assert stands("ca-cmpss", CERTIFIED, on=on).status is status


def test_after_the_last_day_renewal_stands_open_and_nobody_says_until_when() -> None:
    assert program("ca-cmpss").lifecycle.grace is None
    found = stands("ca-cmpss", CERTIFIED, on=date(2027, 8, 16))
    assert [(each.what, each.stage) for each in found.facts.offers] == [(Asking.LATE_RENEWAL, "renewal")]


def test_a_specialization_whose_name_tells_of_family_or_life_is_shown_when_the_holder_agrees() -> None:
    assert {stage.key for stage in program("ca-cmpss").stages if stage.reveals} == {"parent", "unhoused", "justice"}
