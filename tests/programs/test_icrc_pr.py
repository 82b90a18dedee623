"""Peer Recovery (PR) of IC&RC: acceptance cases 1 and 2, and cases of our own."""

from datetime import date
from decimal import Decimal

import pytest

from grading.known import known
from grading.lifecycle.validity import valid_until
from grading.proof import Answer
from tests.programs.entries import decision, entry, event
from tests.programs.reading import DAY, evidence, open_in, program, stands

TRAINING = """
[[training]]
id = "{category}"
on = 2025-05-01
amount = "{hours} hours"
is = {{ category = "{category}" }}
signed = 2025-05-02
"""


def training(*, advocacy: int, mentoring_education: int, recovery_wellness_support: int, ethical: int) -> str:
    hours = {
        "advocacy": advocacy,
        "mentoring_education": mentoring_education,
        "recovery_wellness_support": recovery_wellness_support,
        "ethical_responsibility": ethical,
    }
    return "".join(TRAINING.format(category=category, hours=each) for category, each in hours.items())


REST = """
[[documents]]
id = "diploma"
on = 2020-06-01
signed = 2025-01-10
is = { name = "secondary_education" }

[[practice]]
id = "work"
on = 2025-12-01
amount = "500 hours"
signed = 2025-12-02

[[supervision]]
id = "talks"
on = 2025-12-01
amount = "25 hours"
is = { supervisor_years = 3 }
signed = 2025-12-02

[[statements]]
id = "area"
on = 2026-01-05
amount = "52 %"
is = { name = "lives_or_works_in_area" }

[[exams]]
id = "exam"
on = 2026-02-01
is = { name = "peer_recovery_exam", passed = true }

[[signatures]]
id = "code"
on = 2026-01-05
is = { name = "peer_code_of_ethics" }
"""


def test_case_1_sixty_hours_with_ten_of_ethics_are_six_short_although_the_total_is_over() -> None:
    found = stands("icrc-pr", training(advocacy=20, mentoring_education=20, recovery_wellness_support=10, ethical=10))
    assert found.of("training").answer is Answer.MET
    domains = found.of("training-domains")
    assert domains.answer is Answer.NOT_YET
    ethics = domains.parts[3]
    assert ethics.answer is Answer.NOT_YET
    assert ethics.changes[0].amount == Decimal(6)
    assert [part.answer for part in domains.parts[:3]] == [Answer.MET] * 3


def test_case_2_with_exactly_everything_the_stage_is_met() -> None:
    exact = training(advocacy=10, mentoring_education=10, recovery_wellness_support=10, ethical=16)
    found = stands("icrc-pr", exact + REST)
    assert {each.requirement.key: each.proof.answer for each in found.stages[0].requirements} == dict.fromkeys(
        (each.requirement.key for each in found.stages[0].requirements), Answer.MET
    )
    assert found.stages[0].answer is Answer.MET


def test_supervision_by_somebody_whose_experience_nobody_gave_cannot_be_known() -> None:
    said = REST.replace("is = { supervisor_years = 3 }\n", "")
    found = stands("icrc-pr", said).of("supervision")
    assert found.answer is Answer.UNKNOWN
    assert [each.name for each in found.changes] == ["supervisor_years"]


@pytest.mark.parametrize(("until", "answer"), [("2026-01-31", Answer.NOT_YET), ("2026-02-01", Answer.MET)])
def test_living_or_working_there_holds_at_the_application_and_at_testing(until: str, answer: Answer) -> None:
    word = entry("statements", "area", "2026-01-05", "51 %", name="lives_or_works_in_area", until=until)
    found = stands("icrc-pr", word + event("application", "2026-01-10") + event("testing", "2026-02-01"))
    assert found.of("residency").answer is answer


CERTIFIED = decision("certified", "2024-04-15", "initial")


def test_it_is_valid_for_two_years() -> None:
    found = known(program("icrc-pr"), evidence(CERTIFIED), DAY)
    assert valid_until(found.program, found.decisions, found.evidence, DAY) == date(2026, 4, 15)


@pytest.mark.parametrize(("ethics", "open_"), [(6, set()), (5, {"continuing-ethics"})])
def test_renewal_asks_twenty_hours_with_six_of_ethics(ethics: int, open_: set[str]) -> None:
    hours = entry("education", "ethics", "2025-03-01", f"{ethics} hours", category="ethics") + entry(
        "education", "more", "2025-09-01", f"{20 - ethics} hours", category="advocacy"
    )
    assert set(open_in(stands("icrc-pr", CERTIFIED + hours), "renewal")) == open_
