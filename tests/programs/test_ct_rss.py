"""Recovery Support Specialist of Connecticut: cases of our own, as the reference has none for it."""

from datetime import date
from decimal import Decimal

import pytest

from grading.editions import enrolled
from grading.lifecycle.dates import Name
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry
from tests.programs.reading import DAY, evidence, open_in, program, stands

COURSE = entry("training", "course", "2025-09-01", "80 hours")
REST = "".join(
    [
        entry("statements", "experience", "2025-01-02", name="lived_experience_as_described"),
        entry("statements", "use", "2025-01-02", name="willing_to_use_it"),
        entry("references", "letter", "2025-01-10"),
        entry("documents", "application", "2025-02-01", name="class_application", for_class="this_class"),
        entry("exams", "exam", "2025-10-01", name="certification_exam", passed=True),
    ]
)
CERTIFIED = decision("certified", "2024-02-29", "initial")


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("ct-rss", COURSE + REST), "initial") == {}


def test_sixty_hours_were_enough_in_the_earlier_edition_only() -> None:
    short = COURSE.replace("80 hours", "60 hours")
    assert open_in(stands("ct-rss", short + REST, edition="60-hours"), "initial") == {}
    found = stands("ct-rss", short + REST)
    assert found.edition == "80-hours"
    assert open_in(found, "initial") == {"training": Answer.NOT_YET}
    assert [each.amount for each in found.of("training").changes] == [Decimal(20)]


def test_people_of_the_earlier_edition_stay_on_it_until_renewal() -> None:
    both = (program("ct-rss", "60-hours"), program("ct-rss"))
    assert [(each.edition, each.effective_from) for each in both] == [("60-hours", None), ("80-hours", None)]
    entered = 'edition = "60-hours"\nentered = 2024-01-02\n' + CERTIFIED
    assert enrolled(both, evidence(entered), DAY).program.edition == "60-hours"
    renewed = entered + decision("renewed", "2026-02-20", "renewal")
    assert enrolled(both, evidence(renewed), DAY).program.edition == "80-hours"


@pytest.mark.parametrize(
    ("for_class", "answer"),
    [("this_class", Answer.MET), ("put_off_once", Answer.MET), ("earlier_class", Answer.NOT_YET)],
)
def test_an_application_is_for_one_class_and_can_be_put_off_once(for_class: str, answer: Answer) -> None:
    written = REST.replace('"this_class"', f'"{for_class}"')
    assert stands("ct-rss", written).of("application").answer is answer


def test_without_the_second_tick_the_person_can_add_it() -> None:
    found = stands("ct-rss", COURSE + REST.replace("willing_to_use_it", "something_else"))
    assert open_in(found, "initial") == {"experience": Answer.NOT_YET}
    assert [part.name for part in found.of("experience").parts if part.answer is Answer.NOT_YET] == [
        "willing_to_use_it"
    ]


def test_credits_count_from_the_last_certification_on() -> None:
    before = entry("education", "before", "2024-02-28", "20 credits")
    since = entry("education", "since", "2025-02-28", "40 credits")
    found = stands("ct-rss", CERTIFIED + before + since).of("continuing-education")
    assert found.answer is Answer.NOT_YET
    assert [(each.item.id, each.why) for each in found.left_out] == [("before", Why.TOO_EARLY)]
    assert [each.amount for each in found.changes] == [Decimal(20)]
    whole = CERTIFIED + since.replace("40 credits", "60 credits")
    assert open_in(stands("ct-rss", whole), "renewal") == {}


def test_it_is_valid_for_three_years_also_from_a_day_that_only_leap_years_have() -> None:
    found = stands("ct-rss", CERTIFIED)
    assert [(each.name, each.on) for each in found.dates] == [(Name.VALID_UNTIL, date(2027, 2, 28))]
