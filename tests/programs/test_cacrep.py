"""Practicum and internship in counseling: acceptance case 21, and cases of our own."""

from datetime import date, timedelta

from grading.proof import Answer
from tests.programs.entries import decision, entry, event
from tests.programs.observations import observation
from tests.programs.reading import open_in, program, stands

ON = date(2026, 6, 1)
MONDAY = date(2026, 1, 5)
ENDED = "2026-04-19"
PRACTICUM = decision("certified", "2025-12-19", "practicum")
INTERNSHIP = PRACTICUM + event("internship_began", MONDAY.isoformat()) + event("internship_ended", ENDED)


def weekly(form: str, hours: str, *, weeks: int = 15, empty: int = 0, led_by: str = "") -> str:
    """A meeting in each of so many weeks, without the first ones."""
    has = {"form": form} | ({"led_by": led_by} if led_by else {})
    days = [MONDAY + timedelta(weeks=each, days=2) for each in range(empty, weeks)]
    return "".join(
        entry("supervision", f"{form}-{day}", day.isoformat(), f"{hours} hours", **has) for day in days
    )  # fmt: skip


def hours(id_: str, amount: int, *, direct: bool, activity: str, on: str = "2026-03-01") -> str:
    return entry(
        "practice", id_, on, f"{amount} hours", placement="internship", direct=direct, activity=activity
    )  # fmt: skip


REST = "".join([
    hours("direct", 230, direct=True, activity="counseling"),
    hours("groups", 10, direct=True, activity="group_leadership"),
    hours("indirect", 360, direct=False, activity="record_keeping"),
    observation("seen", "2026-03-02", placement="internship", mode="recording"),
    entry("attestations", "r1", "2026-03-03", name="review", placement="internship", point="formative"),
    entry("attestations", "r2", "2026-04-17", name="review", placement="internship", point="summative"),
    entry("attestations", "insured", "2026-01-01", until="2026-12-31", name="liability_insurance"),
])  # fmt: skip
GROUP = weekly("group", "1.5", led_by="faculty")


def test_case_21_fifteen_hours_in_fifteen_weeks_are_one_on_average_although_two_weeks_are_empty() -> None:
    meetings = weekly("individual", "1", empty=4) + entry(
        "supervision", "long", "2026-01-21", "4 hours", form="triadic"
    )
    found = stands("cacrep", INTERNSHIP + meetings, on=ON).of("supervision-individual")
    assert found.answer is Answer.MET
    assert found.numbers is not None
    assert (found.numbers.need, found.numbers.sure) == (1, 1)


def test_fourteen_hours_in_fifteen_weeks_are_one_short() -> None:
    found = stands("cacrep", INTERNSHIP + weekly("individual", "1", empty=1), on=ON).of("supervision-individual")
    assert found.answer is Answer.NOT_YET
    assert found.changes[0].amount == 1


def test_with_everything_the_internship_is_ready_for_a_decision() -> None:
    everything = INTERNSHIP + REST + weekly("individual", "1") + GROUP
    for edition in ("2016", "2024"):
        assert open_in(stands("cacrep", everything, on=ON, edition=edition), "internship") == {}, edition


def test_a_group_led_by_somebody_else_does_not_count() -> None:
    found = stands("cacrep", INTERNSHIP + weekly("group", "1.5", led_by="site_staff"), on=ON)
    assert found.of("supervision-group").answer is Answer.NOT_YET


def test_an_internship_counts_once_the_practicum_is_complete() -> None:
    early = decision("certified", "2026-03-15", "practicum") + event("internship_began", "2026-01-05") + REST
    found = stands("cacrep", early, on=ON)
    assert found.of("internship-after-practicum").answer is Answer.NOT_YET
    assert found.of("internship-hours").answer is Answer.NOT_YET
    without = stands("cacrep", event("internship_began", "2026-01-05") + REST, on=ON)
    assert without.of("internship-hours").answer is Answer.NOT_YET


def test_role_play_and_records_are_never_direct_service() -> None:
    played = INTERNSHIP + "".join(
        hours(each, 120, direct=True, activity=each) for each in ("role_play", "administration")
    )
    numbers = stands("cacrep", played, on=ON).of("internship-direct").numbers
    assert numbers is not None
    assert numbers.sure == 0


def test_insurance_that_ended_on_the_way_is_not_in_force_at_the_end() -> None:
    ended = INTERNSHIP + REST.replace("until = 2026-12-31", "until = 2026-04-01")
    assert stands("cacrep", ended, on=ON).of("insurance").answer is Answer.NOT_YET


def practicum(last: str) -> str:
    return "".join([
        entry("practice", "a", "2025-09-01", "60 hours", placement="practicum", direct=False),
        entry("practice", "b", last, "40 hours", placement="practicum", direct=True),
        entry("attestations", "term", "2025-12-12", name="full_term", placement="practicum"),
    ])  # fmt: skip


def test_a_practicum_of_ten_weeks_is_ready_for_a_decision_and_one_of_nine_is_not_yet() -> None:
    assert open_in(stands("cacrep", practicum("2025-11-07")), "practicum") == {}
    assert open_in(stands("cacrep", practicum("2025-10-31")), "practicum") == {"practicum-weeks": Answer.NOT_YET}


def test_both_editions_ask_the_same_hours() -> None:
    older, newer = program("cacrep", "2016"), program("cacrep", "2024")
    assert older.requirements == newer.requirements


def test_the_internship_is_open_for_a_decision_once_the_practicum_was_decided() -> None:
    assert stands("cacrep", practicum("2025-11-07"), on=ON).facts.open == ("practicum",)
    everything = INTERNSHIP + REST + weekly("individual", "1") + GROUP
    found = stands("cacrep", everything, on=ON)
    assert (found.facts.open, found.facts.ready) == (("internship",), ("internship",))
