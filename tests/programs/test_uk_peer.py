"""Peer worker qualifications of England and Scotland: cases of our own."""

from grading.proof import Answer
from tests.programs.entries import entry
from tests.programs.observations import observation
from tests.programs.reading import open_in, program, stands

STATEMENT = entry("statements", "own", "2025-01-10", name="lived_experience")
PORTFOLIO = entry("documents", "folder", "2025-11-01", name="portfolio", covers_each_competency=True, names_nobody=True)
GATEWAY = entry("attestations", "gate", "2025-11-10", name="gateway")


def discussion(on: str = "2025-12-01", *, independent: bool = True) -> str:
    return observation(
        "talk", on, name="end_point_assessment", form="professional_discussion", assessor_independent=independent
    )


def test_with_everything_the_apprenticeship_is_ready_for_a_decision_and_the_other_award_is_not_asked_for() -> None:
    found = stands("uk-peer", STATEMENT + PORTFOLIO + GATEWAY + discussion())
    assert open_in(found, "england") == {}
    assert open_in(found, "scotland") == {"units": Answer.NOT_YET, "active": Answer.NOT_YET}
    assert [stage.after for stage in program("uk-peer").stages] == ["", ""]


def test_an_assessment_before_the_gateway_is_not_in_order() -> None:
    found = stands("uk-peer", STATEMENT + PORTFOLIO + GATEWAY + discussion("2025-11-09"))
    assert open_in(found, "england") == {"gateway": Answer.NOT_YET}


def test_an_assessor_who_is_not_independent_does_not_count_and_one_of_whom_nobody_said_it_is_not_known() -> None:
    assert stands("uk-peer", discussion(independent=False)).of("discussion").answer is Answer.NOT_YET
    unsaid = discussion().replace(", assessor_independent = true", "")
    assert stands("uk-peer", unsaid).of("discussion").answer is Answer.UNKNOWN


def test_with_both_units_and_voluntary_work_the_award_is_ready_for_a_decision() -> None:
    units = "".join(
        entry("training", each, "2025-10-01", unit_name=each, completed=True)
        for each in ("recovery_context", "developing_practice")
    )
    work = entry("employment", "post", "2025-02-01", post="volunteer")
    found = stands("uk-peer", units + work)
    assert open_in(found, "scotland") == {}
    assert open_in(found, "england").keys() == {"lived-experience", "portfolio", "discussion", "gateway"}


def test_work_that_ended_does_not_count() -> None:
    ended = entry("employment", "post", "2025-02-01", until="2025-12-31", post="paid")
    assert stands("uk-peer", ended).of("active").answer is Answer.NOT_YET


def test_how_long_it_is_valid_is_not_said() -> None:
    assert program("uk-peer").lifecycle.validity is None
