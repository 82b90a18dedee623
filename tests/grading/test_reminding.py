"""Which dates somebody is told of, whatever was decided and paused."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grading.evidence import Decision, Evidence, Outcome
from grading.lifecycle.dates import Name
from grading.lifecycle.rules import AfterLapse, DueProcess, Grace, Lapse, Lifecycle, RenewalWindow, Validity
from grading.periods import Pause, Period
from grading.program import Program
from grading.reminding import MOST, Notice, chosen, notices
from grading.standing import standing
from tests.grading.decided import ASKED, STAGES, event

DECIDED = date(2025, 1, 10)
END = date(2026, 1, 10)
PERIODS = (Period(days=90), Period(months=2), Period(days=30), Period(days=7))
PROGRAM = Program(
    "p", "P", "B", "1", "UTC", STAGES, ASKED,
    lifecycle=Lifecycle(
        validity=Validity(Period(months=12)), grace=Grace(Period(days=30)), reminders=PERIODS,
        lapse=Lapse(AfterLapse.REINSTATE, Period(months=12)), due_process=DueProcess(Period(days=20)),
    ),
)  # fmt: skip
CERTIFIED = Evidence("p", decisions=(Decision("d", Outcome.CERTIFIED, DECIDED, "initial"),))


def told(day: date, evidence: Evidence = CERTIFIED, program: Program = PROGRAM) -> tuple[Notice, ...]:
    return notices(program, evidence, standing(program, evidence, day))


def test_ux_m4_of_many_reminders_three_are_chosen() -> None:
    assert [each.days for each in chosen(PERIODS)] == [90, 30, 7]
    assert len(chosen(PERIODS)) == MOST


def test_a_reminder_comes_on_its_day_and_not_before() -> None:
    assert told(END - timedelta(days=91)) == ()
    assert told(END - timedelta(days=90)) == (Notice(Name.VALID_UNTIL, END, 90),)


def test_what_is_over_gives_way_to_what_followed_from_it() -> None:
    assert told(END + timedelta(days=1)) == (Notice(Name.VALID_UNTIL, END, 0),)
    late = END + timedelta(days=30)
    assert told(late + timedelta(days=200)) == (Notice(Name.LATE_UNTIL, late, 0),)


def test_who_applied_is_not_reminded_and_after_the_promised_day_the_program_is() -> None:
    applied = replace(CERTIFIED, items=(event("application", f"{END - timedelta(days=80)}"),))
    assert told(END - timedelta(days=70), applied) == ()
    [late] = told(END - timedelta(days=50), applied)
    assert late.is_for_leads


@given(st.dates(DECIDED, date(2028, 1, 1)), st.integers(0, 400))
def test_ux_s8_nothing_reminds_in_a_pause(day: date, ago: int) -> None:
    paused = replace(CERTIFIED, pauses=(Pause(day - timedelta(days=ago)),))
    assert told(day, paused) == ()


@given(st.dates(DECIDED, date(2028, 1, 1)))
def test_ux_m4_before_one_date_there_are_three_reminders_at_most(day: date) -> None:
    assert sum(each.ahead > 0 for each in told(day)) <= MOST
    assert sum(each.ahead == 0 for each in told(day)) <= 1


def test_without_reminders_the_opening_of_renewal_is_told_once_it_is_there() -> None:
    lifecycle = replace(PROGRAM.lifecycle, reminders=(), renewal=RenewalWindow(opens=Period(days=60)))
    program = replace(PROGRAM, lifecycle=lifecycle)
    opens = END - timedelta(days=60)
    assert told(opens - timedelta(days=1), program=program) == ()
    assert told(opens, program=program) == (Notice(Name.RENEWAL_OPENS, opens, 0),)
