"""National Certified Peer Specialist (NCPS): acceptance case 5, and cases of our own."""

from decimal import Decimal

import pytest

from grading.proof import Answer, Why
from tests.programs.entries import entry, event
from tests.programs.reading import open_in, stands

APPLIED = event("application", "2026-02-01")
CERTIFIED = entry(
    "credentials", "state", "2024-01-01", name="state_peer_certification", training_hours=40, until="2026-12-31"
)
REST = "".join(
    [
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("exams", "exam", "2026-02-20", name="ncps_exam", passed=True),
    ]
)


def practice(recent: int, older: int = 0) -> str:
    hours = entry("practice", "recent", "2023-06-01", f"{recent} hours")
    return hours + (entry("practice", "older", "2019-12-31", f"{older} hours") if older else "")


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("mha-ncps", practice(3000) + CERTIFIED + REST + APPLIED), "initial") == {}


def test_case_5_of_3400_hours_700_are_older_than_six_years_and_300_are_to_go() -> None:
    found = stands("mha-ncps", practice(2700, 700) + CERTIFIED + REST + APPLIED)
    assert open_in(found, "initial") == {"practice": Answer.NOT_YET}
    proof = found.of("practice")
    assert proof.numbers is not None
    assert proof.numbers.sure == Decimal(2700)
    assert [each.amount for each in proof.changes] == [Decimal(300)]
    assert [(each.item.id, each.why) for each in proof.left_out] == [("older", Why.TOO_EARLY)]


@pytest.mark.parametrize(("on", "answer"), [("2020-02-01", Answer.MET), ("2020-01-31", Answer.NOT_YET)])
def test_the_day_six_years_before_the_application_still_counts(on: str, answer: Answer) -> None:
    hours = entry("practice", "work", on, "3000 hours")
    assert stands("mha-ncps", hours + APPLIED).of("practice").answer is answer


def test_before_an_application_the_six_years_are_those_before_today() -> None:
    assert stands("mha-ncps", entry("practice", "work", "2020-02-15", "3000 hours")).of("practice").answer is (
        Answer.NOT_YET
    )


def test_a_recognized_training_and_work_in_a_peer_role_are_another_way_in() -> None:
    course = entry("training", "course", "2025-03-01", "40 hours", name="mha_recognized_training")
    alone = stands("mha-ncps", course).of("way-in")
    assert alone.answer is Answer.NOT_YET
    post = entry("employment", "post", "2025-04-01", name="peer_role")
    assert stands("mha-ncps", course + post).of("way-in").answer is Answer.MET


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("training_hours = 40", "training_hours = 39", Answer.NOT_YET),
        (", training_hours = 40", "", Answer.UNKNOWN),
        ("2026-12-31", "2026-01-31", Answer.NOT_YET),
    ],
)
def test_a_certification_that_is_too_small_not_described_or_over_is_not_yet_a_way_in(
    before: str, after: str, answer: Answer
) -> None:
    assert before in CERTIFIED
    assert stands("mha-ncps", CERTIFIED.replace(before, after) + APPLIED).of("way-in").answer is answer


def test_the_domains_of_the_exam_are_shown_and_stand_in_nobodys_way() -> None:
    found = stands("mha-ncps", practice(3000) + CERTIFIED + REST + APPLIED)
    assert found.of("domains").answer is Answer.NOT_YET
    assert found.stages[0].answer is Answer.MET
