"""Florida's Certified Recovery Peer Specialist: cases of our own, as the reference has none for it."""

from decimal import Decimal

import pytest

from grading.program import StageKind
from grading.proof import Answer, Why
from tests.programs.entries import entry, event
from tests.programs.reading import open_in, program, stands

APPLIED = event("application", "2026-02-01")
PERSON = "".join(
    [
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("statements", "wellness", "2025-01-02", name="wellness_as_described"),
        entry("supervision", "talks", "2025-12-01", "16 hours"),
        entry("references", "colleague", "2025-12-02", role="professional"),
        entry("references", "supervisor", "2025-12-03", role="supervisor"),
        entry("references", "friend", "2025-12-04", role="personal"),
    ]
)


def practice(similar: int, other: int) -> str:
    return entry("practice", "similar", "2025-12-01", f"{similar} hours", similar_experience=True) + entry(
        "practice", "other", "2025-12-02", f"{other} hours", similar_experience=False
    )


def training(*, mentoring: int = 12, responsibility: int = 8, health: int = 16, electives: int = 4) -> str:
    hours = {
        "mentoring": mentoring,
        "professional_responsibility": responsibility,
        "whole_health": health,
        "elective": electives,
    }
    return "".join(
        entry("training", category, "2023-05-01", f"{each} hours", category=category)
        for category, each in hours.items()
    )


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("fl-crps", PERSON + training() + practice(250, 250) + APPLIED), "initial") == {}


def test_of_electives_four_hours_count_and_of_whole_health_sixteen() -> None:
    many = training(mentoring=10, responsibility=8, health=20, electives=12)
    found = stands("fl-crps", PERSON + many + practice(250, 250) + APPLIED)
    assert open_in(found, "initial") == {"training": Answer.NOT_YET}
    proof = found.of("training")
    assert [each.amount for each in proof.changes] == [Decimal(2)]
    assert {(each.item.id, each.why, each.amount) for each in proof.left_out} == {
        ("whole_health", Why.CAPPED, Decimal(4)),
        ("elective", Why.CAPPED, Decimal(8)),
    }


@pytest.mark.parametrize(("on", "answer"), [("2021-02-01", Answer.MET), ("2021-01-31", Answer.NOT_YET)])
def test_training_of_the_last_five_years_counts(on: str, answer: Answer) -> None:
    found = stands("fl-crps", training().replace("2023-05-01", on) + APPLIED)
    assert found.of("training").answer is answer
    assert found.of("training-domains").answer is answer


def test_500_hours_of_which_200_are_with_people_of_a_similar_experience_have_fifty_to_go() -> None:
    found = stands("fl-crps", PERSON + training() + practice(200, 300) + APPLIED)
    assert open_in(found, "initial") == {"practice-similar": Answer.NOT_YET}
    assert [each.amount for each in found.of("practice-similar").changes] == [Decimal(50)]


def test_more_practice_of_another_sort_never_takes_the_half_away() -> None:
    assert stands("fl-crps", practice(250, 900)).of("practice-similar").answer is Answer.MET


def test_three_letters_by_the_same_role_are_one_of_three() -> None:
    letters = "".join(entry("references", f"letter {n}", "2025-12-02", role="professional") for n in range(3))
    found = stands("fl-crps", letters).of("references")
    assert [part.answer for part in found.parts] == [Answer.MET, Answer.NOT_YET, Answer.NOT_YET]


@pytest.mark.parametrize("stage", ["adult", "family", "veteran"])
def test_an_endorsement_rests_on_the_person_s_own_word(stage: str) -> None:
    word = entry("statements", "shared", "2025-12-01", name="similar_experience", endorsement=stage)
    found = stands("fl-crps", word)
    assert open_in(found, stage) == {}
    others = [each.stage.key for each in found.stages if each.answer is Answer.MET]
    assert others == [stage]


def test_the_endorsement_for_young_people_has_two_ages() -> None:
    word = entry("statements", "shared", "2025-12-01", name="similar_experience", endorsement="youth")
    now = entry("statements", "now", "2025-12-01", name="age_18_to_29")
    then = entry("statements", "then", "2025-12-01", name="age_14_to_25_then")
    assert set(open_in(stands("fl-crps", word + now), "youth")) == {"youth-age-then"}
    assert open_in(stands("fl-crps", word + now + then), "youth") == {}


def test_there_is_one_endorsement_at_least_and_none_is_shown_to_everybody() -> None:
    florida = program("fl-crps")
    assert florida.endorsements_at_least == 1
    endorsements = [each for each in florida.stages if each.kind is StageKind.ENDORSEMENT]
    assert len(endorsements) == 4
    assert all(each.reveals and each.scope for each in endorsements)


def test_its_validity_was_not_read_anywhere_and_is_not_guessed() -> None:
    assert program("fl-crps").lifecycle.validity is None
