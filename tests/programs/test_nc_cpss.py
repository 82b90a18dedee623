"""North Carolina's Certified Peer Support Specialist: acceptance cases 11 and 12, and cases of our own."""

from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Outcome
from grading.known import known
from grading.lifecycle.dates import Name
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Status
from grading.lifecycle.validity import valid_until
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import DAY, evidence, open_in, program, stands

EXPIRY = date(2028, 6, 30)
CERTIFIED = decision("certified", "2026-06-12", "initial")
PERSON = "".join(
    [
        entry("statements", "age", "2025-01-02", name="age_18"),
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("statements", "recovery", "2025-01-02", name="recovery_as_described"),
        entry("signatures", "code", "2025-01-02", name="code_of_ethics"),
        entry("references", "friend", "2025-11-01", known_for_months=12, speaks_of=[]),
        entry("references", "sponsor", "2025-11-02", known_for_months=6, speaks_of=["recovery"]),
    ]
)
RENEWAL = "".join(
    [
        entry("education", "ethics", "2027-03-01", "3 hours", category="boundaries"),
        entry("education", "more", "2027-09-01", "17 hours", category="other"),
        entry("references", "one", "2028-05-01"),
        entry("references", "two", "2028-05-02"),
    ]
)


def training(course: int = 50) -> str:
    more = {"part": "additional", "category": ["ethics", "boundaries"]}
    return entry("training", "course", "2025-05-01", f"{course} hours", part="course") + entry(
        "training", "more", "2025-07-01", "20 hours", **more
    )


def last_day(written: str, on: date) -> date | None:
    found = known(program("nc-cpss"), evidence(written, as_of=on), on)
    return valid_until(found.program, found.decisions, found.evidence, on)


@pytest.mark.parametrize(("edition", "course"), [("later", 50), ("earlier", 40)])
def test_with_everything_the_certification_is_ready_for_a_decision(edition: str, course: int) -> None:
    assert open_in(stands("nc-cpss", PERSON + training(course), edition=edition), "initial") == {}


def test_a_course_of_forty_hours_is_ten_short_in_the_later_edition() -> None:
    found = stands("nc-cpss", PERSON + training(40), edition="later")
    assert open_in(found, "initial") == {"course": Answer.NOT_YET}
    assert [each.amount for each in found.of("course").changes] == [Decimal(10)]


def test_hours_of_the_course_are_not_the_additional_ones_too() -> None:
    both = entry("training", "both", "2025-05-01", "50 hours", part=["course", "additional"], category=["ethics"])
    found = stands("nc-cpss", both)
    assert [found.of(key).answer for key in ("course", "additional-training")] == [Answer.MET, Answer.NOT_YET]


def test_one_letter_that_is_both_is_still_one_letter() -> None:
    both = entry("references", "both", "2025-11-01", known_for_months=60, speaks_of=["recovery"])
    assert stands("nc-cpss", both).of("references").answer is Answer.NOT_YET
    other = entry("references", "other", "2025-11-03", known_for_months=24, speaks_of=[])
    assert stands("nc-cpss", both + other).of("references").answer is Answer.MET


def test_no_exam_is_asked() -> None:
    assert not [each for each in program("nc-cpss").requirements if "exam_pass" in each.kinds]


def test_it_is_valid_until_the_last_day_of_the_month_two_years_on() -> None:
    assert last_day(CERTIFIED, date(2026, 7, 1)) == EXPIRY


@pytest.mark.parametrize("renewed", ["2028-05-02", "2028-07-25"])
def test_renewed_early_or_late_it_ends_on_the_same_day(renewed: str) -> None:
    written = CERTIFIED + decision("renewed", renewed, "renewal")
    assert last_day(written, date(2028, 8, 1)) == date(2030, 6, 30)


def test_case_11_an_application_of_20_july_is_late_with_a_fee_and_the_certificate_keeps_its_day() -> None:
    applied = event("application", "2028-07-20")
    found = stands("nc-cpss", CERTIFIED + applied, on=date(2028, 7, 20))
    assert found.status is Status.IN_GRACE
    late = [each for each in found.facts.offers if each.what is Asking.LATE_RENEWAL]
    assert [(each.stage, each.until, each.fee) for each in late] == [("renewal", date(2028, 7, 30), "20 US dollars")]
    days = {each.name: each.on for each in found.dates}
    assert (days[Name.VALID_UNTIL], days[Name.LATE_UNTIL]) == (EXPIRY, date(2028, 7, 30))


def test_case_11_what_was_asked_for_in_the_late_period_is_renewed_from_the_true_last_day() -> None:
    written = CERTIFIED + event("application", "2028-07-20") + decision("renewed", "2028-08-10", "renewal")
    found = stands("nc-cpss", written, on=date(2028, 8, 10))
    assert found.facts.set_aside == ()
    assert last_day(written, date(2028, 8, 10)) == date(2030, 6, 30)


def test_case_12_an_application_of_5_august_is_a_new_one() -> None:
    applied = event("application", "2028-08-05")
    found = stands("nc-cpss", CERTIFIED + applied, on=date(2028, 8, 5))
    assert found.facts.holds is Status.LAPSED
    assert [(each.what, each.stage) for each in found.facts.offers] == [(Asking.NEW_APPLICATION, "initial")]
    renewed = CERTIFIED + applied + decision("renewed", "2028-08-20", "renewal")
    late = stands("nc-cpss", renewed, on=date(2028, 9, 1))
    assert [each.outcome for each in late.facts.set_aside] == [Outcome.RENEWED]


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        ("2028-06-30", Status.CERTIFIED),
        ("2028-07-01", Status.IN_GRACE),
        ("2028-07-30", Status.IN_GRACE),
        ("2028-07-31", Status.LAPSED),
    ],
)
def test_each_last_day_belongs_to_what_it_ends(on: str, holds: Status) -> None:
    assert stands("nc-cpss", CERTIFIED, on=date.fromisoformat(on)).facts.holds is holds


def test_reminders_come_ninety_and_sixty_days_before() -> None:
    found = stands("nc-cpss", CERTIFIED, on=date(2026, 7, 1))
    reminders = [each.on for each in found.dates if each.name is Name.REMINDER]
    assert reminders == [date(2028, 4, 1), date(2028, 5, 1)]


def test_no_certification_from_elsewhere_is_recognized() -> None:
    assert program("nc-cpss").lifecycle.recognizes == ()


def test_with_everything_the_renewal_is_ready_for_a_decision() -> None:
    assert open_in(stands("nc-cpss", CERTIFIED + RENEWAL, on=date(2028, 6, 1)), "renewal") == {}


def test_what_lies_before_the_last_certification_does_not_count_for_renewal() -> None:
    renewed = CERTIFIED + RENEWAL + decision("renewed", "2028-06-10", "renewal")
    found = stands("nc-cpss", renewed, on=date(2029, 1, 1))
    assert set(open_in(found, "renewal")) == {"continuing-education", "continuing-ethics", "letters"}
    assert {each.why for each in found.of("continuing-education").left_out} == {Why.TOO_EARLY}


def test_specializations_that_tell_of_a_life_are_not_shown_to_everybody() -> None:
    reveals = {each.key: each.reveals for each in program("nc-cpss").stages if each.scope}
    assert reveals == {"military": True, "older-adult": False, "trauma": True, "justice": True}


def test_what_a_specialization_asks_is_not_guessed() -> None:
    found = stands("nc-cpss", PERSON, on=DAY)
    assert {stage.answer for stage in found.stages if stage.stage.scope} == {Answer.NOT_APPLICABLE}
