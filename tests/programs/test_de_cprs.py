"""Delaware's Certified Peer Recovery Specialist: acceptance case 3, and cases of our own."""

from decimal import Decimal

import pytest

from grading.checking.check import check
from grading.checking.findings import Severity
from grading.proof import Answer
from tests.programs.entries import entry
from tests.programs.reading import answers, open_in, program, stands

OLDER = {"advocacy": 10, "mentoring_education": 10, "recovery_wellness": 10, "ethics": 16}
NEWER = dict.fromkeys((*OLDER, "harm_reduction"), 10)
REST = "".join(
    [
        entry("documents", "school", "2025-01-02", name="secondary_education"),
        entry("practice", "work", "2025-12-01", "500 hours"),
        entry("signatures", "mine", "2025-02-01", name="job_description", role="applicant"),
        entry("signatures", "theirs", "2025-02-02", name="job_description", role="supervisor"),
        entry("statements", "account", "2025-11-01", name="account_of_experience"),
        entry("supervision", "talks", "2025-12-01", "25 hours"),
        entry("approvals", "application", "2026-01-10", name="application_accepted"),
        entry("exams", "exam", "2026-02-01", name="peer_recovery_exam", passed=True),
    ]
)


def training(hours: dict[str, int]) -> str:
    return "".join(
        entry("training", category, "2025-05-01", f"{each} hours", category=category)
        for category, each in hours.items()
    )


def test_case_3_the_newer_minima_make_fifty_of_forty_six_and_the_editor_asks_to_choose() -> None:
    found = check([program("de-cprs", "older"), program("de-cprs", "newer")])
    (finding,) = [each for each in found if each.severity is not Severity.LOOK]
    assert (finding.code, finding.requirement, finding.editions) == (
        "minima_above_total",
        "training-five-domains",
        ("newer",),
    )
    assert "50 hours" in finding.in_english()
    assert "46 hours" in finding.in_english()


@pytest.mark.parametrize(("edition", "hours"), [("older", OLDER), ("newer", NEWER)])
def test_with_everything_the_certification_is_ready_for_a_decision(edition: str, hours: dict[str, int]) -> None:
    assert open_in(stands("de-cprs", training(hours) + REST, edition=edition), "initial") == {}


def test_what_fills_the_older_edition_has_ten_hours_to_go_in_the_newer_one() -> None:
    found = stands("de-cprs", training(OLDER) + REST, edition="newer")
    assert open_in(found, "initial") == {"training-five-domains": Answer.NOT_YET}
    assert [each.changes[0].amount for each in found.of("training-five-domains").parts if each.changes] == [Decimal(10)]


def test_an_exam_before_the_application_was_accepted_does_not_come_in_order() -> None:
    early = REST.replace("2026-02-01", "2026-01-09")
    assert open_in(stands("de-cprs", training(NEWER) + early), "initial") == {"exam": Answer.NOT_YET}


def test_the_job_description_waits_for_the_second_signature() -> None:
    one = entry("signatures", "mine", "2025-02-01", name="job_description", role="applicant")
    found = stands("de-cprs", one).of("job-description")
    assert found.answer is Answer.NOT_YET
    assert [part.answer for part in found.parts] == [Answer.MET, Answer.NOT_YET]


def test_an_account_that_somebody_saw_elsewhere_is_enough() -> None:
    seen = entry("documents", "account", "2025-11-01", name="account_of_experience", seen_by="the board")
    assert stands("de-cprs", seen).of("account").answer is Answer.MET


def test_with_nothing_everything_is_not_yet() -> None:
    assert set(answers(stands("de-cprs", ""), "initial").values()) == {Answer.NOT_YET}
