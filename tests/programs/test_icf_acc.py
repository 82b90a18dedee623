"""Associate Certified Coach: acceptance cases 18, 19 and 20, and cases of our own."""

from datetime import date
from decimal import Decimal

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.proof import Answer, Why
from tests.programs.entries import Has, decision, entry, event
from tests.programs.observations import observation
from tests.programs.reading import open_in, program, stands

BEGAN = event("coach_training_began", "2024-09-01") + event("application", "2026-02-15")
RECORDING: dict[str, Has] = {"name": "performance_evaluation", "mode": "recording", "transcript": True}


def coaching(clients: int = 8, *, hours: int = 100, paid: int = 75, on: str = "2025-06-01") -> str:
    """Sessions with so many clients; of the hours so many paid."""
    common: dict[str, Has] = {"activity": "coaching", "form": "individual"}
    first = "".join(
        entry("practice", f"s{each}", on, "1 hours", client=f"c{each}", session=f"s{each}", paid=True, **common)
        for each in range(1, clients + 1)
    )
    rest: dict[str, Has] = {"client": "c1", **common}
    return (
        first
        + entry("practice", "paid", on, f"{paid - clients} hours", session="paid", paid=True, **rest)
        + entry("practice", "free", on, f"{hours - paid} hours", session="free", paid=False, **rest)
    )


def mentoring(first: str = "2025-09-01", last: str = "2025-12-01", **has: Has) -> str:
    said: dict[str, Has] = {"activity": "mentor_coaching", "basis": "recorded", "mentor_credential": "PCC", **has}
    return entry("supervision", "alone", first, "3 hours", form="individual", **said) + entry(
        "supervision", "together", last, "7 hours", form="group", group_size=8, **said
    )


def recording(permission: str, level: int = 1) -> str:
    ratings = {"competency_1": 1, "competency_2": level}
    return observation("recording", "2026-01-20", ratings, **RECORDING, client_permission=permission)


REST = "".join([
    entry("training", "course", "2024-09-01", "60 hours"),
    entry("documents", "review", "2025-12-10", name="competency_review", reviewed=3),
    entry("exams", "exam", "2026-02-20", name="credential_exam", passed=True),
])  # fmt: skip
EVERYTHING = BEGAN + REST + coaching() + mentoring() + recording("written_and_on_file")


def test_with_everything_the_credential_is_ready_for_a_decision() -> None:
    assert open_in(stands("icf-acc", EVERYTHING), "initial") == {}


def test_case_18_a_hundred_hours_with_seven_clients_ask_for_one_client_more() -> None:
    found = stands("icf-acc", BEGAN + coaching(clients=7))
    assert found.of("coaching").answer is Answer.MET
    clients = found.of("clients")
    assert clients.answer is Answer.NOT_YET
    assert clients.changes[0].amount == 1


def test_case_19_ten_hours_of_mentoring_in_eight_weeks_are_not_yet_over_three_months() -> None:
    found = stands("icf-acc", mentoring("2025-10-01", "2025-11-26"))
    assert found.of("mentoring").answer is Answer.MET
    assert found.of("mentor").answer is Answer.MET
    span = found.of("mentoring-span")
    assert span.answer is Answer.NOT_YET
    assert span.changes[0].on == date(2026, 1, 1)


def test_case_20_a_recording_without_the_permission_of_the_client_is_not_handed_in() -> None:
    without = EVERYTHING.replace("written_and_on_file", "none")
    found = stands("icf-acc", without)
    assert open_in(found, "initial") == {"evaluation": Answer.NOT_YET, "permission": Answer.NOT_YET}
    unsaid = EVERYTHING.replace(', client_permission = "written_and_on_file"', "")
    asked = stands("icf-acc", unsaid).of("permission")
    assert asked.answer is Answer.UNKNOWN
    assert "client_permission" in [each.name for each in asked.changes]


def test_an_evaluation_in_an_accredited_program_needs_no_recording() -> None:
    included = BEGAN + REST + coaching() + mentoring()
    included += entry("attestations", "included", "2026-01-10", name="evaluation_in_accredited_program")
    found = stands("icf-acc", included)
    assert open_in(found, "initial") == {}
    assert found.of("permission").answer is Answer.NOT_APPLICABLE
    assert found.of("levels").answer is Answer.NOT_APPLICABLE


def test_a_competency_that_is_still_to_come_is_shown_in_a_later_recording() -> None:
    first = BEGAN + recording("written_and_on_file", level=0)
    assert stands("icf-acc", first).of("levels").answer is Answer.NOT_YET
    second = observation(
        "second", "2026-02-20", {"competency_2": 1}, **RECORDING, client_permission="written_and_on_file"
    )
    assert stands("icf-acc", first + second).of("levels").answer is Answer.MET


def test_hours_before_the_training_began_do_not_count() -> None:
    found = stands("icf-acc", BEGAN + coaching(on="2024-08-31"))
    assert found.of("coaching").answer is Answer.NOT_YET
    assert {each.why for each in found.of("coaching").left_out} == {Why.TOO_EARLY}


def test_more_hours_without_pay_never_hurt() -> None:
    fewer_paid = stands("icf-acc", BEGAN + coaching(hours=100, paid=60)).of("paid")
    assert fewer_paid.numbers is not None
    assert fewer_paid.numbers.sure == Decimal(80)
    assert stands("icf-acc", BEGAN + coaching(hours=175, paid=75)).of("paid").answer is Answer.MET


def test_an_hour_with_a_group_counts_once_and_a_group_of_sixteen_does_not() -> None:
    group: dict[str, Has] = {"activity": "coaching", "form": "group", "session": "s", "paid": True}
    of_each = "".join(
        entry("practice", f"g{each}", "2025-06-01", "1 hours", client=f"c{each}", group_size=8, **group)
        for each in range(1, 9)
    )
    found = stands("icf-acc", BEGAN + of_each)
    for key, number in (("coaching", 1), ("clients", 8)):
        numbers = found.of(key).numbers
        assert numbers is not None
        assert numbers.sure == number
    crowd = stands("icf-acc", BEGAN + of_each.replace("group_size = 8", "group_size = 16")).of("coaching")
    assert {each.why for each in crowd.left_out} == {Why.NOT_COUNTING}


def test_being_mentored_is_no_hour_with_a_client() -> None:
    own = entry("practice", "m", "2025-06-01", "10 hours", activity="mentor_coaching", form="individual", session="m")
    numbers = stands("icf-acc", BEGAN + own).of("coaching").numbers
    assert numbers is not None
    assert numbers.sure == 0


def test_of_mentoring_in_groups_seven_hours_count() -> None:
    groups = mentoring().replace("3 hours", "1 hours").replace("7 hours", "9 hours")
    found = stands("icf-acc", groups)
    numbers = found.of("mentoring").numbers
    assert numbers is not None
    assert numbers.sure == 8


def test_a_mentor_with_this_credential_renewed_it_once() -> None:
    same = mentoring(mentor_credential="ACC", mentor_renewed_once=True)
    assert stands("icf-acc", same).of("mentor").answer is Answer.MET
    never = same.replace("mentor_renewed_once = true", "mentor_renewed_once = false")
    assert stands("icf-acc", never).of("mentor").answer is Answer.NOT_YET
    assert stands("icf-acc", mentoring(mentor_credential="ACC")).of("mentor").answer is Answer.UNKNOWN


def test_twenty_five_hours_are_recent() -> None:
    older = coaching(on="2024-09-10", hours=100)
    with_application = event("coach_training_began", "2023-09-01") + event("application", "2026-03-11")
    on = date(2026, 3, 15)
    found = stands("icf-acc", with_application + older, on=on)
    assert found.of("coaching").answer is Answer.MET
    assert found.of("recent").answer is Answer.NOT_YET


def test_renewal_is_ready_with_forty_hours_of_which_ten_of_mentoring_count() -> None:
    certified = decision("certified", "2023-04-01", "initial")
    subjects = {"core_competencies": 24, "mentor_coaching": 16, "ethics": 3}
    education = "".join(
        entry("education", subject, "2024-05-01", f"{hours} hours", category=subject)
        for subject, hours in subjects.items()
    )
    found = stands("icf-acc", certified + education)
    assert open_in(found, "renewal") == {"continuing-education": Answer.NOT_YET}
    numbers = found.of("continuing-education").numbers
    assert numbers is not None
    assert numbers.sure == 37
    other = entry("education", "other", "2024-06-01", "3 hours", category="other")
    assert open_in(stands("icf-acc", certified + education + other), "renewal") == {}


def test_it_is_valid_for_three_years() -> None:
    found = stands("icf-acc", decision("certified", "2024-02-29", "initial"))
    assert [(each.name, each.on) for each in found.dates] == [(Name.VALID_UNTIL, date(2027, 2, 28))]
    assert found.status is Status.CERTIFIED


def test_grace_and_what_follows_are_not_said_so_they_stay_open() -> None:
    lifecycle = program("icf-acc").lifecycle
    assert (lifecycle.grace, lifecycle.lapse, lifecycle.renewal) == (None, None, None)
