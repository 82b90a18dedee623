"""In which status somebody is: each boundary on the day before, on it and after it."""

from dataclasses import replace

import pytest

from grading.evidence import Decision, Item, Kind
from grading.lifecycle.dates import Name
from grading.lifecycle.offers import Asking, Offer
from grading.lifecycle.rules import AfterLapse, Lapse, Lifecycle, RenewalWindow
from grading.lifecycle.status import Status
from grading.periods import Pause, Period
from grading.program import Stage, StageKind
from tests.grading.decided import (
    LATE,
    STAGES,
    TWO_YEARS,
    dated,
    day,
    decided,
    event,
    hours,
    program,
    stands,
    step_program,
)

CERTIFIED = decided("certified", "2024-06-30")
"""Valid until 30 June 2026."""
RENEWED_WITH = (hours("a", "2025-03-01"), hours("b", "2026-01-10"))


def at(on: str, *there: Item | Decision | Pause, lifecycle: Lifecycle = LATE) -> str:
    return stands(program(lifecycle), on, *there).status


def offered(on: str, *there: Item | Decision | Pause, lifecycle: Lifecycle = LATE) -> tuple[Offer, ...]:
    return stands(program(lifecycle), on, *there).facts.offers


def test_before_anything_was_recorded_nothing_has_begun() -> None:
    assert at("2024-02-01") == at("2024-02-01", event("birthday", "1990-01-01")) == "not_started"
    assert at("2024-02-01", hours("h", "2024-01-10", 1, Kind.TRAINING)) == "in_progress"


def test_where_everything_is_met_it_is_ready_and_stays_so_until_a_person_decides() -> None:
    there = hours("h", "2024-01-10", 40, Kind.TRAINING)
    assert at("2024-01-09", there) == "not_started"
    assert at("2024-01-10", there) == at("2030-01-01", there) == "ready_for_decision"
    assert stands(program(), "2024-01-10", there).facts.ready == ("initial",)
    assert at("2024-06-30", there, CERTIFIED) == "certified"


def test_a_decision_not_yet_stands_until_there_is_something_new() -> None:
    there, no = hours("h", "2024-01-10", 40, Kind.TRAINING), decided("not_yet", "2024-02-01", "initial")
    assert at("2024-01-31", there, no) == "ready_for_decision"
    assert at("2024-02-01", there, no) == at("2024-03-01", there, no) == "in_progress"
    assert at("2024-03-02", there, no, hours("more", "2024-03-02", 1, Kind.TRAINING)) == "ready_for_decision"


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2024-06-29", "in_progress"),
        ("2024-06-30", "certified"),
        ("2026-03-29", "certified"),
        ("2026-03-30", "renewal_open"),
        ("2026-06-30", "renewal_open"),
        ("2026-07-01", "in_grace"),
        ("2026-07-30", "in_grace"),
        ("2026-07-31", "lapsed"),
    ],
)
def test_a_certificate_goes_its_way_by_the_calendar(on: str, status: str) -> None:
    assert at(on, hours("h", "2024-02-01", 1), CERTIFIED) == status


def test_without_a_time_for_late_renewal_it_lapses_on_the_day_after_its_last() -> None:
    assert at("2026-06-30", CERTIFIED, lifecycle=TWO_YEARS) == "certified"
    assert at("2026-07-01", CERTIFIED, lifecycle=TWO_YEARS) == "lapsed"


def test_work_before_the_window_opens_is_not_lost_and_makes_it_ready_when_it_opens() -> None:
    before = stands(program(), "2026-03-29", CERTIFIED, *RENEWED_WITH)
    assert before.of("education").answer == "met"
    assert (before.status, before.facts.ready) == ("certified", ())
    opened = stands(program(), "2026-03-30", CERTIFIED, *RENEWED_WITH)
    assert (opened.status, opened.facts.holds, opened.facts.ready) == (
        "ready_for_decision", "renewal_open", ("renewal",),
    )  # fmt: skip


def test_a_window_that_closes_early_closes_for_who_has_not_applied() -> None:
    rules = replace(TWO_YEARS, renewal=RenewalWindow(closes=Period(days=30)), lapse=Lapse(AfterLapse.AS_NEW))
    assert dated(stands(program(rules), "2026-01-01", CERTIFIED), Name.RENEWAL_CLOSES) == ["2026-05-31"]
    assert at("2026-05-31", CERTIFIED, *RENEWED_WITH, lifecycle=rules) == "ready_for_decision"
    assert at("2026-06-01", CERTIFIED, *RENEWED_WITH, lifecycle=rules) == "certified"
    applied = event("application", "2026-05-31")
    assert at("2026-06-01", CERTIFIED, *RENEWED_WITH, applied, lifecycle=rules) == "ready_for_decision"


def test_a_window_that_closes_on_a_day_of_the_year_closes_before_the_end() -> None:
    rules = replace(TWO_YEARS, renewal=RenewalWindow(closes_on=(9, 30)))
    assert dated(stands(program(rules), "2026-01-01", CERTIFIED), Name.RENEWAL_CLOSES) == ["2025-09-30"]


def test_case_11_applied_late_it_is_a_late_renewal_with_a_fee_and_the_certificate_keeps_its_day() -> None:
    found = stands(program(), "2026-07-20", CERTIFIED, event("application", "2026-07-20"))
    assert found.status == "in_grace"
    assert found.facts.offers == (Offer(Asking.LATE_RENEWAL, "renewal", day("2026-07-30"), "20 dollars"),)
    assert dated(found, Name.VALID_UNTIL) == ["2026-06-30"]
    assert dated(found, Name.LATE_UNTIL) == ["2026-07-30"]
    renewed = stands(
        program(), "2026-09-01", CERTIFIED, event("application", "2026-07-20"), decided("renewed", "2026-08-20")
    )
    assert (renewed.status, dated(renewed, Name.VALID_UNTIL)) == ("certified", ["2028-06-30"])
    assert renewed.facts.set_aside == ()


def test_case_12_applied_after_the_last_day_it_is_a_new_application() -> None:
    found = stands(program(), "2026-08-05", CERTIFIED, event("application", "2026-08-05"))
    assert found.status == "lapsed"
    assert found.facts.offers == (Offer(Asking.NEW_APPLICATION, "initial"),)
    assert found.facts.open == ("initial",)


def test_nothing_comes_back_by_itself() -> None:
    there = CERTIFIED, *RENEWED_WITH, hours("h", "2024-01-10", 40, Kind.TRAINING)
    assert at("2026-07-30", *there) == "ready_for_decision"
    assert at("2026-07-31", *there) == "lapsed"
    assert at("2026-08-05", *there, event("application", "2026-08-05")) == "ready_for_decision"


def test_a_renewal_after_the_last_day_is_set_aside_and_named() -> None:
    late = decided("renewed", "2026-08-05")
    found = stands(program(), "2026-09-01", CERTIFIED, late)
    assert found.status == "lapsed"
    assert [each.id for each in found.facts.set_aside] == [late.id]
    assert found.facts.last_decision == replace(CERTIFIED, stage="initial")


def test_who_applied_in_time_is_not_late_however_late_it_is_decided() -> None:
    there = CERTIFIED, *RENEWED_WITH, event("application", "2026-06-20")
    assert at("2026-10-01", *there) == "ready_for_decision"
    renewed = stands(program(), "2026-10-01", *there, decided("renewed", "2026-10-01"))
    assert (renewed.status, dated(renewed, Name.VALID_UNTIL)) == ("certified", ["2028-06-30"])


def test_where_a_program_says_nothing_of_a_lapse_a_late_renewal_stands_and_keeps_its_day() -> None:
    renewed = stands(program(TWO_YEARS), "2026-10-01", CERTIFIED, decided("renewed", "2026-09-01"))
    assert (renewed.status, dated(renewed, Name.VALID_UNTIL)) == ("certified", ["2028-06-30"])
    assert at("2026-08-31", CERTIFIED, decided("renewed", "2026-09-01"), lifecycle=TWO_YEARS) == "lapsed"


def test_nobody_is_renewed_into_the_past() -> None:
    renewed = stands(program(TWO_YEARS), "2030-01-01", CERTIFIED, decided("renewed", "2029-09-01"))
    assert (renewed.status, dated(renewed, Name.VALID_UNTIL)) == ("certified", ["2031-09-01"])


def test_certified_anew_after_a_lapse_it_counts_from_the_new_day() -> None:
    found = stands(program(), "2027-01-01", CERTIFIED, decided("certified", "2026-12-01", "initial"))
    assert (found.status, dated(found, Name.VALID_UNTIL)) == ("certified", ["2028-12-01"])


REINSTATE = replace(LATE, lapse=Lapse(AfterLapse.REINSTATE, within=Period(months=12)))


def test_case_9_for_reinstatement_only_what_is_dated_after_the_end_counts() -> None:
    before = CERTIFIED, hours("a", "2026-06-30", 20), event("application", "2026-08-01")
    found = stands(program(REINSTATE), "2026-09-01", *before)
    assert found.of("dated-after").answer == "not_yet"
    assert [each.why for each in found.of("dated-after").left_out] == ["too_early"]
    after = stands(program(REINSTATE), "2026-09-01", *before, hours("b", "2026-07-01", 20))
    assert after.of("dated-after").answer == "met"
    assert (after.status, after.facts.ready, after.facts.holds) == ("ready_for_decision", ("back",), "lapsed")
    assert after.facts.offers == (Offer(Asking.REINSTATEMENT, "back", day("2027-06-30")),)


@pytest.mark.parametrize(("on", "what"), [("2027-06-30", Asking.REINSTATEMENT), ("2027-07-01", Asking.NEW_APPLICATION)])
def test_after_the_time_for_reinstatement_one_applies_as_new(on: str, what: Asking) -> None:
    assert [each.what for each in offered(on, CERTIFIED, lifecycle=REINSTATE)] == [what]


def test_reinstated_it_is_valid_from_the_decision() -> None:
    there = CERTIFIED, decided("reinstated", "2026-10-01")
    assert at("2026-09-30", *there, lifecycle=REINSTATE) == "lapsed"
    found = stands(program(REINSTATE), "2026-10-01", *there)
    assert (found.status, dated(found, Name.VALID_UNTIL)) == ("certified", ["2028-10-01"])


def test_what_is_reinstated_while_it_is_valid_keeps_its_end() -> None:
    there = CERTIFIED, decided("suspended", "2025-01-10"), decided("reinstated", "2025-03-01")
    found = stands(program(), "2025-03-01", *there)
    assert (found.status, dated(found, Name.VALID_UNTIL)) == ("certified", ["2026-06-30"])


def test_suspended_and_resumed_on_their_days() -> None:
    there = CERTIFIED, decided("suspended", "2025-01-10"), decided("resumed", "2025-03-01")
    assert [at(on, *there) for on in ("2025-01-09", "2025-01-10", "2025-02-28", "2025-03-01")] == [
        "certified", "suspended", "suspended", "certified",
    ]  # fmt: skip
    assert stands(program(), "2025-02-01", *there).facts.suspended_since == day("2025-01-10")


def test_a_suspension_moves_no_date_and_a_certificate_lapses_under_it() -> None:
    there = CERTIFIED, decided("suspended", "2025-01-10")
    assert dated(stands(program(), "2026-01-01", *there), Name.VALID_UNTIL) == ["2026-06-30"]
    assert at("2026-07-31", *there) == "lapsed"


@pytest.mark.parametrize(("outcome", "status"), [("revoked", "revoked"), ("surrendered", "surrendered")])
def test_what_was_revoked_or_given_up_has_no_dates_and_a_renewal_does_not_bring_it_back(
    outcome: str, status: str
) -> None:
    there = CERTIFIED, decided(outcome, "2025-01-10"), decided("renewed", "2025-02-01")
    found = stands(program(), "2025-02-01", *there, *RENEWED_WITH)
    assert found.status == status
    assert dated(found, Name.VALID_UNTIL) == []
    assert [each.outcome for each in found.facts.set_aside] == ["renewed"]
    assert at("2025-06-01", *there, decided("certified", "2025-06-01")) == "certified"


def test_who_gave_it_up_may_apply_anew_and_who_was_revoked_waits_for_a_decision() -> None:
    there = CERTIFIED, hours("h", "2024-01-10", 40, Kind.TRAINING), event("application", "2025-03-01")
    assert at("2025-03-01", *there, decided("surrendered", "2025-01-10")) == "ready_for_decision"
    assert at("2025-03-01", *there, decided("revoked", "2025-01-10")) == "revoked"


def test_case_7_in_month_five_it_is_on_time_and_more_time_is_offered_and_not_given() -> None:
    there = decided("certified", "2026-01-15", "provisional"), hours("p", "2026-05-01", 180, Kind.PRACTICE)
    found = stands(step_program(), "2026-06-10", *there)
    assert (found.status, found.stage) == ("certified", "provisional")
    assert dated(found, Name.STAGE_ENDS) == ["2026-07-15"]
    assert found.facts.offers == (Offer(Asking.EXTENSION, "provisional", day("2026-07-15")),)
    assert (found.facts.extensions_used, found.facts.extensions_left) == (0, 1)
    assert found.of("practice").changes[0].amount == 70
    assert stands(step_program(), "2026-07-16", *there).status == "lapsed"


def test_an_extension_runs_on_from_the_end_and_there_is_one() -> None:
    there = decided("certified", "2026-01-15", "provisional"), decided("extended", "2026-06-20")
    found = stands(step_program(), "2026-07-16", *there)
    assert (found.status, dated(found, Name.STAGE_ENDS)) == ("certified", ["2027-01-15"])
    assert (found.facts.extensions_used, found.facts.extensions_left, found.facts.offers) == (1, 0, ())


def test_while_the_provisional_status_is_in_force_the_next_stage_can_be_ready() -> None:
    there = decided("certified", "2026-01-15", "provisional"), hours("p", "2026-05-01", 250, Kind.PRACTICE)
    found = stands(step_program(), "2026-07-15", *there)
    assert (found.status, found.stage, found.facts.ready) == ("ready_for_decision", "provisional", ("full",))
    full = stands(step_program(), "2026-07-15", *there, decided("certified", "2026-07-15", "full"))
    assert (full.status, full.stage, dated(full, Name.VALID_UNTIL)) == ("certified", "full", ["2028-07-15"])
    assert dated(full, Name.STAGE_ENDS) == []


def test_case_24_the_way_up_is_open_while_the_provisional_status_lasts() -> None:
    rules = replace(TWO_YEARS, lapse=Lapse(AfterLapse.AS_NEW))
    there = decided("certified", "2026-01-15", "provisional"), hours("p", "2026-05-01", 250, Kind.PRACTICE)
    assert stands(step_program(rules), "2026-07-15", *there).facts.open == ("full",)
    ended = stands(step_program(rules), "2026-07-16", *there)
    assert (ended.status, ended.facts.open) == ("lapsed", ("provisional",))
    applied = stands(step_program(rules), "2026-07-16", *there, event("application", "2026-07-15"))
    assert (applied.status, applied.facts.ready) == ("ready_for_decision", ("full",))


def test_a_stage_that_another_one_follows_and_that_lasts_no_time_is_a_step_on_the_way() -> None:
    practicum, internship = Stage("practicum", "Practicum"), Stage("internship", "Internship", after="practicum")
    found = stands(
        program(TWO_YEARS, practicum, internship), "2030-01-01", decided("certified", "2024-01-01", "practicum")
    )
    assert (found.facts.holds, found.stage, found.dates) == ("in_progress", "practicum", ())
    assert found.facts.open == ("internship",)


def test_an_endorsement_moves_no_date_and_can_be_taken_back_alone() -> None:
    stages = (Stage("initial", "C"), Stage("families", "F", StageKind.ENDORSEMENT, after="initial"))
    asked = program(TWO_YEARS, *stages)
    given = decided("certified", "2025-06-30", "families")
    found = stands(asked, "2025-07-01", CERTIFIED, given)
    assert (found.stage, found.facts.endorsements) == ("initial", ("families",))
    assert dated(found, Name.VALID_UNTIL) == ["2026-06-30"]
    taken = stands(
        asked, "2025-09-01", replace(CERTIFIED, stage="initial"), given, decided("revoked", "2025-08-01", "families")
    )
    assert (taken.status, taken.facts.endorsements) == ("certified", ())


def test_a_decision_that_names_no_stage_means_the_only_one_it_can() -> None:
    assert stands(program(), "2025-01-01", CERTIFIED).facts.stage == "initial"
    found = stands(program(), "2026-05-01", CERTIFIED, decided("renewed", "2026-04-01"))
    assert found.facts.last_decision is not None
    assert found.facts.last_decision.stage == "renewal"


def test_a_stage_on_the_way_with_its_own_last_day_is_a_status_for_a_limited_time() -> None:
    """It ends on the day that the decision names, has no late renewal, and leads to the next stage."""
    asked = program(LATE, Stage("provisional", "P"), Stage("full", "F", after="provisional"), *STAGES[1:])
    given = decided("certified", "2026-01-15", "provisional", until="2026-12-31")
    found = stands(asked, "2026-12-31", given)
    assert (found.status, dated(found, Name.STAGE_ENDS)) == ("certified", ["2026-12-31"])
    assert dated(found, Name.LATE_UNTIL) == []
    assert stands(asked, "2027-01-01", given).status == "lapsed"


def test_a_no_to_a_renewal_without_a_stage_is_not_read_as_one_to_the_certification() -> None:
    there = CERTIFIED, *RENEWED_WITH, decided("not_yet", "2026-05-01")
    assert at("2026-04-30", *there) == "ready_for_decision"
    assert at("2026-05-01", *there) == "renewal_open"
    assert at("2026-05-02", *there, hours("c", "2026-05-02", 1)) == "ready_for_decision"


def test_where_a_program_says_nothing_of_a_lapse_late_renewal_has_no_last_day() -> None:
    found = stands(program(TWO_YEARS), "2026-07-01", CERTIFIED)
    assert (found.status, found.facts.open) == ("lapsed", ("renewal",))
    assert found.facts.offers == (Offer(Asking.LATE_RENEWAL, "renewal", None),)


def test_after_a_window_that_closes_early_renewal_is_late_from_the_next_day() -> None:
    rules = replace(LATE, renewal=RenewalWindow(closes=Period(days=30)))
    asked = [[each.what for each in offered(on, CERTIFIED, lifecycle=rules)] for on in ("2026-05-31", "2026-06-01")]
    assert asked == [[Asking.RENEWAL], [Asking.LATE_RENEWAL]]


def test_what_is_reinstated_on_its_last_day_keeps_its_end_and_on_the_next_day_it_is_anew() -> None:
    ends = [
        dated(stands(program(), on, CERTIFIED, decided("reinstated", on)), Name.VALID_UNTIL)
        for on in ("2026-06-30", "2026-07-01")
    ]
    assert ends == [["2026-06-30"], ["2028-07-01"]]


def test_something_of_the_day_of_a_decision_not_yet_is_not_new() -> None:
    no = decided("not_yet", "2024-02-01", "initial")
    assert at("2024-02-01", no, hours("h", "2024-02-01", 40, Kind.TRAINING)) == "in_progress"
    assert at("2024-02-02", no, hours("h", "2024-02-02", 40, Kind.TRAINING)) == "ready_for_decision"


def test_certified_anew_a_suspension_is_over() -> None:
    there = CERTIFIED, decided("suspended", "2025-01-10"), decided("certified", "2026-12-01", "initial")
    found = stands(program(), "2026-12-01", *there)
    assert (found.status, found.facts.suspended_since) == ("certified", None)


def test_every_status_of_the_glossary_is_there() -> None:
    assert [each.value for each in Status] == [
        "not_started", "in_progress", "ready_for_decision", "certified", "renewal_open",
        "in_grace", "lapsed", "suspended", "revoked", "surrendered",
    ]  # fmt: skip


def test_stages_that_do_not_build_on_each_other_stay_open_whichever_was_reached_first() -> None:
    apart = program(Lifecycle(), Stage("england", "E"), Stage("scotland", "S"), Stage("more", "M", after="england"))
    assert stands(apart, "2026-01-01").facts.open == ("england", "scotland")
    found = stands(apart, "2026-02-01", decided("certified", "2026-01-15", "scotland"))
    assert (found.stage, found.facts.open) == ("scotland", ("england",))
    both = decided("certified", "2026-01-15", "scotland"), decided("certified", "2026-01-16", "england")
    assert stands(apart, "2026-02-01", *both).facts.open == ("more",)


def test_a_first_year_is_not_open_any_more_to_whoever_reached_what_comes_later() -> None:
    asked = program(Lifecycle(), Stage("year", "Y", lasts=Period(months=12)), Stage("full", "F"))
    assert stands(asked, "2026-01-01").facts.open == ("year", "full")
    assert stands(asked, "2026-02-01", decided("certified", "2026-01-15", "full")).facts.open == ()
    assert stands(asked, "2026-02-01", decided("certified", "2026-01-15", "year")).facts.open == ("full",)


def test_endorsements_that_are_still_asked_for_are_counted_beside_the_status() -> None:
    more = Stage("work", "W", StageKind.ENDORSEMENT, after="initial"), Stage("other", "O", StageKind.ENDORSEMENT)
    asked = replace(program(LATE, *STAGES, *more), endorsements_at_least=1)
    assert stands(asked, "2024-06-01").facts.endorsements_to_come == 0
    assert stands(asked, "2024-07-01", CERTIFIED).facts.endorsements_to_come == 1
    there = decided("certified", "2024-07-02", "work")
    assert stands(asked, "2024-07-02", CERTIFIED, there).facts.endorsements_to_come == 0
