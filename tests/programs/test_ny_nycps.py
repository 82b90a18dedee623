"""New York Certified Peer Specialist: acceptance cases 8 and 9, and cases of our own."""

from datetime import date
from decimal import Decimal

import pytest

from grading.lifecycle.dates import Name
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Status
from grading.proof import Answer, Doing, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import answers, open_in, stands

COURSES = [f"core {number}" for number in range(1, 14)]
PROVISIONAL = "".join(
    [
        entry("documents", "school", "2024-01-02", name="secondary_education"),
        entry("statements", "experience", "2024-01-02", name="lived_experience"),
        entry("statements", "journey", "2024-01-02", name="speaks_of_own_journey"),
        *(entry("training", course, "2024-03-01", part="core", course=course) for course in COURSES),
        *(
            entry("exams", f"test {course}", "2024-03-02", part="core", course=course, percent=75, attempt_in_term=1)
            for course in COURSES
        ),
        *(
            entry("references", f"letter {who}", "2024-04-01", sent_by="referee", referee=who)
            for who in ("Ana", "Ben", "Chi")
        ),
        entry("signatures", "code", "2024-01-02", name="code_of_conduct"),
    ]
)
CREDENTIAL = entry("credentials", "provisional", "2024-05-01", name="provisional_certification", until="2026-04-30")
CONFIRMED = {"name": "hours_and_recommendation", "role": "current_supervisor"}
FULL = "".join(
    [
        CREDENTIAL,
        event("full_application", "2026-02-01"),
        entry("practice", "work", "2025-12-31", "2000 hours", supervised=True),
        entry("attestations", "confirmed", "2026-01-15", **CONFIRMED, weekly_hours=32),
        *(
            entry(
                "training",
                f"e{number}",
                "2025-06-01",
                "3 credits",
                part="elective",
                course=f"e{number}",
                provider="own",
            )
            for number in range(1, 6)
        ),
    ]
)
CERTIFIED = decision("certified", "2024-03-01", "full", until="2026-02-28")


def credits(id_: str, on: str, amount: int, part: str = "elective", **more: bool | str) -> str:
    return entry("education", id_, on, f"{amount} credits", part=part, **({"provider": "own"} | more))


def two_years(on: str = "2026-01-02") -> str:
    return entry("statements", "term", on, name="renewal_term", years=2)


def test_case_8_of_twenty_credits_four_of_core_courses_do_not_count_so_that_four_are_to_go() -> None:
    written = CERTIFIED + two_years() + credits("a", "2025-05-01", 16) + credits("b", "2025-06-01", 4, "core")
    found = stands("ny-nycps", written, on=date(2026, 1, 20)).of("renewal-credits")
    assert found.answer is Answer.NOT_YET
    of_two_years = found.parts[1].parts[1]
    assert of_two_years.numbers is not None
    assert of_two_years.numbers.sure == 16
    assert [(each.item.id, each.why) for each in of_two_years.left_out] == [("b", Why.NOT_COUNTING)]
    assert [(each.doing, each.amount, each.unit) for each in of_two_years.changes] == [
        (Doing.ADD, Decimal(4), "credits")
    ]


def test_case_9_credits_from_before_the_last_day_do_not_make_a_certification_active_again() -> None:
    written = CERTIFIED + credits("before", "2026-02-28", 10)
    found = stands("ny-nycps", written).of("credits-again")
    assert found.answer is Answer.NOT_YET
    assert [each.why for each in found.left_out] == [Why.TOO_EARLY]
    after = written + credits("after", "2026-03-01", 10)
    assert stands("ny-nycps", after).of("credits-again").answer is Answer.MET


def test_after_the_last_day_one_can_ask_to_be_active_again_and_nothing_comes_back_by_itself() -> None:
    written = CERTIFIED + credits("after", "2026-03-01", 10)
    found = stands("ny-nycps", written)
    assert found.status is Status.LAPSED
    assert [(each.what, each.stage) for each in found.facts.offers] == [(Asking.REINSTATEMENT, "again")]
    asked = stands("ny-nycps", written + event("application", "2026-03-02"), on=date(2026, 3, 2))
    assert (asked.status, asked.facts.ready) == (Status.READY_FOR_DECISION, ("again",))


def test_with_everything_the_provisional_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("ny-nycps", PROVISIONAL), "provisional") == {}


def test_with_twelve_tests_of_thirteen_one_is_to_go() -> None:
    short = PROVISIONAL.replace("percent = 75", "percent = 74", 1)
    found = stands("ny-nycps", short)
    assert open_in(found, "provisional") == {"core-tests": Answer.NOT_YET}
    assert [each.amount for each in found.of("core-tests").changes] == [Decimal(1)]


def test_a_third_attempt_in_a_term_does_not_count_and_the_next_term_brings_two_more() -> None:
    third = PROVISIONAL.replace("attempt_in_term = 1", "attempt_in_term = 3", 1)
    assert answers(stands("ny-nycps", third), "provisional")["core-tests"] is Answer.NOT_YET
    again = entry("exams", "again", "2024-09-02", part="core", course="core 1", percent=80, attempt_in_term=1)
    assert answers(stands("ny-nycps", third + again), "provisional")["core-tests"] is Answer.MET


def test_three_letters_of_two_people_are_two_references() -> None:
    same = PROVISIONAL.replace('referee = "Chi"', 'referee = "Ben"')
    assert open_in(stands("ny-nycps", same), "provisional") == {"references": Answer.NOT_YET}


def test_a_provisional_certification_ends_on_the_day_that_was_decided_and_is_not_renewed() -> None:
    provisional = PROVISIONAL + decision("certified", "2024-05-01", "provisional", until="2026-04-30")
    found = stands("ny-nycps", provisional, on=date(2026, 4, 30))
    assert (found.status, found.stage, found.facts.open) == (Status.CERTIFIED, "provisional", ("full",))
    assert [(each.name, each.on) for each in found.dates] == [(Name.STAGE_ENDS, date(2026, 4, 30))]
    after = stands("ny-nycps", provisional, on=date(2026, 5, 1))
    assert after.status is Status.LAPSED
    assert [(each.what, each.stage) for each in after.facts.offers] == [(Asking.NEW_APPLICATION, "provisional")]


def test_with_everything_the_full_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("ny-nycps", FULL), "full") == {}


@pytest.mark.parametrize(
    ("applied", "answer"),
    [("2026-04-30", Answer.MET), ("2026-05-01", Answer.NOT_YET)],
)
def test_the_way_up_is_open_while_the_provisional_certification_is_in_force(applied: str, answer: Answer) -> None:
    found = stands("ny-nycps", CREDENTIAL + event("full_application", applied), on=date(2026, 6, 1))
    assert found.of("provisional-in-force").answer is answer


def test_electives_of_another_provider_do_not_count_for_the_way_up() -> None:
    other = FULL.replace('provider = "own"', 'provider = "other"', 1)
    assert open_in(stands("ny-nycps", other), "full") == {
        "elective-credits": Answer.NOT_YET,
        "elective-courses": Answer.NOT_YET,
    }


def test_a_range_of_weekly_hours_is_no_number() -> None:
    said = FULL.replace("weekly_hours = 32", 'weekly_hours = "32-35"')
    assert open_in(stands("ny-nycps", said), "full") == {"supervisor-confirms": Answer.UNKNOWN}


def test_a_course_of_another_provider_counts_for_renewal_once_the_board_accepted_it() -> None:
    written = CERTIFIED + two_years() + credits("a", "2025-05-01", 16)
    waits = written + credits("b", "2025-06-01", 4, provider="other", accepted=False)
    accepted = written + credits("b", "2025-06-01", 4, provider="other", accepted=True)
    on = date(2026, 1, 20)
    assert stands("ny-nycps", waits, on=on).of("renewal-credits").answer is Answer.NOT_YET
    assert stands("ny-nycps", accepted, on=on).of("renewal-credits").answer is Answer.MET


def test_credits_from_before_the_last_certification_do_not_count_for_renewal() -> None:
    written = CERTIFIED + two_years() + credits("a", "2024-02-29", 20)
    assert stands("ny-nycps", written, on=date(2026, 1, 20)).of("renewal-credits").answer is Answer.NOT_YET


def test_a_decision_says_its_last_day_and_renewal_closes_thirty_days_before() -> None:
    found = stands("ny-nycps", CERTIFIED, on=date(2026, 1, 20))
    assert [(each.name, each.on) for each in found.dates] == [
        (Name.RENEWAL_CLOSES, date(2026, 1, 29)),
        (Name.VALID_UNTIL, date(2026, 2, 28)),
    ]
    assert found.status is Status.CERTIFIED


def test_renewed_for_two_years_it_is_valid_until_the_day_that_was_decided() -> None:
    renewed = decision("renewed", "2026-01-20", "renewal", until="2028-02-28")
    found = stands("ny-nycps", CERTIFIED + renewed)
    assert [each.on for each in found.dates if each.name is Name.VALID_UNTIL] == [date(2028, 2, 28)]


def test_what_counted_for_a_renewal_that_was_decided_does_not_count_for_the_next() -> None:
    renewed = decision("renewed", "2026-01-20", "renewal", until="2027-02-28")
    written = CERTIFIED + renewed + two_years("2026-02-01") + credits("a", "2026-01-19", 20)
    assert stands("ny-nycps", written).of("renewal-credits").answer is Answer.NOT_YET
