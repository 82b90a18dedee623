"""National Certified Peer Recovery Support Specialist: acceptance case 4, and cases of our own."""

from datetime import date
from decimal import Decimal

import pytest

from grading.proof import Answer, Why
from tests.programs.entries import entry, event
from tests.programs.reading import open_in, program, stands

PERSON = "".join(
    [
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("statements", "recovery", "2025-01-02", name="recovery_as_described"),
        entry("signatures", "code", "2025-01-02", name="peer_code_of_ethics"),
    ]
)
PRACTICE = entry("practice", "work", "2025-12-01", "200 hours") + entry(
    "attestations", "hours", "2025-12-10", name="practice_hours", role="supervisor"
)
YEAR = entry("employment", "post", "2025-02-01", name="peer_work", full_time=True) + entry(
    "credentials", "of the state", "2024-01-01", name="peer_credential", until="2026-12-31"
)
EXAM = entry("exams", "exam", "2026-02-10", name="ncprss_exam", passed=True)
APPLIED = event("application", "2026-02-01")


def training(*, ethics_on: str = "2025-06-01", face_to_face: bool = True) -> str:
    topics = list(program("naadac-ncprss").names["topic"])
    peer = entry(
        "training",
        "peer",
        "2017-03-01",
        "48 hours",
        category="peer_recovery_focused",
        topic=topics,
        face_to_face=face_to_face,
    )
    ethics = entry("training", "ethics", ethics_on, "6 hours", category="ethics", topic=[], face_to_face=False)
    hiv = entry("training", "hiv", "2025-06-02", "6 hours", category="hiv_bloodborne", topic=[], face_to_face=False)
    return peer + ethics + hiv


@pytest.mark.parametrize(("edition", "work"), [("later", PRACTICE), ("earlier", YEAR)])
def test_with_everything_the_certification_is_ready_for_a_decision(edition: str, work: str) -> None:
    found = stands("naadac-ncprss", PERSON + training() + work + EXAM + APPLIED, edition=edition)
    assert open_in(found, "initial") == {}


def test_case_4_an_ethics_course_of_seven_years_ago_does_not_count_and_the_others_do() -> None:
    found = stands("naadac-ncprss", PERSON + training(ethics_on="2019-02-01") + PRACTICE + EXAM + APPLIED)
    assert open_in(found, "initial") == {"training": Answer.NOT_YET, "training-categories": Answer.NOT_YET}
    peer, ethics, hiv = found.of("training-categories").parts
    assert (peer.answer, ethics.answer, hiv.answer) == (Answer.MET, Answer.NOT_YET, Answer.MET)
    assert [(each.item.id, each.why) for each in ethics.left_out] == [("ethics", Why.TOO_EARLY)]
    numbers = found.of("training").numbers
    assert numbers is not None
    assert numbers.sure == Decimal(54)


@pytest.mark.parametrize(("on", "answer"), [("2020-02-01", Answer.MET), ("2020-01-31", Answer.NOT_YET)])
def test_the_day_six_years_before_the_application_still_counts(on: str, answer: Answer) -> None:
    found = stands("naadac-ncprss", training(ethics_on=on) + APPLIED)
    assert found.of("training-categories").answer is answer


@pytest.mark.parametrize(
    ("applied", "answer"),
    [
        ("2018-01-14", Answer.NOT_YET),
        ("2018-01-15", Answer.MET),
        ("2018-12-31", Answer.MET),
        ("2019-01-01", Answer.NOT_YET),
    ],
)
def test_no_exam_is_asked_of_those_who_applied_in_2018_while_it_was_waived(applied: str, answer: Answer) -> None:
    found = stands("naadac-ncprss", event("application", applied), on=date(2019, 3, 1))
    assert found.of("exam").answer is answer


def test_hours_without_the_word_of_the_supervisor_have_one_step_to_go() -> None:
    alone = entry("practice", "work", "2025-12-01", "200 hours")
    found = stands("naadac-ncprss", PERSON + training() + alone + EXAM + APPLIED)
    assert open_in(found, "initial") == {"practice-attested": Answer.NOT_YET}


def test_training_of_which_nobody_says_where_it_was_leaves_the_share_open() -> None:
    silent = entry("training", "course", "2025-03-01", "60 hours", category="peer_recovery_focused")
    found = stands("naadac-ncprss", silent).of("training-face-to-face")
    assert found.answer is Answer.UNKNOWN
    assert [each.name for each in found.changes] == ["face_to_face"]


def test_more_training_from_afar_never_takes_the_half_away() -> None:
    more = entry("training", "more", "2025-08-01", "500 hours", category="peer_recovery_focused", face_to_face=False)
    assert stands("naadac-ncprss", training() + more).of("training-face-to-face").answer is Answer.MET
