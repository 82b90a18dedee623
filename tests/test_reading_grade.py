"""What people read is written plainly, and the measure tells plain from hard."""

import pytest

from tests.reading_grade import AIM, grade, texts

HARD = (
    "Notwithstanding the aforementioned provisions, certification eligibility determinations remain contingent upon "
    "satisfactory documentation of supervised practicum participation, irrespective of institutional affiliation."
)


@pytest.mark.parametrize("folder", texts())
def test_the_texts_of_a_folder_are_not_harder_than_the_aim(folder: str) -> None:
    assert grade(texts()[folder]) <= AIM


def test_a_hard_sentence_is_found() -> None:
    assert grade([HARD]) > 2 * AIM


def test_a_plain_sentence_is_plain() -> None:
    assert grade(["You can stop at any time. You do not need to say why."]) < 4
