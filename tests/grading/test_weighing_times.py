"""Needs of time: spread, held, in each stretch; and days that depend on other requirements."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Kind
from grading.periods import Calendar, Pause, Period
from grading.program import Who
from grading.proof import Answer, Doing
from grading.requirements.needs import Amount, AtMost, Each, Held, Measure, Share, Spread
from grading.requirements.selection import Anchor, Named, Selection, Window
from tests.grading.things import ENTERED, answers, asked, count, day, hours, thing, training, waiting

YEAR = Period(months=12)
ONCE_A_WEEK = count(1)
MONDAY = "2025-02-03"


def weekly(need: object = ONCE_A_WEEK, **more: object) -> Each:
    return Each(Calendar.WEEK, need, ENTERED, **more)  # type: ignore[arg-type]  # as the need takes it


def held(at_least: Period | None = YEAR, less_than: Period | None = None, at: Anchor | None = None) -> Held:
    return Held(training(), at_least, less_than, at)


@pytest.mark.parametrize(
    ("last", "answer"),
    [("2025-02-27", Answer.NOT_YET), ("2025-02-28", Answer.MET), ("2025-03-01", Answer.MET)],
)
def test_a_month_after_the_last_of_january_is_the_last_of_february(last: str, answer: Answer) -> None:
    need = Spread(training(), Period(months=1))
    assert asked(need, thing("a", "2025-01-31"), thing("b", last)).answer is answer


def test_one_thing_is_spread_over_nothing() -> None:
    assert asked(Spread(training(), Period(days=1)), thing("a", "2025-01-31")).answer is Answer.NOT_YET
    assert asked(Spread(training(), Period(days=1))).answer is Answer.NOT_YET


def test_a_spread_waits_for_the_signature_of_its_last_day() -> None:
    need = Spread(training(), Period(days=10))
    assert asked(need, thing("a", "2025-01-01"), waiting("b", "2025-01-11")).answer is Answer.WAITING


@pytest.mark.parametrize(
    ("today", "answer"),
    [("2026-02-28", Answer.NOT_YET), ("2026-03-01", Answer.MET), ("2026-03-02", Answer.MET)],
)
def test_held_for_a_year_is_met_on_the_anniversary(today: str, answer: Answer) -> None:
    proof = asked(held(), thing("a", "2025-03-01"), today=day(today))
    assert proof.answer is answer
    if answer is Answer.NOT_YET:
        assert [(each.who, each.doing, each.on) for each in proof.changes] == [
            (Who.NOBODY, Doing.WAIT, date(2026, 3, 1))
        ]


@pytest.mark.parametrize(("today", "answer"), [("2026-02-28", Answer.MET), ("2026-03-01", Answer.NOT_YET)])
def test_held_for_less_than_a_year_ends_on_the_day_before(today: str, answer: Answer) -> None:
    proof = asked(held(None, YEAR), thing("a", "2025-03-01"), today=day(today))
    assert proof.answer is answer
    assert answer is Answer.NOT_YET or proof.changes_on == date(2026, 3, 1)


def test_time_alone_can_make_what_waits_met_and_what_ends_not_yet_and_both_days_are_told() -> None:
    new, old = thing("new", "2025-12-01"), waiting("old", "2025-01-01")
    proof = asked(held(Period(months=6)), new, old)
    assert (proof.answer, proof.changes_on) == (Answer.WAITING, date(2026, 6, 1))
    ends = replace(old, until=date(2026, 4, 30))
    at = Anchor(Named.EVENT, "application")
    proof = asked(held(Period(months=6), at=at), ends)
    assert (proof.answer, proof.changes_on) == (Answer.WAITING, date(2026, 5, 1))


def test_what_is_in_force_until_the_last_day_that_there_is_can_be_held() -> None:
    assert asked(held(), thing("a", "2025-02-01", until="9999-12-31")).answer is Answer.MET


def test_before_the_first_whole_week_the_day_is_told_on_which_it_begins() -> None:
    for average in (False, True):
        proof = asked(weekly(average=average), entered="2025-02-08", today=day("2025-02-09"))
        assert (proof.answer, proof.changes_on) == (Answer.NOT_APPLICABLE, date(2025, 2, 10))
        begun = asked(weekly(average=average), entered="2025-02-08", today=day("2025-02-10"))
        assert (begun.answer, begun.changes_on) == (Answer.NOT_YET, date(2025, 2, 16))


def test_what_has_ended_is_not_held() -> None:
    assert asked(held(), thing("a", "2024-03-01", until="2026-03-01")).answer is Answer.MET
    assert asked(held(), thing("a", "2024-03-01", until="2026-02-28")).answer is Answer.NOT_YET


def test_what_follows_without_a_gap_has_been_held_since_the_first() -> None:
    first = thing("a", "2024-09-01", until="2025-08-31")
    assert asked(held(), first, thing("b", "2025-09-01", until="2026-08-31")).answer is Answer.MET
    assert asked(held(), first, thing("b", "2025-09-02", until="2026-08-31")).answer is Answer.NOT_YET
    within = thing("c", "2025-01-01", until="2025-02-01")
    assert asked(held(), first, within, thing("b", "2025-09-01")).answer is Answer.MET


def test_a_new_one_is_new_although_it_follows_an_old_one() -> None:
    need = held(None, YEAR)
    assert asked(need, thing("a", "2020-01-01"), thing("b", "2025-09-01")).answer is Answer.MET


def test_held_can_be_asked_of_another_day() -> None:
    need = held(at=Anchor(Named.DAY, day=date(2025, 6, 1)))
    assert asked(need, thing("a", "2024-06-01", until="2025-06-01")).answer is Answer.MET
    assert asked(need, thing("a", "2024-06-02")).answer is Answer.NOT_YET


def test_each_week_counts_by_itself() -> None:
    proof = asked(weekly(), thing("a", "2025-02-04"), thing("b", "2025-02-05"), entered=MONDAY, today=day("2025-02-17"))
    assert proof.answer is Answer.NOT_YET
    assert [part.answer for part in proof.parts] == [Answer.MET, Answer.NOT_YET, Answer.NOT_YET]


def test_on_average_an_empty_week_may_be_made_up_for() -> None:
    there = thing("a", "2025-02-04"), thing("b", "2025-02-05")
    assert asked(weekly(average=True), *there, entered=MONDAY, today=day("2025-02-17")).answer is Answer.MET


def test_so_many_weeks_may_be_without() -> None:
    there = thing("a", "2025-02-04")
    assert asked(weekly(but=1), there, entered=MONDAY, today=day("2025-02-17")).answer is Answer.MET
    assert asked(weekly(but=1), there, entered=MONDAY, today=day("2025-02-24")).answer is Answer.NOT_YET


def test_the_week_that_may_be_without_is_the_one_with_nothing_in_it_and_not_the_one_that_waits() -> None:
    there = thing("a", "2025-02-04"), waiting("b", "2025-02-11")
    proof = asked(weekly(but=1), *there, entered=MONDAY, today=day("2025-02-24"))
    assert [part.answer for part in proof.parts[:3]] == [Answer.MET, Answer.WAITING, Answer.NOT_YET]
    assert proof.answer is Answer.WAITING
    assert proof.numbers is not None
    assert (proof.numbers.need, proof.numbers.sure, proof.numbers.with_waiting) == (2, 1, 2)


def test_the_week_that_goes_on_is_asked_for_from_the_end_of_its_last_day() -> None:
    there = thing("a", "2025-02-04")
    proof = asked(weekly(), there, entered=MONDAY, today=day("2025-02-15"))
    assert (proof.answer, proof.changes_on) == (Answer.MET, date(2025, 2, 16))
    assert proof.parts[-1].answer is Answer.NOT_YET
    assert asked(weekly(), there, entered=MONDAY, today=day("2025-02-16")).answer is Answer.NOT_YET


@pytest.mark.parametrize("average", [False, True])
def test_what_is_left_of_the_week_of_entering_is_not_asked_for(average: bool) -> None:
    saturday = "2025-02-08"
    there = thing("a", "2025-02-11")
    proof = asked(weekly(average=average), there, entered=saturday, today=day("2025-02-16"))
    assert proof.answer is Answer.MET
    assert asked(weekly(average=average), entered=saturday, today=day("2025-02-09")).answer is Answer.NOT_APPLICABLE


def test_what_is_too_much_is_too_much_from_the_first_day_on() -> None:
    at_most = AtMost(Amount(Selection(frozenset({Kind.TRAINING})), Measure.COUNT), Decimal(1))
    there = thing("a", "2025-02-08"), thing("b", "2025-02-09")
    assert asked(weekly(at_most), *there, entered="2025-02-08", today=day("2025-02-09")).answer is Answer.NOT_YET


def test_a_paused_week_is_not_asked_for() -> None:
    pauses = (Pause(date(2025, 2, 10), date(2025, 2, 11)),)
    there = thing("a", "2025-02-04")
    on = day("2025-02-17")
    assert asked(weekly(), there, entered=MONDAY, today=on, pauses=pauses).answer is Answer.NOT_YET
    paused = asked(weekly(), there, entered=MONDAY, today=on, pauses=pauses, pausable=frozenset({"each"}))
    assert paused.answer is Answer.MET


def test_only_weeks_with_practice_are_asked_for() -> None:
    need = weekly(only_with=Selection(frozenset({Kind.PRACTICE})))
    practice = thing("p", "2025-02-05", 8, kind=Kind.PRACTICE)
    assert asked(need, practice, thing("a", "2025-02-04"), entered=MONDAY, today=day("2025-03-03")).answer is Answer.MET
    assert asked(need, practice, entered=MONDAY, today=day("2025-03-03")).answer is Answer.NOT_YET
    assert asked(need, entered=MONDAY, today=day("2025-03-03")).answer is Answer.NOT_APPLICABLE


def test_before_anybody_entered_nothing_is_asked_by_weeks() -> None:
    assert asked(weekly(), entered="2026-04-01").answer is Answer.NOT_YET


def practice_share() -> Share:
    part = Amount(training())
    return Share(part, Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours")), hours("0.05").threshold)


def test_a_share_is_asked_for_in_each_stretch_with_something_in_it() -> None:
    need = weekly(practice_share())
    practice = thing("p", "2025-02-05", 20, kind=Kind.PRACTICE)
    on = day("2025-02-17")
    assert asked(need, practice, thing("a", "2025-02-06"), entered=MONDAY, today=on).answer is Answer.MET
    assert asked(need, practice, thing("a", "2025-02-12"), entered=MONDAY, today=on).answer is Answer.NOT_YET
    average = weekly(practice_share(), average=True)
    assert asked(average, practice, thing("a", "2025-02-12"), entered=MONDAY, today=on).answer is Answer.MET


def test_too_much_in_the_week_that_goes_on_is_too_much_already() -> None:
    need = weekly(AtMost(Amount(training()), hours(2).threshold))
    on = day("2025-02-12")
    assert asked(need, thing("a", "2025-02-04", 2), thing("b", "2025-02-10", 2), entered=MONDAY, today=on).answer is (
        Answer.MET
    )
    assert asked(need, thing("b", "2025-02-10", 3), entered=MONDAY, today=on).answer is Answer.NOT_YET
    average = weekly(AtMost(Amount(training()), hours(2).threshold), average=True)
    assert asked(average, thing("a", "2025-02-04", 3), thing("b", "2025-02-11", 1), entered=MONDAY,
                 today=day("2025-02-17")).answer is Answer.MET  # fmt: skip


def test_practice_counts_from_the_first_day_on_which_training_was_met() -> None:
    practice = Selection(frozenset({Kind.PRACTICE}), unit="hours", windows=(Window(since=Anchor(Named.MET, "r0")),))
    after = hours(10), type(hours(1))(Amount(practice), hours(5).threshold)
    done = thing("a", "2025-02-01", 4), thing("b", "2025-03-01", 6), thing("c", "2025-04-01", 9)
    for on, answer in (("2025-02-28", Answer.NOT_YET), ("2025-03-01", Answer.MET)):
        _, found = answers(after, *done, thing("p", on, 5, kind=Kind.PRACTICE))
        assert found.answer is answer
    _, before = answers(after, done[0], thing("p", "2025-06-01", 5, kind=Kind.PRACTICE))
    assert before.answer is Answer.NOT_YET


def test_a_signature_that_came_later_counts_from_the_day_of_what_it_signs() -> None:
    practice = Selection(frozenset({Kind.PRACTICE}), unit="hours", windows=(Window(since=Anchor(Named.MET, "r0")),))
    late = thing("a", "2025-02-01", 10)
    late = type(late)(late.id, late.kind, late.on, late.amount, late.unit, stands_from=day("2025-12-01"))
    needs = hours(10), type(hours(1))(Amount(practice), hours(5).threshold)
    _, found = answers(needs, late, thing("p", "2025-02-01", 5, kind=Kind.PRACTICE))
    assert found.answer is Answer.MET


def test_what_is_missing_in_a_week_is_to_come_until_its_last_day() -> None:
    proof = asked(weekly(), today=day("2025-01-21"))
    assert [(part.name, part.stretch and part.stretch.last) for part in proof.parts] == [
        ("", date(2025, 1, 12)),
        ("", date(2025, 1, 19)),
        ("", date(2025, 1, 26)),
    ]
    for part in proof.parts:
        assert part.stretch is not None
        (change,) = part.changes
        assert (change.who, change.doing, change.amount, change.on) == (Who.TRAINEE, Doing.ADD, 1, part.stretch.last)
