"""Every date by its name, with the rule that it comes from."""

from dataclasses import replace

import pytest

from grading.lifecycle.dates import Name, next_date
from grading.lifecycle.offers import Asking
from grading.lifecycle.rules import DueProcess, Ends, Grace, Lifecycle, Validity
from grading.periods import Period
from grading.program import Stage
from grading.standing import dates, status
from tests.grading.decided import LATE, YEARS_2, dated, day, decided, event, evidence, program, stands

CERTIFIED = decided("certified", "2024-06-30")
NOTICES = replace(
    LATE,
    application_usable=Period(months=12),
    keep_proof_for=Period(months=24),
    due_process=DueProcess(
        decide_within=Period(days=60), appeal_within=Period(days=30), appeal_answered_within=Period(days=45)
    ),
)


def test_the_dates_of_a_certificate_in_their_order_each_with_its_rule() -> None:
    found = stands(program(NOTICES), "2025-01-01", CERTIFIED)
    assert [(each.on.isoformat(), each.name, each.rule) for each in found.dates] == [
        ("2026-03-30", "renewal_opens", "lifecycle.renewal_opens"),
        ("2026-04-01", "reminder", "lifecycle.reminders"),
        ("2026-05-01", "reminder", "lifecycle.reminders"),
        ("2026-06-30", "proof_kept_until", "lifecycle.keep_proof_for"),
        ("2026-06-30", "valid_until", "lifecycle.valid_for"),
        ("2026-07-30", "late_until", "lifecycle.grace"),
    ]


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2025-01-01", Name.RENEWAL_OPENS),
        ("2026-03-30", Name.RENEWAL_OPENS),
        ("2026-03-31", Name.REMINDER),
        ("2026-06-30", Name.VALID_UNTIL),
        ("2026-07-01", Name.LATE_UNTIL),
    ],
)
def test_the_next_date_is_the_first_that_is_not_over(on: str, name: Name) -> None:
    found = stands(program(LATE), on, CERTIFIED).next_date
    assert found is not None
    assert found.name is name


def test_after_the_last_one_there_is_no_next_date() -> None:
    assert next_date(dates(program(), evidence(CERTIFIED), day("2026-07-31")), day("2026-07-31")) is None


def test_the_end_of_a_month_with_late_renewal_shows_both_days() -> None:
    rules = Lifecycle(validity=Validity(YEARS_2, Ends.MONTH_END), grace=Grace(Period(days=30)))
    found = stands(program(rules), "2026-07-05", decided("certified", "2024-06-11"))
    assert (dated(found, Name.VALID_UNTIL), dated(found, Name.LATE_UNTIL)) == (["2026-06-30"], ["2026-07-30"])
    assert found.status == "in_grace"


def test_an_application_has_a_time_to_be_decided_and_a_time_to_be_used() -> None:
    applied = event("application", "2024-02-01")
    found = stands(program(NOTICES), "2024-02-01", applied)
    assert dated(found, Name.DECISION_DUE) == ["2024-04-01"]
    assert dated(found, Name.APPLICATION_USABLE_UNTIL) == ["2025-02-01"]
    after_no = stands(program(NOTICES), "2024-03-02", applied, decided("not_yet", "2024-03-01", "initial"))
    assert dated(after_no, Name.DECISION_DUE) == []
    assert dated(after_no, Name.APPLICATION_USABLE_UNTIL) == ["2025-02-01"]
    assert dated(stands(program(NOTICES), "2024-07-01", applied, CERTIFIED), Name.APPLICATION_USABLE_UNTIL) == []


def test_an_application_is_used_by_the_stage_that_it_led_to() -> None:
    steps = Stage("practicum", "Practicum"), Stage("internship", "Internship", after="practicum")
    there = event("application", "2024-02-01"), decided("certified", "2024-03-01", "practicum")
    asked = program(NOTICES, *steps)
    assert dated(stands(asked, "2024-02-29", *there), Name.APPLICATION_USABLE_UNTIL) == ["2025-02-01"]
    assert stands(asked, "2024-03-01", *there).dates == ()


@pytest.mark.parametrize(("hours", "due"), [(24, "2024-02-02"), (25, "2024-02-03"), (48, "2024-02-03")])
def test_hours_to_decide_are_over_by_the_end_of_a_day(hours: int, due: str) -> None:
    rules = Lifecycle(due_process=DueProcess(decide_within_hours=hours))
    assert dated(stands(program(rules), "2024-02-01", event("application", "2024-02-01")), Name.DECISION_DUE) == [due]


@pytest.mark.parametrize("outcome", ["not_yet", "suspended", "revoked"])
def test_a_decision_that_wounds_can_be_appealed_up_to_a_day(outcome: str) -> None:
    no = decided(outcome, "2025-03-01", "initial")
    asked = program(NOTICES)
    on_last, after = (stands(asked, on, CERTIFIED, no) for on in ("2025-03-31", "2025-04-01"))
    assert dated(on_last, Name.APPEAL_UNTIL) == dated(after, Name.APPEAL_UNTIL) == ["2025-03-31"]
    appeals = [[each.what for each in found.facts.offers].count(Asking.APPEAL) for found in (on_last, after)]
    assert appeals == [1, 0]


def test_an_appeal_is_open_until_it_is_decided_and_has_a_day_for_its_answer() -> None:
    there = CERTIFIED, decided("suspended", "2025-03-01"), event("appeal", "2025-03-10")
    asked = program(NOTICES)
    found = stands(asked, "2025-03-20", *there)
    assert found.facts.appeal_since == day("2025-03-10")
    assert dated(found, Name.APPEAL_ANSWER_DUE) == ["2025-04-24"]
    assert Asking.APPEAL not in [each.what for each in found.facts.offers]
    assert stands(asked, "2025-04-02", *there, decided("resumed", "2025-04-01")).facts.appeal_since is None


def test_status_and_dates_can_be_asked_alone() -> None:
    there = evidence(CERTIFIED)
    assert status(program(), there, day("2026-07-01")) == "in_grace"
    assert dates(program(), there, day("2026-07-01")) == stands(program(), "2026-07-01", CERTIFIED).dates


def test_a_decision_that_names_its_last_day_goes_before_the_rule() -> None:
    found = stands(program(), "2025-01-01", decided("certified", "2024-06-30", until="2027-06-30"))
    (end,) = [each for each in found.dates if each.name is Name.VALID_UNTIL]
    assert (end.on, end.rule, end.pausable) == (day("2027-06-30"), "decision", False)
