"""Child Development Associate: acceptance case 22, and cases of our own."""

from datetime import date
from decimal import Decimal

from grading.evidence import Decision, Outcome
from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.lifecycle.validity import valid_until
from grading.program import StageKind
from grading.proof import Answer, Why
from tests.programs.entries import Has, decision, entry, event
from tests.programs.observations import observation
from tests.programs.reading import evidence, open_in, program, stands

ON = date(2026, 6, 1)
APPLIED = event("application", "2026-05-15")
VISIT: dict[str, Has] = {
    "name": "observed_visit",
    "setting": "own_workplace_with_children",
    "part": ["documents", "observation", "dialogue_with_goals"],
    "role": "pd_specialist",
    "observer_degree": True,
    "observer_semester_hours": 18,
    "observer_years_with_children": True,
    "observer_years_of_coaching_adults": True,
    "observer_speaks_the_language": True,
}


def training(hours: int = 15, on: str = "2015-02-01") -> str:
    """So much in each of the eight areas, long ago."""
    numbers = range(1, 9)
    return "".join(entry("training", f"t{each}", on, f"{hours} hours", area=f"area_{each}") for each in numbers)


def papers(portfolio: str = "2026-04-01", questionnaires: str = "2026-04-02") -> str:
    return entry("documents", "folder", portfolio, name="portfolio") + entry(
        "documents", "families", questionnaires, name="family_questionnaires", role="families"
    )


def visit(amount: str = "2 hours", **has: Has) -> str:
    return observation("visit", "2026-05-20", amount=amount, **(VISIT | has))


REST = "".join([
    entry("documents", "diploma", "2026-01-05", name="secondary_education"),
    entry("practice", "work", "2025-03-01", "480 hours"),
    entry("exams", "exam", "2026-05-21", name="cda_exam"),
    entry("exams", "score", "2026-05-25", name="one_score", passed=True),
])  # fmt: skip


def test_case_22_a_portfolio_of_seven_months_before_is_brought_up_to_date_and_nothing_else_is_lost() -> None:
    found = stands("us-cda", REST + APPLIED + training() + papers(portfolio="2025-10-15") + visit(), on=ON)
    assert open_in(found, "initial") == {"portfolio": Answer.NOT_YET}
    portfolio, questionnaires = found.of("portfolio").parts
    assert [(each.item.id, each.why) for each in portfolio.left_out] == [("folder", Why.TOO_EARLY)]
    assert questionnaires.answer is Answer.MET


def test_with_everything_the_credential_is_ready_for_a_decision() -> None:
    found = stands("us-cda", REST + APPLIED + training() + papers() + visit(), on=ON)
    assert open_in(found, "initial") == {}


def test_a_portfolio_of_exactly_six_months_before_still_counts() -> None:
    found = stands("us-cda", APPLIED + papers(portfolio="2025-11-15"), on=ON)
    assert found.of("portfolio").answer is Answer.MET


def test_training_has_no_age_but_work_has() -> None:
    older = APPLIED + training() + entry("practice", "work", "2023-05-14", "480 hours")
    found = stands("us-cda", older, on=ON)
    assert found.of("training").answer is Answer.MET
    assert found.of("work").answer is Answer.NOT_YET


def test_with_nine_hours_in_each_area_every_area_is_one_short() -> None:
    areas = stands("us-cda", training(hours=9), on=ON).of("training-areas")
    assert [part.changes[0].amount for part in areas.parts] == [Decimal(1)] * 8


def test_a_visit_of_one_hour_and_a_half_or_elsewhere_is_not_yet_the_visit() -> None:
    assert stands("us-cda", visit("90 minutes"), on=ON).of("visit").answer is Answer.NOT_YET
    assert stands("us-cda", visit("120 minutes"), on=ON).of("visit").answer is Answer.MET
    assert stands("us-cda", visit(setting="elsewhere"), on=ON).of("visit").answer is Answer.NOT_YET


def test_without_the_voice_of_families_one_voice_is_missing() -> None:
    voices = stands("us-cda", visit(), on=ON).of("several-voices")
    assert {part.name: part.answer for part in voices.parts} == {
        "pd_specialist": Answer.MET,
        "families": Answer.NOT_YET,
    }


def test_a_setting_and_bilingual_work_are_endorsements_that_reveal_nothing() -> None:
    stages = [each for each in program("us-cda").stages if each.kind is StageKind.ENDORSEMENT]
    assert len(stages) == 5
    assert all(each.scope and not each.reveals for each in stages)
    found = stands("us-cda", entry("statements", "chosen", "2026-05-15", name="preschool"), on=ON)
    ready = [each.stage.key for each in found.stages if each.answer is Answer.MET]
    assert ready == ["preschool"]


RENEWAL_ON = date(2029, 5, 1)
CERTIFIED = decision("certified", "2026-06-10", "initial")
RENEWAL = "".join([
    CERTIFIED,
    event("renewal_application", "2029-04-01"),
    entry("practice", "work", "2028-05-01", "80 hours"),
    entry("memberships", "member", "2028-01-01", until="2029-12-31", name="early_childhood_organization"),
    entry(
        "attestations", "review", "2029-03-01", name="renewal_review", role="early_childhood_reviewer",
        fact=["training", "membership", "competence"],
    ),
])  # fmt: skip


def test_with_hours_ceu_and_credits_together_the_renewal_is_ready_for_a_decision() -> None:
    education = "".join([
        entry("education", "a", "2027-01-01", "20 hours"),
        entry("education", "b", "2027-02-01", "1 ceu"),
        entry("education", "c", "2028-02-01", "1 credit_hours"),
    ])  # fmt: skip
    found = stands("us-cda", RENEWAL + education, on=RENEWAL_ON)
    assert open_in(found, "renewal") == {}
    numbers = found.of("continuing-education").numbers
    assert numbers is not None
    assert numbers.sure == 45


def test_three_credits_or_four_and_a_half_ceu_are_enough_alone() -> None:
    for amount in ("4.5 ceu", "3 credit_hours", "45 hours"):
        education = entry("education", "a", "2027-01-01", amount)
        assert stands("us-cda", CERTIFIED + education, on=RENEWAL_ON).of("continuing-education").answer is Answer.MET


def test_education_before_the_credential_was_given_does_not_count_for_its_renewal() -> None:
    early = CERTIFIED + entry("education", "a", "2026-06-09", "45 hours")
    assert stands("us-cda", early, on=RENEWAL_ON).of("continuing-education").answer is Answer.NOT_YET


def test_a_membership_that_ended_before_applying_does_not_count() -> None:
    ended = RENEWAL.replace("until = 2029-12-31", "until = 2029-03-31")
    assert stands("us-cda", ended, on=RENEWAL_ON).of("membership").answer is Answer.NOT_YET


def test_it_is_valid_for_three_years_and_renewal_is_open_in_the_last_six_months() -> None:
    found = stands("us-cda", CERTIFIED, on=date(2028, 12, 9))
    days = {each.name: each.on for each in found.dates}
    assert days[Name.VALID_UNTIL] == date(2029, 6, 10)
    assert days[Name.RENEWAL_OPENS] == date(2028, 12, 10)
    assert found.status is Status.CERTIFIED
    for day, status in (
        (date(2028, 12, 10), Status.RENEWAL_OPEN),
        (date(2029, 6, 10), Status.RENEWAL_OPEN),
        (date(2029, 6, 11), Status.LAPSED),
    ):
        assert stands("us-cda", CERTIFIED, on=day).status is status, day


def test_renewed_early_it_ends_as_if_it_had_been_renewed_on_the_last_day() -> None:
    renewed = CERTIFIED + decision("renewed", "2029-01-15", "renewal")
    days = {each.name: each.on for each in stands("us-cda", renewed, on=RENEWAL_ON).dates}
    assert days[Name.VALID_UNTIL] == date(2032, 6, 10)


def test_an_endorsement_moves_neither_the_validity_nor_the_day_since_which_education_counts() -> None:
    cda = program("us-cda")
    decided = [
        Decision("a", Outcome.CERTIFIED, date(2026, 6, 10), "initial"),
        Decision("b", Outcome.CERTIFIED, date(2028, 1, 10), "bilingual"),
    ]
    assert valid_until(cda, decided, evidence(""), RENEWAL_ON) == date(2029, 6, 10)
    education = entry("education", "a", "2027-01-01", "45 hours")
    both = CERTIFIED + decision("certified", "2028-01-10", "bilingual") + education
    assert stands("us-cda", both, on=RENEWAL_ON).of("continuing-education").answer is Answer.MET


def test_a_notice_says_how_to_appeal() -> None:
    assert "the way to appeal" in program("us-cda").lifecycle.due_process.notice_holds


def test_scores_after_forty_eight_hours_are_shown_and_stand_in_nobodys_way() -> None:
    everything = REST + APPLIED + training() + papers() + visit()
    for hours, answer in ((48, Answer.MET), (49, Answer.NOT_YET)):
        scores = entry("attestations", "scores", "2026-05-22", name="scores_handed_in", hours_after_visit=hours)
        found = stands("us-cda", everything + scores, on=ON)
        assert found.of("scores-in-time").answer is answer
        assert open_in(found, "initial") == {}
