"""The clocks of an appeal, who may sit on a panel, and what statistics may show."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grading.appeals import (
    FEW,
    LIMITS,
    LONGEST_GROUND,
    MOST_GROUNDS,
    OTHER,
    USUAL,
    Clock,
    Ground,
    Terms,
    Turn,
    check_terms,
    clock_after_question,
    clock_when_asked,
    clock_when_sent,
    clock_with_more_time,
    clock_with_panel,
    day_everywhere,
    institution_is_late,
    is_decided,
    is_late_to_send,
    may_sit,
    shown,
    to_tell_late,
)
from rubrics.recusal import pair
from rubrics.refusal import Refused

DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))
TERMS = st.builds(
    lambda numbers: replace(USUAL, **numbers),
    st.fixed_dictionaries({name: st.integers(*limits) for name, limits in LIMITS.items()}),
)
PEOPLE = st.sampled_from(["ana", "ben", "cleo", "dan", "eve", "noor"])


def test_what_comes_with_attune_can_be_published_as_it_is() -> None:
    check_terms(USUAL)
    assert len(USUAL.grounds) >= 4
    assert USUAL.grounds[-1].key == OTHER


@pytest.mark.parametrize("name", LIMITS)
def test_ux_p4_nobody_is_rushed_and_nothing_takes_for_ever(name: str) -> None:
    least, most = LIMITS[name]
    for number in (least - 1, most + 1):
        with pytest.raises(Refused) as refused:
            check_terms(replace(USUAL, **{name: number}))
        assert refused.value.code == name


@pytest.mark.parametrize("grounds", [(), (Ground("rule", ""),), (Ground("rule", "A rule"),)])
def test_cap_d4_grounds_are_written_and_another_reason_is_always_among_them(grounds: tuple[Ground, ...]) -> None:
    with pytest.raises(Refused) as refused:
        check_terms(replace(USUAL, grounds=grounds))
    assert refused.value.code == "grounds"


def test_an_outcome_is_not_promised_before_its_acknowledgment_and_reasons_keep_to_their_length() -> None:
    with pytest.raises(Refused) as refused:
        check_terms(replace(USUAL, acknowledge_days=10, decide_days=9))
    assert refused.value.code == "decide_days"
    many = tuple(Ground(f"g{number}", "A rule was not kept") for number in range(MOST_GROUNDS))
    long = (Ground("rule", "r" * (LONGEST_GROUND + 1)),)
    for grounds in (many, long):
        with pytest.raises(Refused) as refused:
            check_terms(replace(USUAL, grounds=(*grounds, USUAL.grounds[-1])))
        assert refused.value.code == "grounds"
        assert refused.value.values == {"most": MOST_GROUNDS}


@given(TERMS, DAYS)
def test_cap_d4_ux_p7_a_clock_runs_for_each_side_from_the_day_it_was_sent(terms: Terms, day: date) -> None:
    clock = clock_when_sent(terms, day, late=False)
    assert clock.turn is Turn.INSTITUTION
    assert clock.until == day + timedelta(days=terms.acknowledge_days)
    assert clock.decide_by == day + timedelta(days=terms.decide_days)
    assert clock_when_sent(terms, day, late=True).decide_by is None


@given(TERMS, DAYS, st.integers(0, 400))
def test_a_late_acknowledgment_does_not_move_the_promised_outcome(terms: Terms, day: date, after: int) -> None:
    sent = clock_when_sent(terms, day, late=False)
    with_panel = clock_with_panel(terms, sent, day + timedelta(days=after))
    assert with_panel.until == with_panel.decide_by == sent.decide_by


@given(TERMS, DAYS, st.integers(0, 400), st.integers(0, 400))
def test_cap_d4_a_question_takes_nothing_from_either_side(terms: Terms, day: date, asked: int, answered: int) -> None:
    """The trainee has all their days, and the panel as many as it had before it asked."""
    with_panel = clock_with_panel(terms, clock_when_sent(terms, day, late=False), day)
    asked_on = day + timedelta(days=asked)
    waiting = clock_when_asked(terms, with_panel, asked_on)
    assert waiting.turn is Turn.TRAINEE
    assert (waiting.until - asked_on).days == terms.answer_days
    answered_on = asked_on + timedelta(days=answered)
    after = clock_after_question(waiting, asked_on, answered_on)
    assert after.decide_by is not None
    assert with_panel.decide_by is not None
    assert after.decide_by - answered_on == with_panel.decide_by - asked_on
    assert after.turn is Turn.INSTITUTION


@given(TERMS, DAYS, st.integers(0, 400))
def test_ux_p2_more_time_is_never_less_time(terms: Terms, day: date, after: int) -> None:
    waiting = clock_when_asked(terms, Clock(Turn.INSTITUTION, day, day), day)
    today = day + timedelta(days=after)
    more = clock_with_more_time(terms, waiting, today)
    assert more.turn is Turn.TRAINEE
    assert more.until >= waiting.until + timedelta(days=terms.answer_days)
    assert (more.until - today).days >= terms.answer_days


@given(TERMS, DAYS, st.lists(st.integers(1, 30), min_size=1, max_size=12))
def test_cap_d4_a_day_that_goes_by_is_told_once_however_often_the_daily_job_runs(
    terms: Terms, day: date, steps: list[int]
) -> None:
    clock, told_on, told = clock_when_sent(terms, day, late=False), None, 0
    today = day
    for step in steps:
        today += timedelta(days=step)
        for _ in range(2):
            if to_tell_late(clock, told_on, today):
                told_on, told = today, told + 1
    assert told == institution_is_late(clock, today)


@given(TERMS, DAYS)
def test_it_is_never_late_while_it_is_the_trainees_turn(terms: Terms, day: date) -> None:
    waiting = clock_when_asked(terms, Clock(Turn.INSTITUTION, day, day), day)
    assert not institution_is_late(waiting, day + timedelta(days=1000))


@given(DAYS, st.integers(-12, 14))
def test_a_last_day_lasts_until_it_is_over_wherever_somebody_is(day: date, offset: int) -> None:
    last_minute = datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC) - timedelta(hours=offset)
    assert not is_late_to_send(day, last_minute)
    assert is_late_to_send(day, last_minute + timedelta(hours=27))
    assert day_everywhere(last_minute) <= day


@given(PEOPLE, PEOPLE, st.frozensets(PEOPLE), st.frozensets(st.tuples(PEOPLE, PEOPLE)))
def test_cap_d4_cap_c11_nobody_who_had_part_or_a_conflict_sits_on_a_panel(
    person: str, trainee: str, had_part: frozenset[str], declared: frozenset[tuple[str, str]]
) -> None:
    conflicts = {pair(one, other) for one, other in declared if one != other}
    apart = person == trainee or person in had_part or pair(person, trainee) in conflicts
    if not apart:
        may_sit(person, trainee, had_part, conflicts)
        return
    with pytest.raises(Refused) as refused:
        may_sit(person, trainee, had_part, conflicts)
    assert refused.value.code in {"oneself", "had_part", "conflict"}


@given(st.frozensets(PEOPLE), st.frozensets(PEOPLE), st.integers(1, 9))
def test_cap_d4_an_outcome_holds_once_enough_members_agree_and_none_is_left_out(
    accepted: frozenset[str], agree: frozenset[str], size: int
) -> None:
    assert is_decided(accepted, agree, size) == (len(accepted) >= size and all(one in agree for one in accepted))


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 60), min_size=2))
def test_what_is_not_shown_cannot_be_worked_out_from_the_sum(counts: dict[str, int]) -> None:
    seen = shown(counts)
    hidden = [key for key, count in seen.items() if count is None]
    assert all(counts[key] >= FEW for key in seen if key not in hidden)
    assume(hidden)
    assert len(hidden) >= 2
    assert len(hidden) == len(counts) or sum(counts[key] for key in hidden) >= FEW
