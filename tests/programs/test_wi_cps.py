"""Wisconsin Certified Peer Specialist and trainer: cases of our own, as the reference has none for it."""

from datetime import date
from decimal import Decimal

import pytest

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import open_in, program, stands

INITIAL = "".join(
    [
        entry("statements", "age", "2025-01-02", name="age_18"),
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("training", "course", "2025-05-01", "48 hours", course="state_recognized", attended_in_full=True),
        entry("exams", "exam", "2025-07-01", name="state_exam", percent=85),
    ]
)


def hours(id_: str, amount: str, category: str | list[str], on: str = "2026-01-10", **more: str) -> str:
    return entry("education", id_, on, amount, category=category, **({"activity": "course"} | more))


TRAINER = "".join(
    [
        entry("credentials", "trainer", "2024-10-01", name="trainer", until="2026-09-30"),
        event("trainer_application", "2026-02-20"),
    ]
)
TOPICS = "".join(
    [
        hours("humility", "4 hours", "cultural_humility"),
        hours("trauma", "0.4 CEU", "trauma_informed_care"),
        hours("facilitation", "4 hours", "facilitation"),
        hours("shown", "1.5 hours", "demonstration_facilitation"),
    ]
)
FREE = hours("free", "2.5 hours", "free_choice")


def test_with_everything_the_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("wi-cps", INITIAL), "initial") == {}


def test_the_exam_asks_eighty_five_percent() -> None:
    assert open_in(stands("wi-cps", INITIAL.replace("percent = 85", "percent = 84.5")), "initial") == {
        "exam": Answer.NOT_YET
    }


def test_another_attempt_comes_after_the_form_for_it() -> None:
    twice = INITIAL + entry("exams", "first", "2025-06-01", name="state_exam", percent=70)
    assert open_in(stands("wi-cps", twice), "initial") == {"another-attempt": Answer.NOT_YET}
    assert open_in(stands("wi-cps", twice + event("retake_form", "2025-06-10")), "initial") == {}


def test_with_all_topics_and_sixteen_hours_the_trainer_is_ready_for_a_decision() -> None:
    assert open_in(stands("wi-cps", TRAINER + TOPICS + FREE), "trainer") == {}


def test_of_free_choice_no_more_than_two_and_a_half_hours_count() -> None:
    more = FREE.replace("2.5 hours", "5 hours")
    less = TOPICS.replace('"4 hours"', '"3.5 hours"')
    found = stands("wi-cps", TRAINER + less + more).of("trainer-hours")
    assert found.answer is Answer.NOT_YET
    assert found.numbers is not None
    assert found.numbers.sure == Decimal(15)
    assert [(each.item.id, each.why, each.amount) for each in found.left_out] == [("free", Why.CAPPED, Decimal("2.5"))]


def test_a_tenth_of_a_ceu_is_one_hour() -> None:
    found = stands("wi-cps", TRAINER + TOPICS).of("trainer-topics").parts[1]
    assert found.numbers is not None
    assert found.numbers.sure == 4


def test_an_hour_that_touches_two_topics_counts_for_one() -> None:
    both = TOPICS.replace('category = "cultural_humility"', 'category = ["cultural_humility", "facilitation"]').replace(
        hours("facilitation", "4 hours", "facilitation"), ""
    )
    found = stands("wi-cps", TRAINER + both).of("trainer-topics")
    assert found.answer is Answer.NOT_YET
    assert sorted(part.answer for part in found.parts) == [Answer.MET] * 3 + [Answer.NOT_YET]


def test_reading_on_ones_own_and_hours_of_another_certificate_do_not_count() -> None:
    reading = FREE.replace('activity = "course"', 'activity = "independent_reading"')
    assert open_in(stands("wi-cps", TRAINER + TOPICS + reading), "trainer") == {"trainer-hours": Answer.NOT_YET}
    used = hours("free", "2.5 hours", "free_choice", used_for="another_certificate")
    assert open_in(stands("wi-cps", TRAINER + TOPICS + used), "trainer") == {"trainer-hours": Answer.NOT_YET}


@pytest.mark.parametrize(("on", "count"), [("2024-02-20", 2), ("2024-02-19", 0)])
def test_hours_are_of_the_two_years_before_the_application(on: str, count: int) -> None:
    found = stands("wi-cps", TRAINER + hours("old", "2 hours", "facilitation", on)).of("trainer-hours")
    assert found.numbers is not None
    assert found.numbers.sure == count


@pytest.mark.parametrize(("applied", "answer"), [("2026-09-30", Answer.MET), ("2026-10-01", Answer.NOT_YET)])
def test_trainers_apply_by_the_last_day_of_september(applied: str, answer: Answer) -> None:
    written = TRAINER.replace("2026-02-20", applied)
    assert stands("wi-cps", written, on=date(2026, 11, 1)).of("trainer-certificate").answer is answer


def test_it_is_valid_for_two_years_and_renewal_asks_a_fee() -> None:
    certified = decision("certified", "2025-08-15", "initial")
    found = stands("wi-cps", certified)
    assert found.status is Status.CERTIFIED
    assert [(each.name, each.on) for each in found.dates] == [(Name.VALID_UNTIL, date(2027, 8, 15))]
    assert stands("wi-cps", certified, on=date(2027, 8, 16)).status is Status.LAPSED
    assert [(fee.what, fee.amount) for fee in program("wi-cps").lifecycle.fees] == [
        ("Renewal of the certification", "50 USD")
    ]
    assert open_in(stands("wi-cps", certified, on=date(2027, 8, 1)), "renewal") == {"fee": Answer.NOT_YET}
    paid = certified + entry("payments", "fee", "2027-07-20", name="recertification")
    assert open_in(stands("wi-cps", paid, on=date(2027, 8, 1)), "renewal") == {}
