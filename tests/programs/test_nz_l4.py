"""NZ Certificate in Health and Wellbeing (Peer Support), Level 4: cases of our own."""

from grading.lifecycle.status import Status
from grading.proof import Answer
from tests.programs.entries import decision, entry
from tests.programs.reading import open_in, stands

STATEMENT = entry("statements", "own", "2024-03-01", name="lived_experience")
CREDITS = entry("training", "year-1", "2024-11-20", "60 credits") + entry(
    "training", "year-2", "2025-11-20", "60 credits"
)


def outcomes(count: int) -> str:
    numbers = range(1, count + 1)
    return "".join(
        entry("attestations", f"o{each}", "2025-12-01", name="graduate_outcome", outcome=f"outcome_{each}")
        for each in numbers
    )


def test_with_everything_the_certificate_is_ready_for_a_decision() -> None:
    assert open_in(stands("nz-l4", STATEMENT + CREDITS + outcomes(7)), "initial") == {}


def test_with_six_outcomes_the_seventh_is_still_to_come() -> None:
    found = stands("nz-l4", STATEMENT + CREDITS + outcomes(6))
    assert open_in(found, "initial") == {"outcomes": Answer.NOT_YET}
    assert [part.name for part in found.of("outcomes").parts if part.answer is Answer.NOT_YET] == ["outcome_7"]


def test_credits_that_nobody_confirmed_wait() -> None:
    waiting = entry("training", "year-2", "2025-11-20", "60 credits", signed=False)
    found = stands("nz-l4", STATEMENT + entry("training", "year-1", "2024-11-20", "60 credits") + waiting)
    assert found.of("credits").answer is Answer.WAITING


def test_how_long_it_usually_takes_is_shown_to_apprentices_and_stands_in_nobodys_way() -> None:
    everything = STATEMENT + CREDITS + outcomes(7)
    assert stands("nz-l4", everything).of("pace").answer is Answer.NOT_APPLICABLE
    slow = everything.replace("on = 2024-11-20", "on = 2022-11-20")
    apprentice = entry("employment", "post", "2022-02-01", form="apprenticeship")
    found = stands("nz-l4", slow + apprentice)
    assert found.of("pace").answer is Answer.NOT_YET
    assert open_in(found, "initial") == {}


def test_the_certificate_has_no_last_day() -> None:
    found = stands("nz-l4", decision("certified", "2026-01-15", "initial"))
    assert found.dates == ()
    assert found.status is Status.CERTIFIED
