from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.services.notifying.reminders import AFTER, is_due

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def remind(began: list[datetime], days: int) -> list[datetime]:
    """When a night after the other reminds of things that never get done."""
    reminded: list[datetime] = []
    for day in range(days):
        now = BEGIN + day * DAY
        if is_due([at for at in began if at <= now], reminded, now):
            reminded.append(now)
    return reminded


def test_ux_m4_one_thing_is_reminded_of_three_times_and_not_before_three_days() -> None:
    assert [at - BEGIN for at in remind([BEGIN], 90)] == list(AFTER)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_ux_m4_no_thing_calls_for_a_fourth_reminder(days: list[int]) -> None:
    began = [BEGIN + day * DAY for day in days]
    reminded = remind(began, 120)
    assert len(reminded) <= len(AFTER) * len(set(began))
    for at in reminded:
        before = [earlier for earlier in reminded if earlier < at]
        assert any(
            at - one >= AFTER[0] and sum(1 for earlier in before if earlier >= one) < len(AFTER) for one in began
        )


def test_what_is_done_is_not_reminded_of() -> None:
    assert not is_due([], [], BEGIN)
